//! `aLiYun`: Alibaba Cloud, with the methods of QuecPython.

use super::mqtt::*;
use crate::table::common::*;
use crate::table::entry::*;

pub const CLASS: Scope = Scope {
    kind: ScopeKind::Class {
        takes: &[
            argument("productKey", TEXT, text("product key, at most 20 characters", "ProductKey，最多 20 个字符")),
            optional_argument(
                "productSecret",
                TEXT_OR_NONE,
                "None",
                text(
                    "product secret; without a DeviceSecret, `setMqtt` registers the device with it",
                    "产品密钥；没有 DeviceSecret 时，`setMqtt` 用它动态注册设备",
                ),
            ),
            optional_argument(
                "DeviceName",
                TEXT_OR_NONE,
                "None",
                text("device name, at most 32 characters; required", "设备名称，最多 32 个字符，必填"),
            ),
            optional_argument(
                "DeviceSecret",
                TEXT_OR_NONE,
                "None",
                text(
                    "device secret, at most 64 characters; `None`: the one in `/usr/secret.json`, else a registration",
                    "设备密钥，最多 64 个字符；`None` 时取 `/usr/secret.json` 中的密钥，否则动态注册",
                ),
            ),
            optional_argument(
                "MqttServer",
                TEXT_OR_NONE,
                "None",
                text(
                    "the host, without a port; `None`, and a name that ends with `.None`: the old public instance in Shanghai. An instance's host `{id}.mqtt.iothub.aliyuncs.com` sets its port, too",
                    "服务器地址，不含端口；`None` 或以 `.None` 结尾时为上海的旧版公共实例。实例地址 `{id}.mqtt.iothub.aliyuncs.com` 同时决定端口",
                ),
            ),
            optional_argument(
                "MqttPort",
                "int | None",
                "None",
                text("the port; `None`: 1883, with an instance's host 8883", "端口；`None` 时为 1883，实例地址为 8883"),
            ),
            optional_argument(
                "ssl",
                "bool | None",
                "None",
                text(
                    "`False`: plain TCP, which anybody on the way can read; a registration uses TLS all the same. Otherwise TLS, and the server is verified",
                    "`False`：使用明文 TCP，途中任何人都能读取；动态注册仍使用 TLS。其他情况使用 TLS 并验证服务器",
                ),
            ),
            optional_argument(
                "ssl_params",
                "dict[str, Any] | None",
                "None",
                text(
                    "`{'ca': root}`: a trust root of your own, PEM or DER (convention: QuecPython's documents name no key for it)",
                    "`{'ca': 根证书}`：使用自己的根证书，PEM 或 DER（约定：QuecPython 文档未规定该键）",
                ),
            ),
        ],
        is_context: false,
        attributes: &[
            Attribute {
                name: "publish_returns_code",
                kind: "bool",
                doc: text(
                    "what `publish` returns: `False`, the default: True or False. `True`: 0 or -1. A script sets it for an object, or for all of them: `aLiYun.publish_returns_code = True`",
                    "`publish` 的返回值：默认 `False`，返回 True 或 False；`True` 时返回 0 或 -1。可以对单个对象设置，也可以对所有对象设置：`aLiYun.publish_returns_code = True`",
                ),
            },
            Attribute { name: "productKey", kind: "str", doc: text("as it was passed", "传入的 ProductKey") },
            Attribute {
                name: "productSecret", kind: "str | None", doc: text("as it was passed", "传入的产品密钥")
            },
            Attribute { name: "DeviceName", kind: "str", doc: text("as it was passed", "传入的设备名称") },
            Attribute {
                name: "DeviceSecret",
                kind: "str | None",
                doc: text(
                    "as it was passed, or read from `/usr/secret.json`",
                    "传入的设备密钥，或从 `/usr/secret.json` 读取的密钥",
                ),
            },
        ],
    },
    name: "aLiYun",
    doc: "A device of Alibaba Cloud IoT Platform.",
    page: "quecpython-aliyun",
    begin: text(
        "```python\nfrom aLiYun import aLiYun\n\ndevice = aLiYun(key, None, name, secret)\n```\n\n\
         QuecPython's `aLiYun`: a script that was written for Quectel's firmware runs unchanged. It is Python on\n\
         [`Device`](api.md), which has the protocol, and is installed with the [other modules](from-quecpython.md#install).\n\n\
         The tests run each method on a computer against the [local cloud](../tests/cloud/README.md), with the connection cut\n\
         twenty times, and 200 rounds of a stress test. Quectel's `aliIot.py` and the `aliyunIot.py` of its DTU solution ran on\n\
         it unchanged, once, by hand, on a computer. On the emulated board, the tests run the script of Quectel's guide, most of\n\
         the [examples](from-quecpython.md#examples), and the twenty cuts. Nothing ran on a Quectel module or against the real\n\
         platform.\n\n\
         Callbacks run as those of [`Device.on`](api.md#onevent-callback): in the main thread, while it runs or sleeps, and\n\
         [after its end](api.md#aliyuniotdevice) while the device is connected. All text may be bytes.\n",
        "```python\nfrom aLiYun import aLiYun\n\ndevice = aLiYun(key, None, name, secret)\n```\n\n\
         QuecPython 的 `aLiYun`：为移远固件编写的脚本无需修改即可运行。本模块是基于 [`Device`](api.zh.md) 的 Python 代码，协议由 `Device` 实现，与[其他模块](from-quecpython.zh.md#安装)一起安装。\n\n\
         测试在电脑上用[本地模拟云](../tests/cloud/README.md)运行每个方法，其中包括二十次断线和 200 轮压力测试。移远的 `aliIot.py` 及其 DTU 方案的 `aliyunIot.py` 未经修改，在电脑上手动运行过一次。在模拟开发板上，测试运行移远指南的脚本、大部分[示例](from-quecpython.zh.md#示例)以及二十次断线。未在移远模组上运行过，也未连接过真实平台。\n\n\
         回调的执行方式与 [`Device.on`](api.zh.md#onevent-callback) 相同：在主线程运行或休眠时执行，[主程序结束后](api.zh.md#aliyuniotdevice)只要设备仍连接就继续执行。所有文本参数都可以是 bytes。\n",
    ),
    end: text(
        "\n## What differs from QuecPython\n\n\
         | QuecPython's firmware | here | why |\n|---|---|---|\n\
         | plain TCP on port 1883 | TLS on the same port, and the server is verified; `ssl=False` is plain TCP | anybody on the way can read plain TCP, and new instances refuse it |\n\
         | QoS 1: waits 5 s for the acknowledgement, then the message is lost | kept and sent again until it is acknowledged; `publish` does not wait for that | nothing is lost with the link |\n\
         | `publish` returns 0 in the documents, and True or False in newer firmware | True or False; 0 or -1 with `publish_returns_code` | Quectel's own `aliIot.py` needs True |\n\
         | `start` makes a thread, and `setMqtt` another one for pings | no thread | callbacks run in the scheduler |\n\
         | each subscription is restored with the QoS of the last one | with its own | |\n\
         | `setMqtt` on a connected object does nothing | it ends that session, and connects with the new arguments | a script that calls it wants those |\n\
         | `clean_session` is False in the documents, True in the code | False | |\n\
         | productSecret and DeviceSecret: registers | logs in with DeviceSecret | a device can register only until it has connected |\n\
         | stores a new secret in `/usr/secret.json` | in the [store](api.md#registerdata-callback), by product and device; reads `/usr/secret.json` if it has the device | a file that is lost locks the device out |\n\
         | the first `setMqtt` with a registration forgets keepAlive, clean_session and reconn | they hold | |\n\
         | `setMqtt` raises if a stored secret is wrong | returns -1 | |\n\
         | `setMqtt` makes one attempt | up to 30 seconds of attempts, unless the login is refused; a registration takes up to 65 seconds before | |\n\
         | messages before `start` wait in the server's connection | up to 20 wait in memory | |\n\
         | clientID as bytes logs in as `b'…'` | as its text | |\n\
         | `close` returns -1 | None | |\n\n\
         `pingmaxnum` and `manage` of `setMqtt` are accepted, and nothing depends on them.\n\n\
         With `reconn` `False`, messages of QoS 1 that are not acknowledged when the connection is lost are lost, too.\n\n\
         The platform delivers property sets and service calls without a subscription. A synchronous call comes on\n\
         `/sys/{productKey}/{DeviceName}/rrpc/request/{id}`; the script answers it on `…/rrpc/response/{id}`.\n\n\
         ## Memory\n\n\
         A publish allocates 224 bytes, and a message that arrives 288 bytes; measured on a 64-bit computer with a topic of 33\n\
         bytes. `Device.publish()` alone allocates nothing.\n",
        "\n## 与 QuecPython 的区别\n\n\
         | QuecPython 固件 | 本模块 | 原因 |\n|---|---|---|\n\
         | 1883 端口，明文 TCP | 同一端口使用 TLS 并验证服务器；`ssl=False` 为明文 TCP | 明文途中任何人都能读取，新实例也不再支持 |\n\
         | QoS 1：等待确认 5 秒，之后消息丢失 | 保留并重发，直到服务器确认；`publish` 不等待确认 | 断线不丢消息 |\n\
         | `publish` 文档中返回 0，新版固件返回 True 或 False | True 或 False；设置 `publish_returns_code` 后为 0 或 -1 | 移远的 `aliIot.py` 需要 True |\n\
         | `start` 创建线程，`setMqtt` 另建心跳线程 | 不创建线程 | 回调在调度器中执行 |\n\
         | 重连后所有订阅都用最后一次的 QoS | 各用各的 QoS | |\n\
         | 已连接时 `setMqtt` 不做任何事 | 结束原会话，用新参数重新连接 | 再次调用的脚本需要新参数 |\n\
         | `clean_session` 文档中默认 False，代码中默认 True | False | |\n\
         | 同时提供 productSecret 和 DeviceSecret 时动态注册 | 用 DeviceSecret 登录 | 设备连接过之后不能再注册 |\n\
         | 新密钥保存在 `/usr/secret.json` | 按产品和设备保存在[存储区](api.zh.md#registerdata-callback)；`/usr/secret.json` 中有该设备时读取 | 文件丢失后设备无法再连接 |\n\
         | 首次 `setMqtt` 动态注册后丢弃 keepAlive、clean_session 和 reconn | 全部有效 | |\n\
         | 保存的密钥错误时 `setMqtt` 抛出异常 | 返回 -1 | |\n\
         | `setMqtt` 只尝试一次 | 登录未被拒绝时，最多尝试 30 秒；之前的动态注册最多 65 秒 | |\n\
         | `start` 之前的消息留在连接中 | 最多 20 条保留在内存中 | |\n\
         | clientID 为 bytes 时以 `b'…'` 登录 | 以其文本登录 | |\n\
         | `close` 返回 -1 | None | |\n\n\
         `setMqtt` 接受 `pingmaxnum` 和 `manage`，但不使用。\n\n\
         `reconn` 为 `False` 时，断线时尚未确认的 QoS 1 消息会丢失。\n\n\
         平台下发属性设置和服务调用无需订阅。同步调用的 Topic 为 `/sys/{productKey}/{DeviceName}/rrpc/request/{id}`，脚本在 `…/rrpc/response/{id}` 上响应。\n\n\
         ## 内存\n\n\
         每次发布分配 224 字节，每收到一条消息分配 288 字节（在 64 位电脑上测得，Topic 为 33 字节）。单独使用 `Device.publish()` 不分配内存。\n",
    ),
    families: &[&[&CONNECTION, &MESSAGES, &ENDS, &LOSSES]],
};

const CONNECTION: Family = Family {
    name: "aliyun_connection",
    title: text("Connection", "连接"),
    functions: &[
        Function {
            name: "setMqtt",
            takes: &[
                optional_argument(
                    "clientID",
                    TEXT_OR_NONE,
                    "None",
                    text(
                        "client identifier, at most 64 of letters, digits and `-_@.:`; `None` and `''`: `{productKey}.{DeviceName}`",
                        "客户端 ID，最多 64 个字母、数字或 `-_@.:`；`None` 和 `''` 时为 `{productKey}.{DeviceName}`",
                    ),
                ),
                CLEAN_SESSION,
                KEEPALIVE,
                RECONN,
                optional_argument("pingmaxnum", "int", "0", text("not used", "不使用")),
                optional_argument("manage", "bool", "False", text("not used", "不使用")),
            ],
            returns: "int",
            returns_doc: SETMQTT_RESULT,
            doc: text(
                "Connect, and wait until the device is connected: for up to 30 seconds, and before that up to 65 seconds for a registration, which takes place once. A refused login ends it at once. Ctrl-C ends it. It can be called again, from any thread, and in any callback.",
                "连接平台，并等待连接成功：最多 30 秒；需要动态注册时（只进行一次），在此之前最多 65 秒。登录被拒绝时立即返回。可以用 Ctrl-C 中断。可以重复调用，也可以在任何线程和任何回调中调用。",
            ),
            errors: SETMQTT_ERRORS,
            example: "print(device.setMqtt(name, clean_session=False, keepAlive=300))  # 0",
        },
        Function {
            name: "getAliyunSta",
            takes: &[],
            returns: "int",
            returns_doc: STATUS,
            doc: text("Return the state of the connection.", "返回连接状态。"),
            errors: &[],
            example: "print(device.getAliyunSta())  # 0",
        },
    ],
    ..EMPTY
};
