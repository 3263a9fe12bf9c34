"""What the platform is answered: by what a callback returns, by `reply` inside it, and later."""

import json

import pytest

from micropython import Script
from scripts import script

ASKED = """
def asked(request):
    print(request["service_id"], repr(request["msg_id"]), repr(request["params"]))
    return ANSWER

device = Device()
device.on(Device.ON_SERVICE, asked)
device.on(Device.ON_PROPS, lambda request: ANSWER)
online(device)
print("ready")
input()
"""


class Asked:
    """A device that answers."""

    def __init__(self, cloud, device, running):
        self.cloud, self.running = cloud, running
        self.name, self.product = device["deviceName"], device["productKey"]
        running.wait_line("ready")

    def do(self, command, **fields):
        return self.cloud.do(command, device=self.name, **fields)

    def seen(self, kind, predicate=None):
        return self.cloud.wait_seen(predicate, kind=kind, device=self.name)

    @property
    def lines(self):
        """What the script printed; MicroPython's `input` echoes what it reads."""
        return [line for line in self.running.lines if line not in ("ready", "all", "go on", "end")]

    def ends(self):
        self.running.say("end")
        assert self.running.wait() == 0
        return self.running.errors


@pytest.fixture
def start(cloud, device):
    running = []

    def begin(body):
        running.append(Script(script(body), cloud, device).start())
        return Asked(cloud, device, running[-1])

    yield begin
    for each in running:
        each.stop()


@pytest.mark.parametrize(
    ("returned", "code", "data"),
    [
        ("None", 200, {}),
        ("{'level': 3}", 200, {"level": 3}),
        ("'{\"level\": 3}'", 200, {"level": 3}),
        ("100001", 100001, {}),
        ("(100001, {'why': 'hot'})", 100001, {"why": "hot"}),
        ("(100001, None)", 100001, {}),
        # What methods return is often the last thing in a callback.
        ("device.postProps({'params': {'a': 1}})", 200, {}),
        ("device.poll() and -1", 200, {}),
    ],
)
def test_what_a_callback_returns(start, returned, code, data):
    asked = start(ASKED.replace("ANSWER", returned))
    asked.do("service", service="Blink", params={})
    record = asked.seen("service_reply")
    assert (record["code"], record["data"], record.get("fault")) == (code, data, None)
    asked.do("rrpc", service="Blink", params={})
    answer = json.loads(asked.seen("rrpc_reply")["payload"])
    assert (answer["code"], answer["data"]) == (code, data)
    asked.do("set", params={"a": 1})
    assert asked.seen("set_reply")["code"] == code
    assert asked.ends() == ""


@pytest.mark.parametrize(
    ("returned", "error"),
    [
        ("True", "TypeError: 'data' must be str (JSON) or dict, not bool"),
        ("1.5", "TypeError: 'data' must be str (JSON) or dict, not float"),
        ("'done'", "ValueError: 'data' is not JSON: see byte 0"),
        ("(200, 'done')", "ValueError: 'data' is not JSON: see byte 0"),
        ("(5, {})", "ValueError: 'code' must be 100 to 1073741823"),
        ("(200, {}, 1)", "ValueError: requested length 2 but object has length 3"),
        ("('ok', {})", "TypeError: 'code' must be int, not str"),
        ("1 << 40", "ValueError: 'code' must be 100 to 1073741823"),
        ("1 // 0", "ZeroDivisionError: divide by zero"),
    ],
)
def test_what_cannot_be_an_answer_is_printed_and_answered_500(start, returned, error):
    asked = start(ASKED.replace("ANSWER", returned))
    asked.do("service", service="Blink", params={})
    record = asked.seen("service_reply")
    assert (record["code"], record["data"]) == (500, {})
    asked.do("set", params={"a": 1})
    assert asked.seen("set_reply")["code"] == 500
    assert asked.ends().count(error) == 2


def test_an_answer_larger_than_the_send_buffer(start):
    """It grows, also while unacknowledged messages fill it."""
    asked = start(
        """
def asked(request):
    for _ in range(5):
        device.publish({"topic": USER + "a", "payload": "x" * 600, "qos": 1})
    return {"text": "y" * json.loads(request["params"])["n"]}

device = Device()
device.on(Device.ON_SERVICE, asked)
online(device)
print("ready")
input()
"""
    )
    for size in (3000, 20000):
        asked.do("service", service="Read", params={"n": size})
        record = asked.seen("service_reply", lambda record: len(record["data"].get("text", "")) == size)
        assert record["code"] == 200
    assert asked.ends() == ""


def test_ids_of_any_kind_come_back_as_they_were(start):
    asked = start(ASKED.replace("ANSWER", "None"))
    topic = f"/sys/{asked.product}/{asked.name}/thing/service/Blink"
    ids = ["0", "7", "4294967295", "4294967296", "1393245138880643072", "007", "8e1f-x", ""]
    for number, id in enumerate(ids):
        payload = json.dumps({"id": id, "params": {"n": number}})
        asked.do("publish", direct=True, topic=topic, payload=payload)
    asked.seen("service_reply", lambda record: record["id"] == "")
    replies = [record["id"] for record in asked.cloud.seen(kind="service_reply", device=asked.name)]
    assert replies == ids
    told = [line.split()[1] for line in asked.lines]
    assert told == ["0", "7", "4294967295", "4294967296", "1393245138880643072", "7", "'8e1f-x'", "0"]
    assert asked.ends() == ""


LATER = """
requests = []

def asked(request):
    requests.append(request["msg_id"])
    return Device.LATER

device = Device()
device.on(Device.ON_SERVICE, asked)
device.on(Device.ON_PROPS, asked)
online(device)
print("ready")
"""


def test_answers_that_come_later(start):
    asked = start(
        LATER
        + """
wait(lambda: len(requests) == 3)
print("all")
input()
set, service, rrpc = requests
print(device.reply(rrpc, 100001, {"why": "hot"}), device.reply(service, 200, '{"n": 1}'), device.reply(set))
for again in requests:
    attempt(device.reply, again)
input()
"""
    )
    asked.do("set", params={"a": 1})
    asked.do("service", service="Slow", params={})
    asked.do("rrpc", service="Slow", params={})
    asked.running.wait_line("all")
    kinds = ("set_reply", "service_reply", "rrpc_reply")
    assert [asked.cloud.seen(kind=kind, device=asked.name) for kind in kinds] == [[], [], []], "nothing is answered yet"
    asked.running.say("go on")
    answer = json.loads(asked.seen("rrpc_reply")["payload"])
    assert (answer["code"], answer["data"]) == (100001, {"why": "hot"})
    service = asked.seen("service_reply")
    assert (service["code"], service["data"], asked.seen("set_reply")["code"]) == (200, {"n": 1}, 200)
    assert asked.ends() == ""
    assert asked.lines == ["0 0 0"] + 3 * ["ValueError reply(): no request with this msg_id waits for an answer"]


def test_reply_inside_the_callback(start):
    asked = start(
        ASKED.replace("ANSWER", "(device.reply(request['msg_id'], 404, {'in': 1}), (200, {'too': 'late'}))[1]")
    )
    asked.do("service", service="Blink", params={})
    record = asked.seen("service_reply")
    assert (record["code"], record["data"]) == (404, {"in": 1})
    assert asked.ends() == ""
    assert len(asked.cloud.seen(kind="service_reply", device=asked.name)) == 1


def test_wrong_replies(start):
    asked = start(
        LATER
        + """
attempt(device.reply, 1)
attempt(device.reply, None)
attempt(device.reply, 1, 99)
attempt(device.reply, 1, "200")
wait(lambda: requests)
attempt(device.reply, requests[0], 200, 5)
attempt(device.reply, requests[0], 200, "{'n': 1}")
attempt(device.reply, requests[0], 200, {"still": "waits"})
device.end()
attempt(device.reply, requests[0])
attempt(Device().reply, 1)
input()
"""
    )
    asked.do("service", service="Slow", params={})
    assert asked.seen("service_reply")["data"] == {"still": "waits"}
    assert asked.ends() == ""
    assert asked.lines == [
        "ValueError reply(): no request with this msg_id waits for an answer",
        "TypeError 'msg_id' must be int, or str if it came so, not NoneType",
        "ValueError 'code' must be 100 to 1073741823",
        "TypeError 'code' must be int, not str",
        "TypeError 'data' must be str (JSON) or dict, not int",
        "ValueError reply(): 'data' is not JSON: see byte 1",
        "returned 0",
        "returned -1",
        "returned -1",
    ]


def test_sixteen_answers_may_be_outstanding(start):
    asked = start(
        LATER
        + """
wait(lambda: len(requests) == 17)
print([device.reply(msg_id, 200, {"n": n}) for n, msg_id in enumerate(requests[1:])])
input()
"""
    )
    ids = [asked.do("service", service="Slow", params={})["id"] for _ in range(17)]
    asked.seen("service_reply", lambda record: record["id"] == ids[-1])
    records = asked.cloud.seen(kind="service_reply", device=asked.name)
    assert [(record["id"], record["code"]) for record in records] == [(ids[0], 429)] + [(id, 200) for id in ids[1:]]
    assert asked.ends() == ""


def test_an_answer_after_a_reconnect(start):
    asked = start(
        LATER
        + """
wait(lambda: requests)
lost, again = [], []
device.on(Device.ON_DISCONNECT, lost.append)
print("all")
device.on(Device.ON_CONNECT, again.append)
wait(lambda: lost)
print(requests[0], device.reply(requests[0]))
wait(lambda: again)
print(device.reply(requests[0], 200, {"n": 1}))
input()
"""
    )
    id = asked.do("service", service="Slow", params={})["id"]
    asked.running.wait_line("all")
    asked.do("drop")
    assert asked.seen("service_reply")["data"] == {"n": 1}
    assert asked.ends() == ""
    assert asked.lines == [f"{id} -1", "0"], "the request is kept while there is no connection"


RAW = """
def asked(request):
    print(repr(request["service_id"]), request["params_len"], repr(request["params"]), type(request["msg_id"]))
    return ANSWER

device = Device()
device.on(Device.ON_SERVICE, asked)
online(device)
print("ready")
input()
"""


@pytest.mark.parametrize(
    ("returned", "payload"),
    [
        ("None", "{}"),
        ("'on'", "on"),
        ("b'\\x00\\xff'", b"\x00\xff"),
        ("{'a': 1}", '{"a": 1}'),
        ("(100001, 'only the data')", "only the data"),
    ],
)
def test_synchronous_calls_on_custom_topics(start, returned, payload):
    asked = start(RAW.replace("ANSWER", returned))
    for topic, name in (("/user/lamp", "'/user/lamp'"), ("", "''")):
        call = asked.do("rrpc", topic=topic, payload="on?")
        record = asked.seen("rrpc_reply", lambda record: record["rid"] == call["rid"])
        assert "fault" not in record
        same = call["topic"] if topic else call["topic"].replace("/request/", "/response/")
        assert record["topic"] == same
        assert (record.get("hex") if isinstance(payload, bytes) else record["payload"]) == (
            payload.hex() if isinstance(payload, bytes) else payload
        )
        asked.running.wait_line(f"{name} 3 'on?' <class 'int'>")
    asked.do("rrpc", topic="/user/lamp", hex="00ff80")
    asked.running.wait_line("'/user/lamp' 3 b'\\x00\\xff\\x80' <class 'int'>")
    assert asked.ends() == ""


def test_a_custom_call_is_answered_later(start):
    asked = start(LATER + "\nwait(lambda: requests)\nprint(device.reply(requests[0], 200, b'\\x01late'))\ninput()\n")
    call = asked.do("rrpc", topic="/user/slow", payload="?")
    record = asked.seen("rrpc_reply")
    assert (record["rid"], record["payload"]) == (call["rid"], "\x01late")
    assert asked.ends() == ""


def test_a_script_may_answer_custom_calls_by_publishing(start):
    """One that has no callback for services, as scripts for other libraries have."""
    asked = start(
        """
device = Device()

def on_message(message):
    print(message["payload"], device.publish({"topic": message["topic"], "payload": "by hand"}))

device.on(Device.ON_SUBCRIBE, on_message)
online(device)
print("ready")
input()
"""
    )
    asked.do("rrpc", topic="/user/lamp", payload="on?")
    assert asked.seen("rrpc_reply")["payload"] == "by hand"
    assert asked.ends() == ""
    assert len(asked.cloud.seen(kind="rrpc_reply", device=asked.name)) == 1


def test_callbacks_set_by_the_methods_of_their_own_names(start):
    asked = start("""
device = Device()
print(device.onProps(lambda request: 201), device.onService(lambda request: 202))
attempt(device.onProps, 1)
online(device)
print("ready")
input()
device.onProps(None)
print("all")
input()
""")
    assert asked.lines == ["0 0", "TypeError on(): int cannot be called"]
    asked.do("set", params={"a": 1})
    assert asked.seen("set_reply")["code"] == 201
    asked.do("service", service="Blink", params={})
    assert asked.seen("service_reply")["code"] == 202
    asked.running.say("go on")
    asked.running.wait_line("all")
    asked.do("set", params={"a": 2})
    assert asked.seen("set_reply", lambda record: record["code"] != 201)["code"] == 200
    assert asked.ends() == ""
