//! `sntp`: the board's clock.

use crate::table::common::*;
use crate::table::entry::*;

pub const SCOPE: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "sntp",
    doc: "",
    page: "haas-sntp",
    begin: text(
        "```python\nimport sntp\n```\n\n\
         HaaS's `sntp`: sets the board's clock by a time server. The clock is set to UTC, as everywhere in MicroPython: it knows no\n\
         time zones, and TLS needs UTC. So `time.localtime()` gives UTC. China's time is `time.localtime(time.time() + 8 * 3600)`.\n\n\
         On a computer, whose clock is right, nothing is asked unless the script names a server.\n\n\
         [Coming from HaaS](from-haas.md) describes the installation.\n",
        "```python\nimport sntp\n```\n\n\
         HaaS 的 `sntp`：用时间服务器校准开发板的时钟。与 MicroPython 的惯例一致，时钟设为 UTC：MicroPython 没有时区，TLS 也需要 UTC。\
         因此 `time.localtime()` 为 UTC 时间，北京时间为 `time.localtime(time.time() + 8 * 3600)`。\n\n\
         电脑的时钟是准的，因此在电脑上不查询，除非脚本指定了服务器。\n\n\
         安装方法见[从 HaaS 迁移](from-haas.zh.md)。\n",
    ),
    end: same(""),
    families: &[&[&CLOCK]],
};

const SERVER: Argument = optional_argument(
    "server",
    "str | None",
    "None",
    text(
        "the server's name, with `:port` if it is not 123; `None` takes ntp.aliyun.com and cn.pool.ntp.org by turns",
        "服务器名称，端口不是 123 时加上 `:port`；`None` 表示轮流使用 ntp.aliyun.com 和 cn.pool.ntp.org",
    ),
);
const WRONG: &[(Failure, Text)] = &[
    returns(
        "-1",
        "no server answered; it asks five times, and gives up after at most 14 s",
        "没有服务器响应；共查询五次，最多 14 秒后放弃",
    ),
    raises("TypeError", "an argument is not text", "参数不是文本"),
    raises("ValueError", "an argument is empty, or the server has no valid port", "参数为空，或服务器的端口无效"),
    raises("ImportError", "the firmware has no `machine.RTC`", "固件没有 `machine.RTC`"),
];

const CLOCK: Family = Family {
    name: "clock",
    title: text("Clock", "时钟"),
    functions: &[
        Function {
            name: "setTime",
            takes: &[
                optional_argument("zone", "str", "'CST-8'", text("not used: the clock is UTC", "不使用：时钟为 UTC")),
                SERVER,
            ],
            returns: "int | None",
            returns_doc: text("`None`: the clock is set", "`None`：时钟已校准"),
            doc: text("Set the clock, as HaaS's Wi-Fi boards do it.", "校准时钟，与 HaaS 的 Wi-Fi 开发板相同。"),
            errors: WRONG,
            example: "print(sntp.setTime())  # None",
        },
        Function {
            name: "settime",
            takes: &[SERVER],
            returns: "int",
            returns_doc: text("1: the clock is set", "1：时钟已校准"),
            doc: text("Set the clock, as HaaS's 4G boards do it.", "校准时钟，与 HaaS 的 4G 开发板相同。"),
            errors: WRONG,
            example: "print(sntp.settime())  # 1",
        },
    ],
    ..EMPTY
};
