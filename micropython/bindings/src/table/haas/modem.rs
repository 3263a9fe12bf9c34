//! `modem`: the numbers of a board without a modem.

use crate::table::common::simple;
use crate::table::entry::*;

pub const SCOPE: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "modem",
    doc: "",
    page: "haas-modem",
    begin: text(
        "```python\nimport modem\n```\n\n\
         Scripts for HaaS's 4G boards name the device by `modem.getDevImei()`. Other boards have no modem, but a number of their own.\n\
         QuecPython's firmware has a module `modem` built in; scripts get that one there.\n\n\
         The same functions are in `modem.info`, as firmware 2.2 has it. Beside it:\n\n\
         | name | result | why |\n|---|---|---|\n\
         | `modem.sim.getStatus()` | -1 | no SIM card |\n\
         | `modem.sim.getIccid()`, `modem.sim.getImsi()` | `None` | no SIM card; a convention |\n\
         | `modem.net.getCsq()`, `modem.net.csqQueryPoll()` | 99 | the signal is not known, as in AT+CSQ |\n\
         | `modem.net.getCellInfo()` | -1 | as HaaS on failure |\n\
         | `modem.net.getModem()` | 0 | no flight mode |\n\
         | `modem.sms`, `modem.voiceCall` | ImportError | no counterpart ([what else](from-haas.md)) |\n",
        "```python\nimport modem\n```\n\n\
         HaaS 4G 开发板的脚本用 `modem.getDevImei()` 作为设备名称。其他开发板没有调制解调器，但有自己的编号。\
         QuecPython 固件内置了 `modem` 模块，脚本在那里得到的是内置模块。\n\n\
         `modem.info` 中有同样的函数，与 2.2 版固件相同。此外：\n\n\
         | 名称 | 结果 | 原因 |\n|---|---|---|\n\
         | `modem.sim.getStatus()` | -1 | 没有 SIM 卡 |\n\
         | `modem.sim.getIccid()`、`modem.sim.getImsi()` | `None` | 没有 SIM 卡；本项目的约定 |\n\
         | `modem.net.getCsq()`、`modem.net.csqQueryPoll()` | 99 | 信号未知，同 AT+CSQ |\n\
         | `modem.net.getCellInfo()` | -1 | 与 HaaS 失败时相同 |\n\
         | `modem.net.getModem()` | 0 | 没有飞行模式 |\n\
         | `modem.sms`、`modem.voiceCall` | ImportError | 没有对应的功能（[替代办法](from-haas.zh.md)） |\n",
    ),
    end: same(""),
    families: &[&[&NUMBERS]],
};

const NUMBERS: Family = Family {
    name: "modem_numbers",
    title: text("The board", "开发板"),
    functions: &[
        simple(
            "getDevImei",
            "str | None",
            text(
                "`machine.unique_id()` in hexadecimal digits; `None` if the firmware has none",
                "十六进制的 `machine.unique_id()`；固件没有时为 `None`",
            ),
            text(
                "Get the number that names the device, in the place of an IMEI.",
                "获取用作设备名称的编号，代替 IMEI。",
            ),
            "print(modem.getDevImei())  # for example 01ab",
        ),
        simple(
            "getDevModel",
            "str",
            text("its name in MicroPython", "在 MicroPython 中的名称"),
            text("Get the name of the board.", "获取开发板名称。"),
            "print(modem.getDevModel().split()[0])  # for example linux",
        ),
        simple(
            "getDevFwVersion",
            "str",
            text("`sys.version`", "`sys.version`"),
            text("Get the version of the firmware.", "获取固件版本。"),
            "print(modem.getDevFwVersion().split('; ')[1].split(' ')[0])  # MicroPython",
        ),
        simple(
            "getDevProductId",
            "str",
            text("`sys.platform`", "`sys.platform`"),
            text("Get the kind of board.", "获取开发板类型。"),
            "print(modem.getDevProductId())  # for example linux",
        ),
    ],
    ..EMPTY
};
