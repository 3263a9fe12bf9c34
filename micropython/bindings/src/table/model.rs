//! The thing model: properties, events, raw data.

use super::{
    FULL, Key, Kind, Method, NOT_CONNECTED, TOO_LARGE, WRONG_KEY, WRONG_TYPE, dict, raises, required, same, text,
};

pub const METHODS: &[Method] = &[
    Method {
        name: "postProps",
        takes: &[dict(&[required(
            "params",
            Kind::Json,
            text("properties: JSON text of an object, or a dict", "属性：JSON 对象文本，或字典"),
        )])],
        returns: "int",
        returns_doc: same("0"),
        doc: text("Posts properties.", "上报属性。"),
        errors: &[
            NOT_CONNECTED,
            FULL,
            WRONG_KEY,
            WRONG_TYPE,
            raises(
                "ValueError",
                "params is not a JSON object; the message tells where",
                "params 不是 JSON 对象；异常信息会给出出错的位置",
            ),
            TOO_LARGE,
        ],
        example: "device.postProps({'params': json.dumps({'temperature': 21})})",
    },
    Method {
        name: "postEvent",
        takes: &[dict(&[
            required("id", Kind::Text, text("the event's identifier", "事件标识符")),
            required(
                "params",
                Kind::Json,
                text("output parameters: JSON text of an object, or a dict", "输出参数：JSON 对象文本，或字典"),
            ),
        ])],
        returns: "int",
        returns_doc: same("0"),
        doc: text("Posts an event.", "上报事件。"),
        errors: &[
            NOT_CONNECTED,
            FULL,
            WRONG_KEY,
            WRONG_TYPE,
            raises(
                "ValueError",
                "params is not a JSON object, or id has a character that is not allowed",
                "params 不是 JSON 对象，或 id 含有不允许的字符",
            ),
            TOO_LARGE,
        ],
        example: "device.postEvent({'id': 'overheat', 'params': {'temperature': 90}})",
    },
    Method {
        name: "postRaw",
        takes: &[dict(&[Key {
            alias: Some("params"),
            ..required("param", Kind::Data, text("the bytes", "要上报的字节"))
        }])],
        returns: "int",
        returns_doc: same("0"),
        doc: text("Posts raw data.", "上报透传数据。"),
        errors: &[NOT_CONNECTED, FULL, WRONG_KEY, WRONG_TYPE, TOO_LARGE],
        example: "device.postRaw({'param': b'\\x00\\x01'})",
    },
];
