//! The module `kv` of HaaS firmware.

use crate::table::common::*;
use crate::table::entry::*;

pub const SCOPE: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "kv",
    doc: "Texts by name, in the files of the device's registration.",
    page: "kv",
    begin: text(
        "```python\nimport kv\n```\n\n\
         The module `kv` of HaaS firmware: texts by name. They survive a restart, in the same files as the secrets that\n\
         [`register()`](api.md#registerdata-callback) stores. A `kv.py` on the file system is used in place of this module.\n\n\
         `register()` stores the secret or token of an Alibaba device as `{productKey}/{deviceName}`. A token's client identifier\n\
         is `{productKey}/{deviceName}/clientId`.\n",
        "```python\nimport kv\n```\n\n\
         HaaS 固件的 `kv` 模块：按名称保存文本，重启后仍然有效，与 [`register()`](api.zh.md#registerdata-callback) 保存的密钥存放在相同的文件中。\
         文件系统中如有 `kv.py`，则使用该文件而不是本模块。\n\n\
         阿里云设备的设备密钥或令牌由 `register()` 保存，名称为 `{productKey}/{deviceName}`。令牌对应的客户端标识保存为 `{productKey}/{deviceName}/clientId`。\n",
    ),
    end: same(""),
    families: &[&[&FAMILY]],
};

const FAMILY: Family = Family { name: "kv", title: text("Functions", "函数"), functions: FUNCTIONS, ..EMPTY };

const KEY: Argument = argument("key", "str", text("the name", "名称"));
const NOT_READ: (Failure, Text) = raises("OSError", "the files cannot be read", "无法读取文件");
const NOT_WRITTEN: (Failure, Text) = raises("OSError", "the files cannot be read or written", "无法读取或写入文件");
const NOT_TEXT: (Failure, Text) = raises("TypeError", "an argument is not a `str`", "参数不是 `str`");

const FUNCTIONS: &[Function] = &[
    Function {
        name: "get",
        takes: &[KEY],
        returns: "str | None",
        returns_doc: text("the text; `None` if there is none of this name", "文本；没有该名称时为 `None`"),
        doc: text("Return the text of this name.", "读取该名称的文本。"),
        errors: &[NOT_READ],
        example: "\
kv.set('room', 'kitchen')
print(kv.get('room'))  # kitchen",
    },
    Function {
        name: "set",
        takes: &[KEY, argument("value", "str", text("the text", "文本"))],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Store a text under this name. Nothing is written if the same text is stored already.",
            "以该名称保存文本。已保存相同文本时不写入。",
        ),
        errors: &[NOT_TEXT, NOT_WRITTEN],
        example: "print(kv.set('room', 'kitchen'))  # 0",
    },
    Function {
        name: "remove",
        takes: &[KEY],
        returns: "int",
        returns_doc: same("0"),
        doc: text("Remove the text of this name.", "删除该名称的文本。"),
        errors: &[returns("-1", "there is none of this name", "没有该名称的文本"), NOT_WRITTEN],
        example: "\
kv.set('room', 'kitchen')
print(kv.remove('room'))  # 0",
    },
];
