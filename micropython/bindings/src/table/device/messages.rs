//! Messages on custom topics.

use crate::table::common::*;
use crate::table::entry::*;

pub const FAMILY: Family = Family {
    name: "messages",
    title: text("Custom topics", "自定义 Topic"),
    events: EVENTS,
    error_codes: ERROR_CODES,
    functions: FUNCTIONS,
    ..EMPTY
};

const EVENTS: &[Event] = &[Event {
    name: "ON_SUBCRIBE",
    value: 6,
    payload: "{'topic': str, 'payload': str | bytes, 'qos': int}",
    doc: text(
        "A message arrived on a subscribed topic. payload is bytes if it is not UTF-8. qos is 0 or 1, as the message was delivered; for a synchronous call on a custom topic it is 0.",
        "收到已订阅 Topic 的消息。内容不是 UTF-8 时，payload 为 bytes。qos 为消息投递时的 QoS（0 或 1）；自定义 Topic 的同步调用为 0。",
    ),
}];

const ERROR_CODES: &[ErrorCode] = &[
    ErrorCode {
        codes: Codes::One("SUBSCRIPTION", -45),
        doc: text("the server refused a subscription", "服务器拒绝了订阅"),
    },
    ErrorCode {
        codes: Codes::One("OVERSIZE", -46),
        doc: text(
            "a message was dropped because it is larger than the receive buffer; msg gives the `rxBuffer` of connect that it needs",
            "丢弃了一条大于接收缓冲区的消息；msg 会给出 connect 的 `rxBuffer` 需要设为多大",
        ),
    },
    ErrorCode {
        codes: Codes::One("GIVEN_UP", -51),
        doc: text(
            "a message was given up, because the server closed the connection right after it three times in a row; msg names the topic. The messages behind it are sent. A subscription is reported with -45",
            "放弃发送一条消息：服务器连续三次在收到它之后立即关闭连接；msg 会给出 Topic。其后排队的消息继续发送。订阅遇到同样情况时报告 -45",
        ),
    },
];

const GIVEN_UP: (Failure, Text) = returns(
    "-7",
    "code -51 or -45 was reported for this topic twice (qos 0: once) within the last five minutes, so the server would close the connection again",
    "同一 Topic 第二次（qos 为 0 时第一次）报告 -51 或 -45 后的五分钟内：服务器收到后会立即关闭连接",
);

/// What is known to end the connection is refused before it is sent.
const WRONG_TOPIC: (Failure, Text) = raises(
    "ValueError",
    "the platform does not accept the topic: it has more than 127 bytes or 7 levels, it belongs to another product or device, or it does not begin with `/`",
    "平台不接受该 Topic：超过 127 字节、超过 7 级、属于其他产品或设备，或不以 `/` 开头",
);

const FUNCTIONS: &[Function] = &[
    Function {
        name: "publish",
        takes: &[
            dict(&[
                required("topic", Kind::Text, text("topic name, without wildcards", "Topic 名称，不含通配符")),
                optional(
                    "payload",
                    Kind::Data,
                    text("empty", "空"),
                    text("the message: text or bytes", "消息内容：文本或字节"),
                ),
                optional(
                    "qos",
                    QOS,
                    same("0"),
                    text(
                        "0: sent now or not at all; 1: kept and sent again after reconnects until the server acknowledges it",
                        "0：立即发送，不保证送达；1：保留消息，断线重连后继续发送，直到服务器收到",
                    ),
                ),
            ]),
            reply_callback(text(
                "called once with `{'code': 200, 'message': ''}` when the server acknowledges the message, after any number of reconnects. code is -42 if `end()` comes first, and -51 if the message was given up. It needs qos 1",
                "只调用一次：服务器收到消息后（无论期间重连多少次），参数为 `{'code': 200, 'message': ''}`；调用 `end()` 时仍未确认则 code 为 -42，放弃发送时为 -51。需要 qos 1",
            )),
        ],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Publish a message. Without a callback it allocates no memory, and works after `micropython.heap_lock()`.",
            "发布消息。不带回调时不分配内存，调用 `micropython.heap_lock()` 后仍可使用。",
        ),
        errors: &[
            returns(
                "-1",
                "`connect()` was not called before; or the device is offline, and qos or offlineQueue is 0",
                "尚未调用 `connect()`；或设备离线，且 qos 或 offlineQueue 为 0",
            ),
            returns(
                "-2",
                "the send buffer is full; or, with qos 1, 20 messages wait for their acknowledgement (not connected: offlineQueue of them). Try again later",
                "发送缓冲区已满；或 qos 为 1，且已有 20 条消息在等待确认（未连接时为 offlineQueue 条）：请稍后重试",
            ),
            GIVEN_UP,
            WRONG_KEY,
            WRONG_TYPE,
            WRONG_CALLBACK,
            raises(
                "ValueError",
                "a callback with qos 0, for which MQTT has no acknowledgement",
                "qos 为 0 时带有回调：QoS 0 没有确认",
            ),
            raises(
                "ValueError",
                "the topic has a wildcard, or qos is not 0 or 1",
                "Topic 含通配符，或 qos 不是 0 或 1",
            ),
            WRONG_TOPIC,
            TOO_LARGE,
        ],
        example: "\
topic = '/%s/%s/user/update' % (key, name)
print(device.publish({'topic': topic, 'payload': 'hello', 'qos': 1}))  # 0",
    },
    Function {
        name: "subscribe",
        takes: &[dict(&[
            required(
                "topic",
                Kind::Text,
                text("topic filter, at most 255 bytes, wildcards allowed", "Topic 过滤器，最多 255 字节，可以含通配符"),
            ),
            optional("qos", QOS, same("0"), text("0 or 1", "0 或 1")),
        ])],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Subscribe to a topic filter, now and after each reconnect. Messages call ON_SUBCRIBE.",
            "订阅 Topic，立即生效，重连后自动恢复。消息由 ON_SUBCRIBE 接收。",
        ),
        errors: &[
            NOT_STARTED,
            GIVEN_UP,
            WRONG_KEY,
            WRONG_TYPE,
            raises(
                "ValueError",
                "the topic filter is not well formed, or qos is not 0 or 1",
                "Topic 过滤器格式不正确，或 qos 不是 0 或 1",
            ),
            WRONG_TOPIC,
            returns(
                "-3",
                "the memory for topic filters (1 KiB in all) is full",
                "保存 Topic 过滤器的空间（共 1 KiB）已满",
            ),
        ],
        example: "\
def on_message(message):
    print(message['payload'])  # hello

device.on(Device.ON_SUBCRIBE, on_message)
print(device.subscribe({'topic': '/%s/%s/user/get' % (key, name), 'qos': 1}))  # 0",
    },
    Function {
        name: "unsubscribe",
        takes: &[dict(&[required(
            "topic",
            Kind::Text,
            text("the same topic filter as for `subscribe()`", "Topic 过滤器，与订阅时相同"),
        )])],
        returns: "int",
        returns_doc: same("0"),
        doc: text("Unsubscribe from a topic filter.", "取消订阅。"),
        errors: &[NOT_STARTED, WRONG_KEY, WRONG_TYPE],
        example: "print(device.unsubscribe({'topic': '/%s/%s/user/get' % (key, name)}))  # 0",
    },
];
