"""Desired properties: asked for, deleted, and reported once after each connect."""

import ast

import pytest

from micropython import Script, run
from scripts import script

# `lost()` counts the connections that have ended; `up` those that have begun.
TOLD = """
told, up = [], []
device = Device()
device.on(Device.ON_CONNECT, up.append)
device.on(Device.ON_ERROR, lambda error: print("error", error["code"], error["msg"]))
"""


def desired(cloud, device, **params):
    """Sets desired values; returns all that are set."""
    return cloud.do("desired", device=device["deviceName"], params=params)["desired"]


def play(cloud, device, body):
    return Script(script(TOLD + body), cloud, device)


def said_by(running):
    """What the script said, but for errors and the echo of its input."""
    return [line for line in running.lines if line not in ("ready", "go on") and not line.startswith("error")]


def reconnect(cloud, device, *changes):
    """Ends the connection, and sets each of these values while the device is offline."""
    name = device["deviceName"]
    cloud.do("refuse", code=3, count=1)
    cloud.do("drop", device=name)
    cloud.wait_offline(name)
    for change in changes:
        desired(cloud, device, **change)


def test_values_are_asked_for_and_deleted(cloud, device):
    values = {"switch": {"on": [True, None, "开"]}, "level": -1.5, "other": 3}
    desired(cloud, device, **values)
    ended = run(
        script("""
        device = online()
        replies = []
        print(device.getDesired(("switch", "level", "unknown"), replies.append))
        wait(lambda: len(replies) == 1)
        print(replies[0])
        print(device.deleteDesired({"switch": 7, "level": 1}, replies.append))
        wait(lambda: len(replies) == 2)
        print(replies[1])
        device.getDesired(["switch", "level", "other"], replies.append)
        wait(lambda: len(replies) == 3)
        print(replies[2]["data"])
        device.deleteDesired({"other": None})
        device.deleteDesired(replies[0]["data"])
        device.getDesired(["switch", "level", "other"], replies.append)
        wait(lambda: len(replies) == 4)
        print(replies[3]["data"])
        """),
        cloud,
        device,
    )
    assert (ended.code, ended.errors) == (0, "")
    first, deleted, left = (ast.literal_eval(ended.lines[line]) for line in (1, 3, 4))
    data = {name: {"value": values[name], "version": 1} for name in ("switch", "level")}
    assert first == {"code": 200, "message": "success", "data": data}
    assert deleted == {"code": 200, "message": "success"}
    assert left == {name: {"value": values[name], "version": 1} for name in ("switch", "other")}
    assert (ended.lines[0], ended.lines[2], ended.lines[5]) == ("0", "0", "{}")
    assert desired(cloud, device) == {}
    requests = [record["params"] for record in cloud.seen(device=device["deviceName"], kind="desired_delete")]
    assert requests[0] == {"switch": {"version": 7}, "level": {"version": 1}}
    assert requests[1:] == [{"other": {}}, {name: {"version": 1} for name in ("switch", "level")}]


FOLLOW = """
def on_desired(values):
    print("told", sorted((name, about["value"], about["version"]) for name, about in values.items()))

print(device.onDesired(["a"], on_desired))
device.connect(key_info)
print(device.onDesired(["a", "b"], on_desired))
while True:
    line = input()
    if line == "end":
        break
    exec(line)
"""


# A third connection in a row that is lost within ten seconds would make the device wait for minutes.


def test_what_was_set_while_offline_is_reported_once_as_the_latest_value(cloud, device):
    desired(cloud, device, a=0, b=10, c=20)
    desired(cloud, device, a=1)
    with play(cloud, device, FOLLOW) as running:
        running.wait_line("told [('a', 1, 2), ('b', 10, 1)]")
        reconnect(cloud, device, {"a": 2}, {"a": 3})
        running.wait_line("told [('a', 3, 4)]")
        # Nothing is new.
        reconnect(cloud, device)
        running.wait_line(lambda line: len(cloud.seen(device=device["deviceName"], kind="desired_get")) == 3)
        running.say("device.getDesired(['a'], lambda reply: print('got', reply['code']))")
        running.wait_line("got 200")
        running.say("end")
        assert running.wait() == 0, running.errors
    told = [line for line in running.lines if line.startswith("told")]
    assert told == ["told [('a', 1, 2), ('b', 10, 1)]", "told [('a', 3, 4)]"]
    assert running.lines[:2] == ["-1", "0"]


def test_a_value_that_was_got_or_deleted(cloud, device):
    """What `getDesired` has reported is not reported again; what was deleted is, if it is set again."""
    desired(cloud, device, a=1)
    with play(cloud, device, FOLLOW) as running:
        running.wait_line("told [('a', 1, 1)]")
        desired(cloud, device, a=2)
        running.say("device.getDesired(['a'], lambda reply: print('got', reply['data']))")
        running.wait_line("got {'a': {'")
        reconnect(cloud, device, {"b": 5})
        running.wait_line("told [('b', 5, 1)]")
        running.say("device.deleteDesired({'b': 1}, lambda reply: print('deleted', reply['code']))")
        running.wait_line("deleted 200")
        reconnect(cloud, device, {"b": 6})
        running.wait_line("told [('b', 6, 2)]")
        running.say("end")
        assert running.wait() == 0, running.errors
    told = [line for line in running.lines if line.startswith("told")]
    assert told == ["told [('a', 1, 1)]", "told [('b', 5, 1)]", "told [('b', 6, 2)]"]


def test_none_ends_it_and_another_call_starts_again(cloud, device):
    desired(cloud, device, a=1, b=2)
    with play(cloud, device, FOLLOW) as running:
        running.wait_line("told [('a', 1, 1), ('b', 2, 1)]")
        running.say("print('again', device.onDesired(('b',), on_desired))")
        running.wait_line("told [('b', 2, 1)]")
        running.say("print('ended', device.onDesired([], None))")
        running.wait_line("ended 0")
        reconnect(cloud, device, {"b": 9})
        running.say("wait(lambda: len(up) == 2); device.getDesired(['a'], lambda reply: print('got', reply['code']))")
        running.wait_line("got 200")
        running.say("end")
        assert running.wait() == 0, running.errors
    assert [line for line in running.lines if "told" in line] == ["told [('a', 1, 1), ('b', 2, 1)]", "told [('b', 2, 1)]"]
    asked = [record["params"] for record in cloud.seen(device=device["deviceName"], kind="desired_get")]
    assert asked == [["a", "b"], ["b"], ["a"]]


def test_the_platform_refuses(cloud, device):
    with play(
        cloud,
        device,
        """
online(device)
print("ready")
input()
print(device.getDesired(["a"], told.append), device.deleteDesired({"a": 1}, told.append))
wait(lambda: len(told) == 2)
print(told)
print(device.deleteDesired({"a": 1}))
print(device.onDesired(["a"], told.append))
input()
print(len(told))
""",
    ) as running:
        running.wait_line("ready")
        cloud.do("reply", mode=6203, count=4)
        running.say("go on")
        running.wait_line(lambda line: running.lines.count("error 6203 told to fail") == 2)
        running.say("go on")
        assert running.wait() == 0, running.errors
    said = said_by(running)
    refused = {"code": 6203, "message": "told to fail"}
    assert [said[0], ast.literal_eval(said[1]), *said[2:]] == ["0 0", [refused, refused], "0", "0", "2"]


@pytest.mark.slow
def test_no_reply_and_a_lost_connection(cloud, device):
    with play(
        cloud,
        device,
        """
online(device)
print("ready")
input()
print(device.getDesired(["a"], told.append), device.deleteDesired({"a": 1}, told.append))
wait(lambda: len(told) == 2)
print(told[0] == told[1], told[0])
print(device.getDesired(["a"], told.append))
print("asked")
wait(lambda: len(told) == 3)
print(told[2]["code"])
""",
    ) as running:
        running.wait_line("ready")
        cloud.do("reply", mode="silent", count=3)
        running.say("go on")
        running.wait_line("asked", timeout=90)
        cloud.wait_seen(lambda record: record["n"] and len(cloud.seen(device=device["deviceName"], kind="desired_get")) == 2)
        cloud.do("drop", device=device["deviceName"])
        assert running.wait() == 0, running.errors
    none = "True {'code': -40, 'message': 'no reply within 10 seconds'}"
    assert said_by(running) == ["0 0", none, "0", "asked", "-42"]


def test_not_connected_and_wrong_input(cloud, device):
    ended = run(
        script("""
        device = Device()
        called = []
        print(device.getDesired(["a"], called.append), device.deleteDesired({"a": 1}), device.onDesired(["a"], called.append))
        online(device)
        for names in ([], ["a", ""], ["a" * 65], ["a b"], ["é"], ["a\\n"], "a", {"a": 1}, None, [1], [b"a"]):
            attempt(device.getDesired, names, called.append)
            attempt(device.onDesired, names, called.append)
        for versions in ({}, {"": 1}, {"a b": 1}, {"a": -1}, {"a": 1 << 40}, {"a": "1"}, {"a": {"version": "1"}}, {1: 1}, ["a"], None):
            attempt(device.deleteDesired, versions)
        for callback in (None, 5):
            attempt(device.getDesired, ["a"], callback)
        attempt(device.onDesired, ["a"], 5)
        attempt(device.deleteDesired, {"a": 1}, 5)
        attempt(device.getDesired, ["a"] * 70000, called.append)
        print("still", device.getDesired(["a" * 64, "A-z_0.9:b"], called.append))
        wait(lambda: called)
        print(called[0]["code"], len(called))
        print(device.end(), device.getDesired(["a"], called.append), device.deleteDesired({"a": 1}), device.onDesired(["a"], called.append))
        """),
        cloud,
        device,
    )
    assert (ended.code, ended.errors) == (0, ""), ended.lines
    kinds = [line.split()[0] for line in ended.lines]
    assert ended.lines[0] == "-1 -1 -1"
    assert kinds[1:] == (
        ["ValueError"] * 12 + ["TypeError"] * 10  # names
        + ["ValueError"] * 5 + ["TypeError"] * 5  # versions
        + ["TypeError"] * 4  # callbacks
        + ["ValueError", "still", "200", "0"]
    ), ended.lines  # fmt: skip
    assert ended.lines[-3:] == ["still 0", "200 1", "0 -1 -1 -1"]
    # What was refused here was not sent.
    assert len(cloud.seen(device=device["deviceName"], kind="desired_get")) == 1
    assert cloud.seen(device=device["deviceName"], kind="desired_delete") == []
