//! `luatos.aliyun`: its functions, which stand on the page, and the classes of its generations, whose methods have the same names.

use crate::table::common::*;
use crate::table::entry::*;

pub const FUNCTIONS: Scope = Scope {
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
         A release has it compiled, as `mip/luatos/package.json`: 25.6 kB. Firmware can freeze it with\n\
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
         发布包中有编译好的 `mip/luatos/package.json`：25.6 kB。也可以用 [`manifest.py`](../micropython/compat/luatos/manifest.py) 冻结到固件中。\
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
    families: &[&[&COMMON, &AIR, &OF_2023, &OF_2024]],
};

/// The class of a generation; its methods are described as functions.
const fn class(
    name: &'static str,
    doc: &'static str,
    attributes: &'static [Attribute],
    families: &'static [&'static [&'static Family]],
) -> Scope {
    Scope {
        kind: ScopeKind::Class { takes: &[], is_context: false, attributes },
        name,
        doc,
        page: "",
        begin: same(""),
        end: same(""),
        families,
    }
}

pub const AIR_CLASS: Scope = class(
    "Air",
    "A device with the functions of LuatOS-Air.",
    &[],
    &[&[
        &Family {
            name: "air_methods",
            title: METHODS,
            functions: &[AIR_SETUP, ON, SUBSCRIBE, AIR_PUBLISH, CLOSE],
            ..EMPTY
        },
        &Family { name: "air_class", ..AIR },
    ]],
);

pub const CLASS_2023: Scope = class(
    "Soc2023",
    "A device with the functions of 2023.",
    &[],
    &[&[
        &Family { name: "methods_2023", title: METHODS, functions: &[ON, SUBSCRIBE, PUBLISH_2023, CLOSE], ..EMPTY },
        &Family { name: "class_2023", ..OF_2023 },
    ]],
);

pub const CLASS_2024: Scope = class(
    "Soc2024",
    "A device with the functions of 2024.",
    &[Attribute { name: "opts", kind: "dict[str, Any]", doc: OPTS }],
    &[&[
        &Family {
            name: "methods_2024",
            title: METHODS,
            functions: &[SETUP_2024, ON, SUBSCRIBE, PUBLISH_2024, CLOSE],
            ..EMPTY
        },
        &Family { name: "class_2024", ..OF_2024 },
    ]],
);

const METHODS: Text = text("Methods", "方法");
const NOTHING: Text = text("nothing", "无");
const WRONG_TYPE: (Failure, Text) =
    raises("TypeError", "an argument is of another type; the message names it", "参数类型不符；异常信息会给出参数名");
const WRONG_VALUE: (Failure, Text) = raises(
    "ValueError",
    "an argument is missing or out of range; the message names it",
    "缺少参数或超出范围；异常信息会给出参数名",
);

const TOPIC: Argument = argument("topic", "str", text("the topic, without wildcards", "Topic，不含通配符"));
const PAYLOAD: Argument = argument("payload", "Buffer", text("the message", "消息内容"));
const QOS: Argument = argument("qos", "int | None", text("0 or 1; `None` is 0", "0 或 1；`None` 为 0"));
const CB_FNC: Argument = optional_argument(
    "cbFnc",
    "Callable[[bool, Any], object] | None",
    "None",
    text("called once, with the result and cbPara", "回调一次，参数为结果和 cbPara"),
);
const CB_PARA: Argument =
    optional_argument("cbPara", "Any", "None", text("the second argument of cbFnc", "cbFnc 的第二个参数"));

const fn publish(takes: &'static [Argument]) -> Function {
    Function {
        name: "publish",
        takes,
        returns: "None",
        returns_doc: NOTHING,
        doc: text("Publish a message.", "发布消息。"),
        errors: &[WRONG_TYPE, WRONG_VALUE],
        example: "",
    }
}

const AIR_PUBLISH: Function = publish(&[TOPIC, PAYLOAD, Argument { default: Some("0"), ..QOS }, CB_FNC, CB_PARA]);
const PUBLISH_2023: Function = publish(&[
    TOPIC,
    QOS,
    PAYLOAD,
    optional_argument(
        "retain",
        "int",
        "0",
        text("0; the platform retains no messages", "只能为 0，平台不支持保留消息"),
    ),
]);
const PUBLISH_2024: Function = publish(&[TOPIC, QOS, PAYLOAD, CB_FNC, CB_PARA]);

const fn setup(takes: &'static [Argument]) -> Function {
    Function {
        name: "setup",
        takes,
        returns: "None",
        returns_doc: NOTHING,
        doc: text(
            "Set the device up and connect in the background. A second call replaces the connection.",
            "设置设备并在后台连接。再次调用会替换原有连接。",
        ),
        errors: &[WRONG_TYPE, WRONG_VALUE],
        example: "",
    }
}

const AIR_SETUP: Function = setup(&[
    argument("productKey", "str", text("product key", "ProductKey（产品标识）")),
    argument(
        "productSecret",
        "str | None",
        text("product secret, `None` without registration", "产品密钥，不需要动态注册时为 `None`"),
    ),
    argument("getDeviceName", "Callable[[], str]", text("returns the device name", "返回设备名称的函数")),
    argument("getDeviceSecret", "Callable[[], str | None]", text("returns the device secret", "返回设备密钥的函数")),
    optional_argument(
        "setDeviceSecret",
        "Callable[[str], object] | None",
        "None",
        text("gets the secret of a registration", "接收动态注册所得密钥的函数"),
    ),
]);
const SETUP_2024: Function =
    setup(&[argument("tPara", "dict[str, Any]", text("a dict of the keys of the page", "字典，键见文档"))]);

const ON: Function = Function {
    name: "on",
    takes: &[
        argument("evt", "str", text("the name of an event", "事件名")),
        argument(
            "cbFnc",
            "Callable[..., object] | None",
            text(
                "a function, or an `async def` function, which becomes a task; `None` removes it",
                "函数，或作为任务运行的 `async def` 函数；`None` 表示取消",
            ),
        ),
    ],
    returns: "None",
    returns_doc: NOTHING,
    doc: text(
        "Set the function of an event. It replaces the previous one. Functions run as the callbacks of [`Device.on`](api.md#onevent-callback) do; an exception is printed. A script may set a function behind the entry point: the last `auth` and `connect` that had none are passed to it then.",
        "设置事件的处理函数，替换之前的函数。执行方式与 [`Device.on`](api.zh.md#onevent-callback) 的回调相同，其中的异常会打印出来。也可以在入口函数之后设置：此前没有处理函数的最后一次 `auth` 和 `connect` 会在设置时触发。",
    ),
    errors: &[
        raises("ValueError", "the generation has no such event", "这一代没有该事件"),
        raises("TypeError", "cbFnc cannot be called", "cbFnc 不可调用"),
    ],
    example: "\
def on_connect(result):
    print(result)  # True

aliyun.on('connect', on_connect)
aliyun.confiDentialTask(name, key, secret)",
};

const SUBSCRIBE: Function = Function {
    name: "subscribe",
    takes: &[
        argument(
            "topic",
            "str | dict[str, int]",
            text(
                "a topic filter, or a dict of topic filters, each with its QoS",
                "Topic 过滤器，或字典：Topic 过滤器和对应的 QoS",
            ),
        ),
        optional_argument(
            "qos",
            "int | None",
            "None",
            text(
                "0 to 2; 2 counts as 1, because the platform has no QoS 2; `None` is 0, in 2024 it is 1",
                "0 至 2；2 等同于 1，平台不支持 QoS 2；`None` 为 0，2024 为 1",
            ),
        ),
    ],
    returns: "None",
    returns_doc: NOTHING,
    doc: text(
        "Subscribe, now and after each reconnect. A subscription before the entry point is made when the device connects. A refusal calls `error`.",
        "订阅 Topic，重连后自动恢复。入口函数之前的订阅在连接后生效。被拒绝时触发 `error`。",
    ),
    errors: &[
        raises(
            "ValueError",
            "the platform does not accept the topic, or qos is wrong",
            "平台不接受该 Topic，或 qos 不正确",
        ),
        raises("TypeError", "a topic is not a `str`", "Topic 不是 `str`"),
    ],
    example: "\
def on_receive(topic, payload, qos, retain, dup):
    print(payload, qos)  # hello 1

aliyun.on('receive', on_receive)
aliyun.subscribe('/%s/%s/user/get' % (key, name))",
};

const CLOSE: Function = Function {
    name: "close",
    takes: &[],
    returns: "None",
    returns_doc: NOTHING,
    doc: text(
        "Disconnect for good; not in LuatOS. No event comes any more, until an entry point is called again. Messages that wait are given up. It blocks for up to two seconds, until what was published before is sent; in a callback it does not block.",
        "断开连接；LuatOS 没有该函数。此后不再触发事件，直到再次调用入口函数。离线时等待的消息不再发送。最多阻塞两秒，以发送此前发布的消息；在回调中调用时不阻塞。",
    ),
    errors: &[],
    example: "print(aliyun.close())  # None",
};

const OPTS: Text = text(
    "2024: what `setup` got, with every key; `None` for those that were not given",
    "2024：传给 `setup` 的内容，包含所有键，未提供的为 `None`",
);

const COMMON: Family = Family {
    name: "aliyun_common",
    title: text("All generations", "各代通用"),
    constants: &[Constant { name: "opts", value: Value::Dict, doc: OPTS }],
    notes: &[
        Note {
            title: text("Events", "事件"),
            doc: text("Each comes once for what it reports.", "每个事件对应的情况只触发一次。"),
            columns: (text("event", "事件"), text("the function gets", "处理函数的参数和触发时机")),
            rows: &[
                (
                    same("`auth`"),
                    text(
                        "`(result)`. `True`: the server has accepted the device, which is reported again only after a `False`. `False`: the server refused a login or a registration; each refusal is reported",
                        "`(result)`。`True`：服务器接受了设备，只有在 `False` 之后才会再次触发。`False`：服务器拒绝了登录或动态注册，每次拒绝都会触发",
                    ),
                ),
                (
                    same("`connect`"),
                    text(
                        "`(result)`. `True`: connected. `False`: the connection is lost, or could not be made; once, until the device is connected again",
                        "`(result)`。`True`：已连接。`False`：连接断开，或未能建立连接；再次连上之前只触发一次",
                    ),
                ),
                (
                    same("`reconnect`"),
                    text(
                        "`()`. The device connects again by itself; behind each `connect` with `False`",
                        "`()`。设备自动重连，在结果为 `False` 的 `connect` 之后触发",
                    ),
                ),
                (
                    same("`receive`"),
                    text(
                        "A message arrived, in the order of the generation. payload is bytes if it is not UTF-8, qos is that of the delivery. 2024: retain and dup are 0, because the platform retains nothing, and the device does not report repeated deliveries",
                        "收到消息，参数顺序见各代。payload 不是 UTF-8 时为 bytes，qos 为实际投递的 QoS。2024：retain 和 dup 为 0，因为平台没有保留消息，设备也不报告重复投递",
                    ),
                ),
                (
                    same("`publish`"),
                    text(
                        "2024: `(pkgid)`. The server has acknowledged a message of QoS 1; they are numbered from 1",
                        "2024：`(pkgid)`。服务器已确认 QoS 1 的消息，编号从 1 开始",
                    ),
                ),
                (
                    same("`reg`"),
                    text(
                        "2024: `(result)`, a dict of productKey, deviceName and deviceSecret, without a list clientId and deviceToken. Without this function, `store` keeps it",
                        "2024：`(result)`，字典，含 productKey、deviceName 和 deviceSecret，免预注册时为 clientId 和 deviceToken。未设置该函数时由 `store` 保存",
                    ),
                ),
                (same("`ota`"), text("2024: it does not come yet", "2024：目前不会触发")),
                (
                    same("`error`"),
                    text(
                        "`(code, message)`. Something failed; not in LuatOS. code is that of [`ON_ERROR`](api.md), message the error in words. Without this function, each new error is printed",
                        "`(code, message)`。出现错误；LuatOS 没有该事件。code 为 [`ON_ERROR`](api.zh.md) 的错误码，message 为错误说明。未设置该函数时，新的错误会打印出来",
                    ),
                ),
            ],
        },
        Note {
            title: text("Keys of setup({…})", "setup({…}) 的键"),
            doc: text(
                "For 2024. `None` counts as not given, and so does `''`.",
                "用于 2024。`None` 和 `''` 视为未提供。",
            ),
            columns: (text("key", "键"), text("what", "说明")),
            rows: &[
                (
                    same("`ProductKey`, `DeviceName`"),
                    text("product key and device name, required", "ProductKey 和设备名称，必填"),
                ),
                (
                    same("`DeviceSecret`"),
                    text("device secret, required without `ProductSecret`", "设备密钥，未提供 `ProductSecret` 时必填"),
                ),
                (
                    same("`ProductSecret`"),
                    text(
                        "product secret: the device registers if its secret is not stored yet, and stores it",
                        "产品密钥：设备的密钥尚未保存时动态注册，并保存所得密钥",
                    ),
                ),
                (
                    same("`Registration`"),
                    text(
                        "`True`: the device is not on the platform's list, and gets a token. `False`, the default: it is on the list",
                        "`True`：免预注册，所得为 token。默认 `False`：预注册",
                    ),
                ),
                (
                    same("`InstanceId`"),
                    text("id of a new public or an enterprise instance", "新版公共实例或企业版实例的实例 ID"),
                ),
                (
                    same("`RegionId`"),
                    text(
                        "region of the old public instance, by default 'cn-shanghai'",
                        "旧版公共实例的地域，默认 'cn-shanghai'",
                    ),
                ),
                (same("`mqtt_host`, `host`"), text("another host; the first one counts", "其他主机，前者优先")),
                (same("`mqtt_port`"), text("another port", "其他端口")),
                (
                    same("`mqtt_isssl`"),
                    text(
                        "`True`, the default: TLS. `False`: plain TCP, except for a registration. A dict with `server_cert`: TLS with this trust root (PEM or DER) in place of the built-in ones",
                        "默认 `True`：TLS。`False`：明文 TCP，动态注册除外。含 `server_cert` 的字典：TLS，用该根证书（PEM 或 DER）代替内置的",
                    ),
                ),
                (
                    same("`reginfo`"),
                    text(
                        "`True`: the device is registered, and logs in with `deviceSecret`, or with `deviceToken` and `clientId`",
                        "`True`：已注册，用 `deviceSecret` 或 `deviceToken` 和 `clientId` 登录",
                    ),
                ),
            ],
        },
    ],
    functions: &[
        Function {
            name: "setup",
            takes: &[argument(
                "*arguments",
                "Any",
                text(
                    "2024: a dict of the keys above. LuatOS-Air: `productKey, productSecret, getDeviceName, getDeviceSecret, setDeviceSecret=None`",
                    "2024：字典，键见上表。LuatOS-Air：`productKey, productSecret, getDeviceName, getDeviceSecret, setDeviceSecret=None`",
                ),
            )],
            doc: text(
                "Set the device up and connect in the background. A second call replaces the connection. If the device has to register, the call blocks for up to 65 seconds. A registration that failed is tried again after 30 seconds. In LuatOS-Air, functions return the name and the secret, and `setDeviceSecret` gets the secret of a registration. They are called again five seconds after a refusal, for a secret that the script has fetched meanwhile. A device with a productSecret registers if it has no secret, or if its secret is refused.",
                "设置设备并在后台连接。再次调用会替换原有连接。需要动态注册时，最多阻塞 65 秒；注册失败则 30 秒后重试。LuatOS-Air 由函数返回设备名称和密钥，`setDeviceSecret` 接收动态注册所得的密钥。登录被拒绝后，每 5 秒重新调用一次这些函数，以便使用脚本新取得的密钥。提供了 productSecret 时，设备没有密钥或密钥被拒绝就会动态注册。",
            ),
            example: "\
aliyun.setup({'ProductKey': key, 'DeviceName': name, 'DeviceSecret': secret})
print(aliyun.opts['DeviceName'] == name)  # True",
            ..setup(&[])
        },
        ON,
        SUBSCRIBE,
        Function {
            name: "publish",
            takes: &[
                TOPIC,
                argument(
                    "*arguments",
                    "Any",
                    text(
                        "LuatOS-Air: `payload, qos=0, cbFnc=None, cbPara=None`. 2023: `qos, payload, retain=0`. 2024: `qos, payload, cbFnc=None, cbPara=None`",
                        "LuatOS-Air 为 `payload, qos=0, cbFnc=None, cbPara=None`。2023 为 `qos, payload, retain=0`。2024 为 `qos, payload, cbFnc=None, cbPara=None`",
                    ),
                ),
            ],
            doc: text(
                "Publish a message. At QoS 1 it is sent again after reconnects until the server acknowledges it. In LuatOS-Air and 2023, up to 20 messages wait while the device is offline; one more is given up. `cbFnc(result, cbPara)` is always called. `True`: the message was acknowledged, at QoS 0 sent. `False`: it was given up. In 2024 `False` also comes at once while the device is offline, and then the message is not sent; and after 15 seconds without an acknowledgement, and then it can still arrive. A message without `cbFnc` that is given up calls `error`.",
                "发布消息。QoS 1 的消息在重连后继续发送，直到服务器确认。LuatOS-Air 和 2023 在离线时最多可有 20 条消息等待，超出的不再发送。`cbFnc(result, cbPara)` 一定会被调用。`True`：消息已确认，QoS 0 为已发送。`False`：已放弃。2024 离线时立即回调 `False`，消息不发送；15 秒内没有确认时也回调 `False`，此后消息仍可能送达。没有 `cbFnc` 的消息被放弃时触发 `error`。",
            ),
            example: "\
def on_published(result, para):
    print(result, para)  # True first

topic = '/%s/%s/user/update' % (key, name)
aliyun.publish(topic, 1, 'hello', on_published, 'first')",
            ..publish(&[])
        },
        CLOSE,
    ],
    ..EMPTY
};

const AIR: Family = Family {
    name: "aliyun_air",
    title: same("LuatOS-Air"),
    functions: &[
        Function {
            name: "setMqtt",
            takes: &[
                optional_argument(
                    "cleanSession",
                    "int | None",
                    "None",
                    text(
                        "1, or `None`; 0: the server keeps QoS 1 messages and subscriptions while the device is offline",
                        "1 或 `None`；0：设备离线期间，服务器保留 QoS 1 消息和订阅",
                    ),
                ),
                optional_argument(
                    "will",
                    "None",
                    "None",
                    text("`None`; the platform accepts no will", "只能为 `None`，平台不支持遗嘱"),
                ),
                optional_argument(
                    "keepAlive",
                    "int | None",
                    "None",
                    text(
                        "seconds, by default 240; 30 to 1200, another value becomes the nearest of these",
                        "心跳间隔（秒），默认 240；范围 30 至 1200，超出时取最接近的值",
                    ),
                ),
            ],
            returns: "None",
            returns_doc: NOTHING,
            doc: text("Set the session for the next `setup`.", "设置下一次 `setup` 的会话参数。"),
            errors: &[WRONG_TYPE, WRONG_VALUE],
            example: "print(aliyun.setMqtt(1, None, 300))  # None",
        },
        Function {
            name: "setRegion",
            takes: &[argument(
                "region",
                "str | None",
                text("the region, by default 'cn-shanghai'", "地域，默认 'cn-shanghai'"),
            )],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Set the region of the old public instance for the next `setup`.",
                "设置下一次 `setup` 的旧版公共实例的地域。",
            ),
            errors: &[WRONG_TYPE],
            example: "print(aliyun.setRegion('cn-shanghai'))  # None",
        },
        Function {
            name: "setInstanceId",
            takes: &[argument(
                "instanceId",
                "str | None",
                text("id of a new public or an enterprise instance", "新版公共实例或企业版实例的实例 ID"),
            )],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Set the instance for the next `setup`. With a productSecret, the device then registers without being on the platform's list. Its token stays in the device's store, and `setDeviceSecret` is not called.",
                "设置下一次 `setup` 的实例。同时提供 productSecret 时，设备以免预注册方式注册；所得 token 由设备保存，不调用 `setDeviceSecret`。",
            ),
            errors: &[WRONG_TYPE],
            example: "print(aliyun.setInstanceId('iot-instance'))  # None",
        },
        Function {
            name: "setConnectMode",
            takes: &[
                argument(
                    "mode",
                    "str",
                    text("'direct'; another value removes what was set", "'direct'；其他值清除已有设置"),
                ),
                optional_argument("host", "str | None", "None", text("another host", "其他主机")),
                optional_argument("port", "int | None", "1883", text("the port", "端口")),
                optional_argument(
                    "getClientId",
                    "Callable[[], str] | None",
                    "None",
                    text("returns the client ID", "返回 client ID 的函数"),
                ),
                optional_argument(
                    "getUserName",
                    "Callable[[], str] | None",
                    "None",
                    text("returns the user name; it needs getPassword", "返回用户名的函数，需要同时提供 getPassword"),
                ),
                optional_argument(
                    "getPassword",
                    "Callable[[], str] | None",
                    "None",
                    text(
                        "returns the password, which the script has signed itself. The client ID gets the suffix `|securemode=2,timestamp=2524608000000,signmethod=hmacsha1|`, without TLS with securemode 3, unless it has a `|`",
                        "返回密码的函数，密码由脚本自行签名。client ID 不含 `|` 时，自动加上后缀 `|securemode=2,timestamp=2524608000000,signmethod=hmacsha1|`，不使用 TLS 时 securemode 为 3",
                    ),
                ),
                optional_argument(
                    "isssl",
                    "bool | dict[str, Any] | None",
                    "None",
                    text("as `mqtt_isssl` of 2024; not in LuatOS", "同 2024 的 `mqtt_isssl`；LuatOS 没有该参数"),
                ),
            ],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Set the server, and how to log in, for the next `setup`.",
                "设置下一次 `setup` 的服务器和登录方式。",
            ),
            errors: &[WRONG_TYPE, WRONG_VALUE],
            example: "print(aliyun.setConnectMode('direct', key + '.iot-as-mqtt.cn-shanghai.aliyuncs.com', 1883))  # None",
        },
        Function {
            name: "setErrHandle",
            takes: &[
                argument("cbFnc", "Callable[[], object]", text("a function without arguments", "无参数的函数")),
                optional_argument("tmout", "int", "150", text("seconds", "秒数")),
            ],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Call a function each time the device has been without a connection for so many seconds. The time that it sleeps does not count.",
                "设备连续这么多秒没有连接时，调用一次函数，此后每隔同样的时间再次调用。休眠的时间不计入。",
            ),
            errors: &[WRONG_TYPE, WRONG_VALUE],
            example: "\
def restart():
    print('no connection')

print(aliyun.setErrHandle(restart, 300))  # None",
        },
        simple(
            "sleep",
            "None",
            NOTHING,
            text(
                "Disconnect, and do not connect until `wakeup`. It blocks for up to two seconds, until messages that wait are sent; in a callback it does not block. A message of QoS 1 that is not acknowledged by then is given up.",
                "断开连接，直到 `wakeup` 才重新连接。最多阻塞两秒，以发送等待中的消息；在回调中调用时不阻塞。届时仍未确认的 QoS 1 消息不再发送。",
            ),
            "aliyun.sleep()\nprint(aliyun.sleepStatus())  # True",
        ),
        simple(
            "wakeup",
            "None",
            NOTHING,
            text("Connect again after `sleep`.", "在 `sleep` 之后重新连接。"),
            "print(aliyun.wakeup())  # None",
        ),
        simple(
            "sleepStatus",
            "bool",
            text(
                "whether `sleep` was called, and `wakeup` was not called since",
                "是否处于 `sleep` 之后、`wakeup` 之前",
            ),
            text("Return whether the device sleeps.", "查询设备是否休眠。"),
            "print(aliyun.sleepStatus())  # False",
        ),
        simple(
            "Authsleep",
            "None",
            NOTHING,
            text(
                "Disconnect, and do not log in until `Authwakeup`. Here a connection is a login, so it does the same as `sleep`, with a state of its own.",
                "断开连接，直到 `Authwakeup` 才重新登录。本模块中连接即登录，因此与 `sleep` 相同，但状态独立。",
            ),
            "aliyun.Authsleep()\nprint(aliyun.AuthSleepStatus())  # True",
        ),
        simple(
            "Authwakeup",
            "None",
            NOTHING,
            text("Log in again after `Authsleep`.", "在 `Authsleep` 之后重新登录。"),
            "print(aliyun.Authwakeup())  # None",
        ),
        simple(
            "AuthSleepStatus",
            "bool",
            text(
                "whether `Authsleep` was called, and `Authwakeup` was not called since",
                "是否处于 `Authsleep` 之后、`Authwakeup` 之前",
            ),
            text("Return whether logins are held back.", "查询是否暂停登录。"),
            "print(aliyun.AuthSleepStatus())  # False",
        ),
    ],
    ..EMPTY
};

const DEVICE_NAME: Argument = argument("DeviceName", "str", text("device name", "设备名称"));
const PRODUCT_KEY: Argument = argument("ProductKey", "str", text("product key", "ProductKey（产品标识）"));
const MQTT_HOST: Argument = optional_argument("mqtt_host", "str | None", "None", text("another host", "其他主机"));
const MQTT_PORT: Argument =
    optional_argument("mqtt_port", "int | str | None", "None", text("another port", "其他端口"));
const MQTT_ISSSL: Argument = optional_argument(
    "mqtt_isssl",
    "bool | dict[str, Any] | None",
    "None",
    text("as the key of `setup({…})`", "同 `setup({…})` 的键"),
);

const OF_2023: Family = Family {
    name: "aliyun_2023",
    title: same("2023"),
    functions: &[
        Function {
            name: "operation",
            takes: &[
                argument(
                    "Registration",
                    "bool",
                    text(
                        "`False`: the device is on the platform's list. `True`: it is not. The words of LuatOS's page say the opposite, its code says this",
                        "`False`：预注册。`True`：免预注册。LuatOS 文档的文字相反，其代码如此",
                    ),
                ),
                DEVICE_NAME,
                PRODUCT_KEY,
                argument("ProductSecret", "str", text("product secret", "产品密钥")),
                optional_argument(
                    "InstanceId",
                    "str | None",
                    "None",
                    text("id of a new public or an enterprise instance", "新版公共实例或企业版实例的实例 ID"),
                ),
                MQTT_HOST,
                MQTT_PORT,
                MQTT_ISSSL,
            ],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Register, unless the device's secret is stored already, and connect in the background. The registration blocks for up to 65 seconds. If it fails, it is tried again after 30 seconds.",
                "设备的密钥尚未保存时先动态注册，然后在后台连接。注册最多阻塞 65 秒，失败则 30 秒后重试。",
            ),
            errors: &[WRONG_TYPE, WRONG_VALUE],
            example: "\
print(aliyun.operation(False, name, key, product_secret))  # None",
        },
        Function {
            name: "confiDentialTask",
            takes: &[
                DEVICE_NAME,
                PRODUCT_KEY,
                argument("DeviceSecret", "str", text("device secret", "设备密钥")),
                MQTT_HOST,
                MQTT_PORT,
                MQTT_ISSSL,
            ],
            returns: "None",
            returns_doc: NOTHING,
            doc: text("Connect in the background, with the secret of the device.", "用设备密钥在后台连接。"),
            errors: &[WRONG_TYPE, WRONG_VALUE],
            example: "\
topic = '/%s/%s/user/update' % (key, name)
aliyun.confiDentialTask(name, key, secret)
print(aliyun.publish(topic, 1, 'hello'))  # None",
        },
        Function {
            name: "subscriber",
            example: "\
print(aliyun.subscriber('/%s/%s/user/get' % (key, name), 1))  # None",
            ..SUBSCRIBE
        },
    ],
    ..EMPTY
};

const OF_2024: Family = Family {
    name: "aliyun_2024",
    title: same("2024"),
    functions: &[
        Function {
            name: "clientGetDirectDataTask",
            takes: &[
                DEVICE_NAME,
                PRODUCT_KEY,
                MQTT_HOST,
                MQTT_PORT,
                MQTT_ISSSL,
                optional_argument(
                    "Registration",
                    "bool",
                    "False",
                    text("as the key of `setup({…})`", "同 `setup({…})` 的键"),
                ),
                optional_argument(
                    "DeviceSecret",
                    "str | None",
                    "None",
                    text("the device secret, with Registration `False`", "设备密钥，Registration 为 `False` 时使用"),
                ),
                optional_argument(
                    "deviceToken",
                    "str | None",
                    "None",
                    text("the token, with Registration `True`", "token，Registration 为 `True` 时使用"),
                ),
                optional_argument(
                    "clientid",
                    "str | None",
                    "None",
                    text("what came with the token", "与 token 一同取得的 client ID"),
                ),
            ],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Connect in the background, with what an earlier registration has brought.",
                "用此前动态注册的结果在后台连接。",
            ),
            errors: &[WRONG_TYPE, WRONG_VALUE],
            example: "\
print(aliyun.clientGetDirectDataTask(name, key, None, None, None, False, secret))  # None",
        },
        simple(
            "ready",
            "bool",
            text("whether the device is connected", "设备是否已连接"),
            text("Return whether the device is connected.", "查询设备是否已连接。"),
            "print(aliyun.ready())  # True",
        ),
        Function {
            name: "store",
            takes: &[optional_argument(
                "result",
                "dict[str, str] | None",
                "None",
                text(
                    "the result of a registration, as the event `reg` has it; `None` to read",
                    "动态注册的结果，即 `reg` 事件的参数；`None` 表示读取",
                ),
            )],
            returns: "dict[str, str | None]",
            returns_doc: text(
                "a dict of deviceName, productKey, deviceSecret, deviceToken and clientid, `None` for a missing value",
                "字典：deviceName、productKey、deviceSecret、deviceToken 和 clientid，没有的值为 `None`",
            ),
            doc: text(
                "Store the result of a registration, or read the stored one. It is in [`kv`](kv.md), under the names ProductKey, DeviceName, deviceSecret, deviceToken and clientid: `kv.remove` removes it.",
                "保存或读取动态注册的结果。结果保存在 [`kv`](kv.zh.md) 中，名称为 ProductKey、DeviceName、deviceSecret、deviceToken 和 clientid，可用 `kv.remove` 删除。",
            ),
            errors: &[
                raises("TypeError", "result is not a dict of texts", "result 不是文本的字典"),
                raises("OSError", "the files of `kv` cannot be read or written", "无法读写 `kv` 的文件"),
            ],
            example: "print(aliyun.store()['deviceSecret'])  # None",
        },
        simple(
            "getDeviceSecret",
            "str | None",
            text(
                "the device secret; `None` if no registration has brought one since the start",
                "设备密钥；启动以来没有通过动态注册取得时为 `None`",
            ),
            text("Return the secret of the registration.", "查询动态注册所得的设备密钥。"),
            "print(aliyun.getDeviceSecret())  # None",
        ),
        simple(
            "getDeviceToken",
            "str | None",
            text(
                "the token; `None` if no registration has brought one since the start",
                "token；启动以来没有通过动态注册取得时为 `None`",
            ),
            text("Return the token of a registration without a list.", "查询免预注册所得的 token。"),
            "print(aliyun.getDeviceToken())  # None",
        ),
        simple(
            "getClientid",
            "str | None",
            text(
                "the client ID; `None` if no registration has brought one since the start",
                "client ID；启动以来没有通过动态注册取得时为 `None`",
            ),
            text("Return the client ID that came with the token.", "查询与 token 一同取得的 client ID。"),
            "print(aliyun.getClientid())  # None",
        ),
    ],
    ..EMPTY
};
