"""Ctrl-C inside a burst of callbacks: does it stop at once, with nothing told, acknowledged or answered that was not?"""

import json
import textwrap

import pytest

from micropython import Script
from scripts import script, user_topic

COUNT = 12

# How long no callback begins once Ctrl-C has stopped one, so that the main program has its turn. A busy computer makes it
# longer, never shorter.
REST_MS = 100

# What is called, and how long it was from the end of each call that Ctrl-C has stopped to the beginning of the next one.
HEARD = """
called, ends, stopped = [], [], []


def heard(data):
    called.append(time.ticks_ms())
    number = len(called)
    print("call", number)
    try:
        while number in LASTING:
            WAITS
    except KeyboardInterrupt:
        stopped.append(number)
        raise
    finally:
        ends.append(time.ticks_ms())
    print("ended", number)


def rests():
    return [time.ticks_diff(called[number], ends[number - 1]) for number in stopped if number < len(called)]
"""

# The third call lasts until it is interrupted. All that Ctrl-C may strike is inside of `try`.
BODY = """
import micropython

HEARD

device = Device()
{setting}
online(device)
{subscribing}
try:
    print("ready")
    {burst}
    while True:
        time.sleep(1)
except KeyboardInterrupt:
    for _ in range(20):
        pass  # at a jump MicroPython runs what is scheduled
print("interrupted")
input()
{afterwards}
print("rested", rests())
device.end()
print("end", len(called))
"""


def with_heard(body, lasting, waits="pass"):
    """The script with `heard`, whose calls of these numbers last until they are interrupted."""
    return script(body.replace("HEARD", HEARD).replace("LASTING", str(lasting)).replace("WAITS", waits))


def check_rests(running, count):
    """So many calls that were stopped had another one behind them, after a rest."""
    rests = json.loads(running.wait_line("rested").text.split(" ", 1)[1])
    assert len(rests) == count and all(ms >= REST_MS for ms in rests), rests


def begin(cloud, device, waits="pass", setting="", subscribing="", burst="pass", afterwards=""):
    body = BODY.format(setting=setting, subscribing=subscribing, burst=burst, afterwards=afterwards)
    return Script(with_heard(body, (3,), waits), cloud, device)


def interrupt_third(running, rests=1):
    """Ctrl-C in the third call stops it, and the script then goes on to its end, with another call unless `rests` is 0."""
    running.wait_line("call 3")
    running.interrupt()
    running.wait_line("interrupted")
    assert "ended 3" not in running.lines
    running.say("")
    assert running.wait() == 0, f"{running.lines} {running.errors}"
    check_rests(running, rests)


WAITS = ["pass", "time.sleep_ms(50)"]


@pytest.mark.parametrize("waits", WAITS)
def test_messages_stay_unacknowledged(cloud, device, waits):
    name = device["deviceName"]
    running = begin(
        cloud,
        device,
        waits,
        setting="device.on(Device.ON_SUBCRIBE, heard)",
        subscribing='device.subscribe({"topic": USER + "get", "qos": 1})',
        afterwards=f"wait(lambda: len(called) == {COUNT})",
    )
    with running:
        running.wait_line("ready")
        cloud.wait_seen(device=name, kind="subscribe")
        for number in range(COUNT):
            cloud.do("publish", topic=user_topic(device, "get"), payload=str(number), qos=1)
        interrupt_third(running)
    assert running.lines[-1] == f"end {COUNT}", "the others were told afterwards"


@pytest.mark.parametrize("waits", WAITS)
@pytest.mark.parametrize("kind", ["set", "service"])
def test_requests_that_were_not_told_are_not_answered(cloud, device, kind, waits):
    name = device["deviceName"]
    running = begin(
        cloud,
        device,
        waits,
        setting=f"device.on(Device.ON_{'PROPS' if kind == 'set' else 'SERVICE'}, heard)",
        afterwards=f"wait(lambda: len(called) == {COUNT})",
    )
    with running:
        running.wait_line("ready")
        ids = []
        for number in range(COUNT):
            more = {"params": {"a": number}} if kind == "set" else {"service": "s"}
            ids.append(cloud.do(kind, device=name, **more)["id"])
        interrupt_third(running)
    replies = cloud.seen(device=name, kind=f"{kind}_reply")
    assert [record["id"] for record in replies] == ids
    assert [record["code"] for record in replies] == [200, 200, 500] + [200] * (COUNT - 3), "the third was told, and cut short"


@pytest.mark.parametrize("waits", WAITS)
def test_the_progress_of_an_upload(cloud, device, waits):
    running = begin(
        cloud,
        device,
        waits,
        burst='device.uploadContent("a.bin", bytes(400_000), heard)',
        afterwards='print(device.uploadContent("b.bin", bytes(20_000)) is not None)',
    )
    with running:
        interrupt_third(running, rests=0)
    assert "True" in running.lines
    assert cloud.seen(device=device["deviceName"], kind="upload_cancel")


def test_replies_that_are_given_up(cloud, device):
    cloud.do("reply", mode="silent", count=COUNT)
    running = begin(
        cloud,
        device,
        burst=f'[device.postProps({{"params": {{"a": n}}}}, heard) for n in range({COUNT})]; device.end()',
        afterwards=f"wait(lambda: len(called) == {COUNT})",
    )
    with running:
        interrupt_third(running)
    assert running.lines[-1] == f"end {COUNT}"


def test_those_who_wait_for_the_time(cloud, device):
    # What is scheduled ends before a callback comes. Ctrl-C would stop a loop that still asks, too.
    running = begin(
        cloud,
        device,
        burst=f"micropython.schedule(lambda _: [device.getNtpTime(heard) for n in range({COUNT})], None)",
        afterwards=f"wait(lambda: len(called) == {COUNT})",
    )
    with running:
        interrupt_third(running)
    assert running.lines[-1] == f"end {COUNT}"


def test_wake_ups_that_were_scheduled_before(cloud, device):
    """Each post arms the wake-up, so MicroPython's queue holds several when the callbacks begin."""
    setting = f"""
def posts(_):
    for _ in range({COUNT}):
        device.postProps({{"params": {{"a": 1}}}}, heard)
        time.sleep_ms(50)  # the reply comes, but no callback while this function runs
"""
    running = begin(
        cloud,
        device,
        setting=setting,
        burst="micropython.schedule(posts, None)",
        afterwards=f"wait(lambda: len(called) == {COUNT})",
    )
    with running:
        interrupt_third(running)
    assert running.lines[-1] == f"end {COUNT}"


def test_a_second_ctrl_c_stops_the_next_one(cloud, device):
    body = """
    HEARD

    def interrupted(times):
        # A callback may come between any two lines, and Ctrl-C with it: whatever it strikes is inside of a `try`.
        try:
            if times > 1:
                interrupted(times - 1)
            else:
                print("ready")
            while True:
                time.sleep(1)
        except KeyboardInterrupt:
            pass


    device = Device()
    device.on(Device.ON_SUBCRIBE, heard)
    online(device)
    device.subscribe({"topic": USER + "get", "qos": 1})
    interrupted(3)
    print("stopped")
    wait(lambda: len(called) == 6)
    print("rested", rests())
    device.end()
    """
    with Script(with_heard(textwrap.dedent(body), (1, 2, 3)), cloud, device) as running:
        running.wait_line("ready")
        cloud.wait_seen(device=device["deviceName"], kind="subscribe")
        for number in range(6):
            cloud.do("publish", topic=user_topic(device, "get"), payload=str(number), qos=1)
        for number in (1, 2, 3):
            running.wait_line(f"call {number}")
            running.interrupt()
        running.wait_line("stopped")
        assert running.wait() == 0, running.errors
    check_rests(running, 3)
