"""The events of LuatOS's `aliyun`, each once, in each of its three generations."""

import socket

import pytest

from generations import ALL, BEGIN, OBJECTS, ends_well, own, received, result, start
from micropython import Script

each = pytest.mark.parametrize("generation", ALL)


# As scripts have it: functions of the module, some of them before the entry point.
FUNCTIONS = {
    "Air": """
aliyun.setMqtt(None, None, 120)
aliyun.setup(key, None, lambda: name, lambda: secret)
listen(aliyun)
""",
    "2023": """
listen(aliyun)
aliyun.confiDentialTask(name, key, secret)
""",
    "2024": """
listen(aliyun, "publish", "reg", "ota")
aliyun.setup({"DeviceName": name, "ProductKey": key, "DeviceSecret": secret, "InstanceId": "", "RegionId": "cn-shanghai"})
""",
}
PUBLISHES = {
    "Air": 'aliyun.publish(USER + "update", "one", 1, note("sent"), "a")\naliyun.publish(USER + "update", b"zero", 0, note("sent"), "b")\n',
    "2023": 'aliyun.publish(USER + "update", 1, "one")\naliyun.publish(USER + "update", 0, b"zero")\n',
    "2024": 'aliyun.publish(USER + "update", 1, "one", note("sent"), "a")\naliyun.publish(USER + "update", 0, b"zero", note("sent"), "b")\n',
}


@each
def test_functions_of_the_module(cloud, device, generation):
    subscribe = "subscriber" if generation == "2023" else "subscribe"
    text = f"""
until("connect")
{PUBLISHES[generation]}
aliyun.{subscribe}(USER + "get", 1)
until("receive", 2)
until("sent", {0 if generation == "2023" else 2})
aliyun.close()
"""
    with Script(BEGIN + FUNCTIONS[generation] + text, cloud, device) as script:
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        cloud.do("publish", topic=own(device, "get"), payload="开灯", qos=1)
        cloud.do("publish", topic=own(device, "get"), hex="ff00", qos=0)
        lines = ends_well(script)
    get = own(device, "get")
    assert lines[:2] == ["auth True", "connect True"]
    assert [line for line in lines if line.startswith("receive")] == [
        received(generation, get, 1, "开灯"),
        received(generation, get, 0, "b'\\xff\\x00'"),
    ]
    sent = sorted(line for line in lines if line.startswith(("sent", "publish")))
    assert sent == {"Air": ["sent True a", "sent True b"], "2023": [], "2024": ["publish 1", "sent True a", "sent True b"]}[generation]
    assert len(lines) == 4 + len(sent)
    publishes = cloud.seen(kind="publish", device=device["deviceName"])
    assert [(record["payload"], record["qos"]) for record in publishes] == [("one", 1), ("zero", 0)]
    [login] = cloud.seen(kind="login", device=device["deviceName"])
    assert login["tls"] and login["keepalive"] == {"Air": 120, "2023": 30, "2024": 300}[generation]


@each
def test_a_lost_link(cloud, device, generation):
    """A loss is reported once, however many attempts follow."""
    name = device["deviceName"]
    with start(cloud, device, generation, 'device.subscribe(USER + "get")\nuntil("receive")\ndevice.close()\n') as script:
        subscribed = cloud.wait_seen(kind="subscribe", device=name)
        cloud.do("refuse", code=3, count=2)
        cloud.do("drop", device=name)
        script.wait_line("connect True", after=4)
        cloud.wait_seen(kind="subscribe", device=name, since=subscribed["n"])
        cloud.do("publish", topic=own(device, "get"), payload="again", qos=0)
        lines = [line for line in ends_well(script) if not line.startswith("error 3 ")]
    assert lines[:5] == ["auth True", "connect True", "connect False", "reconnect", "connect True"]
    assert lines[5:] == [received(generation, own(device, "get"), 0, "again")]


@each
@pytest.mark.parametrize("code", [2, 4, 5])
def test_a_refused_login(cloud, device, generation, code):
    cloud.do("refuse", code=code, count=1)
    body = 'device = Its.make()\nlisten(device)\nIts.start(device)\nuntil("reconnect")\ndevice.close()\n'
    lines = result(cloud, device, generation, body, connected=False)
    assert lines[0].startswith(f"error {code} ")
    assert lines[1:] == ["auth False", "connect False", "reconnect"]


@each
def test_a_wrong_secret(cloud, device, generation):
    body = 'device = Its.make()\nlisten(device)\nIts.start(device, secret="0" * 32)\nuntil("reconnect")\ndevice.close()\n'
    lines = result(cloud, device, generation, body, connected=False)
    names = {"Air": "productKey, getDeviceName() and", "2023": "ProductKey, DeviceName and", "2024": "ProductKey, DeviceName and"}
    assert lines[0] == f"error 4 refused: bad user name or password; check {names[generation]} secret"
    assert lines[1:] == ["auth False", "connect False", "reconnect"]


@each
def test_a_server_that_is_not_there(device, generation):
    """It says nothing about who the device is, and is reported once."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        port = nobody.getsockname()[1]
        body = f'device = Its.make()\nlisten(device)\nIts.start(device, host="127.0.0.1", port={port})\nuntil("error", 3)\ndevice.close()\n'
        lines = result(None, device, generation, body, connected=False)
    assert [line for line in lines if not line.startswith("error -42 ")] == ["connect False", "reconnect"]


@each
def test_without_a_listener_an_error_is_printed_once(cloud, device, generation):
    body = 'device = Its.make()\ndevice.on("connect", note("connect"))\nIts.start(device)\nuntil("connect", 2)\ndevice.close()\n'
    cloud.do("refuse", code=3, count=2)
    lines = result(cloud, device, generation, body, connected=False)
    assert lines[0].startswith("aliyun: error 3: ") and lines[0].endswith(f"(device {device['deviceName']})")
    assert lines[1:] == ["connect False", "connect True"]


@each
def test_a_listener_that_raises_stops_nobody(cloud, device, generation):
    body = """
def wrong(*arguments):
    raise ValueError("wrong")

device = Its.make()
for event in ("auth", "reconnect", "receive"):
    device.on(event, wrong)
device.on("connect", lambda result: (said.append("connect"), wrong()))
device.subscribe(USER + "get")
Its.start(device)
until("connect", 3)
device.close()
"""
    with start(cloud, device, generation, body, connected=False) as script:
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        cloud.do("publish", topic=own(device, "get"), payload="x", qos=0)
        script.wait_line(lambda _: (script.lines + script.errors.split("\n")).count("ValueError: wrong") == 3)
        cloud.do("drop", device=device["deviceName"])
        assert script.wait() == 0
    said = script.lines + script.errors.split("\n")
    assert said.count("ValueError: wrong") == 6, "auth, connect three times, receive, reconnect"


@each
def test_a_listener_may_be_a_task(cloud, device, generation):
    body = """
async def connected(result):
    await sys.wait(1)
    note("task")(result)

device = Its.make()
device.on("connect", connected)
Its.start(device)
run(lambda: later("task"))
"""
    lines = result(cloud, device, generation, body, connected=False)
    assert lines == ["task True"]


@each
def test_a_listener_that_comes_late_is_told_what_it_has_missed(cloud, device, generation):
    """The last result of each kind, once. A script may set its functions behind the entry point."""
    body = """
device = Its.make()
Its.start(device)
while not device._up:
    time.sleep_ms(5)
for _ in range(2):
    for event in ("auth", "connect", "reconnect", "receive"):
        device.on(event, note(event))
    time.sleep_ms(20)
device.close()
"""
    assert result(cloud, device, generation, body, connected=False) == ["auth True", "connect True"]


@each
def test_a_second_set_up_replaces_the_first(cloud, device, generation):
    """In a callback, too. Of the first connection, only its end is still reported."""
    body = """
def again(result):
    note("connect")(result)
    if said.count("connect") == 3:
        Its.start(device)

device.on("connect", again)
Its.start(device)
until("connect", 5)
device.close()
"""
    lines = result(cloud, device, generation, body)
    assert lines == ["auth True", "connect True", *["connect False", "auth True", "connect True"] * 2]
    cloud.wait_offline(device["deviceName"])
    assert len(cloud.seen(kind="login", device=device["deviceName"])) == 3


def test_three_in_one_process(cloud):
    """Each on its own: only the one that is cut says so, and each has its own order of arguments."""
    devices = {generation: cloud.new_device() for generation in ALL}
    text = BEGIN + "devices = {}\nproduct = key\n"
    for generation, one in devices.items():
        text += OBJECTS[generation] + f"""
name, secret = "{one['deviceName']}", "{one['deviceSecret']}"
device = devices["{generation}"] = Its.make()
for event in ("auth", "connect", "reconnect", "receive", "error"):
    device.on(event, note("{generation} " + event))
device.subscribe("/%s/%s/user/get" % (key, name), 1)
Its.start(device, name, secret)
until("{generation} connect")
Its.send(device, "/%s/%s/user/update" % (key, name), "{generation}", 1)
"""
    text += 'until("2024 receive")\nfor device in devices.values():\n    device.close()\n'
    with Script(text, cloud, devices["Air"]) as script:
        for generation in ALL:
            cloud.wait_seen(kind="publish", device=devices[generation]["deviceName"])
        name = devices["2023"]["deviceName"]
        [subscribed] = cloud.seen(kind="subscribe", device=name)
        cloud.do("drop", device=name)
        cloud.wait_seen(lambda record: record["n"] > subscribed["n"], kind="subscribe", device=name)
        for generation in ALL:
            cloud.do("publish", topic=own(devices[generation], "get"), payload=generation, qos=1)
        lines = ends_well(script)
    for generation in ALL:
        told = [line.removeprefix(generation + " ") for line in lines if line.startswith(generation + " ")]
        again = ["connect False", "reconnect", "connect True"] if generation == "2023" else []
        assert told == ["auth True", "connect True", *again, received(generation, own(devices[generation], "get"), 1, generation)]
        [publish] = cloud.seen(kind="publish", device=devices[generation]["deviceName"])
        assert publish["payload"] == generation
