"""Threads on the emulated board: turns, waiting, memory, soft resets; and what they do to a device, by tests of the unix port."""

import pytest

from micropython import Script, run
from scripts import STAYING, STAYS, script
from test_thread_collector import test_threads_whose_allocations_collect  # noqa: F401
from test_threads import (  # noqa: F401
    INTERRUPTED,
    test_a_second_thread_does_everything,
    test_a_second_thread_publishes,
    test_the_device_lives_on_after_an_interrupt_that_is_caught,
)


def says(body, **more):
    ended = run(script(body), **more)
    assert (ended.code, ended.errors) == (0, ""), ended
    return ended.lines


def test_sleeping_threads_leave_the_others_their_turn():
    body = """
    import _thread
    log = []

    def work(name):
        for number in range(3):
            log.append((number, name))
            time.sleep_ms(40)

    for name in "abc":
        _thread.start_new_thread(work, (name,))
    wait(lambda: len(log) == 9)
    print([number for number, name in log])
    """
    assert says(body) == ["[0, 0, 0, 1, 1, 1, 2, 2, 2]"]


def test_threads_that_never_wait_share_the_processor():
    """Each gets its turn, and so does a main program that sleeps."""
    body = """
    import _thread
    counts = [0, 0, 0]

    def count(number):
        while not stop:
            counts[number] += 1

    stop = False
    for number in range(3):
        _thread.start_new_thread(count, (number,))
    for _ in range(20):
        time.sleep_ms(10)
    stop = True
    print(min(counts) > 1000, max(counts) < 2 * min(counts))
    """
    assert says(body) == ["True True"]


def test_a_lock_is_held_by_one():
    body = """
    import _thread
    lock = _thread.allocate_lock()
    total, over = [0], []

    def add():
        for _ in range(200):
            with lock:
                before = total[0]
                for _ in range(20):
                    pass
                total[0] = before + 1
        over.append(1)

    for _ in range(5):
        _thread.start_new_thread(add, ())
    wait(lambda: len(over) == 5)
    print(total, lock.locked(), lock.acquire(), lock.acquire(0))
    """
    assert says(body) == ["[1000] False True False"]


def test_an_exception_ends_its_thread_alone():
    body = """
    import _thread
    def bad():
        raise ValueError("my own")
    _thread.start_new_thread(bad, ())
    _thread.start_new_thread(_thread.exit, ())
    time.sleep_ms(50)
    print("on")
    """
    lines = says(body)
    assert lines[0].startswith("Unhandled exception in thread started by <function bad at ")
    assert lines[-2:] == ["ValueError: my own", "on"]


def test_a_deep_recursion_in_a_thread():
    body = """
    import _thread
    def deep(number):
        return deep(number + 1) + 1
    def work():
        try:
            deep(0)
        except RuntimeError as error:
            print(error)
    _thread.start_new_thread(work, ())
    time.sleep_ms(100)
    """
    assert says(body) == ["maximum recursion depth exceeded"]


def test_hundreds_of_threads_leave_nothing():
    body = """
    import _thread
    over = []

    def fifty():
        for _ in range(50):
            _thread.start_new_thread(over.append, (1,))
        wait(lambda: len(over) == 50)
        over.clear()
        time.sleep_ms(10)
        gc.collect()
        return gc.mem_alloc()

    fifty()
    print([fifty() for _ in range(6)])
    """
    [used] = says(body)
    used = eval(used)
    # A stack has 16 KB.
    assert max(used) - min(used) < 8_000, used


def test_what_a_thread_holds_is_not_collected():
    """On its stack alone, while it sleeps and while it collects itself."""
    body = """
    import _thread
    good = []

    def hold(number):
        held = [bytes([number]) * 50 for _ in range(50)]
        for _ in range(10):
            gc.collect()
            time.sleep_ms(1)
        good.append(all(part == bytes([number]) * 50 for part in held))

    for number in range(8):
        _thread.start_new_thread(hold, (number,))
    while len(good) < 8:
        junk = [bytearray(50) for _ in range(200)]
    print(set(good))
    """
    assert says(body) == ["{True}"]


@pytest.mark.parametrize("what", ["sleeps", "spins", "waits for a lock", "collects", "publishes"])
def test_a_soft_reset_ends_threads(cloud, device, what):
    """One that went on would disturb the next load, whose heap begins empty."""
    works = {
        "sleeps": "time.sleep_ms(1)",
        "spins": "number = 1",
        "waits for a lock": "lock.acquire()",
        "collects": "gc.collect()",
        "publishes": "device.publish({'topic': USER + 'a', 'payload': 'x', 'qos': 1})",
    }
    body = f"""
    import _thread
    lock = _thread.allocate_lock()
    lock.acquire()
    if {what == "publishes"}:
        device = online()
    def work():
        while True:
            {works[what]}
    for _ in range(5):
        _thread.start_new_thread(work, ())
    kept = [bytearray(100) for _ in range(500)]
    time.sleep_ms(100)
    print("load ends")
    """
    with Script(script(body), cloud, device, options=["--loads", "4"]) as running:
        assert running.wait() == 0, running.errors
    assert (running.lines, running.errors) == (["load ends"] * 4, "")


def test_a_thread_publishes_when_the_main_program_has_ended(cloud, device):
    body = (
        STAYING
        + """
import _thread
def work():
    number = 0
    while True:
        time.sleep_ms(20)
        if device.publish({"topic": USER + "a", "payload": str(number), "qos": 1}) == 0:
            number += 1
_thread.start_new_thread(work, ())
"""
    )
    name = device["deviceName"]
    with Script(body, cloud, device, options=["--stay"]) as running:
        running.wait_line(STAYS)
        cloud.wait_seen(lambda record: record["payload"] == "20", device=name, kind="publish")
        cloud.do("service", device=name, service="end")
        assert running.wait() == 0
    assert running.errors == ""
    sent = [record["payload"] for record in cloud.seen(device=name, kind="publish")]
    assert sent == [str(number) for number in range(len(sent))]


def test_ctrl_c_reaches_a_main_program_beside_a_thread(cloud, device):
    with Script(script(INTERRUPTED["in a sleep, with a second thread"]), cloud, device) as running:
        running.wait_line("ready")
        running.interrupt()
        assert running.wait() == 1
    assert running.errors.endswith("KeyboardInterrupt: ")
