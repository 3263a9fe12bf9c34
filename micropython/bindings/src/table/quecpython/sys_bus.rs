//! `sys_bus`: messages between the parts of a script.

use crate::table::common::*;
use crate::table::entry::*;

pub const SCOPE: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "sys_bus",
    doc: "",
    page: "quecpython-sys-bus",
    begin: text(
        "```python\nimport sys_bus\n```\n\n\
         QuecPython's `sys_bus` for boards whose firmware has no such module, or an early one without `publish_sync`. A subscriber is\n\
         a function of a topic and a message. Any value can be a message, and any value that can be a key can be a topic. It is\n\
         installed with the [other modules](from-quecpython.md#install).\n\n\
         `publish` never waits for a subscriber. Each call of a subscriber runs in a thread, beside the other calls. So several\n\
         messages can be worked on at the same time, and their order is not certain. If order matters, subscribe a function that\n\
         appends to a list, or use `publish_sync`.\n\n\
         QuecPython starts a thread for each call, without a limit. Here up to 8 threads run calls, and 64 more calls can wait.\n\
         The threads end when no call is left. Where no thread can be started, the calls run\n\
         in the main program as callbacks of MicroPython's scheduler, one after the other. Examples are firmware without `_thread`,\n\
         and a Pico whose second core runs a thread of the script. A subscriber that never returns then stops all others.\n",
        "```python\nimport sys_bus\n```\n\n\
         QuecPython 的 `sys_bus`，供固件中没有该模块或只有早期版本（没有 `publish_sync`）的开发板使用。订阅者是一个函数，参数为主题和消息。\
         消息可以是任何值，主题可以是任何能作为字典键的值。与[其他模块](from-quecpython.zh.md#安装)一起安装。\n\n\
         `publish` 从不等待订阅者。对订阅者的每次调用都在线程中执行，与其他调用同时进行，因此可能同时处理多条消息，先后顺序不确定。\
         需要保证顺序时，请订阅一个只向列表追加的函数，或使用 `publish_sync`。\n\n\
         QuecPython 为每次调用启动一个线程，没有上限。这里最多 8 个线程执行调用，另外最多 64 次调用排队，\
         没有待执行的调用时线程结束。无法启动线程时，调用由 MicroPython 调度器在主程序中以回调方式逐个执行，\
         例如固件没有 `_thread`，或 Pico 的第二个核已在运行脚本的线程。此时如果某个订阅者一直不返回，其余订阅者都无法执行。\n",
    ),
    end: same(""),
    families: &[&[&SUBSCRIBING, &PUBLISHING]],
};

const TOPIC: Argument = argument("topic", "Any", text("the topic", "主题"));
const MSG: Argument = argument("msg", "Any", text("the message", "消息"));
const CB: Argument = argument(
    "cb",
    "Callable[[Any, Any], object]",
    text("a function of `(topic, msg)`", "参数为 `(topic, msg)` 的函数"),
);
const BUSY: (Failure, Text) =
    raises("OSError", "64 calls wait, because the subscribers are busy", "已有 64 次调用在排队，订阅者处理不过来");

const SUBSCRIBING: Family = Family {
    name: "bus_subscribing",
    title: text("Subscribing", "订阅"),
    functions: &[
        Function {
            name: "subscribe",
            takes: &[TOPIC, CB],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Have a function called for each message of a topic. A function that subscribes twice is called twice.",
                "订阅主题，每条消息都会调用该函数。同一函数订阅两次则调用两次。",
            ),
            errors: &[raises("TypeError", "cb cannot be called", "cb 不可调用")],
            example: "\
def on_key(topic, msg):
    print(topic, msg)  # key 5

sys_bus.subscribe('key', on_key)
sys_bus.publish_sync('key', 5)",
        },
        Function {
            name: "unsubscribe",
            takes: &[
                TOPIC,
                optional_argument(
                    "cb",
                    "Callable[[Any, Any], object] | None",
                    "None",
                    text("the function; `None`: all of the topic", "函数；`None` 表示该主题的所有函数"),
                ),
            ],
            returns: "bool",
            returns_doc: text("`True`; `False` if it had not subscribed", "`True`；之前没有订阅则为 `False`"),
            doc: text("Cancel a subscription. Calls that wait are still made.", "取消订阅。已在排队的调用仍会执行。"),
            errors: &[],
            example: "\
sys_bus.subscribe('key', print)
print(sys_bus.unsubscribe('key', print))  # True
print(sys_bus.unsubscribe('key'))  # False",
        },
        Function {
            name: "sub_table",
            takes: &[Argument { default: Some("None"), ..TOPIC }],
            returns: "Any",
            returns_doc: text(
                "a list of the topic's functions; without a topic, a dict of such lists",
                "该主题的函数列表；不指定主题时为各主题的函数列表组成的字典",
            ),
            doc: text("Show who has subscribed.", "查询订阅情况。"),
            errors: &[],
            example: "\
sys_bus.subscribe('key', print)
print(len(sys_bus.sub_table('key')), list(sys_bus.sub_table()))  # 1 ['key']",
        },
    ],
    ..EMPTY
};

const PUBLISHING: Family = Family {
    name: "bus_publishing",
    title: text("Publishing", "发布"),
    constants: &[
        Constant {
            name: "THREADS",
            value: Value::Int(8),
            doc: text("how many threads run calls; a script can set it", "执行调用的线程数上限，脚本可以修改"),
        },
        Constant {
            name: "WAITING",
            value: Value::Int(64),
            doc: text("how many calls can wait; a script can set it", "排队的调用数上限，脚本可以修改"),
        },
    ],
    functions: &[
        Function {
            name: "publish",
            takes: &[TOPIC, MSG],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Have the topic's functions called in threads, without waiting for them. A callback can call it. An exception of a function is printed.",
                "在线程中调用该主题的函数，不等待其执行。可以在回调中使用。函数的异常会被打印。",
            ),
            errors: &[BUSY],
            example: "\
def on_key(topic, msg):
    print(msg)  # 5

sys_bus.subscribe('key', on_key)
sys_bus.publish('key', 5)",
        },
        Function {
            name: "publish_async",
            takes: &[TOPIC, MSG],
            returns: "None",
            returns_doc: NOTHING,
            doc: text("The same as `publish`.", "与 `publish` 相同。"),
            errors: &[BUSY],
            example: "print(sys_bus.publish_async('nobody', 5))  # None",
        },
        Function {
            name: "publish_sync",
            takes: &[TOPIC, MSG],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Call the topic's functions one after the other, and return when the last one has.",
                "依次调用该主题的函数，全部执行完后返回。",
            ),
            errors: &[(
                Failure::Raises("Exception"),
                text(
                    "what a function raises; the functions behind it are not called",
                    "某个函数抛出的异常；其后的函数不再调用",
                ),
            )],
            example: "\
def on_key(topic, msg):
    print('key', msg)  # key 5

sys_bus.subscribe('key', on_key)
sys_bus.publish_sync('key', 5)
print('done')  # done",
        },
    ],
    ..EMPTY
};
