"""Callbacks of posts and publishes: each is called once, with what became of its message."""

import pytest

from micropython import Script, run
from scripts import script

POSTS = """
def post(callback):
    return [
        device.postProps({"params": {"a": 1}}, callback),
        device.postEvent({"id": "e", "params": {}}, callback),
        device.postRaw({"param": b"\\x00\\xff"}, callback),
        device.publish({"topic": USER + "a", "payload": "x", "qos": 1}, callback),
    ]

def told(reply):
    replies.append(reply)

def code_of(reply):
    return reply["code"]

replies = []
device = Device()
device.on(Device.ON_DISCONNECT, lambda data: print("lost"))
"""


def play(cloud, device, body, **options):
    return Script(script(POSTS + body), cloud, device, **options)


def test_each_is_told(cloud, device):
    with play(
        cloud,
        device,
        """
online(device)
print(post(told))
wait(lambda: len(replies) == 4)
print(sorted((reply["code"], reply["message"], reply.get("data", b"")) for reply in replies))
print(device.end(), len(replies))
""",
    ) as running:
        assert running.wait() == 0, running.errors
    assert running.lines == [
        "[0, 0, 0, 0]",
        "[(200, '', b''), (200, '', b'\\x00\\xff'), (200, 'success', b''), (200, 'success', b'')]",
        "0 4",
    ]
    assert running.errors == ""


def test_twenty_callbacks_wait_for_replies(cloud, device):
    cloud.do("reply", mode="silent", count=20)
    with play(
        cloud,
        device,
        """
online(device)
print([device.postProps({"params": {"a": n}}, told) for n in range(21)].index(-2))
print(device.postRaw({"param": b"x"}, told), device.postProps({"params": {}}), device.postRaw({"param": b"x"}))
device.end()
print(len(replies), {reply["code"] for reply in replies})
""",
    ) as running:
        assert running.wait() == 0, running.errors
    assert running.lines == ["20", "-2 0 0", "20 {-42}"]


def test_each_of_many_is_told_in_order(cloud, device):
    with play(
        cloud,
        device,
        """
online(device)
for n in range(60):
    wait(lambda: device.postProps({"params": {"n": n}}, lambda reply, n=n: replies.append(n)) == 0)
wait(lambda: len(replies) == 60)
print(replies == list(range(60)))
""",
    ) as running:
        assert running.wait() == 0, running.errors
    assert running.lines == ["True"]


def test_a_refused_post_is_told_to_its_callback_alone(cloud, device):
    with play(
        cloud,
        device,
        """
online(device)
print("ready")
input()
print(device.postProps({"params": {"a": 1}}, told))
wait(lambda: replies)
print(replies[0]["code"])
print(device.postProps({"params": {"a": 1}}))
input()
""",
    ) as running:
        running.wait_line("ready")
        cloud.do("reply", mode=460, count=2)
        running.say("go on")
        running.wait_line("error 460")
        running.say("end")
        assert running.wait() == 0, running.errors
    said = [line.split(" ")[0:2] for line in running.lines if line not in ("ready", "go on", "end")]
    assert said == [["0"], ["460"], ["0"], ["error", "460"]]


def test_no_reply_is_told_after_ten_seconds(cloud, device):
    with play(
        cloud,
        device,
        """
online(device)
print("ready")
input()
start = time.ticks_ms()
print(device.postProps({"params": {"a": 1}}, told), device.postRaw({"param": b"x"}, told))
wait(lambda: len(replies) == 2)
print(replies[0], 9900 < time.ticks_diff(time.ticks_ms(), start) < 40000, replies[1] == replies[0])
device.postProps({"params": {"a": 1}}, told)
wait(lambda: len(replies) == 3)
print(replies[2]["code"])
""",
    ) as running:
        running.wait_line("ready")
        cloud.do("reply", mode="silent", count=2)
        running.say("go on")
        assert running.wait() == 0, running.errors
    assert running.lines[2:] == [
        "0 0",
        "{'code': -40, 'message': 'no reply within 10 seconds'} True True",
        "200",
    ]


def test_a_lost_connection_is_told_at_once(cloud, device):
    """The posts are given up; the publish was acknowledged, or will be."""
    with play(
        cloud,
        device,
        """
online(device)
print("ready")
input()
print(post(told))
input()
wait(lambda: len(replies) == 4)
print(sorted(code_of(reply) for reply in replies))
""",
    ) as running:
        running.wait_line("ready")
        cloud.do("reply", mode="silent", count=3)
        running.say("go on")
        for kind in ("property_post", "event_post", "raw_up", "publish"):
            cloud.wait_seen(kind=kind, device=device["deviceName"])
        cloud.do("drop", device=device["deviceName"])
        running.wait_line("lost")
        running.say("go on")
        assert running.wait() == 0, running.errors
    assert running.lines[-1] == "[-42, -42, -42, 200]"


def test_end_tells_what_waits(cloud, device):
    with play(
        cloud,
        device,
        """
online(device)
print("ready")
input()
device.on(Device.ON_CLOSE, lambda data: print("closed", [code_of(reply) for reply in replies]))
print([device.postProps({"params": {"a": 1}}, told) for _ in range(3)])
print(device.end(), [reply["message"] for reply in replies])
""",
    ) as running:
        running.wait_line("ready")
        cloud.do("reply", mode="silent", count=3)
        running.say("go on")
        assert running.wait() == 0, running.errors
    said = [line for line in running.lines if line not in ("ready", "go on", "lost")]
    assert said == [
        "[0, 0, 0]",
        "closed [-42, -42, -42]",
        "0 " + repr(3 * ["the connection ended before the reply"]),
    ]


def test_a_publish_waits_for_the_connection(cloud, device):
    with play(
        cloud,
        device,
        """
device.connect(key_info)
print(device.publish({"topic": USER + "a", "payload": "early", "qos": 1}, told), replies)
wait(lambda: replies)
print(replies)
""",
    ) as running:
        assert running.wait() == 0, running.errors
    assert running.lines == ["0 []", "[{'code': 200, 'message': ''}]"]
    [record] = cloud.seen(kind="publish", device=device["deviceName"])
    assert record["payload"] == "early"


def test_a_callback_may_post_and_end(cloud, device):
    with play(
        cloud,
        device,
        """
def again(reply):
    replies.append(reply["code"])
    if len(replies) < 5:
        device.postProps({"params": {"a": len(replies)}}, again)
    else:
        device.end()

closed = []
online(device)
device.on(Device.ON_CLOSE, closed.append)
device.postProps({"params": {"a": 0}}, again)
wait(lambda: closed)
print(replies)
""",
    ) as running:
        assert running.wait() == 0, running.errors
    assert running.lines == ["[200, 200, 200, 200, 200]"]


def test_what_is_not_taken_has_no_reply(cloud, device):
    ended = run(
        script(
            POSTS
            + """
print(post(told))
online(device)
for wrong in (5, "later"):
    attempt(device.postProps, {"params": {"a": 1}}, wrong)
attempt(device.postProps, {"params": "a"}, told)
attempt(device.publish, {"topic": USER + "a", "payload": "x"}, told)
device.postProps({"params": {}}, lambda: 0)
device.postProps({"params": {}}, lambda reply: 1 // 0)
wait(lambda: device.postProps({"params": {}}, told) == 0)
wait(lambda: replies)
print(len(replies))
"""
        ),
        cloud,
        device,
    )
    assert ended.lines == [
        "[-1, -1, -1, -1]",
        "TypeError postProps(): int cannot be called",
        "TypeError postProps(): str cannot be called",
        "ValueError postProps(): 'params' is not a JSON object: see byte 0",
        "ValueError publish(): a callback needs qos 1, since nobody acknowledges qos 0",
        "1",
    ]
    assert ended.errors.count("TypeError") == 1 and ended.errors.count("ZeroDivisionError") == 1


@pytest.mark.parametrize("what", ["postProps", "publish"])
def test_callbacks_from_two_threads_are_each_called_once(cloud, device, what):
    call = {
        "postProps": 'device.postProps({"params": {"n": n}}, lambda reply, n=n: counts.append(n))',
        "publish": 'device.publish({"topic": USER + "a", "payload": str(n), "qos": 1}, lambda reply, n=n: counts.append(n))',
    }[what]
    ended = run(
        script(
            POSTS
            + f"""
import _thread
counts = []

def work(first):
    for n in range(first, first + 50):
        while {call} != 0:
            time.sleep_ms(1)

online(device)
_thread.start_new_thread(work, (1000,))
work(0)
wait(lambda: len(counts) == 100)
time.sleep(0.3)
print(len(counts), sorted(counts) == list(range(50)) + list(range(1000, 1050)))
"""
        ),
        cloud,
        device,
    )
    assert ended.lines == ["100 True"], ended.errors
