//! What the classes of `driver` have in common: opening and closing, arguments, failures.

use crate::table::common::*;
use crate::table::entry::*;

pub const PAGE: &str = "haas-driver";

/// A class of the page. `begin` follows its heading.
pub const fn class(
    name: &'static str,
    doc: &'static str,
    takes: &'static [Argument],
    begin: Text,
    families: &'static [&'static [&'static Family]],
) -> Scope {
    let kind = ScopeKind::Class { takes, is_context: false, attributes: &[] };
    Scope { kind, name, doc, page: PAGE, begin, end: same(""), families }
}

pub const NODE: Argument = argument("name", "str", text("the name of a node in board.json", "board.json 中的节点名称"));
pub const BUF_IN: Argument = argument(
    "buf",
    "bytearray | memoryview",
    text("it is filled; its length is the number of bytes", "接收缓冲区，其长度即要读取的字节数"),
);
pub const BUF_OUT: Argument =
    argument("buf", "bytes | bytearray | memoryview", text("the bytes to be written", "要写入的数据"));
/// `None` takes the callback away.
pub const fn callback(argument_doc: Text) -> Argument {
    argument("func", "Callable[[Any], object] | None", argument_doc)
}

pub const ZERO: Text = same("0");
pub const COUNT: Text = text("the number of bytes", "字节数");

pub const CLOSED: (Failure, Text) = returns("-1", "the object is not open", "对象尚未打开");
pub const FAILED: (Failure, Text) = returns(
    "a negative number",
    "`machine` raised OSError with this number",
    "`machine` 抛出 OSError，返回值为其错误码的负数",
);
pub const NO_BUFFER: (Failure, Text) = raises("TypeError", "an argument is not a buffer", "参数不是缓冲区");
pub const NOT_CALLABLE: (Failure, Text) = raises("TypeError", "the function cannot be called", "函数不可调用");

pub const NOT_OPENED: &[(Failure, Text)] = &[
    raises("TypeError", "the name is not a `str`", "名称不是 `str`"),
    raises("OSError", "no board.json was found", "找不到 board.json"),
    raises(
        "ValueError",
        "board.json is not as described above; the message names the file, the node and the key",
        "board.json 的内容不符合要求；异常信息会给出文件、节点和键",
    ),
    raises("ValueError, OSError", "`machine` refuses the pin or the bus", "`machine` 不接受该引脚或总线"),
];

pub const fn open(example: &'static str) -> Function {
    Function {
        name: "open",
        takes: &[NODE],
        returns: "int",
        returns_doc: ZERO,
        doc: text(
            "Open the node of board.json. An object that is open already is closed first.",
            "打开 board.json 中的节点。已打开的对象先关闭，再重新打开。",
        ),
        errors: NOT_OPENED,
        example,
    }
}

pub const fn close(example: &'static str) -> Function {
    Function {
        name: "close",
        takes: &[],
        returns: "int",
        returns_doc: ZERO,
        doc: text("Close the object.", "关闭对象。"),
        errors: &[CLOSED],
        example,
    }
}

pub const KEY: (Text, Text) = (text("key", "键"), text("what", "说明"));
pub const PORT: Text = same("`port`");
