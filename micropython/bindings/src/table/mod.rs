//! The one table of what `aliyunIoT.Device` offers. Everything that is generated comes from here.
//!
//! The API is that of Alibaba's HaaS firmware; `ON_SUBCRIBE` is spelt as it is there. One file per family of methods.

mod answers;
mod connection;
mod events;
mod messages;
mod model;
mod services;

pub use answers::{ANSWERS, VALUES};
pub use events::{ERROR_CODES, EVENTS};

/// Words in the languages of the API pages.
#[derive(Clone, Copy)]
pub struct Text {
    pub en: &'static str,
    pub zh: &'static str,
}

pub const fn text(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

/// What reads the same in every language: numbers, names, Python.
pub const fn same(text: &'static str) -> Text {
    Text { en: text, zh: text }
}

/// An event, as a constant of the class.
pub struct Event {
    pub name: &'static str,
    pub value: u8,
    /// What the callback gets.
    pub payload: &'static str,
    pub doc: Text,
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
    pub default: Option<Text>,
    pub doc: Text,
}

/// A positional argument.
pub struct Argument {
    pub name: &'static str,
    pub takes: Takes,
    /// Its default, in Python; an argument without one is required, and stands before those with one.
    pub default: Option<&'static str>,
    pub doc: Text,
}

/// What an argument must be.
pub enum Takes {
    /// A dictionary with these keys, parsed by generated code.
    Dict(&'static [Key]),
    /// Anything else: its type in the stubs.
    Value(&'static str),
}

/// How a method ends otherwise than by what it returns when all is well.
pub enum Otherwise {
    Returns(&'static str),
    Raises(&'static str),
}

pub struct Method {
    pub name: &'static str,
    pub takes: &'static [Argument],
    /// Type in the stubs.
    pub returns: &'static str,
    pub returns_doc: Text,
    pub doc: Text,
    /// What can go wrong, and when.
    pub errors: &'static [(Otherwise, Text)],
    /// Python that `tests/pages/test_api_page.py` runs; what a line prints stands behind it as a comment.
    pub example: &'static str,
}

impl Method {
    /// The keys of the dictionary that it takes, if it takes one.
    pub fn keys(&self) -> Option<&'static [Key]> {
        self.takes.iter().find_map(|argument| match argument.takes {
            Takes::Dict(keys) => Some(keys),
            Takes::Value(_) => None,
        })
    }
}

/// Methods that belong together, under a heading.
pub struct Family {
    pub title: Text,
    pub methods: &'static [Method],
}

pub const FAMILIES: &[Family] = &[
    Family { title: text("Connection", "连接"), methods: connection::METHODS },
    Family { title: text("Thing model", "物模型"), methods: model::METHODS },
    Family { title: text("Custom topics", "自定义 Topic"), methods: messages::METHODS },
    Family { title: text("Time and files", "时间与文件"), methods: services::METHODS },
];

pub fn methods() -> impl Iterator<Item = &'static Method> {
    FAMILIES.iter().flat_map(|family| family.methods)
}

// ---- Short forms ----

const fn dict(keys: &'static [Key]) -> Argument {
    Argument { name: "data", takes: Takes::Dict(keys), default: None, doc: same("") }
}

const fn argument(name: &'static str, kind: &'static str, doc: Text) -> Argument {
    Argument { name, takes: Takes::Value(kind), default: None, doc }
}

const fn required(name: &'static str, kind: Kind, doc: Text) -> Key {
    Key { name, alias: None, kind, default: None, doc }
}

const fn optional(name: &'static str, kind: Kind, default: Text, doc: Text) -> Key {
    Key { name, alias: None, kind, default: Some(default), doc }
}

const fn returns(code: &'static str, en: &'static str, zh: &'static str) -> (Otherwise, Text) {
    (Otherwise::Returns(code), text(en, zh))
}

const fn raises(exception: &'static str, en: &'static str, zh: &'static str) -> (Otherwise, Text) {
    (Otherwise::Raises(exception), text(en, zh))
}

const CALLBACK: &str = "Callable[[dict[str, Any]], object] | None";

/// The callback that is told what became of a message.
const fn reply_callback(doc: Text) -> Argument {
    Argument { default: Some("None"), ..argument("callback", CALLBACK, doc) }
}

// ---- What goes wrong with more than one method ----

const NOT_CONNECTED: (Otherwise, Text) =
    returns("-1", "not connected: nothing is sent, nothing is raised", "未连接：不发送任何数据，也不抛出异常");
const NOT_STARTED: (Otherwise, Text) = returns("-1", "`connect()` was not called before", "尚未调用 `connect()`");
/// Of what goes at QoS 0.
const FULL: (Otherwise, Text) = returns("-2", "the send buffer is full: try again later", "发送缓冲区已满：请稍后重试");
const TOO_LARGE: (Otherwise, Text) = raises(
    "ValueError",
    "the message is over 256 KiB, or there is no memory for it",
    "消息超过 256 KiB，或内存不足以容纳该消息",
);
const WRONG_KEY: (Otherwise, Text) = raises(
    "ValueError",
    "a required key is missing; the message names it, and a key that it does not know",
    "缺少必填的键；异常信息会给出缺少的键，以及字典中无法识别的键",
);
const WRONG_TYPE: (Otherwise, Text) = raises(
    "TypeError",
    "a value is of another type; the message names its key",
    "值的类型不符；异常信息会给出对应的键",
);

const LEFT_OUT: (Otherwise, Text) =
    raises("NotImplementedError", "this firmware was built without it", "固件构建时未包含该功能");
const WRONG_CALLBACK: (Otherwise, Text) = raises(
    "TypeError",
    "the callback cannot be called, or is an `async def` or generator function, which would never run",
    "回调不可调用，或者是不会被执行的 `async def` 函数或生成器函数",
);

const QOS: Kind = Kind::Int { min: 0, max: 1 };

#[cfg(test)]
mod tests {
    use super::*;

    fn all_texts() -> Vec<Text> {
        let mut texts: Vec<Text> = EVENTS.iter().map(|event| event.doc).collect();
        texts.extend(ERROR_CODES.iter().flat_map(|(code, what)| [*code, *what]));
        texts.extend(ANSWERS.iter().flat_map(|(returned, answer)| [*returned, *answer]));
        texts.extend(VALUES.iter().map(|value| value.doc));
        texts.extend(FAMILIES.iter().map(|family| family.title));
        for method in methods() {
            texts.extend([method.doc, method.returns_doc]);
            texts.extend(method.errors.iter().map(|(_, when)| *when));
            for argument in method.takes {
                match argument.takes {
                    Takes::Dict(keys) => {
                        texts.extend(keys.iter().flat_map(|key| [Some(key.doc), key.default]).flatten())
                    }
                    Takes::Value(_) => texts.push(argument.doc),
                }
            }
        }
        texts
    }

    #[test]
    fn every_text_is_in_chinese_unless_it_reads_the_same() {
        let chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
        for text in all_texts() {
            assert!(!text.en.is_empty() && !chinese(text.en), "{}", text.en);
            assert!(chinese(text.zh) || text.zh == text.en, "{}", text.zh);
        }
    }

    /// Chinese text takes full-width punctuation, and a space between Han and Latin letters or digits.
    #[test]
    fn chinese_is_typeset_as_chinese() {
        let han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
        for Text { zh, .. } in all_texts() {
            let letters: Vec<char> = zh.chars().collect();
            for pair in letters.windows(2) {
                let [left, right] = [pair[0], pair[1]];
                assert!(!(han(left) && ",;:!?.()".contains(right)), "{zh}: {left}{right}");
                assert!(!(han(left) && (right.is_ascii_alphanumeric() || right == '`')), "{zh}: {left}{right}");
                assert!(!((left.is_ascii_alphanumeric() || left == '`') && han(right)), "{zh}: {left}{right}");
            }
        }
    }

    #[test]
    fn required_arguments_come_first() {
        for method in methods() {
            let optional = method.takes.iter().map(|argument| argument.default.is_some());
            assert!(optional.is_sorted(), "{}", method.name);
        }
    }
}
