"""`sys_bus`: who gets a message, in which thread, and what happens when many come at once; with and without `_thread`."""

import pytest

from micropython import family_path, run

BEGIN = """
import micropython, sys, time

def wait(done, ms=20000):
    end = time.ticks_add(time.ticks_ms(), ms)
    while not done():
        if time.ticks_diff(end, time.ticks_ms()) < 0:
            raise Exception("waited in vain")
        time.sleep_ms(1)

def told(topic, msg):
    print(topic, msg)
"""
THREADS = "import _thread\nimport sys_bus\n"
# As on firmware without the module, and on a board whose one other thread the script itself uses.
NO_MODULE = 'sys.modules["_thread"] = None\nimport sys_bus\n'
NO_THREAD = """
import _thread

class OneCore:
    allocate_lock, get_ident = _thread.allocate_lock, _thread.get_ident
    @staticmethod
    def start_new_thread(*_):
        raise OSError("core1 in use")

sys.modules["_thread"] = OneCore
import sys_bus
"""
EACH_WAY = pytest.mark.parametrize("way", [THREADS, NO_MODULE, NO_THREAD], ids=["threads", "no_module", "no_thread"])


def play(way, text):
    script = run(BEGIN + way + text, env={"MICROPYPATH": family_path("quecpython")})
    assert (script.code, script.errors) == (0, "")
    return script.lines


@EACH_WAY
def test_each_subscriber_gets_a_message(way):
    text = """
got = []
one, two = lambda topic, msg: got.append((1, topic, msg)), lambda topic, msg: got.append((2, topic, msg))
sys_bus.subscribe("a", one)
sys_bus.subscribe("a", two)
sys_bus.subscribe("b", two)
for publish in (sys_bus.publish, sys_bus.publish_async, sys_bus.publish_sync):
    print(publish("a", {"n": 1}), publish("nobody", 1))
    wait(lambda: len(got) == 2)
    print(sorted(got, key=lambda each: each[0]))
    got.clear()
sys_bus.publish("b", None)
wait(lambda: got)
print(got)
"""
    both = "[(1, 'a', {'n': 1}), (2, 'a', {'n': 1})]"
    assert play(way, text) == ["None None", both] * 3 + ["[(2, 'b', None)]"]


@EACH_WAY
def test_the_table(way):
    text = """
class Pump:
    def on(self, topic, msg):
        print(topic, msg)

pump = Pump()
sys_bus.subscribe("a", told)
sys_bus.subscribe("a", told)
sys_bus.subscribe("a", pump.on)
print(len(sys_bus.sub_table("a")), list(sys_bus.sub_table()), sys_bus.sub_table("b"))
sys_bus.sub_table()["a"].clear()
print(sys_bus.unsubscribe("a", told), sys_bus.unsubscribe("a", print), sys_bus.unsubscribe("b"), sys_bus.unsubscribe("b", told))
sys_bus.publish_sync("a", 1)
print(sys_bus.unsubscribe("a", pump.on), sys_bus.sub_table("a") == [told], sys_bus.unsubscribe("a"), sys_bus.sub_table())
sys_bus.publish_sync("a", 2)
"""
    lines = ["3 ['a'] []", "True False False False", "a 1", "a 1", "True True True {}"]
    assert play(way, text) == lines


@EACH_WAY
def test_a_subscriber_that_raises_stops_no_other(way):
    text = """
def wrong(topic, msg):
    raise ValueError("wrong")

got = []
sys_bus.subscribe("a", wrong)
sys_bus.subscribe("a", lambda topic, msg: got.append(msg))
for number in range(3):
    sys_bus.publish("a", number)
wait(lambda: len(got) == 3)
try:
    sys_bus.publish_sync("a", 3)
except ValueError as error:
    print("published", error)
"""
    lines = play(way, text)
    assert lines.count("ValueError: wrong") == 3 and lines[-1] == "published wrong"


@EACH_WAY
def test_a_callback_publishes_and_goes_on(way):
    """A subscriber that works for long holds no callback of the scheduler up; without threads, it runs after the callback."""
    text = """
done = []

def works(topic, msg):
    time.sleep_ms(50)
    done.append(msg)

def callback(number):
    sys_bus.subscribe("late", told)
    sys_bus.publish("a", number)
    print("goes on", len(done))

sys_bus.subscribe("a", works)
for number in range(3):
    micropython.schedule(callback, number)
wait(lambda: len(done) == 3)
print(sorted(done), len(sys_bus.sub_table("late")))
"""
    lines = play(way, text)
    assert lines[0] == "goes on 0" and lines[-1] == "[0, 1, 2] 3"


@EACH_WAY
def test_a_subscriber_publishes(way):
    text = """
def first(topic, msg):
    sys_bus.publish("second", msg + 1)

def second(topic, msg):
    sys_bus.publish_sync("third", msg + 1)

sys_bus.subscribe("first", first)
sys_bus.subscribe("second", second)
sys_bus.subscribe("third", lambda topic, msg: got.append(msg))
got = []
sys_bus.publish("first", 1)
wait(lambda: got)
print(got)
"""
    assert play(way, text) == ["[3]"]


def test_subscribers_run_beside_each_other():
    """One that never returns holds up no other; and a message for it is no thread for ever."""
    text = """
got = []
stop = _thread.allocate_lock()
stop.acquire()

def waits(topic, msg):
    with stop:
        got.append(msg)

sys_bus.subscribe("waits", waits)
sys_bus.subscribe("a", lambda topic, msg: got.append(msg))
for number in range(sys_bus.THREADS - 1):
    sys_bus.publish("waits", "late")
sys_bus.publish("a", "at once")
wait(lambda: got)
print(got)
stop.release()
wait(lambda: len(got) == sys_bus.THREADS)
"""
    assert play(THREADS, text) == ["['at once']"]


def test_calls_and_threads_are_bounded():
    text = """
import os
got = []
stop = _thread.allocate_lock()
stop.acquire()

def waits(topic, msg):
    with stop:
        got.append(msg)

def threads():
    return len(os.listdir("/proc/self/task"))

before = threads()
sys_bus.subscribe("a", waits)
count = 0
try:
    while True:
        sys_bus.publish("a", count)
        count += 1
        # The calls that a thread has taken do not wait any more.
        wait(lambda: len(sys_bus._calls) == max(0, count - sys_bus.THREADS))
except OSError as error:
    print(error)
print(count == sys_bus.THREADS + sys_bus.WAITING, threads() - before == sys_bus.THREADS)
stop.release()
wait(lambda: len(got) == count)
wait(lambda: threads() == before)
sys_bus.publish("a", "again")
wait(lambda: len(got) == count + 1)
print(sorted(got[:-1]) == list(range(count)), got[-1])
"""
    assert play(THREADS, text) == [
        "publish(): 64 calls wait for subscribers that are busy",
        "True True",
        "True again",
    ]


def test_many_threads_and_callbacks_at_once():
    """Every message arrives once: from threads, from the main program, and from callbacks that interrupt it."""
    text = """
EACH, SENDERS = 300, 4
counts = {}
lock = _thread.allocate_lock()
ended = []

def count(topic, msg):
    with lock:
        counts[msg] = counts.get(msg, 0) + 1

def publish(msg):
    while True:
        try:
            return sys_bus.publish("a", msg)
        except OSError:
            time.sleep_ms(1)

def sender(number):
    for at in range(EACH):
        publish((number, at))
        if at % 50 == 0:
            sys_bus.subscribe((number, at), print)
            assert sys_bus.unsubscribe((number, at))
    ended.append(number)

def callback(at):
    try:
        sys_bus.publish("a", ("callback", at))
        calls.append(at)
    except OSError:
        pass

calls = []
sys_bus.subscribe("a", count)
for number in range(SENDERS):
    _thread.start_new_thread(sender, (number,))
for at in range(EACH):
    try:
        micropython.schedule(callback, at)
    except RuntimeError:
        pass
    publish(("main", at))
wait(lambda: len(ended) == SENDERS and not sys_bus._calls and not sys_bus._workers, 60000)
print(len(counts) == EACH * (SENDERS + 1) + len(calls), set(counts.values()), len(calls) > 10, len(sys_bus.sub_table()))
"""
    assert play(THREADS, text) == ["True {1} True 1"]


def test_a_thousand_messages_leave_nothing_behind():
    text = """
import gc, os

def used():
    gc.collect()
    return gc.mem_alloc(), len(os.listdir("/proc/self/fd"))

got = [0]

def count(topic, msg):
    got[0] += 1

def round():
    got[0] = 0
    for at in range(1000):
        wait(lambda: len(sys_bus._calls) < 8)
        sys_bus.publish("a", at)
    wait(lambda: got[0] == 1000 and not sys_bus._workers)

# One thread at a time, for the counter's sake.
sys_bus.THREADS = 1
sys_bus.subscribe("a", count)
round()
before = used()
round()
after = used()
print(after[1] - before[1], abs(after[0] - before[0]) < 1000)
"""
    assert play(THREADS, text) == ["0 True"]


def test_what_cannot_be_called():
    text = """
try:
    sys_bus.subscribe("a", 1)
except TypeError as error:
    print(error)
"""
    assert play(THREADS, text) == ["subscribe(): cb cannot be called"]
