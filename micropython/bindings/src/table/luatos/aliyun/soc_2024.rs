//! The functions and the class of 2024.

use super::shared::{
    CB_FNC, CB_PARA, CLOSE, DEVICE_NAME, METHODS, MQTT_HOST, MQTT_ISSSL, MQTT_PORT, ON, OPTS, PAYLOAD, PRODUCT_KEY,
    QOS, SUBSCRIBE, TOPIC, WRONG_TYPE, WRONG_VALUE, class, publish, setup,
};
use crate::table::common::*;
use crate::table::entry::*;

const SETUP: Function =
    setup(&[argument("tPara", "dict[str, Any]", text("a dict of the keys of the page", "字典，键见文档"))]);

const PUBLISH: Function = publish(&[TOPIC, QOS, PAYLOAD, CB_FNC, CB_PARA]);

pub const FAMILY: Family = Family {
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

pub const CLASS: Scope = class(
    "Soc2024",
    "A device with the functions of 2024.",
    &[Attribute { name: "opts", kind: "dict[str, Any]", doc: OPTS }],
    &[&[
        &Family { name: "methods_2024", title: METHODS, functions: &[SETUP, ON, SUBSCRIBE, PUBLISH, CLOSE], ..EMPTY },
        &Family { name: "class_2024", ..FAMILY },
    ]],
);
