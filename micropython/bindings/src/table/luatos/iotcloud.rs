//! `luatos.iotcloud`: its functions, and the class of the objects that `new` makes.

use super::common::TOPIC_FILTERS;
use crate::table::common::*;
use crate::table::entry::*;

pub const FUNCTIONS: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "iotcloud",
    doc: "",
    page: "iotcloud",
    begin: text(
        "```python\nfrom luatos import iotcloud, sys\n```\n\n\
         LuatOS's `iotcloud`: Tencent, Alibaba, OneNET, Huawei, Tuya, Baidu and TLINK with one API. It carries messages; the script\n\
         writes topics and payloads as its cloud wants them. To write properties, events and commands once for all clouds, use\n\
         [`Device`](api.md). This module is Python on `Device`, which has all protocols: logins, TLS, reconnects, QoS 1.\n\n\
         The [package](../micropython/compat/luatos/package.json) has LuatOS's modules: this one, [`aliyun`](luatos-aliyun.md),\n\
         [`sys`](luatos-sys.md) and [`log`](luatos-log.md). It is also for firmware with `aliyunIoT` built in, and is installed\n\
         beside [`aliyunIoT`](natmod.md). [Coming from LuatOS](from-luatos.md) says how Lua becomes Python.\n\n\
         ```sh\nmpremote mip install micropython/compat/luatos/package.json\n```\n\n\
         A release has it compiled, as `mip/luatos/package.json`: 26.0 kB. Firmware can freeze it with\n\
         [`manifest.py`](../micropython/compat/luatos/manifest.py).\n\n\
         The library of a board has Alibaba's cloud alone, unless it was built with others: `cargo xtask natmod armv7m --with tencent`\n\
         ([what each needs](porting.md), [their topics and limits](clouds.md)).\n\n\
         Each cloud has a script in [examples/iotcloud](../examples/iotcloud/). The tests run each script against the\n\
         [local cloud](../tests/cloud/README.md), on a computer by each of its logins, and some on the emulated board. None was run\n\
         against the real platforms.\n\n\
         ## Clouds and events\n\n\
         Each event goes to `sys.subscribe(\"iotcloud\", function)` and to the callback of `new` or `on`, as\n\
         `(object, event, data, payload)`. The callbacks run as those of [`Device.on`](api.md#onevent-callback) do.\n",
        "```python\nfrom luatos import iotcloud, sys\n```\n\n\
         LuatOS 的 `iotcloud`：用同一套接口连接腾讯云、阿里云、OneNET、华为云、涂鸦、百度云和 TLINK。它只收发消息，Topic 和内容由脚本按各平台的格式编写。\
         如需用同一份脚本在各平台上报属性、事件并处理命令，请使用 [`Device`](api.zh.md)。本模块是基于 `Device` 的 Python 代码，登录、TLS、重连和 QoS 1 均由 `Device` 完成。\n\n\
         [安装包](../micropython/compat/luatos/package.json)包含 LuatOS 的各模块：本模块、[`aliyun`](luatos-aliyun.zh.md)、[`sys`](luatos-sys.zh.md) 和 [`log`](luatos-log.zh.md)，固件内置 `aliyunIoT` 时同样适用。Lua 如何改写成 Python，见[从 LuatOS 迁移](from-luatos.zh.md)。与 [`aliyunIoT`](natmod.md) 安装在一起：\n\n\
         ```sh\nmpremote mip install micropython/compat/luatos/package.json\n```\n\n\
         发布包中有编译好的 `mip/luatos/package.json`：26.0 kB。也可以用 [`manifest.py`](../micropython/compat/luatos/manifest.py) 冻结到固件中。\n\n\
         开发板使用的库默认只支持阿里云，其他平台要在构建时加入：`cargo xtask natmod armv7m --with tencent`（[所需条件](porting.md)，[各平台的 Topic 和限制](clouds.zh.md)）。\n\n\
         每个平台的示例脚本见 [examples/iotcloud](../examples/iotcloud/)。测试在电脑上用各种登录方式对[本地模拟云](../tests/cloud/README.md)运行每个脚本，其中几个也在模拟开发板上运行，未在真实平台上运行过。\n\n\
         ## 平台和事件\n\n\
         每个事件都会传给 `sys.subscribe(\"iotcloud\", function)` 订阅的函数，以及 `new` 或 `on` 设置的回调，参数为 `(object, event, data, payload)`。\
         回调的执行方式与 [`Device.on`](api.zh.md#onevent-callback) 相同。\n",
    ),
    end: same(""),
    families: &[&[&CREATION]],
};

pub const CLOUD: Scope = Scope {
    kind: ScopeKind::Class {
        takes: &[],
        is_context: false,
        attributes: &[
            Attribute {
                name: "product_id",
                kind: "str | None",
                doc: text("product ID; on TUYA `None`", "产品 ID；TUYA 为 `None`"),
            },
            Attribute { name: "device_name", kind: "str", doc: text("device name", "设备名称") },
            Attribute { name: "cloud", kind: "str", doc: text("the constant of its cloud", "所属平台的常量") },
        ],
    },
    name: "Cloud",
    doc: "A device on a cloud, made by `new()`.",
    page: "iotcloud",
    begin: text(
        "\n## Objects\n\n`new` returns an object of the class `Cloud`.\n",
        "\n## 对象\n\n`new` 返回 `Cloud` 类的对象。\n",
    ),
    end: text(
        "\n## What differs from LuatOS\n\n\
         | LuatOS | here |\n|---|---|\n\
         | Baidu: every device of an IoT core logs in with the same client ID, so they disconnect each other | each device has a client ID of its own |\n\
         | Huawei: the password is signed with the local time | UTC |\n\
         | Tencent: the version of a firmware report is in the wrong place | nothing is reported; see below |\n\
         | one stored secret per cloud, which another product or device also gets | one for each cloud, product and device |\n\
         | no reconnect unless `autoreconn` is given | reconnects unless `autoreconn` is `False` |\n\
         | Alibaba: `securemode=3` over TLS | `securemode=2` |\n\
         | OTA: the file is neither checked nor is progress reported | no download yet; see below |\n\
         | Tencent: the older registration | the present one |\n\
         | TLS without a check of the server, or no TLS | TLS on every cloud, and the server is verified. `'tls': False` turns it off |\n\
         | signed for the year 2999 | signed with the time, again at each login |\n\
         | subscriptions are lost with the connection | they last until `unsubscribe` or `close` |\n\
         | a refused login is not reported | event `ERROR` |\n\
         | `cloudc:publish(…)` in Lua, `sys.wait(…)` | `cloudc.publish(…)`, `await sys.wait(…)` |\n\n\
         Tencent, OneNET, Huawei and Tuya have the time signed: set the board's clock first, as [`online.py`](../examples/online.py) does.\n\n\
         The roots of OneNET and TLINK are not built in, because neither publishes its root where we can check it. For these two,\n\
         give `server_cert` (OneNET's documents have it for download), or `'tls': False`.\n\n\
         ## Firmware updates\n\n\
         `iotcloud.OTA` exists so that scripts run, but no such event comes yet: nothing is downloaded, and the device does not\n\
         report a version. An order to update arrives as `RECEIVE`, if the script subscribes to the topic that its cloud uses:\n\n\
         | cloud | topic |\n|---|---|\n\
         | Tencent | `$ota/update/{product_id}/{device_name}` |\n\
         | Alibaba | `/ota/device/upgrade/{product_id}/{device_name}` |\n\
         | Huawei | `$oc/devices/{device id}/sys/events/down` |\n\n\
         ## Memory\n\n\
         A publish allocates 224 bytes at QoS 0 and 480 at QoS 1, its event `SEND` included; measured on a 64-bit computer.\n\
         `Device.publish()` without a callback allocates nothing.\n\n\
         If memory is short, begin `main.py` with the three lines of [native modules](natmod.md), and import `luatos` after them.\n",
        "\n## 与 LuatOS 的区别\n\n\
         | LuatOS | 本模块 |\n|---|---|\n\
         | 百度云：同一 IoT Core 的所有设备使用相同的 client ID，会互相挤下线 | 每台设备使用各自的 client ID |\n\
         | 华为云：用本地时间签名 | UTC |\n\
         | 腾讯云：固件版本上报的位置错误 | 不上报，见下文 |\n\
         | 每个平台只保存一个密钥，更换产品或设备后仍会使用 | 按平台、产品和设备分别保存 |\n\
         | 不设置 `autoreconn` 则不重连 | 默认重连，`autoreconn` 为 `False` 时不重连 |\n\
         | 阿里云：使用 TLS 时仍为 `securemode=3` | `securemode=2` |\n\
         | OTA：不校验文件，也不上报进度 | 暂不下载，见下文 |\n\
         | 腾讯云：旧版动态注册 | 现行的动态注册 |\n\
         | 使用 TLS 时不验证服务器，或不使用 TLS | 所有平台都使用 TLS 并验证服务器，`'tls': False` 可关闭 |\n\
         | 签名时间固定为 2999 年 | 使用当前时间，每次登录重新签名 |\n\
         | 断线后订阅丢失 | 订阅保持到 `unsubscribe` 或 `close` |\n\
         | 登录被拒绝时没有通知 | `ERROR` 事件 |\n\
         | Lua 的 `cloudc:publish(…)`、`sys.wait(…)` | `cloudc.publish(…)`、`await sys.wait(…)` |\n\n\
         腾讯云、OneNET、华为云和涂鸦的签名含有时间：请先校准开发板的时钟，参见 [`online.py`](../examples/online.py)。\n\n\
         未内置 OneNET 和 TLINK 的根证书，因为没有可供核对的公开来源。这两个平台请提供 `server_cert`（OneNET 的文档提供下载），或设置 `'tls': False`。\n\n\
         ## 固件升级\n\n\
         保留 `iotcloud.OTA` 是为了让脚本能够运行，目前不会触发该事件：不下载固件，也不上报版本。脚本订阅平台的升级 Topic 后，升级命令以 `RECEIVE` 事件收到：\n\n\
         | 平台 | Topic |\n|---|---|\n\
         | 腾讯云 | `$ota/update/{product_id}/{device_name}` |\n\
         | 阿里云 | `/ota/device/upgrade/{product_id}/{device_name}` |\n\
         | 华为云 | `$oc/devices/{device id}/sys/events/down` |\n\n\
         ## 内存\n\n\
         `publish` 连同 `SEND` 事件每次分配内存：QoS 0 为 224 字节，QoS 1 为 480 字节（在 64 位电脑上测得）。不带回调的 `Device.publish()` 不分配内存。\n\n\
         内存不足时，在 `main.py` 开头写上[原生模块](natmod.md)一页中的三行代码，之后再导入 `luatos`。\n",
    ),
    families: &[&[&CONNECTION, &CARRIED]],
};

const fn constant(name: &'static str, value: &'static str, doc: Text) -> Constant {
    Constant { name, value: Value::Text(value), doc }
}

const CREATION: Family = Family {
    name: "creation",
    title: text("Login", "登录"),
    constants: &[
        constant(
            "CONNECT",
            "connect",
            text(
                "The device is connected. data is 0 for the first time, and 1 after a reconnect.",
                "已连接。data 首次为 0，重连后为 1。",
            ),
        ),
        constant(
            "SEND",
            "SEND",
            text(
                "The server has acknowledged a message of QoS 1: data is the number that `publish` returned. For QoS 0, data is 0, and the message was sent.",
                "服务器已确认 QoS 1 的消息：data 为 `publish` 返回的编号。QoS 0 时 data 为 0，表示消息已发送。",
            ),
        ),
        constant(
            "RECEIVE",
            "receive",
            text(
                "A message arrived: data is the topic, payload the content, bytes if it is not UTF-8.",
                "收到消息：data 为 Topic，payload 为内容；不是 UTF-8 时为 bytes。",
            ),
        ),
        constant(
            "DISCONNECT",
            "disconnect",
            text(
                "The connection is lost, or `disconnect` has ended it. data is the reason in words. It comes once for each loss. Without `autoreconn`, it also comes when a connection could not be made.",
                "连接断开，或 `disconnect` 已完成。data 为原因说明。每次断线只触发一次；关闭 `autoreconn` 时，未能建立连接也会触发。",
            ),
        ),
        constant("OTA", "ota", text("It does not come yet.", "目前不会触发。")),
        constant(
            "ERROR",
            "error",
            text(
                "Something failed, such as a login; not in LuatOS. data is the code of [`ON_ERROR`](api.md), payload the error in words. Without a callback of `new` or `on`, each new error is printed as well.",
                "出现错误，例如登录失败；LuatOS 没有该事件。data 为 [`ON_ERROR`](api.zh.md) 的错误码，payload 为错误说明。未用 `new` 或 `on` 设置回调时，新的错误还会打印出来。",
            ),
        ),
        constant(
            "TENCENT",
            "tencent",
            text("Tencent Cloud IoT Explorer; `\"qcloud\"` is the same", "腾讯云物联网开发平台，也可写 `\"qcloud\"`"),
        ),
        constant("ALIYUN", "aliyun", text("Alibaba Cloud IoT Platform", "阿里云物联网平台")),
        constant("ONENET", "onenet", text("China Mobile OneNET", "中国移动 OneNET")),
        constant("HUAWEI", "huawei", text("Huawei Cloud IoTDA", "华为云设备接入 IoTDA")),
        constant("TUYA", "tuya", text("Tuya, TuyaLink", "涂鸦 TuyaLink")),
        constant("BAIDU", "baidu", text("Baidu IoT Core", "百度智能云 IoT Core")),
        constant("TLINK", "tlink", same("TLINK")),
    ],
    notes: &[
        Note {
            title: text("Keys of config", "config 的键"),
            doc: text("All values are `str`. `None` counts as not given.", "值均为 `str`，`None` 视为未提供。"),
            columns: (text("key", "键"), text("what", "说明")),
            rows: &[
                (
                    text("`product_id` (or `produt_id`)", "`product_id`（或 `produt_id`）"),
                    text(
                        "product ID. ALIYUN: ProductKey. BAIDU: ID of the IoT core. TLINK: the account's name. Not for TUYA",
                        "产品 ID。ALIYUN：ProductKey。BAIDU：IoT Core 的 ID。TLINK：登录账号。TUYA 不需要",
                    ),
                ),
                (
                    same("`device_name`"),
                    text(
                        "device name; by default the number of `machine.unique_id()` in hexadecimal. TUYA: device ID, required. BAIDU: device key. TLINK: serial number",
                        "设备名称，默认为 `machine.unique_id()` 的十六进制。TUYA：设备 ID，必填。BAIDU：DeviceKey。TLINK：序列号",
                    ),
                ),
                (
                    text("`device_secret` (ALIYUN: or `key`)", "`device_secret`（ALIYUN 也可用 `key`）"),
                    text(
                        "device secret; not for TLINK. It is required, unless there is a certificate or one of the keys below",
                        "设备密钥，TLINK 不使用。必填，除非使用证书或提供了下列键之一",
                    ),
                ),
                (
                    same("`product_secret`"),
                    text(
                        "ALIYUN, TENCENT: product secret; the device registers and stores its secret. ONENET: product access key, which signs the login. TLINK: the account's password, required",
                        "ALIYUN、TENCENT：产品密钥，设备动态注册并保存密钥。ONENET：产品 access_key，用于登录签名。TLINK：登录密码，必填",
                    ),
                ),
                (
                    same("`userid`, `userkey`"),
                    text(
                        "ONENET: the user's id and key; the device is created on the platform",
                        "ONENET：用户 ID 和用户 access_key，自动在平台上创建设备",
                    ),
                ),
                (
                    same("`project_id`, `iam_username`, `iam_password`, `iam_domain`"),
                    text(
                        "HUAWEI: an IAM user, who creates the device on the platform. Whoever reads the board's files has that user's password: better create devices elsewhere",
                        "HUAWEI：IAM 用户，自动在平台上创建设备。能读取开发板文件的人即可得到该用户的密码，建议在别处创建设备",
                    ),
                ),
                (
                    same("`endpoint`"),
                    text(
                        "HUAWEI: what stands before `.iotda-device` in the instance's address; required without `host`",
                        "HUAWEI：实例接入地址中 `.iotda-device` 之前的部分；未提供 `host` 时必填",
                    ),
                ),
                (
                    same("`instance_id`"),
                    text(
                        "ALIYUN: id of a new public or an enterprise instance",
                        "ALIYUN：新版公共实例或企业版实例的实例 ID",
                    ),
                ),
                (
                    same("`region`"),
                    text(
                        "ALIYUN, HUAWEI, TUYA, BAIDU: as the key of `Device.connect`",
                        "ALIYUN、HUAWEI、TUYA、BAIDU：同 `Device.connect` 的键",
                    ),
                ),
                (
                    same("`method`"),
                    text(
                        "ALIYUN, TENCENT, ONENET, BAIDU: the key signMethod of `Device.connect`, in letters of any case",
                        "ALIYUN、TENCENT、ONENET、BAIDU：即 `Device.connect` 的 signMethod，不区分大小写",
                    ),
                ),
            ],
        },
        Note {
            title: text("Keys of connect_config", "connect_config 的键"),
            doc: text("All are optional.", "均为可选。"),
            columns: (text("key", "键"), text("what", "说明")),
            rows: &[
                (same("`host`"), text("another host", "指定接入域名")),
                (
                    same("`ip`"),
                    text("another port, as an `int`; LuatOS calls it so", "指定端口（`int`），名称沿用 LuatOS"),
                ),
                (
                    same("`tls`"),
                    text(
                        "`False`: plain TCP. A dict of `server_cert` (trust roots in place of the built-in ones), `client_cert` and `client_key` (they go together), each PEM or DER",
                        "`False`：不加密的 TCP。或字典：`server_cert`（根证书，代替内置根证书）、`client_cert` 和 `client_key`（须同时提供），PEM 或 DER 均可",
                    ),
                ),
                (same("`keepalive`"), text("seconds, 240 by default", "心跳间隔，单位秒，默认 240")),
                (
                    same("`autoreconn`"),
                    text(
                        "`True` by default. A number, LuatOS's interval in ms, counts as `True`: the device has intervals of its own. `False`: after a loss, the script calls `connect` itself; messages of QoS 1 that are not acknowledged by then are reported as `ERROR`",
                        "默认 `True`。填写数字（LuatOS 的重连间隔，毫秒）等同于 `True`，间隔由设备决定。`False`：断线后由脚本调用 `connect`；此时尚未确认的 QoS 1 消息以 `ERROR` 事件报告",
                    ),
                ),
            ],
        },
    ],
    functions: &[Function {
        name: "new",
        takes: &[
            argument("cloud", "str", text("the constant of a cloud", "平台的常量")),
            argument(
                "config",
                "Mapping[str, str | None]",
                text("product, device and secret: see above", "产品、设备和密钥，见上文"),
            ),
            optional_argument(
                "connect_config",
                "Mapping[str, Any] | None",
                "None",
                text("the connection: see above", "连接参数，见上文"),
            ),
            optional_argument("callback", EVENT_CALLBACK, "None", text("as for `on`", "同 `on`")),
        ],
        returns: "Cloud | None",
        returns_doc: text(
            "the object; `None` if the registration failed, which `ERROR` reports",
            "对象；动态注册失败时为 `None`，原因由 `ERROR` 事件报告",
        ),
        doc: text(
            "Make an object for a device. If the device has to register and its secret is not stored yet, the method registers it, which blocks for up to 65 seconds. Any number of objects can work side by side.",
            "创建设备对象。需要动态注册且尚未保存密钥时，先进行注册，最多阻塞 65 秒。可以同时使用多个对象。",
        ),
        errors: &[
            raises(
                "ValueError",
                "the cloud is unknown, or a key is unknown, missing, or does not go with the others",
                "平台未知，或有未知的键、缺少必填的键、键的组合不正确",
            ),
            WRONG_TYPE,
            NO_CLOCK,
        ],
        example: "\
cloud = iotcloud.new(iotcloud.ALIYUN, {'product_id': key, 'device_name': name, 'device_secret': secret})
if cloud:
    print(cloud.product_id == key)  # True
    cloud.connect()",
    }],
    ..EMPTY
};

const EVENT_CALLBACK: &str = "Callable[[Cloud, str, Any, Any], object] | None";

const LEFT_OUT: (Failure, Text) =
    raises("NotImplementedError", "this firmware was built without this cloud", "固件构建时未包含该平台");
const NO_CLOCK: (Failure, Text) = raises(
    "OSError",
    "the cloud has the time signed, and the board's clock is not set; or the stored secrets cannot be read",
    "平台的签名含有时间，而开发板的时钟未校准；或无法读取已保存的密钥",
);
const CLOSED: (Failure, Text) = raises("OSError", "`close` was called before", "已调用过 `close`");
const BAD_VALUE: (Failure, Text) = raises(
    "ValueError",
    "a value is not what the cloud accepts; the message names its key",
    "值不符合平台要求；异常信息会给出对应的键",
);
const RETURNS_CODE: (Failure, Text) = returns(
    "a negative number",
    "as `Device` does for the same method; -1 if `connect` was not called before",
    "同 `Device` 的对应方法；尚未调用 `connect` 时为 -1",
);

const CONNECTION: Family = Family {
    name: "cloud_connection",
    title: text("Connection", "连接"),
    functions: &[
        Function {
            name: "on",
            takes: &[argument(
                "callback",
                EVENT_CALLBACK,
                text(
                    "a function of `(object, event, data, payload)`; `None` removes it",
                    "参数为 `(object, event, data, payload)` 的函数；`None` 表示移除",
                ),
            )],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Set the function that gets this object's events, beside those of `sys.subscribe`.",
                "设置接收该对象事件的函数，与 `sys.subscribe` 订阅的函数并存。",
            ),
            errors: &[raises("TypeError", "the callback cannot be called", "回调不可调用")],
            example: "\
def on_event(cloud, event, data, payload):
    if event == iotcloud.RECEIVE:
        print(payload)  # hello

cloud.on(on_event)
cloud.subscribe('/%s/%s/user/get' % (key, name))",
        },
        Function {
            name: "connect",
            takes: &[],
            returns: "int",
            returns_doc: same("0"),
            doc: text(
                "Connect in the background. If the object is connected or connecting, nothing happens.",
                "在后台连接。已连接或正在连接时不做任何事。",
            ),
            errors: &[BAD_VALUE, LEFT_OUT, NO_CLOCK, CLOSED],
            example: "print(cloud.connect())  # 0",
        },
        Function {
            name: "disconnect",
            takes: &[],
            returns: "int",
            returns_doc: same("0"),
            doc: text(
                "Disconnect, for `connect` to be called again. It blocks for up to two seconds, until messages that wait are sent; in a callback it does not block.",
                "断开连接，之后可再次调用 `connect`。最多阻塞两秒，以发送等待中的消息；在回调中调用时不阻塞。",
            ),
            errors: &[returns("-1", "it is not connected", "未连接"), CLOSED],
            example: "print(cloud.disconnect())  # 0",
        },
        Function {
            name: "close",
            takes: &[],
            returns: "int",
            returns_doc: same("0"),
            doc: text("Disconnect for good. No event comes any more.", "断开连接并释放对象，此后不再触发事件。"),
            errors: &[],
            example: "print(cloud.close())  # 0",
        },
    ],
    ..EMPTY
};

const TOPIC: Argument = argument("topic", "str", text("the topic, without wildcards", "Topic，不含通配符"));

const CARRIED: Family = Family {
    name: "cloud_messages",
    title: text("Messages", "消息"),
    functions: &[
        Function {
            name: "publish",
            takes: &[
                TOPIC,
                argument("data", "Buffer", text("the message", "消息内容")),
                optional_argument(
                    "qos",
                    "int",
                    "0",
                    text(
                        "0: sent now or not at all; 1: kept, and sent again after reconnects, until the server acknowledges it",
                        "0：立即发送，不保证送达；1：保留消息，重连后继续发送，直到服务器确认",
                    ),
                ),
                optional_argument(
                    "retain",
                    "int",
                    "0",
                    text("0; none of these clouds retains messages", "只能为 0，这些平台都不支持保留消息"),
                ),
            ],
            returns: "int",
            returns_doc: text(
                "0; with qos 1 the number that `SEND` reports, 1 to 65535",
                "0；qos 为 1 时返回 `SEND` 事件报告的编号，1 至 65535",
            ),
            doc: text(
                "Publish a message. While the device is offline, up to 20 messages of QoS 1 wait.",
                "发布消息。离线时最多可有 20 条 QoS 1 的消息等待发送。",
            ),
            errors: &[
                RETURNS_CODE,
                raises(
                    "ValueError",
                    "the cloud does not accept the topic; or qos or retain is wrong",
                    "平台不接受该 Topic，或 qos、retain 不正确",
                ),
                raises("TypeError", "an argument is of another type", "参数类型不符"),
                CLOSED,
            ],
            example: "\
topic = '/%s/%s/user/update' % (cloud.product_id, cloud.device_name)
print(cloud.publish(topic, 'hello', 1))  # 1",
        },
        Function {
            name: "subscribe",
            takes: &[
                TOPIC_FILTERS,
                optional_argument(
                    "qos",
                    "int",
                    "0",
                    text(
                        "0 to 2; 2 counts as 1, because no cloud here has QoS 2",
                        "0 至 2；2 等同于 1，这些平台都不支持 QoS 2",
                    ),
                ),
            ],
            returns: "int",
            returns_doc: same("0"),
            doc: text(
                "Subscribe, now and after each reconnect. A subscription before `connect` is made when it connects.",
                "订阅 Topic，重连后自动恢复。`connect` 之前的订阅在连接后生效。",
            ),
            errors: &[
                RETURNS_CODE,
                raises(
                    "ValueError",
                    "the cloud does not accept the topic, or qos is wrong",
                    "平台不接受该 Topic，或 qos 不正确",
                ),
                raises("TypeError", "an argument is of another type", "参数类型不符"),
                CLOSED,
            ],
            example: "\
topic = '/%s/%s/user/' % (key, name)
print(cloud.subscribe({topic + 'get': 1, topic + 'error': 0}))  # 0",
        },
        Function {
            name: "unsubscribe",
            takes: &[argument(
                "topic",
                "str | list[str]",
                text("the topic filter, or several", "Topic 过滤器，可以有多个"),
            )],
            returns: "int",
            returns_doc: same("0"),
            doc: text("Unsubscribe.", "取消订阅。"),
            errors: &[RETURNS_CODE, raises("TypeError", "a topic is not a `str`", "Topic 不是 `str`"), CLOSED],
            example: "print(cloud.unsubscribe('/%s/%s/user/get' % (key, name)))  # 0",
        },
    ],
    ..EMPTY
};
