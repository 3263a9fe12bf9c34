"""The replies to raw data name no post, so they are told in the order of the posts, whatever becomes of some of them.

The local cloud replies with the bytes that it got.
"""

import random
from ast import literal_eval

import pytest

from micropython import Script, run
from scripts import script

BEGIN = """
told = []


def post(data, listens=True):
    if not listens:
        return device.postRaw({"param": data})

    def callback(reply):
        told.append((bytes(data[:1]), reply["code"], bytes(reply.get("data", b"")[:1]), reply["message"]))

    while device.postRaw({"param": data}, callback) == -2:
        time.sleep_ms(10)


device = Device()
"""


def play(cloud, device, body):
    ended = run(script(BEGIN + body), cloud, device)
    assert (ended.code, ended.errors) == (0, ""), ended.lines
    return ended.lines


@pytest.mark.parametrize("size", [301, 420, 1000, 5000, 70_000, 260_000])
def test_one_that_is_too_large_does_not_shift_those_behind_it(cloud, device, size):
    body = f"""
online(device, rxBuffer=300)
for data in (b"a", b"b" * {size}, b"c", b"d" * {size}, b"e" * {size}, b"f"):
    post(data)
wait(lambda: len(told) == 6)
for each in told:
    print(each)
device.end()
"""
    *errors, first, second, third, fourth, fifth, sixth = play(cloud, device, body)
    assert [literal_eval(line)[:3] for line in (first, third, sixth)] == [(name, 200, name) for name in (b"a", b"c", b"f")]
    for line, name in ((second, b"b"), (fourth, b"d"), (fifth, b"e")):
        who, code, data, message = literal_eval(line)
        assert (who, code, data) == (name, -46, b"") and message.startswith("the reply was dropped: it needs rxBuffer ")
        needed = int(message.split()[-1])
        assert size < needed < size + 120
    assert len(errors) == 3 and all(line.startswith("error -46 a message was dropped: it needs rxBuffer ") for line in errors)


def test_the_rx_buffer_that_it_names_is_enough(cloud, device):
    body = """
online(device, rxBuffer=300)
post(b"x" * 3000)
wait(lambda: told)
needed = int(told[0][3].split()[-1])
device.end()
online(device, rxBuffer=needed)
post(b"y" * 3000)
wait(lambda: len(told) == 2)
print(told[1])
device.end()
"""
    assert play(cloud, device, body)[-1] == "(b'y', 200, b'y', '')"


def test_posts_that_nobody_listens_to_take_their_places(cloud, device):
    generator = random.Random(9)
    posts = [(chr(97 + number % 26), generator.random() < 0.5, generator.random() < 0.2) for number in range(40)]
    body = "online(device, rxBuffer=300)\n"
    for name, listens, large in posts:
        body += f"post(b'{name}' * {900 if large else 5}, {listens})\n"
    wanted = [(name.encode(), -46 if large else 200) for name, listens, large in posts if listens]
    body += f"wait(lambda: len(told) == {len(wanted)})\nfor each in told:\n    print('told', each[:3])\ndevice.end()\n"
    lines = [literal_eval(line[5:]) for line in play(cloud, device, body) if line.startswith("told ")]
    assert [(who, code) for who, code, _ in lines] == wanted
    assert all(data == (who if code == 200 else b"") for who, code, data in lines)


def test_other_messages_that_are_too_large_take_nobodys_place(cloud, device):
    """Neither one on another topic, nor one on a topic that is as long or begins in the same way."""
    body = """
online(device, rxBuffer=300)
print("up")
for name in ("thing/model/up_raw_repl", "thing/model/up_raw_replz", "x"):
    device.subscribe({"topic": USER + name})
device.on(Device.ON_ERROR, lambda error: print("dropped", error["code"]))
sys.stdin.readline()
device.publish({"topic": USER + "thing/model/up_raw_replz", "payload": "x" * 900})
post(b"a")
device.publish({"topic": USER + "x", "payload": "x" * 900})
post(b"b")
wait(lambda: len(told) == 2)
print(told)
device.end()
"""
    with Script(script(BEGIN + body), cloud, device) as running:
        running.wait_line("up")
        running.say("go on")
        assert running.wait() == 0, running.errors
    assert running.lines[-1] == "[(b'a', 200, b'a', ''), (b'b', 200, b'b', '')]"


def test_after_a_lost_link_it_begins_anew(cloud, device):
    """What was posted before it, with a callback or without, gets no reply any more."""
    body = """
online(device)
lost, up = [], []
device.on(Device.ON_DISCONNECT, lost.append)
device.on(Device.ON_CONNECT, up.append)
print("up")
sys.stdin.readline()
post(b"a")
for _ in range(3):
    post(b"s", False)
print("posted")
wait(lambda: lost)
wait(lambda: up)
for name in (b"b", b"c"):
    post(name)
wait(lambda: len(told) == 3)
print([each[:3] for each in told])
device.end()
"""
    name = device["deviceName"]
    with Script(script(BEGIN + body), cloud, device) as running:
        running.wait_line("up")
        cloud.do("reply", mode="silent", count=4)
        running.say("go on")
        running.wait_line("posted")
        # A post that the cloud had not read before the drop would leave its silence to a later one.
        cloud.wait_seen(lambda _: len(cloud.seen(kind="raw_up", device=name)) == 4, kind="raw_up", device=name)
        cloud.do("drop", device=name)
        assert running.wait() == 0, running.errors
    assert literal_eval(running.lines[-1]) == [(b"a", -42, b""), (b"b", 200, b"b"), (b"c", 200, b"c")]
