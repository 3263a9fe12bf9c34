//! `luatos.aliyun`: its functions, which stand on the page, and the classes of its generations, whose methods have the same names.

mod air;
mod all_generations;
mod shared;
mod soc_2023;
mod soc_2024;

use crate::table::entry::*;

pub const SCOPES: &[Scope] = &[FUNCTIONS, air::CLASS, soc_2023::CLASS, soc_2024::CLASS];

const FUNCTIONS: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "aliyun",
    doc: "",
    page: "luatos-aliyun",
    begin: text(
        "```python\nfrom luatos import aliyun, sys\n```\n\n\
         LuatOS's `aliyun` (in LuatOS-Air `aLiYun`). It has been three modules, which differ in names and in the order of arguments:\n\n\
         | generation | entry points | `publish` | the event `receive` |\n|---|---|---|---|\n\
         | LuatOS-Air | `setup(productKey, …)` | `(topic, payload, qos=0, cbFnc=None, cbPara=None)` | `(topic, qos, payload)` |\n\
         | 2023 | `operation`, `confiDentialTask` | `(topic, qos, payload, retain=0)` | `(topic, qos, payload)` |\n\
         | 2024 | `setup({…})`, `clientGetDirectDataTask` | `(topic, qos, payload, cbFnc=None, cbPara=None)` | `(topic, payload, qos, retain, dup)` |\n\n\
         All three are here. The entry point that a script calls decides which one it uses, and the functions of this page act on\n\
         the generation whose entry point was called last. `on`, `subscribe` and `publish` wait for it if they are called before.\n\
         A script with several devices makes an object for each: [objects](#objects).\n\n\
         The module carries messages; the script writes topics and payloads as the platform wants them. It is Python on\n\
         [`Device`](api.md), which has the protocol: logins, TLS, reconnects, QoS 1. The platform's commands, such as a property set,\n\
         arrive as `receive` without a subscription.\n\n\
         The [package](../micropython/compat/luatos/package.json) is installed beside [`aliyunIoT`](natmod.md); [`iotcloud`](iotcloud.md)\n\
         is in it, too:\n\n\
         ```sh\nmpremote mip install micropython/compat/luatos/package.json\n```\n\n\
         A release has it compiled, as `mip/luatos/package.json`: 26.0 kB. Firmware can freeze it with\n\
         [`manifest.py`](../micropython/compat/luatos/manifest.py). A script that uses one generation loads only the files of that one.\n\n\
         [Coming from LuatOS](from-luatos.md) says how Lua becomes Python, and lists the [examples](../examples/luatos-aliyun/).\n\
         The tests run each generation against the [local cloud](../tests/cloud/README.md), not against the real platform.\n\n\
         `nil` is `None`, and a table is a dict. Timers of `sys` run in `sys.run()`, with which a script for LuatOS ends. The module\n\
         uses them to repeat a failed registration, for the 15 seconds of `publish` (2024), for `setErrHandle`, and to read the\n\
         functions of `setup` (LuatOS-Air) again.\n\
         \n## Objects\n\n\
         `aliyun.Air()`, `aliyun.Soc2023()` and `aliyun.Soc2024()` make objects. Each is a device of its own, with the functions of its\n\
         generation as methods, and with `on`, `subscribe` and `close`. Several work side by side in one script.\n\n\
         ```python\ntracker = aliyun.Air()\ntracker.on('connect', print)\ntracker.setup(key, None, lambda: name, lambda: secret)\n```\n",
        "```python\nfrom luatos import aliyun, sys\n```\n\n\
         LuatOS 的 `aliyun`（LuatOS-Air 中为 `aLiYun`）。它先后有三代，函数名和参数顺序各不相同：\n\n\
         | 代 | 入口函数 | `publish` | `receive` 事件 |\n|---|---|---|---|\n\
         | LuatOS-Air | `setup(productKey, …)` | `(topic, payload, qos=0, cbFnc=None, cbPara=None)` | `(topic, qos, payload)` |\n\
         | 2023 | `operation`、`confiDentialTask` | `(topic, qos, payload, retain=0)` | `(topic, qos, payload)` |\n\
         | 2024 | `setup({…})`、`clientGetDirectDataTask` | `(topic, qos, payload, cbFnc=None, cbPara=None)` | `(topic, payload, qos, retain, dup)` |\n\n\
         本模块支持全部三代。脚本调用哪个入口函数，就使用哪一代；本页的函数作用于最近一次调用入口函数的那一代。\
         在入口函数之前调用的 `on`、`subscribe` 和 `publish` 会保留到那时生效。一个脚本连接多台设备时，为每台设备创建一个[对象](#对象)。\n\n\
         本模块只收发消息，Topic 和内容由脚本按平台的格式编写。它是基于 [`Device`](api.zh.md) 的 Python 代码，登录、TLS、重连和 QoS 1 均由 `Device` 完成。\
         属性设置等平台命令无需订阅，以 `receive` 事件收到。\n\n\
         [安装包](../micropython/compat/luatos/package.json)与 [`aliyunIoT`](natmod.md) 安装在一起，其中也有 [`iotcloud`](iotcloud.zh.md)：\n\n\
         ```sh\nmpremote mip install micropython/compat/luatos/package.json\n```\n\n\
         发布包中有编译好的 `mip/luatos/package.json`：26.0 kB。也可以用 [`manifest.py`](../micropython/compat/luatos/manifest.py) 冻结到固件中。\
         脚本只用其中一代时，只加载这一代的文件。\n\n\
         Lua 如何改写成 Python，以及各个[示例](../examples/luatos-aliyun/)，见[从 LuatOS 迁移](from-luatos.zh.md)。\
         测试对[本地模拟云](../tests/cloud/README.md)运行每一代，未在真实平台上运行过。\n\n\
         `nil` 对应 `None`，表对应字典。`sys` 的定时器在 `sys.run()` 中运行，LuatOS 的脚本都以它结尾。本模块用定时器重试失败的动态注册、\
         计算 `publish`（2024）的 15 秒、实现 `setErrHandle`，以及重新读取 `setup`（LuatOS-Air）的函数。\n\
         \n## 对象\n\n\
         `aliyun.Air()`、`aliyun.Soc2023()` 和 `aliyun.Soc2024()` 用于创建对象。每个对象是一台独立的设备，方法即这一代的函数，另有 `on`、`subscribe` 和 `close`。\
         同一脚本中的多个对象互不影响。\n\n\
         ```python\ntracker = aliyun.Air()\ntracker.on('connect', print)\ntracker.setup(key, None, lambda: name, lambda: secret)\n```\n",
    ),
    end: text(
        "\n## What differs from LuatOS\n\n\
         | LuatOS | here |\n|---|---|\n\
         | LuatOS-Air asks a web service for the login, or logs in directly after `setConnectMode` | always directly; `auth` is the answer of the server |\n\
         | 2023: `auth`, `reconnect` and `connect` with false do not come | every generation has them |\n\
         | 2023: `receive` gets topic and payload | topic, qos, payload, as its page says |\n\
         | 2024: without a list, the device does not connect after its registration | it connects |\n\
         | 2023, 2024: no TLS unless `mqtt_isssl` is given, and no check of the server | TLS, and the server is verified; `False` means plain TCP |\n\
         | 2024: TLS registers on port 1883, whatever `mqtt_port` is | on `mqtt_port` |\n\
         | one stored secret, which another product or device also gets | one for each product and device |\n\
         | subscriptions are lost with the connection | they last until another device is set up |\n\
         | 2024: a subscription while offline is lost | it is made when the device connects |\n\
         | LuatOS-Air: a loss answers each message that waits with false | one of QoS 1 is sent again, and answered when it is acknowledged |\n\
         | `setup` a second time leaves the first connection behind | it replaces the connection |\n\
         | flight mode after failures | not here: the script has the network |\n\
         | `aliyun.opts.ProductKey` | `aliyun.opts['ProductKey']` |\n\
         | `require \"aLiYun\"` | `from luatos import aliyun as aLiYun` |\n\n\
         LuatOS-Air with a password of the script's own (`getPassword`) needs a library with the cloud `plain`: `cargo xtask natmod armv7m --with plain`.\n\n\
         ## Firmware updates\n\n\
         The event `ota` does not come yet, and `aLiYunOta` is not here: nothing is downloaded. An order to update arrives as `receive`, on\n\
         the topic `/ota/device/upgrade/{productKey}/{deviceName}`. If a script of 2024 has a global `VERSION`, each connection\n\
         reports it to the platform, as in LuatOS.\n",
        "\n## 与 LuatOS 的区别\n\n\
         | LuatOS | 本模块 |\n|---|---|\n\
         | LuatOS-Air 向鉴权服务获取登录参数，用 `setConnectMode` 时直接登录 | 始终直接登录，`auth` 为服务器的结果 |\n\
         | 2023：不触发 `auth`、`reconnect` 和结果为 false 的 `connect` | 每一代都会触发 |\n\
         | 2023：`receive` 的参数为 topic、payload | topic、qos、payload，与其文档一致 |\n\
         | 2024：免预注册的设备注册后无法连接 | 可以连接 |\n\
         | 2023、2024：不设置 `mqtt_isssl` 则不使用 TLS，使用时也不验证服务器 | 使用 TLS 并验证服务器，`False` 表示明文 TCP |\n\
         | 2024：动态注册固定使用 1883 端口，忽略 `mqtt_port` | 使用 `mqtt_port` |\n\
         | 只保存一个密钥，更换产品或设备后仍会使用 | 按产品和设备分别保存 |\n\
         | 断线后订阅丢失 | 订阅一直保持，更换设备后清除 |\n\
         | 2024：离线时的订阅丢失 | 连接后订阅 |\n\
         | LuatOS-Air：断线时，等待中的消息一律以 false 回调 | QoS 1 的消息会重发，确认后再回调 |\n\
         | 再次调用 `setup` 会遗留旧连接 | 替换旧连接 |\n\
         | 连续失败后切换飞行模式 | 不切换，网络由脚本管理 |\n\
         | `aliyun.opts.ProductKey` | `aliyun.opts['ProductKey']` |\n\
         | `require \"aLiYun\"` | `from luatos import aliyun as aLiYun` |\n\n\
         LuatOS-Air 的脚本自行提供密码（`getPassword`）时，需要支持 `plain` 的库：`cargo xtask natmod armv7m --with plain`。\n\n\
         ## 固件升级\n\n\
         目前不会触发 `ota` 事件，也没有 `aLiYunOta`：不下载固件。升级命令以 `receive` 事件收到，Topic 为 `/ota/device/upgrade/{productKey}/{deviceName}`。\
         2024 的脚本如有全局变量 `VERSION`，每次连接后会像 LuatOS 一样上报给平台。\n",
    ),
    families: &[&[&all_generations::FAMILY, &air::FAMILY, &soc_2023::FAMILY, &soc_2024::FAMILY]],
};
