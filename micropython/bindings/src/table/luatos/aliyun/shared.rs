//! What entries of several generations are made of.

use crate::table::common::*;
use crate::table::entry::*;
use crate::table::luatos::common::TOPIC_FILTERS;

/// The class of a generation; its methods are described as functions.
pub const fn class(
    name: &'static str,
    doc: &'static str,
    attributes: &'static [Attribute],
    families: &'static [&'static [&'static Family]],
) -> Scope {
    Scope {
        kind: ScopeKind::Class { takes: &[], is_context: false, attributes },
        name,
        doc,
        page: "",
        begin: same(""),
        end: same(""),
        families,
    }
}

pub const METHODS: Text = text("Methods", "方法");
pub const WRONG_TYPE: (Failure, Text) =
    raises("TypeError", "an argument is of another type; the message names it", "参数类型不符；异常信息会给出参数名");
pub const WRONG_VALUE: (Failure, Text) = raises(
    "ValueError",
    "an argument is missing or out of range; the message names it",
    "缺少参数或超出范围；异常信息会给出参数名",
);

pub const TOPIC: Argument = argument("topic", "str", text("the topic, without wildcards", "Topic，不含通配符"));
pub const PAYLOAD: Argument = argument("payload", "Buffer", text("the message", "消息内容"));
pub const QOS: Argument = argument("qos", "int | None", text("0 or 1; `None` is 0", "0 或 1；`None` 为 0"));
pub const CB_FNC: Argument = optional_argument(
    "cbFnc",
    "Callable[[bool, Any], object] | None",
    "None",
    text("called once, with the result and cbPara", "回调一次，参数为结果和 cbPara"),
);
pub const CB_PARA: Argument =
    optional_argument("cbPara", "Any", "None", text("the second argument of cbFnc", "cbFnc 的第二个参数"));

pub const fn publish(takes: &'static [Argument]) -> Function {
    Function {
        name: "publish",
        takes,
        returns: "None",
        returns_doc: NOTHING,
        doc: text("Publish a message.", "发布消息。"),
        errors: &[WRONG_TYPE, WRONG_VALUE],
        example: "",
    }
}

pub const fn setup(takes: &'static [Argument]) -> Function {
    Function {
        name: "setup",
        takes,
        returns: "None",
        returns_doc: NOTHING,
        doc: text(
            "Set the device up and connect in the background. A second call replaces the connection.",
            "设置设备并在后台连接。再次调用会替换原有连接。",
        ),
        errors: &[WRONG_TYPE, WRONG_VALUE],
        example: "",
    }
}

pub const ON: Function = Function {
    name: "on",
    takes: &[
        argument("evt", "str", text("the name of an event", "事件名")),
        argument(
            "cbFnc",
            "Callable[..., object] | None",
            text(
                "a function, or an `async def` function, which becomes a task; `None` removes it",
                "函数，或作为任务运行的 `async def` 函数；`None` 表示取消",
            ),
        ),
    ],
    returns: "None",
    returns_doc: NOTHING,
    doc: text(
        "Set the function of an event. It replaces the previous one. Functions run as the callbacks of [`Device.on`](api.md#onevent-callback) do; an exception is printed. A script may set a function behind the entry point: the last `auth` and `connect` that had none are passed to it then.",
        "设置事件的处理函数，替换之前的函数。执行方式与 [`Device.on`](api.zh.md#onevent-callback) 的回调相同，其中的异常会打印出来。也可以在入口函数之后设置：此前没有处理函数的最后一次 `auth` 和 `connect` 会在设置时触发。",
    ),
    errors: &[
        raises("ValueError", "the generation has no such event", "这一代没有该事件"),
        raises("TypeError", "cbFnc cannot be called", "cbFnc 不可调用"),
    ],
    example: "\
def on_connect(result):
    print(result)  # True

aliyun.on('connect', on_connect)
aliyun.confiDentialTask(name, key, secret)",
};

pub const SUBSCRIBE: Function = Function {
    name: "subscribe",
    takes: &[
        TOPIC_FILTERS,
        optional_argument(
            "qos",
            "int | None",
            "None",
            text(
                "0 to 2; 2 counts as 1, because the platform has no QoS 2; `None` is 0, in 2024 it is 1",
                "0 至 2；2 等同于 1，平台不支持 QoS 2；`None` 为 0，2024 为 1",
            ),
        ),
    ],
    returns: "None",
    returns_doc: NOTHING,
    doc: text(
        "Subscribe, now and after each reconnect. A subscription before the entry point is made when the device connects. A refusal calls `error`.",
        "订阅 Topic，重连后自动恢复。入口函数之前的订阅在连接后生效。被拒绝时触发 `error`。",
    ),
    errors: &[
        raises(
            "ValueError",
            "the platform does not accept the topic, or qos is wrong",
            "平台不接受该 Topic，或 qos 不正确",
        ),
        raises("TypeError", "a topic is not a `str`", "Topic 不是 `str`"),
    ],
    example: "\
def on_receive(topic, payload, qos, retain, dup):
    print(payload, qos)  # hello 1

aliyun.on('receive', on_receive)
aliyun.subscribe('/%s/%s/user/get' % (key, name))",
};

pub const CLOSE: Function = Function {
    name: "close",
    takes: &[],
    returns: "None",
    returns_doc: NOTHING,
    doc: text(
        "Disconnect for good; not in LuatOS. No event comes any more, until an entry point is called again. Messages that wait are given up. It blocks for up to two seconds, until what was published before is sent; in a callback it does not block.",
        "断开连接；LuatOS 没有该函数。此后不再触发事件，直到再次调用入口函数。离线时等待的消息不再发送。最多阻塞两秒，以发送此前发布的消息；在回调中调用时不阻塞。",
    ),
    errors: &[],
    example: "print(aliyun.close())  # None",
};

pub const DEVICE_NAME: Argument = argument("DeviceName", "str", text("device name", "设备名称"));
pub const PRODUCT_KEY: Argument = argument("ProductKey", "str", text("product key", "ProductKey（产品标识）"));
pub const MQTT_HOST: Argument = optional_argument("mqtt_host", "str | None", "None", text("another host", "其他主机"));
pub const MQTT_PORT: Argument =
    optional_argument("mqtt_port", "int | str | None", "None", text("another port", "其他端口"));
pub const MQTT_ISSSL: Argument = optional_argument(
    "mqtt_isssl",
    "bool | dict[str, Any] | None",
    "None",
    text("as the key of `setup({…})`", "同 `setup({…})` 的键"),
);

pub const OPTS: Text = text(
    "2024: what `setup` got, with every key; `None` for those that were not given",
    "2024：传给 `setup` 的内容，包含所有键，未提供的为 `None`",
);
