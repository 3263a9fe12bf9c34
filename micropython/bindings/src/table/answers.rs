//! What the platform is answered.

use super::{Text, same, text};

/// A constant of the class that is no event.
pub struct Value {
    pub name: &'static str,
    pub value: i32,
    pub doc: Text,
}

pub const VALUES: &[Value] = &[Value {
    name: "LATER",
    value: -100,
    doc: text(
        "What a callback returns that leaves the answer to `reply()`.",
        "回调返回该值，表示稍后由 `reply()` 应答。",
    ),
}];

/// What a callback of ON_PROPS or ON_SERVICE returns, and what the platform is answered.
pub const ANSWERS: &[(Text, Text)] = &[
    (
        text("(there is no such callback)", "（未设置该回调）"),
        text(
            "code 200, data `{}`; a call on a custom topic goes to ON_SUBCRIBE instead, if that has a callback",
            "code 200，data 为 `{}`；自定义 Topic 的同步调用则改由 ON_SUBCRIBE 接收（如已设置其回调）",
        ),
    ),
    (
        text(
            "`None`, or an `int` below 100, as methods return it",
            "`None`，或小于 100 的 `int`（例如各方法的返回值）",
        ),
        text("code 200, data `{}`", "code 200，data 为 `{}`"),
    ),
    (text("`dict`, or JSON text", "`dict` 或 JSON 文本"), text("code 200 and this data", "code 200，data 为该值")),
    (text("`int` from 100 on", "不小于 100 的 `int`"), text("this code, data `{}`", "code 为该值，data 为 `{}`")),
    (text("`(code, data)`", "`(code, data)` 元组"), text("both", "分别作为 code 和 data")),
    (same("`Device.LATER`"), text("nothing yet: `reply()` answers", "暂不应答，之后由 `reply()` 应答")),
    (
        text("anything else, or an exception", "其他值，或抛出异常"),
        text(
            "code 500; the error is printed. A call on a custom topic is not answered, so that the platform sees a time-out; the same for any code other than 200 without data",
            "code 500；错误会打印出来。自定义 Topic 的同步调用不作应答，平台侧表现为超时；返回 200 以外的 code 而没有 data 时也一样",
        ),
    ),
];
