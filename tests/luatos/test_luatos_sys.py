"""`luatos.sys`: tasks, timers and messages, started from tasks, from the main program and from callbacks."""

from micropython import run

BEGIN = """
import micropython, time
from luatos import sys

def told(*arguments):
    print(*arguments)

def attempt(function, *arguments):
    try:
        print(function(*arguments))
    except Exception as error:
        print(type(error).__name__, error)
"""


def play(text):
    """Runs a script whose tasks end it by SystemExit."""
    script = run(BEGIN + text)
    assert (script.code, script.errors) == (0, "")
    return script.lines


def test_tasks_wait_for_messages():
    text = """
shown = []

async def waits(topic, timeout=None):
    shown.append(await sys.waitUntil(topic, timeout))
    print(topic, shown[-1])
    sys.publish("shown")

async def main():
    for topic in ("one", "one", "two", "none"):
        sys.taskInit(waits, topic)
    sys.taskInit(waits, "late", 20)
    await sys.waitUntil("shown")
    sys.publish("one", 1, "a")
    sys.publish("two", None)
    sys.publish("none")
    while len(shown) < 5:
        await sys.wait(5)
    raise SystemExit

sys.taskInit(main)
sys.run()
"""
    lines = play(text)
    assert lines[0] == "late (False, None)"
    assert sorted(lines[1:]) == ["none (True, None)", "one (True, 1, 'a')", "one (True, 1, 'a')", "two (True, None)"]


def test_messages_need_no_loop():
    text = """
def once(*arguments):
    told("once", *arguments)
    sys.unsubscribe("a", once)

sys.subscribe("a", once)
sys.subscribe("a", told)
sys.subscribe("a", told)
sys.publish("a", 1)
sys.publish("a")
sys.unsubscribe("a", told)
sys.unsubscribe("b", told)
sys.publish("a", 2)
print("asyncio" in __import__("sys").modules)
"""
    assert play(text) == ["once 1", "1", "", "False"]


def test_several_messages_at_once():
    text = """
sys.subscribe(["a", "b"], told)
sys.subscribe(("b", "c"), told)
for topic in ("a", "b", "c"):
    sys.publish(topic, topic)
sys.unsubscribe(["b", "c", "d"], told)
for topic in ("a", "b", "c"):
    sys.publish(topic, topic, "again")
"""
    assert play(text) == ["a", "b", "c", "a again"]


def test_a_callback_starts_tasks_and_timers():
    """asyncio sleeps until something is due, for a minute here: a callback's task does not wait for that."""
    text = """
import _thread

async def last():
    raise SystemExit

def on_interrupt(_):
    sys.taskInit(told, "a plain function")
    sys.timerStart(sys.taskInit, 1, last)

async def sleeps():
    await sys.wait(60000)
    print("too late")

def interrupts():
    time.sleep_ms(30)
    micropython.schedule(on_interrupt, None)

sys.taskInit(sleeps)
_thread.start_new_thread(interrupts, ())
sys.run()
"""
    assert play(text) == ["a plain function"]


def test_a_callback_while_asyncio_is_loaded():
    """It runs between any two steps of an import, when asyncio has only some of its names."""
    text = """
class Loads:
    def __getattr__(self, name):
        if name in absent:
            raise AttributeError(name)
        if name == "ThreadSafeFlag" and not begun:
            begun.append(name)
            absent.append(name)
            sys.taskInit(told, "of the callback")
            sys.timerStart(last, 10)
            absent.clear()
        return getattr(asyncio, name)

def last():
    raise SystemExit

begun, absent = [], []
asyncio = __import__("asyncio")
__import__("sys").modules["asyncio"] = Loads()
sys.taskInit(told, "of the script")
sys.run()
"""
    assert sorted(play(text)) == ["of the callback", "of the script"]


def test_a_second_thread_starts_tasks_and_timers():
    """While asyncio sleeps, for a minute here."""
    text = """
import _thread

async def waits():
    print(await sys.waitUntil("from the thread"))
    sys.publish("shown")

async def last():
    await sys.waitUntil("shown")
    raise SystemExit

async def sleeps():
    await sys.wait(60000)
    print("too late")

def thread():
    time.sleep_ms(30)
    sys.taskInit(told, "a plain function")
    sys.timerStart(sys.publish, 20, "from the thread", 1)

sys.taskInit(sleeps)
sys.taskInit(waits)
sys.taskInit(last)
_thread.start_new_thread(thread, ())
sys.run()
"""
    assert play(text) == ["a plain function", "(True, 1)"]


def test_timers():
    """Once, again and again, restarted, stopped by number, by function and arguments, and by themselves."""
    text = """
ticks = []

def tick():
    ticks.append(1)
    if len(ticks) == 3:
        sys.timerStop(loop)

async def slow(name):
    await sys.wait(5)
    print(name)
    sys.publish("slow")

async def main():
    await sys.waitUntil("slow")
    while sys.timerIsActive(loop):
        await sys.wait(5)
    await sys.wait(20)
    print(len(ticks))
    raise SystemExit

loop = sys.timerLoopStart(tick, 5)
stopped = sys.timerStart(told, 5, "never")
sys.timerStart(told, 5, "neither")
sys.timerStop(stopped)
sys.timerStop(told, "neither")
sys.timerStop(told)
sys.timerStart(told, 10, "first")
sys.timerStart(told, 60, "restarted")
for _ in range(3):
    sys.timerStart(told, 30, "restarted")
sys.timerStart(slow, 90, "slow")
sys.taskInit(main)
sys.run()
"""
    assert play(text) == ["first", "restarted", "slow", "3"]


def test_timers_of_one_function():
    """Active by number, by function and arguments; stopped all at once, one of them from within the other."""
    text = """
def active(*timers):
    print([sys.timerIsActive(*timer) for timer in timers])

def on_timer(name):
    print(name, sys.timerIsActive(once))
    sys.timerStopAll(on_timer)
    sys.publish("shown")

async def main():
    await sys.waitUntil("shown")
    active((once,), (loop,), (on_timer, "loop"), (other,))
    sys.timerStopAll(told)
    active((other,))
    raise SystemExit

once = sys.timerStart(on_timer, 10, "once")
loop = sys.timerLoopStart(on_timer, 60000, "loop")
other = sys.timerStart(told, 60000, "other")
active((once,), (loop,), (on_timer, "loop"), (on_timer, "other"), (on_timer,), (other,), (other + 1,))
sys.taskInit(main)
sys.run()
"""
    assert play(text) == [
        "[True, True, True, False, False, True, False]",
        "once False",
        "[False, False, False, True]",
        "[False]",
    ]


def test_a_watchdog_that_is_restarted_leaves_nothing_behind():
    text = """
async def main():
    for _ in range(500):
        sys.timerStart(told, 60000, "barks")
    await sys.wait(1)
    print(len(sys._timers), len(sys._sleeps))
    raise SystemExit

sys.taskInit(main)
sys.run()
"""
    assert play(text) == ["1 1"]


def test_an_exception_of_a_task_stops_no_other():
    script = run(
        BEGIN
        + """
def wrong():
    raise ValueError("wrong")

async def main():
    sys.taskInit(wrong)
    sys.timerStart(wrong, 5)
    while sys.timerIsActive(wrong):
        await sys.wait(5)
    for _ in range(10):
        await sys.wait(1)
    print("goes on")
    raise SystemExit

sys.taskInit(main)
sys.run()
"""
    )
    assert script.code == 0
    assert [line for line in script.lines if "wrong" not in line][-1] == "goes on"
    assert ("\n".join(script.lines) + script.errors).count("ValueError: wrong") == 2


def test_beside_a_loop_of_the_scripts_own():
    text = """
import asyncio

async def waits():
    print(await sys.waitUntil("a"))
    sys.publish("shown")

async def main():
    sys.taskInit(waits)
    sys.timerStart(sys.publish, 10, "a", 5)
    await asyncio.wait_for(sys.waitUntil("shown"), 30)

for _ in range(2):
    asyncio.run(main())
"""
    assert play(text) == ["(True, 5)", "(True, 5)"]


def test_wrong_arguments_are_named():
    text = """
for function, arguments in (
    (sys.taskInit, (1,)), (sys.subscribe, ("a", 1)), (sys.timerStart, (1, 1)), (sys.timerLoopStart, (None, 1)),
    (sys.timerStart, (told, 0)), (sys.timerLoopStart, (told, 1 << 29)), (sys.timerStart, (told, "1")),
):
    attempt(function, *arguments)
"""
    assert play(text) == [
        "TypeError taskInit(): the function cannot be called",
        "TypeError subscribe(): the function cannot be called",
        "TypeError timerStart(): the function cannot be called",
        "TypeError timerLoopStart(): the function cannot be called",
        "ValueError timerStart(): ms must be 1 to 536870911",
        "ValueError timerLoopStart(): ms must be 1 to 536870911",
        "TypeError timerStart(): ms must be int",
    ]
