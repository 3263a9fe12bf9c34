//! Properties and events of the thing model.

use crate::table::common::*;
use crate::table::entry::*;

pub const FAMILY: Family = Family {
    name: "model",
    title: text("Properties and events", "属性与事件"),
    events: EVENTS,
    functions: FUNCTIONS,
    ..EMPTY
};

const EVENTS: &[Event] = &[Event {
    name: "ON_PROPS",
    value: 7,
    payload: "{'code': int, 'msg_id': int | str, 'params_len': int, 'params': str}",
    doc: text(
        "The platform sets properties. params is the JSON text from the platform, unchanged. The callback's return value is the reply.",
        "平台设置属性。params 为 JSON 文本，与平台下发的内容一致。回调的返回值即为响应。",
    ),
}];

const FUNCTIONS: &[Function] = &[
    Function {
        name: "onProps",
        takes: &[argument("callback", CALLBACK, text("as for `on`", "与 `on` 的回调相同"))],
        returns: "int",
        returns_doc: same("0"),
        doc: text("The same as `on(Device.ON_PROPS, callback)`.", "等同于 `on(Device.ON_PROPS, callback)`。"),
        errors: &[WRONG_CALLBACK],
        example: "print(device.onProps(lambda request: 200))  # 0",
    },
    Function {
        name: "postProps",
        takes: &[
            dict(&[required(
                "params",
                Kind::Json,
                text(
                    "properties: JSON text of an object, or a dict; nested at most 32 levels deep",
                    "属性：JSON 对象文本，或字典；最多嵌套 32 层",
                ),
            )]),
            POST_CALLBACK,
        ],
        returns: "int",
        returns_doc: same("0"),
        doc: text("Report property values to the platform.", "向平台上报属性。"),
        errors: &[
            NOT_CONNECTED,
            FULL_OR_AWAITED,
            WRONG_KEY,
            WRONG_TYPE,
            WRONG_CALLBACK,
            raises(
                "ValueError",
                "params is not a JSON object (the message gives the place), or is nested deeper than 32 levels",
                "params 不是 JSON 对象（异常信息会给出出错的位置），或嵌套超过 32 层",
            ),
            TOO_LARGE,
            NO_SERVICE,
        ],
        example: "\
def on_reply(reply):
    print(reply['code'], reply['message'])  # 200 success

print(device.postProps({'params': {'temperature': 21}}, on_reply))  # 0",
    },
    Function {
        name: "postEvent",
        takes: &[
            dict(&[
                required("id", Kind::Text, text("the event's identifier", "事件标识符")),
                required(
                    "params",
                    Kind::Json,
                    text(
                        "output parameters: JSON text of an object, or a dict; nested at most 32 levels deep",
                        "输出参数：JSON 对象文本，或字典；最多嵌套 32 层",
                    ),
                ),
            ]),
            POST_CALLBACK,
        ],
        returns: "int",
        returns_doc: same("0"),
        doc: text("Report an event to the platform.", "向平台上报事件。"),
        errors: &[
            NOT_CONNECTED,
            FULL_OR_AWAITED,
            WRONG_KEY,
            WRONG_TYPE,
            WRONG_CALLBACK,
            raises(
                "ValueError",
                "params is not a JSON object or is nested deeper than 32 levels, or id has a character that is not allowed",
                "params 不是 JSON 对象或嵌套超过 32 层，或 id 含有不允许的字符",
            ),
            TOO_LARGE,
            NO_SERVICE,
        ],
        example: "print(device.postEvent({'id': 'overheat', 'params': {'temperature': 90}}))  # 0",
    },
];
