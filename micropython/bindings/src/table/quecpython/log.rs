//! `log`: lines on the console.

use crate::table::common::*;
use crate::table::entry::*;

pub const FUNCTIONS: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "log",
    doc: "",
    page: "quecpython-log",
    begin: text(
        "```python\nimport log\n```\n\n\
         QuecPython's `log` for boards whose firmware has no such module. A line is `level:name:text`, on `sys.stderr`, which is the\n\
         console on boards. It is installed with the [other modules](from-quecpython.md#install).\n",
        "```python\nimport log\n```\n\n\
         QuecPython 的 `log`，供固件中没有该模块的开发板使用。每行格式为 `level:name:text`（级别、名称和内容），输出到 `sys.stderr`（开发板上即控制台）。\
         与[其他模块](from-quecpython.zh.md#安装)一起安装。\n",
    ),
    end: same(""),
    families: &[&[&SETTINGS]],
};

pub const LOGGER: Scope = Scope {
    kind: ScopeKind::Class {
        takes: &[],
        is_context: false,
        attributes: &[
            Attribute { name: "name", kind: "str", doc: text("its name", "名称") },
            Attribute {
                name: "level",
                kind: "int",
                doc: text("its level; `NOTSET`: that of `basicConfig`", "级别；`NOTSET` 表示使用 `basicConfig` 的级别"),
            },
        ],
    },
    name: "Logger",
    doc: "Writes lines with a name, made by `getLogger()`.",
    page: "quecpython-log",
    begin: text(
        "\n## Loggers\n\n`getLogger` returns an object of the class `Logger`.\n",
        "\n## Logger 对象\n\n`getLogger` 返回 `Logger` 类的对象。\n",
    ),
    end: same(""),
    families: &[&[&LINES]],
};

const fn level(name: &'static str, value: i32, doc: Text) -> Constant {
    Constant { name, value: Value::Int(value), doc }
}

const LEVEL: Argument = argument("level", "int", text("one of the levels", "日志级别"));
const WRONG_LEVEL: (Failure, Text) = raises("TypeError", "level is not an `int`", "level 不是 `int`");

const SETTINGS: Family = Family {
    name: "log_settings",
    title: text("Settings", "设置"),
    constants: &[
        level("CRITICAL", 50, text("lines of `critical`", "`critical` 的日志")),
        level("ERROR", 40, text("lines of `error`", "`error` 的日志")),
        level("WARNING", 30, text("lines of `warning`", "`warning` 的日志")),
        level("INFO", 20, text("lines of `info`; the default", "`info` 的日志；默认级别")),
        level("DEBUG", 10, text("lines of `debug`", "`debug` 的日志")),
        level("NOTSET", 0, text("the logger uses the level of `basicConfig`", "Logger 使用 `basicConfig` 设置的级别")),
    ],
    functions: &[
        Function {
            name: "basicConfig",
            takes: &[
                Argument { default: Some("INFO"), ..LEVEL },
                optional_argument(
                    "stream",
                    "Any",
                    "None",
                    text(
                        "an object with a method `write`, for all lines; `None`: as before",
                        "有 `write` 方法的对象，输出全部日志；`None` 表示不变",
                    ),
                ),
            ],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Set the lowest level that is written, of all loggers without a level of their own.",
                "设置输出日志的最低级别，对未单独设置级别的 Logger 有效。",
            ),
            errors: &[WRONG_LEVEL],
            example: "\
log.basicConfig(level=log.DEBUG)
logger = log.getLogger('main')
logger.debug('started')  # DEBUG:main:started",
        },
        Function {
            name: "getLogger",
            takes: &[optional_argument("name", "str", "\"root\"", text("its name", "名称"))],
            returns: "Logger",
            returns_doc: text("the logger", "该 Logger"),
            doc: text(
                "Return the logger of this name; the same one each time.",
                "返回该名称的 Logger，每次返回同一个对象。",
            ),
            errors: &[],
            example: "\
logger = log.getLogger('main')
logger.info('Topic=%s,Msg=%s', 'a/b', 'hello')  # INFO:main:Topic=a/b,Msg=hello",
        },
    ],
    ..EMPTY
};

const TEXT: Argument = argument("msg", "Any", text("the text, or any other value", "日志内容，可以是任何值"));
const PARTS: Argument = argument(
    "*args",
    "Any",
    text(
        "values for the places `%s`, `%d` and so on; without such places they stand behind the text",
        "填入 `%s`、`%d` 等位置的值；没有这样的位置时附在内容之后",
    ),
);

const fn writes(name: &'static str, doc: Text, example: &'static str) -> Function {
    Function { name, takes: &[TEXT, PARTS], returns: "None", returns_doc: NOTHING, doc, errors: &[], example }
}

const LINES: Family = Family {
    name: "log_lines",
    title: text("Lines", "输出日志"),
    functions: &[
        writes(
            "debug",
            text("Write a line of the level `DEBUG`.", "输出 `DEBUG` 级别的日志。"),
            "\
logger = log.getLogger('main')
logger.setLevel(log.DEBUG)
logger.debug('level %d', 3)  # DEBUG:main:level 3",
        ),
        writes(
            "info",
            text("Write a line of the level `INFO`.", "输出 `INFO` 级别的日志。"),
            "logger = log.getLogger('main')\nlogger.info('started')  # INFO:main:started",
        ),
        writes(
            "warning",
            text("Write a line of the level `WARNING`.", "输出 `WARNING` 级别的日志。"),
            "logger = log.getLogger('main')\nlogger.warning('low')  # WARN:main:low",
        ),
        writes(
            "error",
            text("Write a line of the level `ERROR`.", "输出 `ERROR` 级别的日志。"),
            "logger = log.getLogger('main')\nlogger.error('lost')  # ERROR:main:lost",
        ),
        writes(
            "critical",
            text("Write a line of the level `CRITICAL`.", "输出 `CRITICAL` 级别的日志。"),
            "logger = log.getLogger('main')\nlogger.critical('hot')  # CRIT:main:hot",
        ),
        Function {
            name: "log",
            takes: &[LEVEL, TEXT, PARTS],
            returns: "None",
            returns_doc: NOTHING,
            doc: text("Write a line of any level.", "输出任意级别的日志。"),
            errors: &[],
            example: "logger = log.getLogger('main')\nlogger.log(log.ERROR, 'lost')  # ERROR:main:lost",
        },
        Function {
            name: "setLevel",
            takes: &[LEVEL],
            returns: "None",
            returns_doc: NOTHING,
            doc: text("Set the lowest level of this logger.", "设置该 Logger 的最低级别。"),
            errors: &[WRONG_LEVEL],
            example: "\
logger = log.getLogger('main')
logger.setLevel(log.WARNING)
logger.info('not written')
logger.error('lost')  # ERROR:main:lost",
        },
        Function {
            name: "isEnabledFor",
            takes: &[LEVEL],
            returns: "bool",
            returns_doc: text("`True` if it does", "会输出时为 `True`"),
            doc: text("Ask whether the logger writes lines of this level.", "查询是否输出该级别的日志。"),
            errors: &[],
            example: "print(log.getLogger('main').isEnabledFor(log.DEBUG))  # False",
        },
    ],
    ..EMPTY
};
