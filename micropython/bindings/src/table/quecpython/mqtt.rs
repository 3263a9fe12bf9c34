//! The methods that `aLiYun` and `TXyun` share: `_quecmqtt.Client`. Their examples call an object `device`, and topics `pub_topic` and `sub_topic`.

use crate::table::common::*;
use crate::table::entry::*;

pub const TEXT: &str = "str | bytes";
pub const TEXT_OR_NONE: &str = "str | bytes | None";

const TOPIC: Argument = argument("topic", TEXT, text("topic, 1 to 255 characters", "Topic，1 至 255 个字符"));
const WRONG_TYPE: (Failure, Text) = raises("TypeError", "an argument is of another type", "参数类型不符");
const NOT_CALLABLE: (Failure, Text) = raises("TypeError", "the callback cannot be called", "回调不可调用");

/// The arguments of `setMqtt` behind those of the cloud.
pub const CLEAN_SESSION: Argument = optional_argument(
    "clean_session",
    "bool",
    "False",
    text(
        "`False`: the server keeps QoS 1 messages and subscriptions while the device is away",
        "`False`：设备离线期间，服务器保留 QoS 1 消息和订阅",
    ),
);
pub const KEEPALIVE: Argument = optional_argument(
    "keepAlive",
    "int",
    "300",
    text(
        "keepalive interval in seconds; a value that the platform does not accept becomes the nearest one that it does",
        "心跳间隔（秒）；超出平台允许范围时取最接近的允许值",
    ),
);
pub const RECONN: Argument = optional_argument(
    "reconn",
    "bool",
    "True",
    text(
        "connect again after each lost connection. `False`: the script does so, by calling `setMqtt` again",
        "断线后自动重连。`False` 时由脚本再次调用 `setMqtt` 重连",
    ),
);
pub const SETMQTT_RESULT: Text = text("0 if the device is connected", "连接成功时为 0");
pub const SETMQTT_ERRORS: &[(Failure, Text)] = &[
    returns(
        "-1",
        "not connected; the reason is printed once, and nothing goes on in the background",
        "未能连接：原因会打印一次，后台不再继续尝试",
    ),
    WRONG_TYPE,
    raises("ValueError", "an argument is out of range; the message names it", "参数超出范围；异常信息会给出参数名"),
    raises(
        "OSError",
        "the stored secrets cannot be read; or the cloud has the time signed, and the board's clock is not set",
        "无法读取保存的密钥；或平台要求对时间签名，而开发板的时钟未校准",
    ),
];
pub const STATUS: Text = text(
    "0: connected. 1: connecting, also after a lost connection with `reconn` `True`. 2: the connection is lost, and `reconn` is `False`. -1: not connected",
    "0：已连接。1：连接中，包括 `reconn` 为 `True` 时断线后的重连。2：连接已断开，且 `reconn` 为 `False`。-1：未连接",
);

pub const MESSAGES: Family = Family {
    name: "mqtt_messages",
    title: text("Messages", "消息"),
    functions: &[
        Function {
            name: "setCallback",
            takes: &[argument(
                "callback",
                "Callable[[bytes, bytes], object] | None",
                text(
                    "called with topic and message, both bytes; `None` removes the callback",
                    "收到消息时调用，参数为 Topic 和消息，均为 bytes；`None` 表示移除回调",
                ),
            )],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Set the callback for messages. It is called once `start()` was called, too. Until both have happened, 20 messages wait; further ones are dropped, which is printed. An exception in the callback is printed, and the device continues.",
                "设置消息回调。还需调用 `start()` 才开始回调；在此之前最多保留 20 条消息，之后的消息会被丢弃并打印提示。回调中的异常会被打印，设备继续运行。",
            ),
            errors: &[NOT_CALLABLE],
            example: "\
def on_message(topic, msg):
    print(msg.decode())  # hello

device.setCallback(on_message)
device.subscribe(sub_topic)
device.start()",
        },
        Function {
            name: "subscribe",
            takes: &[TOPIC, optional_argument("qos", "int", "0", text("0 or 1", "0 或 1"))],
            returns: "int",
            returns_doc: text("0", "0"),
            doc: text(
                "Subscribe to a topic, also before `setMqtt` and before `start`. The subscription lasts as long as the object, also after `disconnect` and `setMqtt`. It does not wait for the server: if that refuses, a line is printed.",
                "订阅 Topic，也可以在 `setMqtt` 或 `start` 之前调用。订阅在对象存在期间一直有效，包括 `disconnect` 后再次 `setMqtt`。不等待服务器响应；服务器拒绝时会打印一行提示。",
            ),
            errors: &[
                returns("-1", "the memory for topics (1 KiB in all) is full", "保存 Topic 的内存（共 1 KiB）已满"),
                WRONG_TYPE,
                raises(
                    "ValueError",
                    "qos is not 0 or 1, or MQTT does not allow the topic",
                    "qos 不是 0 或 1，或 Topic 不符合 MQTT 规范",
                ),
            ],
            example: "print(device.subscribe(sub_topic, qos=1))  # 0",
        },
        Function {
            name: "publish",
            takes: &[
                TOPIC,
                argument("msg", "str | bytes | bytearray | memoryview", text("the message", "消息内容")),
                optional_argument(
                    "retain",
                    "bool | int",
                    "False",
                    text(
                        "must be `False`. If `qos` is not given, a number here is the qos, as in QuecPython's documents",
                        "必须为 `False`。未给出 `qos` 时，此处的整数即为 qos，与 QuecPython 文档一致",
                    ),
                ),
                optional_argument(
                    "qos",
                    "int | None",
                    "None",
                    text(
                        "0 (`None` is the same): sent now or not at all. 1: kept, and sent again after reconnects, until the server acknowledges it",
                        "0（与 `None` 相同）：立即发送，否则不发送。1：保留消息，重连后重发，直到服务器确认",
                    ),
                ),
            ],
            returns: "bool | int",
            returns_doc: text(
                "`True` if the message was sent or is kept. With `publish_returns_code`, 0 instead",
                "消息已发送或已保留时为 `True`；设置 `publish_returns_code` 后为 0",
            ),
            doc: text(
                "Publish a message. If 20 messages of QoS 1 wait for their acknowledgement, it waits up to 5 seconds for space; in a callback of this object it does not wait.",
                "发布消息。已有 20 条 QoS 1 消息等待确认时，最多等待 5 秒；在本对象的回调中不等待。",
            ),
            errors: &[
                returns(
                    "False",
                    "not connected and qos is 0, or there is no space; with `publish_returns_code`, -1 instead",
                    "未连接且 qos 为 0，或没有空间；设置 `publish_returns_code` 后为 -1",
                ),
                WRONG_TYPE,
                raises(
                    "ValueError",
                    "qos is not 0 or 1, retain is `True`, the topic has a wildcard, or the message is too large",
                    "qos 不是 0 或 1、retain 为 `True`、Topic 含有通配符，或消息过大",
                ),
            ],
            example: "\
print(device.publish(pub_topic, 'hello', qos=1))  # True
device.publish_returns_code = True
print(device.publish(pub_topic, b'\\xff\\x00', 1))  # 0",
        },
    ],
    ..EMPTY
};

pub const ENDS: Family = Family {
    name: "mqtt_ends",
    title: text("Begin and end", "启动和结束"),
    functions: &[
        Function {
            name: "start",
            takes: &[],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Let the callback be called from now on. It returns at once. It stays in force after `disconnect` and `setMqtt`.",
                "开始调用消息回调，立即返回。`disconnect` 后再次 `setMqtt` 时仍然有效。",
            ),
            errors: &[],
            example: "print(device.start())  # None",
        },
        Function {
            name: "ping",
            takes: &[],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Send and receive now. The device sends its pings by itself.",
                "立即收发数据。心跳由设备自动发送。",
            ),
            errors: &[],
            example: "print(device.ping())  # None",
        },
        Function {
            name: "disconnect",
            takes: &[],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "End the connection. It blocks for up to two seconds, until waiting messages are sent. The script can call `setMqtt` again.",
                "断开连接。最多阻塞两秒，等待未发送的消息发出。之后可以再次调用 `setMqtt`。",
            ),
            errors: &[],
            example: "print(device.disconnect())  # None",
        },
        Function {
            name: "close",
            takes: &[],
            returns: "None",
            returns_doc: NOTHING,
            doc: text("The same as `disconnect`.", "与 `disconnect` 相同。"),
            errors: &[],
            example: "print(device.close())  # None",
        },
    ],
    ..EMPTY
};

pub const LOSSES: Family = Family {
    name: "mqtt_losses",
    title: text("Lost connections", "断线"),
    functions: &[Function {
        name: "error_register_cb",
        takes: &[argument(
            "callback",
            "Callable[[str], object] | None",
            text(
                "called with `'reconnect_start'` and `'reconnect_success'`; with `reconn` `False`, with the reason of the loss. `None` removes the callback",
                "调用参数为 `'reconnect_start'` 和 `'reconnect_success'`；`reconn` 为 `False` 时为断线原因。`None` 表示移除回调",
            ),
        )],
        returns: "None",
        returns_doc: NOTHING,
        doc: text(
            "Set the callback for lost connections. Each loss and each reconnect calls it once. It may call `setMqtt`, whose result is true there, too. Without it, each loss is printed.",
            "设置断线回调，每次断线、每次重连成功各调用一次。可以在其中调用 `setMqtt`，返回值同样有效。未设置时，断线会打印一行提示。",
        ),
        errors: &[NOT_CALLABLE],
        example: "print(device.error_register_cb(print))  # None",
    }],
    ..EMPTY
};
