"""Does an error say what was wrong, where, and what to do, in names that the script itself uses?"""

import pytest

from micropython import Script, run
from scripts import script

# ---- What JSON does not have

SETUP = """
from collections import OrderedDict, namedtuple

nan, inf = float("nan"), float("inf")


class Text(str):
    pass


class Thing:
    pass


class Fraction(float):
    pass


class Made:
    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


def deep(levels):
    value = 1
    for _ in range(levels):
        value = {"a": value}
    return value


def ring():
    value = {}
    value["a"] = [value]
    return value
"""

NOT_JSON = {
    '{"temp": nan}': "'temp' is nan",
    '{"temp": inf}': "'temp' is inf",
    '{"temp": -inf}': "'temp' is -inf",
    '{"a": 1, "b": [1, 2, {"c": nan}]}': "'b[2].c' is nan",
    '{"a": {"b": {"c": (0, inf)}}}': "'a.b.c[1]' is inf",
    'OrderedDict([("temp", nan)])': "'temp' is nan",
    '{"温度": nan}': "'温度' is nan",
    '{"a": Fraction("nan")}': "'a' is nan",
    '{"a": b"\\xff"}': "'a' is bytes that are not text",
    '{"a": bytearray(b"x")}': "'a' is of type bytearray",
    '{"a": {1, 2}}': "'a' is of type set",
    '{"a": [Thing()]}': "'a[0]' is of type Thing",
    '{"a": Made("")}': "'a' is of type Made",
    '{"a": Made("x")}': "'a' is of type Made",
    '{"a": Thing}': "'a' is of type type",
    '{"a": 1j}': "'a' is of type complex",
    '{"a": range(3)}': "'a' is of type range",
    '{"a": print}': "'a' is of type ",
    '{"a": namedtuple("P", "x y")(1, 2)}': "'a' is of type P",
    '{"a": "\\ud800"}': "'a' is text that is not Unicode",
    '{(1, "x"): 2}': "' is a key of type tuple",
    '{Thing(): 2}': "' is a key of type Thing",
    '{"a": {Text("k"): 1}}': "'a.k' is a key of type Text",
    "deep(33)": "it is nested deeper than 32 levels",
    "ring()": "it is nested deeper than 32 levels",
}
JSON = {
    '{"a": [1, -2.5, 1e300, 1 << 80, True, False, None, "x\\n", (1, [2])]}',
    "{}",
    "deep(32)",
    '{1: 2, None: 3, True: 4, "b": 5}',
    '{"a": Text("x")}',
    '{"a": [b"text", {b"k": 1}]}',
    '{"a": Fraction("1.5")}',
    '{"a": [Made("12"), Made("{}"), Made("[1]"), Made(chr(34) + "x" + chr(34))]}',
    '{"a": "温度 😀"}',
    '{"a": [{}] * 500}',
}


@pytest.fixture(scope="module")
def said(cloud):
    """What postProps, postEvent and reply say to each of these, on one connected device."""
    device = cloud.new_device()
    calls = [f'attempt(device.postProps, {{"params": {value}}})\n' for value in [*NOT_JSON, *JSON]]
    calls += [f'attempt(device.postEvent, {{"id": "e", "params": {value}}})\n' for value in NOT_JSON]
    ended = run(script(SETUP + "device = online()\n" + "".join(calls) + "device.end()\n"), cloud, device)
    assert (ended.code, ended.errors) == (0, "") and len(ended.lines) == len(calls), ended.lines
    assert not cloud.seen(device=device["deviceName"], kind="refused")
    posts, events = ended.lines[: len(NOT_JSON) + len(JSON)], ended.lines[len(NOT_JSON) + len(JSON) :]
    return dict(zip([*NOT_JSON, *JSON], posts)), dict(zip(NOT_JSON, events))


@pytest.mark.parametrize("value", NOT_JSON)
def test_what_json_does_not_have_is_named(said, value):
    for line, method in zip((said[0][value], said[1][value]), ("postProps", "postEvent")):
        assert line.startswith(f"ValueError {method}(): 'params' cannot be sent as JSON: ") and NOT_JSON[value] in line
        assert "byte " not in line


@pytest.mark.parametrize("value", sorted(JSON))
def test_what_json_has_is_sent(said, value):
    assert said[0][value] == "returned 0"


# ---- Answers

ANSWERS = {
    "nan": ("lambda data: {'a': [nan]}", "ValueError: 'data' cannot be sent as JSON: 'a[0]' is nan"),
    "no JSON": ("lambda data: 'x'", "ValueError: 'data' is not JSON: see byte 0"),
    "a list": ("lambda data: [1]", "TypeError: 'data' must be str (JSON) or dict, not list"),
    "a code and a set": ("lambda data: (200, {'a': {1}})", "'a' is of type set"),
    "three": ("lambda data: (200, {}, 1)", "ValueError: "),
    "a large code": ("lambda data: 1 << 40", "ValueError: 'code' must be "),
    "a code that is text": ("lambda data: ('200', {})", "TypeError: 'code' must be int"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_that_cannot_be_sent_is_told_and_is_a_failure(cloud, device, kind):
    callback, words = ANSWERS[kind]
    body = script(SETUP + f"device = Device()\ndevice.on(Device.ON_SERVICE, {callback})\nonline(device)\nprint('up')\ntime.sleep(60)\n")
    with Script(body, cloud, device) as running:
        running.wait_line("up")
        cloud.do("service", device=device["deviceName"], service="s", params={})
        record = cloud.wait_seen(kind="service_reply", device=device["deviceName"])
        assert (record["code"], record["data"]) == (500, {})
        running.wait_line("the ON_SERVICE callback returned what cannot be sent as an answer:")
        running.wait_line(words)
        assert "answer()" not in running.errors


def test_reply_says_that_it_is_reply(cloud, device):
    body = script(
        SETUP +
        "device = Device()\nids = []\n"
        "def called(data):\n    ids.append(data['msg_id'])\n    return Device.LATER\n"
        "device.on(Device.ON_SERVICE, called)\nonline(device)\nprint('up')\nwait(lambda: ids)\n"
        "attempt(device.reply, ids[0], 200, {'a': nan})\nattempt(device.reply, ids[0], 200, 'x')\nattempt(device.reply, ids[0], 200, {})\n"
        "def now(data):\n    attempt(device.reply, data['msg_id'], 200, {'a': inf})\n    attempt(device.reply, data['msg_id'], 200, 'x')\n    print('done')\n"
        "device.on(Device.ON_SERVICE, now)\nprint('again')\ntime.sleep(60)\n"
    )
    with Script(body, cloud, device) as running:
        running.wait_line("up")
        cloud.do("service", device=device["deviceName"], service="s", params={})
        running.wait_line("again")
        cloud.do("service", device=device["deviceName"], service="s", params={})
        running.wait_line("done")
        assert running.lines[1:4] == [
            "ValueError reply(): 'data' cannot be sent as JSON: 'a' is nan",
            "ValueError reply(): 'data' is not JSON: see byte 0",
            "returned 0",
        ]
        assert running.lines[5:7] == [
            "ValueError reply(): 'data' cannot be sent as JSON: 'a' is inf",
            "ValueError reply(): 'data' is not JSON: see byte 0",
        ]


# ---- A call on a custom topic has no code that would say that it failed

FAILS = {
    "raises": "def called(data):\n    raise ValueError('mine')\n",
    "returns a list": "def called(data):\n    return [1]\n",
    "returns an object": "def called(data):\n    return Device()\n",
    "returns nan": "def called(data):\n    return {'a': float('nan')}\n",
    "returns a code": "def called(data):\n    return 500\n",
    "returns a code and nothing": "def called(data):\n    return 404, None\n",
    "returns three": "def called(data):\n    return 200, b'x', 1\n",
    "returns too much": "def called(data):\n    return bytes(300000)\n",
    "replies with a code": "def called(data):\n    device.reply(data['msg_id'], 500)\n",
    "uploads and raises": "def called(data):\n    device.uploadContent('a', b'x')\n    raise ValueError('mine')\n",
}


@pytest.mark.parametrize("topic", ["/user/get", ""])
@pytest.mark.parametrize("how", FAILS)
def test_a_call_on_a_custom_topic_that_fails_is_not_answered(cloud, device, how, topic):
    """The platform sees a time-out, as of a device that is gone. The next call is answered."""
    body = f"""device = Device()
{FAILS[how]}
def first(data):
    device.on(Device.ON_SERVICE, lambda data: b"well")
    return called(data)

device.on(Device.ON_SERVICE, first)
online(device)
print("up")
time.sleep(60)
"""
    with Script(script(body), cloud, device) as running:
        running.wait_line("up")
        fails = cloud.do("rrpc", device=device["deviceName"], topic=topic, payload="x")
        call = cloud.do("rrpc", device=device["deviceName"], topic=topic, payload="y")
        record = cloud.wait_seen(lambda record: record["rid"] == call["rid"], kind="rrpc_reply", device=device["deviceName"])
        assert record["payload"] == "well"
        replies = cloud.seen(kind="rrpc_reply", device=device["deviceName"])
        assert [reply["rid"] for reply in replies] == [call["rid"]], fails


# ---- Calls at the wrong time


def test_already_connected(cloud, device):
    body = """
    import errno

    info = dict(key_info, productSecret="s", authType="register")
    device = online()
    for call in (lambda: device.connect(key_info), lambda: device.register(info, None)):
        try:
            call()
        except OSError as error:
            print(error.errno == 106, error.args[1])
    print(device.end())
    """
    told = "True already connected: call end() first"
    assert run(script(body), cloud, device).lines == [told, told, "0"]


# ---- Hosts

HOSTS = {
    "localhost:1883": "use 'port' for the port",
    "127.0.0.1:1883": "use 'port' for the port",
    "localhost:": "use 'port' for the port",
    "[::1]:1883": "without brackets",
    "[::1]": "without brackets",
    "mqtt://localhost": "without scheme://",
    "mqtts://localhost:1883": "without scheme://",
    "https://example.com/path": "without scheme://",
    "example.com/mqtt": "without brackets, path and spaces",
    "user@example.com": "without brackets, path and spaces",
    " localhost": "without brackets, path and spaces",
    "localhost\\n": "without brackets, path and spaces",
}


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_is_a_name_alone(host):
    body = f"""
    info = {{"productKey": "k", "deviceName": "d", "deviceSecret": "s", "productSecret": "s", "host": "{host}"}}
    attempt(Device().connect, info)
    attempt(Device().register, info, None)
    """
    first, second = run(script(body)).lines
    assert first.startswith("ValueError connect(): host must be") and second.startswith("ValueError register(): host must be")
    assert HOSTS[host] in first and HOSTS[host] in second and "port" in first


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "a-b.example.com", "::1", "fe80::1:2", "::ffff:127.0.0.1"])
def test_a_host_that_is_a_name_or_an_address_is_taken(host):
    body = f"""
    device = Device()
    attempt(device.connect, {{"productKey": "k", "deviceName": "d", "deviceSecret": "s", "host": "{host}", "port": 1, "tls": False}})
    device.end()
    """
    assert run(script(body)).lines == ["returned 0"]
