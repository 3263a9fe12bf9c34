//! Service calls, and the answers to requests.

use crate::table::common::*;
use crate::table::entry::*;

pub const FAMILY: Family = Family {
    name: "call",
    title: text("Service calls", "服务调用"),
    events: EVENTS,
    constants: CONSTANTS,
    notes: NOTES,
    functions: FUNCTIONS,
    ..EMPTY
};

const EVENTS: &[Event] = &[Event {
    name: "ON_SERVICE",
    value: 5,
    payload: "{'code': int, 'msg_id': int | str, 'service_id': str, 'params_len': int, 'params': str | bytes}",
    doc: text(
        "The platform calls a service. params is the JSON text from the platform, unchanged. The callback's return value is the reply. A synchronous call (RRPC) needs the reply within 8 seconds. For a synchronous call on a custom topic, service_id is the topic, params is the payload (bytes if it is not UTF-8), and the reply holds only the data, without a code.",
        "平台调用服务。params 为 JSON 文本，与平台下发的内容一致。回调的返回值即为响应。同步调用（RRPC）须在 8 秒内响应。自定义 Topic 的同步调用以该 Topic 为 service_id，params 为消息内容（不是 UTF-8 时为 bytes），响应只含 data，不含 code。",
    ),
}];

const CONSTANTS: &[Constant] = &[Constant {
    name: "LATER",
    value: Value::Int(-100),
    doc: text(
        "A callback returns it to send the reply later, with `reply()`.",
        "回调返回该值，表示稍后用 `reply()` 响应。",
    ),
}];

const NOTES: &[Note] = &[Note {
    title: text("Replies", "响应"),
    doc: text(
        "The return value of an ON_PROPS or ON_SERVICE callback is sent to the platform as the reply.",
        "ON_PROPS 和 ON_SERVICE 回调的返回值作为响应发送给平台。",
    ),
    columns: (text("the callback returns", "回调返回"), text("the platform gets", "平台收到")),
    rows: ANSWERS,
}];

const ANSWERS: &[(Text, Text)] = &[
    (
        text("(no callback is set)", "（未设置该回调）"),
        text(
            "code 200, data `{}`; a synchronous call on a custom topic calls ON_SUBCRIBE instead, if that has a callback",
            "code 为 200，data 为 `{}`；自定义 Topic 的同步调用则改由 ON_SUBCRIBE 接收（如已设置其回调）",
        ),
    ),
    (
        text(
            "`None`, or an `int` below 100 (for example the return value of a method)",
            "`None`，或小于 100 的 `int`（例如各方法的返回值）",
        ),
        text("code 200, data `{}`", "code 为 200，data 为 `{}`"),
    ),
    (text("`dict`, or JSON text", "`dict` 或 JSON 文本"), text("code 200 and this data", "code 为 200，data 为该值")),
    (text("`int` of 100 or more", "不小于 100 的 `int`"), text("this code, data `{}`", "code 为该值，data 为 `{}`")),
    (text("`(code, data)`", "`(code, data)` 元组"), text("both", "分别作为 code 和 data")),
    (same("`Device.LATER`"), text("nothing until `reply()` is called", "调用 `reply()` 之前不发送响应")),
    (
        text("anything else, or an exception", "其他值，或抛出异常"),
        text(
            "code 500; the error is printed. A synchronous call on a custom topic gets no reply, so the platform reports a time-out; so does any code other than 200 without data",
            "code 为 500；错误会打印出来。自定义 Topic 的同步调用则不发送响应，平台侧表现为超时；返回 200 以外的 code 而没有 data 时也一样",
        ),
    ),
];

const FUNCTIONS: &[Function] = &[
    Function {
        name: "onService",
        takes: &[argument("callback", CALLBACK, text("as for `on`", "与 `on` 的回调相同"))],
        returns: "int",
        returns_doc: same("0"),
        doc: text("The same as `on(Device.ON_SERVICE, callback)`.", "等同于 `on(Device.ON_SERVICE, callback)`。"),
        errors: &[WRONG_CALLBACK],
        example: "print(device.onService(lambda request: 200))  # 0",
    },
    Function {
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
            optional_argument(
                "code",
                "int",
                "200",
                text(
                    "200 for success; 100000 to 110000 are the device's own codes",
                    "200 表示成功；100000 至 110000 为设备自定义的错误码",
                ),
            ),
            optional_argument(
                "data",
                "dict[str, Any] | Buffer | None",
                "None",
                text(
                    "`dict` or JSON text, nested at most 32 levels deep; `None` is `{}`",
                    "`dict` 或 JSON 文本，最多嵌套 32 层；`None` 表示 `{}`",
                ),
            ),
        ],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Reply to a property set or a service call, in its callback, or later if the callback returned `Device.LATER`. Up to 16 requests can wait for a reply. When one more comes, the oldest request gets the reply 429.",
            "响应属性设置或服务调用：可以在回调中调用，也可以在回调返回 `Device.LATER` 之后调用。最多有 16 个请求同时等待响应；超出时，等待最久的请求以 429 响应。",
        ),
        errors: &[
            raises("ValueError", "no request with this msg_id waits for a reply", "没有该 msg_id 的请求在等待响应"),
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
