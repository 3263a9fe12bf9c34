//! What counts time: TIMER, WDT, RTC.

use super::parts::*;
use crate::table::common::*;
use crate::table::entry::*;

pub const TIMER: Scope = class(
    "TIMER",
    "A timer.",
    &[argument(
        "id",
        "int",
        text(
            "the number of the timer; where `machine.Timer` does not have it, it is one in software",
            "定时器编号；`machine.Timer` 没有该编号时使用软件定时器",
        ),
    )],
    text("A timer. It needs no node in board.json.\n", "定时器，不需要 board.json 中的节点。\n"),
    &[&[&TIMER_METHODS]],
);

pub const WDT: Scope = class(
    "WDT",
    "The watchdog.",
    &[],
    text("The watchdog: the board restarts if it is not fed in time.\n", "看门狗：没有按时喂狗时开发板会重启。\n"),
    &[&[&WDT_METHODS]],
);

pub const RTC: Scope = class(
    "RTC",
    "The clock.",
    &[],
    text("The board's clock. It needs no node in board.json.\n", "开发板的时钟，不需要 board.json 中的节点。\n"),
    &[&[&RTC_METHODS]],
);

const PERIOD: Argument = argument("period", "int", text("milliseconds, 1 or more", "毫秒数，不小于 1"));
const WRONG_PERIOD: (Failure, Text) =
    raises("TypeError, ValueError", "the period is not 1 or more", "period 不是大于 0 的整数");
const TIMER_METHODS: Family = Family {
    name: "driver_timer",
    title: same("TIMER"),
    constants: &[
        Constant {
            name: "ONE_SHOT", value: Value::Int(0), doc: text("the function is called once", "只调用一次")
        },
        Constant { name: "PERIODIC", value: Value::Int(1), doc: text("again and again", "循环调用") },
    ],
    functions: &[
        Function {
            name: "open",
            takes: &[
                Argument { default: Some("1000"), ..PERIOD },
                optional_argument("mode", "int", "1", text("`ONE_SHOT` or `PERIODIC`", "`ONE_SHOT` 或 `PERIODIC`")),
                optional_argument(
                    "callback",
                    "Callable[[TIMER], object] | None",
                    "None",
                    text("the function; it gets the timer", "回调函数，参数为定时器对象"),
                ),
            ],
            returns: "int",
            returns_doc: ZERO,
            doc: text(
                "Open the timer and start it. MicroPython's scheduler calls the function in the main thread.",
                "打开并启动定时器。回调函数由 MicroPython 的调度器在主线程中调用。",
            ),
            errors: &[
                WRONG_PERIOD,
                NOT_CALLABLE,
                raises("ValueError", "the mode is another number", "mode 不是以上取值"),
            ],
            example: "\
def on_timer(timer):
    print('beep')  # beep

timer = TIMER(0)
timer.open(mode=timer.ONE_SHOT, period=20, callback=on_timer)",
        },
        close("timer = TIMER(0)\ntimer.open(period=1000, callback=print)\nprint(timer.close())  # 0"),
        Function {
            name: "start",
            takes: &[],
            returns: "int",
            returns_doc: ZERO,
            doc: text("Start the timer, with its whole period.", "启动定时器，从头开始计时。"),
            errors: &[CLOSED],
            example: "\
timer = TIMER(0)
timer.open(period=1000, callback=print)
timer.stop()
print(timer.start())  # 0",
        },
        Function {
            name: "stop",
            takes: &[],
            returns: "int",
            returns_doc: ZERO,
            doc: text("Stop the timer. It stays open.", "停止定时器，定时器仍处于打开状态。"),
            errors: &[CLOSED],
            example: "timer = TIMER(0)\ntimer.open(period=1000, callback=print)\nprint(timer.stop())  # 0",
        },
        Function {
            name: "period",
            takes: &[PERIOD],
            returns: "int",
            returns_doc: ZERO,
            doc: text("Change the period, and start again.", "修改周期，并重新开始计时。"),
            errors: &[CLOSED, WRONG_PERIOD],
            example: "\
timer = TIMER(0)
timer.open(period=5000, callback=print)
print(timer.period(3000))  # 0",
        },
        Function {
            name: "reload",
            takes: &[],
            returns: "int",
            returns_doc: ZERO,
            doc: text("Start again, with the same settings.", "按原有设置重新开始计时。"),
            errors: &[CLOSED],
            example: "timer = TIMER(0)\ntimer.open(period=1000, callback=print)\nprint(timer.reload())  # 0",
        },
    ],
    ..EMPTY
};

const WDT_METHODS: Family = Family {
    name: "driver_wdt",
    title: same("WDT"),
    notes: &[Note {
        title: text("`WDT` in board.json", "board.json 中的 `WDT`"),
        doc: text("No key is required.", "没有必填的键。"),
        columns: KEY,
        rows: &[
            (same("`timeout`"), text("seconds, 3 by default", "超时时间，单位秒，默认 3")),
            (same("`id`"), text("the number of the watchdog, 0 by default", "看门狗编号，默认 0")),
        ],
    }],
    functions: &[
        open("watchdog = WDT()\nprint(watchdog.open('watchdog'))  # 0"),
        Function {
            name: "close",
            takes: &[],
            returns: "int",
            returns_doc: ZERO,
            doc: text(
                "Stop the watchdog. Most chips cannot do that: then it stays open, and has to be fed.",
                "停止看门狗。大多数芯片不支持停止：此时看门狗仍处于打开状态，需要继续喂狗。",
            ),
            errors: &[returns(
                "-1",
                "the object is not open, or the chip cannot stop its watchdog",
                "对象尚未打开，或芯片不能停止看门狗",
            )],
            example: "watchdog = WDT()\nwatchdog.open('watchdog')\nprint(watchdog.close())  # -1",
        },
        Function {
            name: "feed",
            takes: &[],
            returns: "int",
            returns_doc: ZERO,
            doc: text("Feed the watchdog: its time begins again.", "喂狗，重新开始计时。"),
            errors: &[CLOSED],
            example: "watchdog = WDT()\nwatchdog.open('watchdog')\nprint(watchdog.feed())  # 0",
        },
    ],
    ..EMPTY
};

const fn part(name: &'static str, doc: Text) -> Argument {
    argument(name, "int", doc)
}

const RTC_METHODS: Family = Family {
    name: "driver_rtc",
    title: same("RTC"),
    functions: &[
        Function {
            name: "open",
            takes: &[],
            returns: "int",
            returns_doc: ZERO,
            doc: text("Open the clock.", "打开时钟。"),
            errors: &[],
            example: "clock = RTC()\nprint(clock.open())  # 0",
        },
        close("clock = RTC()\nclock.open()\nprint(clock.close())  # 0"),
        Function {
            name: "getTime",
            takes: &[],
            returns: "dict[str, int] | Any",
            returns_doc: text(
                "a dictionary with `year` (two digits), `month`, `date`, `hr`, `min`, `sec`",
                "字典，键为 `year`（两位）、`month`、`date`、`hr`、`min`、`sec`",
            ),
            doc: text("Read the clock.", "读取时钟。"),
            errors: &[CLOSED],
            example: "\
clock = RTC()
clock.open()
clock.setTime(26, 11, 30, 18, 25, 8)
print(clock.getTime()['year'])  # 26",
        },
        Function {
            name: "setTime",
            takes: &[
                part("year", text("26 or 2026: 2000 to 2099", "26 或 2026，范围 2000 至 2099")),
                part("month", same("1–12")),
                part("date", same("1–31")),
                part("hour", same("0–23")),
                part("minute", same("0–59")),
                part("second", same("0–59")),
            ],
            returns: "int",
            returns_doc: ZERO,
            doc: text("Set the clock.", "设置时钟。"),
            errors: &[
                CLOSED,
                raises("TypeError", "an argument is not an `int`", "参数不是 `int`"),
                raises("ValueError", "an argument is out of range", "参数超出范围"),
            ],
            example: "clock = RTC()\nclock.open()\nprint(clock.setTime(26, 11, 30, 18, 25, 8))  # 0",
        },
    ],
    ..EMPTY
};
