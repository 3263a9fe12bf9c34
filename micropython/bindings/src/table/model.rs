//! The thing model: properties, events, raw data, answers to services.

use super::{
    Argument, FULL, Key, Kind, Method, NOT_CONNECTED, TOO_LARGE, WRONG_CALLBACK, WRONG_KEY, WRONG_TYPE, argument, dict,
    raises, reply_callback, required, same, text,
};

const POST_CALLBACK: Argument = reply_callback(text(
    "called once: with the platform's reply `{'code': int, 'message': str}`, 200 being success; with code -40 if none came within 10 seconds, with -42 if the connection ended before. Not called if the method does not return 0",
    "只调用一次：参数为平台的应答 `{'code': int, 'message': str}`，200 表示成功；10 秒内没有应答时 code 为 -40，应答前连接断开时为 -42。方法的返回值不为 0 时不会调用",
));

pub const METHODS: &[Method] = &[
    Method {
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
        doc: text("Posts properties.", "上报属性。"),
        errors: &[
            NOT_CONNECTED,
            FULL,
            WRONG_KEY,
            WRONG_TYPE,
            WRONG_CALLBACK,
            raises(
                "ValueError",
                "params is not a JSON object (the message tells where), or is nested deeper than 32 levels",
                "params 不是 JSON 对象（异常信息会给出出错的位置），或嵌套超过 32 层",
            ),
            TOO_LARGE,
        ],
        example: "\
def on_reply(reply):
    print(reply['code'], reply['message'])  # 200 success

print(device.postProps({'params': {'temperature': 21}}, on_reply))  # 0",
    },
    Method {
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
        doc: text("Posts an event.", "上报事件。"),
        errors: &[
            NOT_CONNECTED,
            FULL,
            WRONG_KEY,
            WRONG_TYPE,
            WRONG_CALLBACK,
            raises(
                "ValueError",
                "params is not a JSON object or is nested deeper than 32 levels, or id has a character that is not allowed",
                "params 不是 JSON 对象或嵌套超过 32 层，或 id 含有不允许的字符",
            ),
            TOO_LARGE,
        ],
        example: "print(device.postEvent({'id': 'overheat', 'params': {'temperature': 90}}))  # 0",
    },
    Method {
        name: "postRaw",
        takes: &[
            dict(&[Key {
                alias: Some("params"), ..required("param", Kind::Data, text("the bytes", "要上报的字节"))
            }]),
            reply_callback(text(
                "called once, as with `postProps`, with `{'code': int, 'message': str, 'data': bytes}`; data is what the product's script on the platform made of its reply. The platform does not say which post it replies to: the oldest one that waits is told. A reply larger than `rxBuffer` is told to it as code -46",
                "与 `postProps` 相同，只调用一次，参数为 `{'code': int, 'message': str, 'data': bytes}`，其中 data 是平台应答经产品数据解析脚本转换后的内容。平台不说明应答对应哪一次上报，因此按上报的先后顺序通知。应答大于 `rxBuffer` 时，code 为 -46",
            )),
        ],
        returns: "int",
        returns_doc: same("0"),
        doc: text("Posts raw data.", "上报透传数据。"),
        errors: &[NOT_CONNECTED, FULL, WRONG_KEY, WRONG_TYPE, WRONG_CALLBACK, TOO_LARGE],
        example: "\
def on_reply(reply):
    print(reply['code'], reply['data'])  # 200 b'\\x00\\x01'

print(device.postRaw({'param': b'\\x00\\x01'}, on_reply))  # 0",
    },
    Method {
        name: "reply",
        takes: &[
            argument(
                "msg_id",
                "int | str",
                text(
                    "msg_id of the request: `int` if it is a number of at most 20 digits, else `str`",
                    "请求的 msg_id：不超过 20 位的数字为 `int`，其余为 `str`",
                ),
            ),
            Argument {
                default: Some("200"),
                ..argument(
                    "code",
                    "int",
                    text(
                        "200 for success; 100000 to 110000 are the device's own codes",
                        "200 表示成功；100000 至 110000 为设备自定义的错误码",
                    ),
                )
            },
            Argument {
                default: Some("None"),
                ..argument(
                    "data",
                    "dict[str, Any] | Buffer | None",
                    text(
                        "`dict` or JSON text, nested at most 32 levels deep; `None` is `{}`",
                        "`dict` 或 JSON 文本，最多嵌套 32 层；`None` 表示 `{}`",
                    ),
                )
            },
        ],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Answers a property set or a service call: from inside its callback, or later if the callback returned `Device.LATER`. At most 16 wait at a time; when one more comes, the one that has waited longest is answered 429.",
            "应答属性设置或服务调用：可以在回调中调用，也可以在回调返回 `Device.LATER` 之后调用。最多有 16 个请求同时等待应答；超出时，等待最久的请求以 429 应答。",
        ),
        errors: &[
            raises("ValueError", "no request with this msg_id waits for an answer", "没有该 msg_id 的请求在等待应答"),
            raises(
                "ValueError",
                "the code is below 100, or data is not JSON or is nested deeper than 32 levels",
                "code 小于 100，或 data 不是 JSON 或嵌套超过 32 层",
            ),
            raises("TypeError", "an argument is of another type", "参数的类型不符"),
            NOT_CONNECTED,
            FULL,
            TOO_LARGE,
        ],
        example: "\
def on_service(request):
    def work(_):
        print(device.reply(request['msg_id'], 200, {'done': True}))  # 0
    micropython.schedule(work, None)
    return Device.LATER

device.on(Device.ON_SERVICE, on_service)",
    },
];
