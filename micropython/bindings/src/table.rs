//! The one table of what `aliyunIoT.Device` offers. Everything that is generated comes from here.
//!
//! The API is that of Alibaba's HaaS firmware; `ON_SUBCRIBE` is spelt as it is there.

/// A constant of the class.
pub struct Constant {
    pub name: &'static str,
    pub value: u8,
    /// What the callback gets.
    pub payload: &'static str,
    pub doc: &'static str,
}

/// What a value in an argument dictionary must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `str`.
    Text,
    /// `str`, `bytes`, `bytearray` or any other buffer.
    Data,
    /// `str` that is JSON, or a `dict` to be written as JSON.
    Json,
    /// `int` within bounds.
    Int { min: i64, max: i64 },
    /// `int`; one out of bounds is taken for the nearest within.
    Clamped { min: i64, max: i64 },
    /// `bool`.
    Bool,
}

/// A key of an argument dictionary.
pub struct Key {
    pub name: &'static str,
    /// Another name that is taken as well.
    pub alias: Option<&'static str>,
    pub kind: Kind,
    /// Its default, in words; a key without one is required.
    pub default: Option<&'static str>,
    pub doc: &'static str,
}

/// What a method takes.
pub enum Takes {
    /// Nothing.
    Nothing,
    /// One dictionary, called `data`.
    Dict(&'static [Key]),
    /// Positional arguments: name, type in the stubs, words.
    Args(&'static [(&'static str, &'static str, &'static str)]),
}

pub struct Method {
    pub name: &'static str,
    pub takes: Takes,
    /// Type in the stubs.
    pub returns: &'static str,
    pub returns_doc: &'static str,
    pub doc: &'static str,
    /// What can go wrong: exception or return value, and when.
    pub errors: &'static [(&'static str, &'static str)],
    pub example: &'static str,
}

const NOT_CONNECTED: (&str, &str) = ("returns -1", "not connected: nothing is sent, nothing is raised");
const FULL: (&str, &str) =
    ("returns -2", "the send buffer is full, or 20 messages wait for their acknowledgement: try again later");
const TOO_LARGE: (&str, &str) = ("ValueError", "the message is over 256 KiB, or there is no memory for it");
const WRONG_KEY: (&str, &str) =
    ("ValueError", "a required key is missing; the message names it, and a key that it does not know");
const WRONG_TYPE: (&str, &str) = ("TypeError", "a value is of another type; the message names its key");

const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, alias: None, kind, default: None, doc }
}

const fn optional(name: &'static str, kind: Kind, default: &'static str, doc: &'static str) -> Key {
    Key { name, alias: None, kind, default: Some(default), doc }
}

const QOS: Kind = Kind::Int { min: 0, max: 1 };

pub const CONSTANTS: &[Constant] = &[
    Constant {
        name: "ON_CONNECT",
        value: 1,
        payload: "{'code': int}",
        doc: "The session is up: code 0 for the first time since `connect()`, 1 when it is up again.",
    },
    Constant {
        name: "ON_CLOSE",
        value: 2,
        payload: "{'code': int}",
        doc: "The connection is closed after `end()`; code 0.",
    },
    Constant {
        name: "ON_DISCONNECT",
        value: 3,
        payload: "{'code': int, 'msg': str}",
        doc: "The session is lost; the device reconnects by itself. code is always 2, msg says why.",
    },
    Constant {
        name: "ON_SERVICE",
        value: 5,
        payload: "{'code': int, 'msg_id': int, 'service_id': str, 'params_len': int, 'params': str}",
        doc: "The platform calls a service. params is JSON text, as it came. The platform gets the answer 200 when the callback has returned.",
    },
    Constant {
        name: "ON_SUBCRIBE",
        value: 6,
        payload: "{'topic': str, 'payload': str | bytes}",
        doc: "A message on a topic that was subscribed to. payload is bytes if it is not UTF-8.",
    },
    Constant {
        name: "ON_PROPS",
        value: 7,
        payload: "{'code': int, 'msg_id': int, 'params_len': int, 'params': str}",
        doc: "The platform sets properties. params is JSON text, as it came. The platform gets the answer 200 when the callback has returned.",
    },
    Constant {
        name: "ON_ERROR",
        value: 8,
        payload: "{'code': int, 'msg': str}",
        doc: "Something failed; the device goes on trying by itself. code tells what (see the table of codes), msg says it in words.",
    },
    Constant {
        name: "ON_RAWDATA",
        value: 10,
        payload: "{'params_len': int, 'params': bytearray}",
        doc: "The platform sends raw data.",
    },
];

/// Codes of `ON_ERROR`. Positive ones below 6 are CONNACK return codes.
pub const ERROR_CODES: &[(&str, &str)] = &[
    ("1 to 5", "the server refused the login; the code is that of its CONNACK (4: wrong secret)"),
    ("200 and up", "the platform refused a post; the code is that of its reply (help.aliyun.com document 120329)"),
    ("-40", "no answer from the server within 10 seconds"),
    ("-41", "kicked out again and again: another device seems to use the same identity"),
    ("-42", "the connection failed (no network, name not found, refused, closed)"),
    (
        "-43",
        "TLS failed: the server's certificate is for another name, expired, not yet valid by this board's clock, or of an unknown root; or the server does not speak TLS",
    ),
    ("-44", "the server does not keep to MQTT 3.1.1, or fell silent"),
    ("-45", "the server refused a subscription"),
    ("-46", "a message was dropped that is larger than the receive buffer (key rxBuffer of connect)"),
];

pub const METHODS: &[Method] = &[
    Method {
        name: "on",
        takes: Takes::Args(&[
            ("event", "int", "one of the `ON_` constants"),
            ("callback", "Callable[[dict], object] | None", "called with one argument; `None` takes the callback back"),
        ]),
        returns: "int",
        returns_doc: "0",
        doc: "Sets the callback of an event, in place of the one before. Callbacks run in the main thread between two bytecodes, also while it sleeps; an exception in one is printed, and the device goes on.",
        errors: &[("ValueError", "the event does not exist"), ("TypeError", "the callback cannot be called")],
        example: "device.on(Device.ON_CONNECT, lambda data: print('connected'))",
    },
    Method {
        name: "connect",
        takes: Takes::Dict(&[
            required("productKey", Kind::Text, "product key, at most 20 letters and digits"),
            required("deviceName", Kind::Text, "device name, at most 32 characters"),
            required("deviceSecret", Kind::Text, "device secret, at most 64 characters"),
            optional("region", Kind::Text, "'cn-shanghai'", "region of the old public instance"),
            optional(
                "keepaliveSec",
                Kind::Clamped { min: 30, max: 1200 },
                "60",
                "seconds after which a quiet connection is tested; the platform takes 30 to 1200, the nearest is used",
            ),
            optional("instanceId", Kind::Text, "none", "id of a new public or an enterprise instance"),
            optional("host", Kind::Text, "from instance, product and region", "another host"),
            optional("port", Kind::Int { min: 1, max: 65535 }, "8883 with instanceId, else 1883", "another port"),
            optional("tls", Kind::Bool, "True", "verified TLS; `False` is plain TCP, which new accounts refuse"),
            optional("ca", Kind::Data, "Alibaba's and GlobalSign's roots", "the only trust root instead, PEM or DER"),
            optional("signMethod", Kind::Text, "'hmacsha256'", "'hmacsha256', 'hmacsha1' or 'hmacmd5'"),
            optional(
                "cleanSession",
                Kind::Bool,
                "True",
                "`False` has the server keep QoS 1 messages and subscriptions while the device is away",
            ),
            optional(
                "rxBuffer",
                Kind::Int { min: 256, max: 307_200 },
                "4096 on boards, 65536 on a computer",
                "bytes for the largest message that can be received",
            ),
        ]),
        returns: "int",
        returns_doc: "0, at once",
        doc: "Connects to the platform in the background, and again whenever the session is lost, until `end()`. ON_CONNECT tells success, ON_ERROR each failed attempt.",
        errors: &[
            ("OSError", "connected, or connecting, already"),
            WRONG_KEY,
            ("ValueError", "a value is out of bounds; the message names its key"),
            WRONG_TYPE,
        ],
        example: "device.connect({'productKey': key, 'deviceName': name, 'deviceSecret': secret, 'keepaliveSec': 60})",
    },
    Method {
        name: "end",
        takes: Takes::Nothing,
        returns: "int",
        returns_doc: "0",
        doc: "Sends what waits (for two seconds at most), says goodbye, closes the connection and stays off; ON_CLOSE follows. `connect()` can be called again.",
        errors: &[("returns -1", "`connect()` was not called before")],
        example: "device.end()",
    },
    Method {
        name: "getDeviceInfo",
        takes: Takes::Nothing,
        returns: "dict[str, str] | None",
        returns_doc: "region, productKey, productSecret, deviceName and deviceSecret, `''` where unknown; `None` before `connect()`",
        doc: "Tells the identity that the device uses.",
        errors: &[],
        example: "info = device.getDeviceInfo()",
    },
    Method {
        name: "getDeviceHandle",
        takes: Takes::Nothing,
        returns: "int | None",
        returns_doc: "a number that stands for this device; never 0",
        doc: "Gives the handle that the `ota` module takes.",
        errors: &[],
        example: "handle = device.getDeviceHandle()",
    },
    Method {
        name: "postProps",
        takes: Takes::Dict(&[required("params", Kind::Json, "properties: JSON text of an object, or a dict")]),
        returns: "int",
        returns_doc: "0",
        doc: "Posts properties.",
        errors: &[
            NOT_CONNECTED,
            FULL,
            WRONG_KEY,
            WRONG_TYPE,
            ("ValueError", "params is not a JSON object; the message tells where"),
            TOO_LARGE,
        ],
        example: "device.postProps({'params': json.dumps({'temperature': 21})})",
    },
    Method {
        name: "postEvent",
        takes: Takes::Dict(&[
            required("id", Kind::Text, "the event's identifier"),
            required("params", Kind::Json, "output parameters: JSON text of an object, or a dict"),
        ]),
        returns: "int",
        returns_doc: "0",
        doc: "Posts an event.",
        errors: &[
            NOT_CONNECTED,
            FULL,
            WRONG_KEY,
            WRONG_TYPE,
            ("ValueError", "params is not a JSON object, or id has a character that is not allowed"),
            TOO_LARGE,
        ],
        example: "device.postEvent({'id': 'overheat', 'params': {'temperature': 90}})",
    },
    Method {
        name: "postRaw",
        takes: Takes::Dict(&[Key { alias: Some("params"), ..required("param", Kind::Data, "the bytes") }]),
        returns: "int",
        returns_doc: "0",
        doc: "Posts raw data.",
        errors: &[NOT_CONNECTED, FULL, WRONG_KEY, WRONG_TYPE, TOO_LARGE],
        example: "device.postRaw({'param': b'\\x00\\x01'})",
    },
    Method {
        name: "publish",
        takes: Takes::Dict(&[
            required("topic", Kind::Text, "topic name, without wildcards"),
            optional("payload", Kind::Data, "empty", "what to send: text or bytes"),
            optional("qos", QOS, "0", "0: goes now or not at all; 1: kept, over reconnects, until the server has it"),
        ]),
        returns: "int",
        returns_doc: "0",
        doc: "Publishes a message. Allocates nothing, and works with the heap locked.",
        errors: &[
            NOT_CONNECTED,
            FULL,
            WRONG_KEY,
            WRONG_TYPE,
            ("ValueError", "the topic has a wildcard, or qos is not 0 or 1"),
            TOO_LARGE,
        ],
        example: "device.publish({'topic': '/%s/%s/user/update' % (key, name), 'payload': 'hello', 'qos': 1})",
    },
    Method {
        name: "subscribe",
        takes: Takes::Dict(&[
            required("topic", Kind::Text, "topic filter, at most 255 bytes, wildcards allowed"),
            optional("qos", QOS, "0", "0 or 1"),
        ]),
        returns: "int",
        returns_doc: "0",
        doc: "Subscribes to a topic filter, now and after each reconnect. Messages come to ON_SUBCRIBE.",
        errors: &[
            ("returns -1", "`connect()` was not called before"),
            WRONG_KEY,
            WRONG_TYPE,
            ("ValueError", "the topic filter is not well formed, or qos is not 0 or 1"),
            ("returns -3", "there is no room for more topic filters (1 KiB in all)"),
        ],
        example: "device.subscribe({'topic': '/%s/%s/user/get' % (key, name), 'qos': 1})",
    },
    Method {
        name: "unsubscribe",
        takes: Takes::Dict(&[required("topic", Kind::Text, "topic filter, as it was subscribed to")]),
        returns: "int",
        returns_doc: "0",
        doc: "Takes a subscription back.",
        errors: &[("returns -1", "`connect()` was not called before"), WRONG_KEY, WRONG_TYPE],
        example: "device.unsubscribe({'topic': '/%s/%s/user/get' % (key, name)})",
    },
    Method {
        name: "poll",
        takes: Takes::Nothing,
        returns: "int",
        returns_doc: "milliseconds until it has something to do again by itself, -1 for never",
        doc: "Does what there is to do now: sends, receives, calls callbacks. It runs by itself; call it only from code that keeps the scheduler from running.",
        errors: &[],
        example: "device.poll()",
    },
];
