//! The functions and the class of LuatOS-Air.

use super::shared::{
    CB_FNC, CB_PARA, CLOSE, METHODS, ON, PAYLOAD, QOS, SUBSCRIBE, TOPIC, WRONG_TYPE, WRONG_VALUE, class, publish, setup,
};
use crate::table::common::*;
use crate::table::entry::*;

const SETUP: Function = setup(&[
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

const PUBLISH: Function = publish(&[TOPIC, PAYLOAD, Argument { default: Some("0"), ..QOS }, CB_FNC, CB_PARA]);

pub const FAMILY: Family = Family {
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

pub const CLASS: Scope = class(
    "Air",
    "A device with the functions of LuatOS-Air.",
    &[],
    &[&[
        &Family { name: "air_methods", title: METHODS, functions: &[SETUP, ON, SUBSCRIBE, PUBLISH, CLOSE], ..EMPTY },
        &Family { name: "air_class", ..FAMILY },
    ]],
);
