"""QuecPython's `aLiYun` for hours, in short: the same calls again and again, from several threads, and nothing is left over."""

import re

import pytest

from micropython import ROOT
from quec_scripts import ends_well

# What a stress test of Quectel's users does in each round, without its pauses.
ROUND = """
def first_half():
    ali = aLiYun(key, None, name, secret)
    results = [ali.setMqtt("12345", clean_session=False, keepAlive=60)]
    results.append(ali.setMqtt("12345", clean_session=True, keepAlive=60))
    ali.disconnect()
    return ali, results

def second_half(ali):
    results = [ali.setMqtt("12345", clean_session=True, keepAlive=60)]
    ali.setCallback(lambda topic, msg: got.append(msg))
    results.append(ali.subscribe(USER + "update"))
    results.append(ali.publish(USER + "update", "hell world") - 1)
    ali.start()
    until(lambda: got)
    got.clear()
    ali.disconnect()
    return results
"""
STRESS = """
import os

def left():
    gc.collect()
    return len(os.listdir("/proc/self/fd")), gc.mem_free()

results = set()
ali, more = first_half()
for number in range(ROUNDS):
    if number == 20:
        before = left()
    if number % 2:
        ali, more = first_half()
        results.update(more)
    results.update(second_half(ali))
after = left()
print(results, after[0] - before[0], before[1] - after[1] < 1024)
print("memory:", before[1] - after[1])
"""


@pytest.mark.slow
def test_hundreds_of_rounds_leave_nothing_behind(cloud, device, start, figure):
    """Neither a descriptor nor memory."""
    rounds = 200
    with start(ROUND + STRESS.replace("ROUNDS", str(rounds))) as script:
        lines = ends_well(script)
    assert lines[0] == "{0} 0 True", lines
    figure(f"aLiYun: {rounds} rounds of a stress test, {len(cloud.seen(kind='login', device=device['deviceName']))} logins: {lines[1]} bytes")


def test_setmqtt_on_a_connected_object_ends_the_first_session(cloud, device, start):
    text = """
ali = aLiYun(key, None, name, secret)
print(ali.setMqtt("a"), ali.setMqtt("b", True), ali.setMqtt("c", True, 120, False), ali.getAliyunSta())
ali.disconnect()
ali.disconnect()
ali.close()
"""
    lines = ends_well(start(text).start())
    assert lines == ["0 0 0 0"]
    kinds = [record["kind"] for record in cloud.seen(device=device["deviceName"])]
    assert kinds == ["login", "disconnect"] * 3


def test_in_the_message_callback(cloud, device, start):
    """Each method can be called there."""
    text = """
def on_order(topic, msg):
    if not got:
        got.append(ali.setMqtt("again", clean_session=True))
        print(got, ali.subscribe(USER + "more"), ali.publish(USER + "more", "second"))
    else:
        print(msg, ali.disconnect(), ali.getAliyunSta())
        got.append(1)

ali = aLiYun(key, None, name, secret)
ali.setCallback(on_order)
ali.subscribe(USER + "get")
ali.setMqtt("first")
ali.start()
ali.publish(USER + "get", "first")
until(lambda: len(got) == 2)
time.sleep_ms(200)
"""
    assert ends_well(start(text).start()) == ["[0] 0 True", "b'second' None -1"]
    assert len(cloud.seen(kind="login", device=device["deviceName"])) == 2


def test_from_other_threads(cloud, device, start):
    """One connects, and several publish, while the main program sleeps."""
    text = """
results = []

def connect():
    results.append(ali.setMqtt("thread"))
    ali.setCallback(on_message)
    ali.start()

def publish(number):
    for _ in range(50):
        results.append(ali.publish(USER + "update", "%d" % number, qos=1))

ali = aLiYun(key, None, name, secret)
_thread.start_new_thread(connect, ())
until(lambda: results)
for number in range(4):
    _thread.start_new_thread(publish, (number,))
until(lambda: len(results) == 201)
print(results[0], all(value is True for value in results[1:]))
ali.disconnect()
"""
    assert ends_well(start(text).start()) == ["0 True"]
    sent = [record["payload"] for record in cloud.seen(kind="publish", device=device["deviceName"])]
    assert sorted(sent) == sorted("0123" * 50)


def test_more_than_the_queue_takes_waits_for_space(cloud, device, start):
    """A loop that publishes without pauses, and ignores the result, loses nothing."""
    text = """
ali = aLiYun(key, None, name, secret)
ali.setMqtt(name)
for number in range(200):
    ali.publish(USER + "update", "%d" % number, qos=number % 2)
ali.disconnect()
"""
    assert ends_well(start(text).start()) == []
    sent = [record["payload"] for record in cloud.seen(kind="publish", device=device["deviceName"])]
    assert sent == [str(number) for number in range(200)]


def test_connected_again_at_once_after_an_end_in_a_callback(cloud, device, start):
    """The first device of the object may still be closing then."""
    text = """
ali = aLiYun(key, None, name, secret)
ali.setCallback(lambda topic, msg: (ali.disconnect(), got.append(msg)))
ali.subscribe(USER + "get")
ali.start()
for number in range(10):
    print(ali.setMqtt(name))
    ali.publish(USER + "get", "end")
    until(lambda: len(got) == number + 1)
# The last device may still be closing.
sys.exit()
"""
    assert ends_well(start(text).start()) == ["0"] * 10


def test_another_thread_connects_again_as_soon_as_the_link_is_lost(cloud, device, start):
    text = """
def keep():
    while len(got) < 3:
        if ali.getAliyunSta() != 0:
            print(ali.setMqtt(name, reconn=False))
            got.append(1)

ali = aLiYun(key, None, name, secret)
ali.error_register_cb(lambda error: None)
_thread.start_new_thread(keep, ())
until(lambda: len(got) == 3)
ali.disconnect()
"""
    name = device["deviceName"]
    with start(text) as script:
        last = 0
        for _ in range(2):
            last = cloud.wait_seen(kind="login", device=name, since=last)["n"]
            cloud.do("drop", device=name)
        assert ends_well(script) == ["0"] * 3


def test_what_a_message_allocates_is_on_the_page(start, figure):
    text = """
count = 0

def on_count(topic, msg):
    global count
    count += 1

def used(end):
    global count
    count = 0
    gc.collect()
    before = gc.mem_alloc()
    ali.publish(end, "x")
    while end == topic and not count:
        time.sleep_ms(1)
    return gc.mem_alloc() - before

topic = USER + "more"
other = USER + "none"
ali = aLiYun(key, None, name, secret)
ali.setMqtt(name)
ali.setCallback(on_count)
ali.subscribe(topic)
ali.start()
used(topic)
sent = used(other)
print(len(topic), sent, used(topic) - sent)
ali.disconnect()
"""
    length, sent, received = ends_well(start(text).start())[0].split()
    figure(f"aLiYun: a publish allocates {sent} bytes, a message that arrives {received} (64-bit)")
    page = (ROOT / "docs" / "quecpython-aliyun.md").read_text(encoding="utf-8")
    stated = re.search(r"publish allocates (\d+) bytes, and a message that arrives (\d+) bytes; .* topic of (\d+)\s+bytes", page)
    assert stated and stated.groups() == (sent, received, length)
