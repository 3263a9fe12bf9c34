//! `luatos.sys`: the part of LuatOS's `sys` that scripts for its clouds use.

use crate::table::common::*;
use crate::table::entry::*;

pub const SCOPE: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "sys",
    doc: "",
    page: "luatos-sys",
    begin: text(
        "```python\nfrom luatos import sys\n```\n\n\
         The part of LuatOS's `sys` that scripts for its clouds use, on asyncio. It is in the package `luatos`, because MicroPython\n\
         has a `sys` of its own. A task is an `async def` function, and `await` stands before `wait` and `waitUntil`. A script that\n\
         only subscribes and publishes needs no asyncio. [Coming from LuatOS](from-luatos.md) lists the differences.\n\n\
         Any callback may call every function here, such as a callback of `Device`, `machine.Timer` or `Pin.irq`.\n",
        "```python\nfrom luatos import sys\n```\n\n\
         LuatOS 的 `sys` 中连接云平台的脚本所用的部分，基于 asyncio。MicroPython 自带 `sys` 模块，因此本模块放在 `luatos` 包中。\
         任务是 `async def` 函数，`wait` 和 `waitUntil` 前要写 `await`。只订阅和发布消息的脚本不需要 asyncio。与 LuatOS 的区别见[从 LuatOS 迁移](from-luatos.zh.md)。\n\n\
         任何回调（例如 `Device`、`machine.Timer`、`Pin.irq` 的回调）都可以调用这里的所有函数。\n",
    ),
    end: same(""),
    families: &[&[&TASKS, &MESSAGES, &TIMERS]],
};

const FUNCTION: Argument = argument(
    "function",
    "Callable[..., object]",
    text(
        "the function; a plain one, or an `async def` function, which may wait",
        "函数：普通函数，或可以等待的 `async def` 函数",
    ),
);
const PLAIN: Argument = argument(
    "function",
    "Callable[..., object]",
    text("a function that is not `async def`", "普通函数，不能是 `async def` 函数"),
);
const ARGUMENTS: Argument = argument("*arguments", "Any", text("its arguments", "函数的参数"));
const MS: Argument = argument("ms", "int", text("milliseconds, 1 to 536870911", "毫秒数，1 至 536870911"));
const TOPIC: Argument = argument("topic", "str", text("the name of the message", "消息名称"));
const TOPICS: Argument = argument(
    "topic",
    "str | list[str]",
    text("the name of the message, or several names", "消息名称，可以是多个名称的列表"),
);
const TIMER: Argument = argument(
    "timer",
    "int | Callable[..., object]",
    text("the timer's number, or its function", "定时器编号，或其函数"),
);
const ITS_ARGUMENTS: Argument = argument("*arguments", "Any", text("the arguments of that function", "该函数的参数"));
const NOT_CALLABLE: (Failure, Text) = raises("TypeError", "the function cannot be called", "函数不可调用");
const OUT_OF_RANGE: (Failure, Text) = raises("ValueError", "ms is out of range", "ms 超出范围");

const TASKS: Family = Family {
    name: "tasks",
    title: text("Tasks", "任务"),
    functions: &[
        Function {
            name: "taskInit",
            takes: &[FUNCTION, ARGUMENTS],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Start a task. It begins when `run()` runs, or another loop of asyncio. asyncio prints an exception in a task; the other tasks continue.",
                "启动任务。`run()` 或其他 asyncio 循环运行时，任务开始执行。任务中的异常由 asyncio 打印，其他任务继续运行。",
            ),
            errors: &[NOT_CALLABLE],
            example: "\
async def blink(times):
    for number in range(times):
        print(number)  # 0
        await sys.wait(500)

sys.taskInit(blink, 1)",
        },
        Function {
            name: "wait",
            takes: &[argument("ms", "int", text("milliseconds", "毫秒数"))],
            returns: "Awaitable[None]",
            returns_doc: text("what `await` needs", "供 `await` 使用的对象"),
            doc: text("Wait in a task: `await sys.wait(1000)`.", "在任务中等待：`await sys.wait(1000)`。"),
            errors: &[],
            example: "\
async def task():
    await sys.wait(10)
    print('later')  # later

sys.taskInit(task)",
        },
        Function {
            name: "run",
            takes: &[],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Run the tasks and timers for ever, as the last line of the script. A script that runs asyncio by itself does not need it.",
                "一直运行所有任务和定时器，写在脚本的最后一行。自行运行 asyncio 的脚本不需要它。",
            ),
            errors: &[(
                Failure::Raises("SystemExit"),
                text("a task raises it, to end the script", "任务抛出它来结束脚本"),
            )],
            example: "\
async def main():
    print('started')  # started

sys.taskInit(main)
sys.run()",
        },
    ],
    ..EMPTY
};

const MESSAGES: Family = Family {
    name: "luatos_messages",
    title: text("Messages", "消息"),
    functions: &[
        Function {
            name: "publish",
            takes: &[TOPIC, argument("*arguments", "Any", text("what the receivers get", "传给接收方的参数"))],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Call the functions that have subscribed, at once, and wake the tasks that wait in `waitUntil`. An exception of a function is printed; the others are still called.",
                "立即调用已订阅的函数，并唤醒在 `waitUntil` 中等待的任务。函数的异常会被打印，其余函数照常调用。",
            ),
            errors: &[],
            example: "\
def on_ready(name):
    print(name)  # dev01

sys.subscribe('net_ready', on_ready)
sys.publish('net_ready', 'dev01')",
        },
        Function {
            name: "subscribe",
            takes: &[TOPICS, PLAIN],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Have a function called for each message. The same function counts once.",
                "订阅消息，每条消息都会调用该函数。同一函数只计一次。",
            ),
            errors: &[NOT_CALLABLE],
            example: "\
def on_key(number):
    print(number)  # 5

sys.subscribe('key', on_key)
sys.publish('key', 5)",
        },
        Function {
            name: "unsubscribe",
            takes: &[TOPICS, PLAIN],
            returns: "None",
            returns_doc: NOTHING,
            doc: text("Cancel a subscription.", "取消订阅。"),
            errors: &[],
            example: "\
sys.subscribe('key', print)
sys.unsubscribe('key', print)
print(sys.publish('key', 5))  # None",
        },
        Function {
            name: "waitUntil",
            takes: &[
                TOPIC,
                optional_argument(
                    "timeout",
                    "int | None",
                    "None",
                    text("milliseconds; `None` waits for ever", "毫秒数；`None` 表示一直等待"),
                ),
            ],
            returns: "Awaitable[tuple[Any, ...]]",
            returns_doc: text(
                "`(True, argument, …)` with the arguments of `publish()`, `(True, None)` if there were none, and `(False, None)` after the timeout",
                "`(True, argument, …)`，即 `publish()` 的参数；没有参数时为 `(True, None)`，超时为 `(False, None)`",
            ),
            doc: text("Wait for a message in a task.", "在任务中等待消息。"),
            errors: &[],
            example: "\
async def task():
    came, name = await sys.waitUntil('net_ready', 60000)
    print(came, name)  # True dev01

sys.taskInit(task)
sys.timerStart(sys.publish, 100, 'net_ready', 'dev01')",
        },
    ],
    ..EMPTY
};

const TIMERS: Family = Family {
    name: "timers",
    title: text("Timers", "定时器"),
    functions: &[
        Function {
            name: "timerStart",
            takes: &[FUNCTION, MS, ARGUMENTS],
            returns: "int",
            returns_doc: text("the timer's number", "定时器编号"),
            doc: text(
                "Call a function once, in a task. A timer of the same function with the same arguments is started again.",
                "延时后在任务中调用一次函数。函数和参数都相同的定时器会重新开始。",
            ),
            errors: &[NOT_CALLABLE, OUT_OF_RANGE],
            example: "\
def on_timer(text):
    print(text)  # once

sys.timerStart(on_timer, 10, 'once')",
        },
        Function {
            name: "timerLoopStart",
            takes: &[FUNCTION, MS, ARGUMENTS],
            returns: "int",
            returns_doc: text("the timer's number", "定时器编号"),
            doc: text("Call a function again and again.", "循环调用函数。"),
            errors: &[NOT_CALLABLE, OUT_OF_RANGE],
            example: "\
def tick():
    sys.timerStop(timer)
    print('tick')  # tick

timer = sys.timerLoopStart(tick, 10)",
        },
        Function {
            name: "timerStop",
            takes: &[TIMER, ITS_ARGUMENTS],
            returns: "None",
            returns_doc: NOTHING,
            doc: text("Stop a timer. A call that has begun goes on.", "停止定时器。已开始的调用会继续执行。"),
            errors: &[],
            example: "\
timer = sys.timerStart(print, 60000, 'never')
print(sys.timerStop(timer))  # None",
        },
        Function {
            name: "timerStopAll",
            takes: &[argument("function", "Callable[..., object]", text("the function", "函数"))],
            returns: "None",
            returns_doc: NOTHING,
            doc: text("Stop the timers of a function, whatever their arguments.", "停止该函数的所有定时器，不论参数。"),
            errors: &[],
            example: "\
sys.timerStart(print, 60000, 'one')
sys.timerStart(print, 60000, 'two')
print(sys.timerStopAll(print))  # None",
        },
        Function {
            name: "timerIsActive",
            takes: &[TIMER, ITS_ARGUMENTS],
            returns: "bool",
            returns_doc: text("whether the timer is started and not stopped yet", "定时器已启动且尚未停止时为 True"),
            doc: text(
                "Say whether a timer is active. A timer that calls its function once is not, once its time has come.",
                "查询定时器是否在运行。只调用一次的定时器到时间后即不再运行。",
            ),
            errors: &[],
            example: "\
timer = sys.timerStart(print, 60000, 'never')
print(sys.timerIsActive(timer), sys.timerIsActive(print, 'other'))  # True False
sys.timerStop(timer)",
        },
    ],
    ..EMPTY
};
