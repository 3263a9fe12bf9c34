"""Does every method stand a collection at each allocation?

With a threshold of 0 the collector runs before every single allocation, so what nobody holds is gone, and its place taken,
at once. `cargo xtask test sanitized` runs it under the sanitizers.
"""

from micropython import Script
from scripts import script, user_topic

BODY = """
gc.threshold(0)

def note(name):
    return lambda data: log.append((name, data))

log = []
device = Device()
for name in ("CONNECT", "DISCONNECT", "CLOSE", "PROPS", "SERVICE", "SUBCRIBE", "RAWDATA", "ERROR"):
    device.on(getattr(Device, "ON_" + name), note(name))


def wait_for(name, count=1):
    wait(lambda: sum(1 for entry in log if entry[0] == name) >= count, 100)


def later(request):
    log.append(("SERVICE", request))
    return Device.LATER


# Under the sanitizers a handshake takes seconds like this.
device.connect(dict(key_info, rxBuffer=3000, connectTimeout=100))
wait_for("CONNECT")
results = [
    device.getDeviceInfo()["deviceName"] == key_info["deviceName"],
    device.getDeviceHandle() > 0,
    repr(device),
    device.subscribe({"topic": USER + "get", "qos": 1}),
    device.subscribe({"topic": USER + "not"}),
    device.unsubscribe({"topic": USER + "not"}),
    device.postProps({"params": {"a": [1, {"b": "c" * 100}]}}),
    device.postEvent({"id": "e", "params": {"a": 1}}),
    device.postRaw({"param": b"raw"}),
    device.publish({"topic": USER + "update", "payload": "zero"}),
    device.publish({"topic": USER + "update", "payload": bytearray(b"one"), "qos": 1}),
    # The send buffer has to grow.
    device.publish({"topic": USER + "update", "payload": "x" * 40000, "qos": 1}),
    device.poll() >= -1,
]
replies = []
device.on(Device.ON_SERVICE, later)
results += [
    device.postProps({"params": {"a": 1}}, replies.append),
    device.postEvent({"id": "e", "params": {"a": 1}}, replies.append),
    device.publish({"topic": USER + "acked", "payload": "two", "qos": 1}, replies.append),
    device.getNtpTime(note("TIME")),
    device.setClock(),
    device.onProps(note("PROPS")),
]
wait_for("TIME")
wait(lambda: len(replies) == 3, 100)
results.append(sorted(reply["code"] for reply in replies))
for wrong in ({"topic": "a/+", "payload": ""}, {"payload": ""}, {"topic": 1, "payload": ""}):
    try:
        device.publish(wrong)
    except (ValueError, TypeError, KeyError) as error:
        results.append(type(error).__name__)
print(results)
print("ready")
wait_for("SUBCRIBE", 20)
wait_for("PROPS", 20)
wait_for("SERVICE", 2)
wait_for("RAWDATA")
wait_for("ERROR")
print([device.reply(entry[1]["msg_id"], 200, {"late": True}) for entry in log if entry[0] == "SERVICE"])
print("received")
wait_for("CONNECT", 2)
device.publish({"topic": USER + "update", "payload": "again", "qos": 1})
wait_for("SUBCRIBE", 21)
print(device.end(), [entry[1]["payload"] for entry in log if entry[0] == "SUBCRIBE"] == [str(n) for n in range(20)] + ["last"])
print([json.loads(entry[1]["params"])["n"] for entry in log if entry[0] == "PROPS"] == list(range(20)))
device = Device()
device.on(Device.ON_CLOSE, note("CLOSE"))
with device:
    online(device, connectTimeout=100)
    progress = []
    ids = [
        device.uploadContent("content.bin", bytes(range(256)) * 20, progress.append),
        device.uploadFile("script.py", __file__, progress.append),
    ]
    print([isinstance(id, str) for id in ids], [data["sent"] == data["size"] for data in progress].count(True))
wait_for("CLOSE", 2)
device = Device()
device.on(Device.ON_ERROR, note("REFUSED"))
registration = {name: key_info[name] for name in ("productKey", "deviceName")}
print(device.register(dict(registration, productSecret="wrong"), print), [entry[0] for entry in log].count("REFUSED"))
print("closed")
"""


def test_a_collection_at_each_allocation(cloud, device):
    name, topic = device["deviceName"], user_topic(device, "get")
    with Script(script(BODY), cloud, device, limit=300) as running:
        running.wait_line("ready", timeout=120)
        cloud.wait_seen(lambda record: len(record["payload"]) == 40000, timeout=120, device=name, kind="publish")
        for number in range(20):
            cloud.do("publish", topic=topic, payload=str(number))
            cloud.do("set", device=name, params={"n": number})
        cloud.do("service", device=name, service="Toggle", params={"a": 1})
        cloud.do("rrpc", device=name, service="Toggle", params={"a": 2})
        cloud.do("raw", device=name, hex="00ff")
        cloud.do("publish", topic=topic, payload="y" * 5000)
        running.wait_line("received", timeout=120)
        cloud.do("drop", device=name)
        cloud.wait_seen(lambda record: record["payload"] == "again", timeout=120, device=name, kind="publish")
        cloud.do("publish", topic=topic, payload="last")
        assert running.wait() == 0, running.errors
    results = [True, True, "aiot_device", *9 * [0], True]
    assert running.lines[0].startswith(str(results)[:-1]), running.lines
    assert running.lines[1:] == [
        "ready", "[0, 0]", "received", "0 True", "True", "[True, True] 2", "-1 1", "closed"
    ], running.lines
    assert [record["payload"][:5] for record in cloud.seen(device=name, kind="publish")] == ["zero", "one", "xxxxx", "two", "again"]
    for kind in ("set_reply", "service_reply", "rrpc_reply"):
        assert all(record["code"] == 200 for record in cloud.seen(device=name, kind=kind) if "code" in record)
