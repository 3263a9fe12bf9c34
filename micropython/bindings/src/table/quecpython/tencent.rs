//! `TXyun`: Tencent Cloud, with the methods of QuecPython.

use super::mqtt::*;
use crate::table::common::*;
use crate::table::entry::*;

pub const CLASS: Scope = Scope {
    kind: ScopeKind::Class {
        takes: &[
            argument("productID", TEXT, text("product ID", "产品 ID")),
            argument("devicename", TEXT, text("device name", "设备名称")),
            argument(
                "devicePsk",
                TEXT_OR_NONE,
                text(
                    "device key in base64, as the console shows it; `None` or `''`: the one in `/usr/tx_secret.json`, else a registration",
                    "设备密钥（base64，见控制台）；`None` 或 `''` 时取 `/usr/tx_secret.json` 中的密钥，否则动态注册",
                ),
            ),
            optional_argument(
                "ProductSecret",
                TEXT_OR_NONE,
                "None",
                text(
                    "product secret; without a device key, `setMqtt` registers the device with it",
                    "产品密钥；没有设备密钥时，`setMqtt` 用它动态注册设备",
                ),
            ),
        ],
        is_context: false,
        attributes: &[
            Attribute {
                name: "publish_returns_code",
                kind: "bool",
                doc: text(
                    "as for [`aLiYun`](quecpython-aliyun.md): `True` makes `publish` return 0 or -1",
                    "与 [`aLiYun`](quecpython-aliyun.zh.md) 相同：`True` 时 `publish` 返回 0 或 -1",
                ),
            },
            Attribute { name: "productID", kind: "str", doc: text("as it was passed", "传入的产品 ID") },
            Attribute { name: "devicename", kind: "str", doc: text("as it was passed", "传入的设备名称") },
            Attribute {
                name: "devicePsk",
                kind: "str | None",
                doc: text(
                    "as it was passed, or read from `/usr/tx_secret.json`",
                    "传入的设备密钥，或从 `/usr/tx_secret.json` 读取的密钥",
                ),
            },
            Attribute {
                name: "ProductSecret", kind: "str | None", doc: text("as it was passed", "传入的产品密钥")
            },
        ],
    },
    name: "TXyun",
    doc: "A device of Tencent Cloud IoT Explorer.",
    page: "quecpython-tencent",
    begin: text(
        "```python\nfrom TenCentYun import TXyun\n\ndevice = TXyun(product, name, psk)\n```\n\n\
         QuecPython's `TXyun`: a script that was written for Quectel's firmware runs unchanged. It is Python on\n\
         [`Device`](api.md), which has the protocol, and is installed with the [other modules](from-quecpython.md#install).\n\
         The methods and callbacks are those of [`aLiYun`](quecpython-aliyun.md), but for the status.\n\n\
         The library of a board has Alibaba's cloud alone, and `setMqtt` raises NotImplementedError, unless it was built with\n\
         Tencent's: `cargo xtask natmod armv7m --with tencent` ([what it needs](porting.md), [its topics and limits](clouds.md)). Each\n\
         login is signed with the time: set the board's clock first, as [`online.py`](../examples/online.py) does.\n\n\
         The tests run each method on a computer against the [local cloud](../tests/cloud/README.md), with the connection cut\n\
         twenty times. Nothing ran on a Quectel module or against the real platform.\n",
        "```python\nfrom TenCentYun import TXyun\n\ndevice = TXyun(product, name, psk)\n```\n\n\
         QuecPython 的 `TXyun`：为移远固件编写的脚本无需修改即可运行。本模块是基于 [`Device`](api.zh.md) 的 Python 代码，协议由 `Device` 实现，与[其他模块](from-quecpython.zh.md#安装)一起安装。\
         除查询状态外，方法和回调都与 [`aLiYun`](quecpython-aliyun.zh.md) 相同。\n\n\
         开发板使用的库默认只支持阿里云，此时 `setMqtt` 抛出 NotImplementedError。腾讯云要在构建时加入：`cargo xtask natmod armv7m --with tencent`（[所需条件](porting.md)，[Topic 和限制](clouds.zh.md)）。\
         每次登录的签名都含有时间：请先校准开发板的时钟，参见 [`online.py`](../examples/online.py)。\n\n\
         测试在电脑上用[本地模拟云](../tests/cloud/README.md)运行每个方法，其中包括二十次断线。未在移远模组上运行过，也未连接过真实平台。\n",
    ),
    end: text(
        "\n## What differs from QuecPython\n\n\
         The page of `aLiYun` has [what both classes share](quecpython-aliyun.md#what-differs-from-quecpython). This class also differs in:\n\n\
         | QuecPython's firmware | here | why |\n|---|---|---|\n\
         | plain TCP on port 1883 | TLS on port 8883, and the server is verified | anybody on the way can read plain TCP |\n\
         | a login that ends after one hour, without a new one at reconnects | signed again at each login | |\n\
         | registers over plain HTTP, with SHA-1 | over HTTPS, with SHA-256 | the new secret would be readable |\n\
         | devicePsk and ProductSecret: registers | logs in with devicePsk | a device can register only until it has connected |\n\
         | stores a new secret in `/usr/tx_secret.json` | in the [store](api.md#registerdata-callback), by product and device; reads `/usr/tx_secret.json` if it has the device | |\n\
         | `clean_session` is False in the documents, True in the code | False | |\n",
        "\n## 与 QuecPython 的区别\n\n\
         两个类共同的区别见 [`aLiYun` 一页](quecpython-aliyun.zh.md#与-quecpython-的区别)。本类另有以下区别：\n\n\
         | QuecPython 固件 | 本模块 | 原因 |\n|---|---|---|\n\
         | 1883 端口，明文 TCP | 8883 端口，使用 TLS 并验证服务器 | 明文途中任何人都能读取 |\n\
         | 登录信息一小时后失效，重连时不重新签名 | 每次登录重新签名 | |\n\
         | 通过明文 HTTP 注册，使用 SHA-1 | 通过 HTTPS 注册，使用 SHA-256 | 否则新密钥可被读取 |\n\
         | 同时提供 devicePsk 和 ProductSecret 时动态注册 | 用 devicePsk 登录 | 设备连接过之后不能再注册 |\n\
         | 新密钥保存在 `/usr/tx_secret.json` | 按产品和设备保存在[存储区](api.zh.md#registerdata-callback)；`/usr/tx_secret.json` 中有该设备时读取 | |\n\
         | `clean_session` 文档中默认 False，代码中默认 True | False | |\n",
    ),
    families: &[&[&CONNECTION, &MESSAGES, &ENDS, &LOSSES]],
};

const CONNECTION: Family = Family {
    name: "txyun_connection",
    title: text("Connection", "连接"),
    functions: &[
        Function {
            name: "setMqtt",
            takes: &[CLEAN_SESSION, KEEPALIVE, RECONN],
            returns: "int",
            returns_doc: SETMQTT_RESULT,
            doc: text(
                "Connect, and wait until the device is connected: for up to 30 seconds, and before that up to 65 seconds for a registration, which takes place once. A refused login ends it at once. Ctrl-C ends it. It can be called again, from any thread, and in any callback.",
                "连接平台，并等待连接成功：最多 30 秒；需要动态注册时（只进行一次），在此之前最多 65 秒。登录被拒绝时立即返回。可以用 Ctrl-C 中断。可以重复调用，也可以在任何线程和任何回调中调用。",
            ),
            errors: SETMQTT_ERRORS,
            example: "print(device.setMqtt(clean_session=False, keepAlive=300))  # 0",
        },
        Function {
            name: "DynamicConnectInfo",
            takes: &[],
            returns: "int",
            returns_doc: text("0 if the device has a secret", "已有密钥时为 0"),
            doc: text(
                "Register the device now, if it has no secret yet, as some scripts do before `setMqtt`. It blocks for up to 65 seconds.",
                "设备还没有密钥时立即动态注册，有些脚本在 `setMqtt` 之前调用。最多阻塞 65 秒。",
            ),
            errors: &[returns("-1", "the registration failed; the reason is printed", "注册失败，原因会被打印")],
            example: "print(device.DynamicConnectInfo())  # 0",
        },
        Function {
            name: "getTXyunsta",
            takes: &[],
            returns: "int",
            returns_doc: STATUS,
            doc: text("Return the state of the connection.", "返回连接状态。"),
            errors: &[],
            example: "print(device.getTXyunsta())  # 0",
        },
    ],
    ..EMPTY
};
