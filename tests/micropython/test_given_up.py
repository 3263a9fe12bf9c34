"""A message that the server always answers by closing does not disable the device: it is found out and given up."""

import re
import textwrap

import pytest

from micropython import Script
from scripts import script

WATCHED = """
PK, DN = key_info["productKey"], key_info["deviceName"]
device = Device()
results = []

def on_disconnect(data):
    print("lost:", data["msg"])

def on_reply(reply):
    results.append(reply["code"])
    print("reply", reply["code"])

device.on(Device.ON_DISCONNECT, on_disconnect)
online(device)

def publish(topic, payload, qos=1, callback=None):
    data = {"topic": topic, "payload": payload, "qos": qos}
    return device.publish(data, callback) if callback else device.publish(data)
"""

# What the core cannot know: each is closed for by the cloud.
UNKNOWN = [
    '"/%s/%s/elsewhere" % (PK, DN)',
    '"/broadcast/%s/news" % PK',
    '"/ext/register"',
    '"/some/topic"',
]


def play(cloud, device, body):
    return Script(script(WATCHED + textwrap.dedent(body)), cloud, device)


def payloads(cloud, device):
    return [record["payload"] for record in cloud.seen(device=device["deviceName"], kind="publish")]


@pytest.mark.parametrize("topic", UNKNOWN)
def test_it_is_given_up_and_what_waits_behind_it_arrives(cloud, device, topic):
    body = f"""
    print(publish({topic}, "x", 1, on_reply))
    for n in range(5):
        publish(USER + "good", str(n))
    wait(lambda: results)
    publish(USER + "good", "last", 1, on_reply)
    wait(lambda: len(results) == 2, 30)
    print("over", device.end())
    """
    with play(cloud, device, body) as running:
        assert running.wait() == 0, running.errors
    assert running.lines[0] == "0" and running.lines[-1] == "over 0"
    assert [line for line in running.lines if line.startswith("reply")] == ["reply -51", "reply 200"]
    errors = [line for line in running.lines if line.startswith("error")]
    assert len(errors) == 1 and re.match(r"error -51 given up: .* right after a publish to /", errors[0]), errors
    lost = [line for line in running.lines if line.startswith("lost: ")]
    assert len(lost) == 4 and all(" right after a publish to /" in line for line in lost), lost
    assert sorted(set(payloads(cloud, device))) == ["0", "1", "2", "3", "4", "last"]


def test_at_qos_0_each_second_the_device_works(cloud, device):
    body = """
    codes = []
    for n in range(40):
        codes.append(publish("/%s/%s/elsewhere" % (PK, DN), "x", 0))
        if n % 5 == 0:
            publish(USER + "good", str(n))
        time.sleep_ms(500)
    wait(lambda: publish(USER + "good", "last", 1, on_reply) == 0)
    wait(lambda: results)
    print("given up", codes.count(-7) >= 5, codes[-1])
    """
    with play(cloud, device, body) as running:
        assert running.wait() == 0, running.errors
    assert running.lines[-1] == "given up True -7", running.lines
    assert not [line for line in running.lines if line.startswith("error -41")], running.lines
    assert [line for line in running.lines if line.startswith("error -51")]
    assert {str(n) for n in range(0, 40, 5)} | {"last"} == set(payloads(cloud, device))


@pytest.mark.parametrize("qos", [0, 1])
def test_a_payload_that_the_server_will_not_have(cloud, device, qos):
    cloud.do("dislike", payload=f"poison{qos}")
    body = f"""
    publish(USER + "good", "first", 1, on_reply)
    publish(USER + "bad", "a poison{qos} pill", {qos})
    publish(USER + "good", "second", 1, on_reply)
    for n in range(30):
        if {qos} == 0:
            publish(USER + "bad", "poison0", 0)
        time.sleep_ms(500)
    wait(lambda: len(results) == 2)
    print(results)
    """
    try:
        with play(cloud, device, body) as running:
            assert running.wait() == 0, running.errors
    finally:
        cloud.do("dislike")
    assert running.lines[-1] == "[200, 200]"
    errors = [line for line in running.lines if line.startswith("error")]
    assert errors and all(line.startswith("error -51 ") and line.endswith("/user/bad") for line in errors), errors


def test_a_subscription(cloud, device):
    topic = f"/{device['productKey']}/{device['deviceName']}/user/bad/+"
    cloud.do("dislike", topic=topic)
    body = """
    messages = []
    device.on(Device.ON_SUBCRIBE, messages.append)
    device.subscribe({"topic": USER + "bad/+", "qos": 1})
    device.subscribe({"topic": USER + "good", "qos": 1})
    publish(USER + "good", "x", 1, on_reply)
    errors = []
    device.on(Device.ON_ERROR, errors.append)
    wait(lambda: errors and results)
    print("error", errors[0]["code"], errors[0]["msg"])
    for _ in range(60):
        if messages:
            break
        publish(USER + "good", "y", 0)
        time.sleep_ms(500)
    print("message", messages[0]["payload"])
    print(device.subscribe({"topic": USER + "bad/+"}))
    """
    try:
        with play(cloud, device, body) as running:
            assert running.wait() == 0, running.errors
    finally:
        cloud.do("dislike")
    errors = [line for line in running.lines if line.startswith("error")]
    assert len(errors) == 1 and errors[0].startswith("error -45 ") and errors[0].endswith(topic), running.lines
    assert "message y" in running.lines and running.lines[-1] == "-7"


def test_an_answer_to_a_service_call(cloud, device):
    name = device["deviceName"]
    cloud.do("dislike", payload="poison")
    body = """
    device.on(Device.ON_SERVICE, lambda call: {"a": "poison"})
    device.on(Device.ON_CONNECT, lambda data: print("online"))
    device.on(Device.ON_PROPS, lambda data: results.append(1))
    print("online")
    wait(lambda: results, 90)
    """
    try:
        with play(cloud, device, body) as running:
            for count in range(4):
                cloud.wait_seen(lambda _: running.lines.count("online") > count, device=name, kind="login")
                cloud.do("service", device=name, service="s", params={})
                cloud.wait_seen(
                    lambda _: sum(line.startswith("lost: ") for line in running.lines) > count, device=name, kind="refused"
                )
            running.wait_line("error -51 given up")
            cloud.wait_seen(lambda _: running.lines.count("online") > 4, device=name, kind="login")
            # It is not answered for five minutes, and all else works.
            cloud.do("service", device=name, service="s", params={})
            cloud.do("set", device=name, params={"a": 1})
            assert running.wait() == 0, running.errors
    finally:
        cloud.do("dislike")
    assert len([line for line in running.lines if line.startswith("lost: ")]) == 4, running.lines
    assert not [line for line in running.lines if line.startswith("error -41")]


def test_an_upload_block(cloud, device):
    cloud.do("dislike", payload="poison")
    body = """
    with open("poison.bin", "wb") as file:
        file.write(b"." * 3000 + b"poison" + b"." * 3000)
    try:
        print(device.uploadFile("u.bin", "poison.bin", None))
    except OSError as error:
        print("raised")
    os.remove("poison.bin")
    publish(USER + "good", "x", 1, on_reply)
    wait(lambda: results)
    """
    try:
        with play(cloud, device, body) as running:
            assert running.wait() == 0, running.errors
    finally:
        cloud.do("dislike")
    errors = [line for line in running.lines if line.startswith("error")]
    assert len(errors) >= 1 and errors[0].startswith("error -51 "), running.lines
    assert running.lines[-1] == "reply 200"
