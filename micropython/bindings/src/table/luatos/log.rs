//! `luatos.log`: lines with a level and a tag on the console.

use crate::table::common::*;
use crate::table::entry::*;

pub const SCOPE: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "log",
    doc: "",
    page: "luatos-log",
    begin: text(
        "```python\nfrom luatos import log\n```\n\n\
         LuatOS's `log`: a line on the console begins with the letter of its level, `/user.` and a tag, as in LuatOS's style 0.\n",
        "```python\nfrom luatos import log\n```\n\n\
         LuatOS 的 `log`：在控制台输出一行，行首为级别字母、`/user.` 和标签，与 LuatOS 的默认风格 0 相同。\n",
    ),
    end: same(""),
    families: &[&[&LINES, &LEVELS]],
};

const TAG: Argument = argument("tag", "str", text("the part of the script that writes", "日志标签，即脚本的哪一部分"));
const VALUES: Argument = argument("*values", "Any", text("what `print` takes", "要输出的值，与 `print` 相同"));

const fn line(name: &'static str, doc: Text, example: &'static str) -> Function {
    Function { name, takes: &[TAG, VALUES], returns: "None", returns_doc: NOTHING, doc, errors: &[], example }
}

const LINES: Family = Family {
    name: "luatos_lines",
    title: text("Lines", "输出"),
    functions: &[
        line(
            "debug",
            text("Write a line of the level DEBUG.", "输出一行 DEBUG 级别的日志。"),
            "log.debug('dht11', 'temperature', 21)  # D/user.dht11 temperature 21",
        ),
        line(
            "info",
            text("Write a line of the level INFO.", "输出一行 INFO 级别的日志。"),
            "log.info('aliyun', 'connected')  # I/user.aliyun connected",
        ),
        line(
            "warn",
            text("Write a line of the level WARN.", "输出一行 WARN 级别的日志。"),
            "log.warn('aliyun', 'not connected')  # W/user.aliyun not connected",
        ),
        line(
            "error",
            text("Write a line of the level ERROR.", "输出一行 ERROR 级别的日志。"),
            "log.error('dht11', None)  # E/user.dht11 None",
        ),
    ],
    ..EMPTY
};

const LEVELS: Family = Family {
    name: "luatos_levels",
    title: text("Levels", "级别"),
    functions: &[
        Function {
            name: "setLevel",
            takes: &[argument(
                "level",
                "str | int",
                text(
                    "`\"DEBUG\"` (1), `\"INFO\"` (2), `\"WARN\"` (3), `\"ERROR\"` (4), or `\"SILENT\"` (7) for none; the name or the number",
                    "`\"DEBUG\"`（1）、`\"INFO\"`（2）、`\"WARN\"`（3）、`\"ERROR\"`（4），或不输出任何日志的 `\"SILENT\"`（7）；名称或数字",
                ),
            )],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Write lines of this level and above only. At the start, all lines are written.",
                "只输出该级别及以上的日志。初始时输出全部日志。",
            ),
            errors: &[raises("ValueError", "there is no such level", "没有该级别")],
            example: "\
log.setLevel('WARN')
log.info('aliyun', 'hidden')
log.warn('aliyun', 'shown')  # W/user.aliyun shown",
        },
        Function {
            name: "getLevel",
            takes: &[],
            returns: "int",
            returns_doc: text("the number of the level", "级别的数字"),
            doc: text("Return the level that `setLevel` has set.", "返回 `setLevel` 设置的级别。"),
            errors: &[],
            example: "print(log.getLevel())  # 1",
        },
    ],
    ..EMPTY
};
