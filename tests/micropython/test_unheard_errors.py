"""An error that no callback hears is one line on the console, until it changes; a callback, or None on purpose, silences it."""

import json

import pytest

from micropython import Script, run
from ports import free_port
from scripts import script

CONNECT = """
def keep_trying(seconds=30):
    device.connect(dict(key_info, **more))
    end = time.ticks_add(time.ticks_ms(), seconds * 1000)
    while time.ticks_diff(end, time.ticks_ms()) > 0 and not os.getenv("DONE"):
        time.sleep_ms(10)


device = Device()
more = {}
"""

# How the script fails, and how its line begins and goes on.
FAILURES = {
    "wrong secret": ("more = {'deviceSecret': 'x' * 32}", "aliyunIoT: error 4: "),
    "unknown product": ("more = {'productKey': 'a1unknown00'}", "aliyunIoT: error "),
    "no network": ("more = {}", "aliyunIoT: error -42: "),
    "untrusted root": ("more = {}", "aliyunIoT: error -43: "),
    "no such name": ("more = {}", "aliyunIoT: error -42: name not found"),
}


def environment_of(failure):
    if failure == "no network":
        return {"ALIYUN_IOT_ENDPOINT": f"localhost:{free_port()}"}
    if failure == "untrusted root":
        return {"SSL_CERT_FILE": None}
    if failure == "no such name":
        return {"ALIYUN_IOT_ENDPOINT": "nowhere.invalid:1883"}
    return {}


@pytest.mark.parametrize("failure", FAILURES)
def test_it_is_one_line_however_often_it_happens(cloud, device, failure):
    setting, begins = FAILURES[failure]
    body = CONNECT + setting + "\nkeep_trying(4)\n"
    with Script(script(body), cloud, device, env=environment_of(failure)) as running:
        assert running.wait() == 0
        said = running.errors.splitlines()
    assert len(said) == 1 and said[0].startswith(begins), said
    assert said[0].endswith(f"(device {device['deviceName']})")
    assert device["deviceSecret"] not in said[0]


@pytest.mark.parametrize("silenced", ["None", "lambda error: None", "print"])
def test_a_callback_or_none_on_purpose_silences_it(cloud, device, silenced):
    body = CONNECT + f"device.on(Device.ON_ERROR, {silenced})\n" + FAILURES["wrong secret"][0] + "\nkeep_trying(2)\n"
    ended = run(script(body), cloud, device)
    assert (ended.code, ended.errors) == (0, "")
    assert (ended.lines != []) == (silenced == "print")


def test_none_after_a_callback_silences_it_too(cloud, device):
    body = CONNECT + "device.on(Device.ON_ERROR, print)\ndevice.on(Device.ON_ERROR, None)\nmore = {'deviceSecret': 'x'}\nkeep_trying(2)\n"
    ended = run(script(body), cloud, device)
    assert (ended.lines, ended.errors) == ([], "")


def test_other_callbacks_do_not_silence_it(cloud, device):
    body = CONNECT + "device.on(Device.ON_CONNECT, print)\ndevice.on(Device.ON_DISCONNECT, print)\nmore = {'deviceSecret': 'x'}\nkeep_trying(2)\n"
    ended = run(script(body), cloud, device)
    assert ended.lines == []
    assert ended.errors.startswith("aliyunIoT: error 4: ") and "\n" not in ended.errors


def test_another_error_is_another_line(cloud, device):
    body = """
    device = Device()
    device.connect(dict(key_info, deviceSecret="x"))
    time.sleep(1)
    device.end()
    device.connect(dict(key_info, productKey="a1unknown00"))
    time.sleep(1)
    device.end()
    """
    said = run(script(body), cloud, device).errors.splitlines()
    assert len(said) == 2 and len(set(said)) == 2, said


def test_a_refused_registration(cloud, device):
    body = """
    device = Device()
    print(device.register({
        "productKey": key_info["productKey"], "deviceName": key_info["deviceName"], "productSecret": "wrong" * 4,
    }, print))
    """
    ended = run(script(body), cloud, device)
    assert ended.lines == ["-1"]
    assert ended.errors.startswith("aliyunIoT: error ") and ended.errors.endswith(f"(device {device['deviceName']})")
    assert "\n" not in ended.errors and "wrong" not in ended.errors


def test_a_registration_without_a_network(cloud, device):
    body = """
    device = Device()
    print(device.register({
        "productKey": key_info["productKey"], "deviceName": key_info["deviceName"], "productSecret": "wrong" * 4,
        "tls": False, "host": "127.0.0.1", "port": PORT,
    }, print))
    """.replace("PORT", str(free_port()))
    env = {"ALIYUN_IOT_ENDPOINT": None, "ALIYUN_IOT_HTTPS_ENDPOINT": None}
    ended = run(script(body), cloud, device, env=env)
    assert ended.lines == ["-1"]
    assert len(ended.errors.splitlines()) == 1 and ended.errors.startswith("aliyunIoT: error -42: "), ended.errors


LOST = """
up = []
device = Device()
device.on(Device.ON_CONNECT, up.append)
{more}
device.connect(key_info)
wait(lambda: len(up) == 1)
print("up")
wait(lambda: len(up) == 2)
device.end()
"""


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        ("", 1),
        ("device.on(Device.ON_PROPS, print)", 1),
        ("device.on(Device.ON_ERROR, None)", 0),
        ("device.on(Device.ON_DISCONNECT, lambda data: None)", 0),
        ("device.on(Device.ON_DISCONNECT, None)", 0),
    ],
)
def test_a_lost_session(cloud, device, more, lines):
    with Script(script(LOST.format(more=more)), cloud, device) as running:
        running.wait_line("up")
        cloud.do("drop", device=device["deviceName"])
        assert running.wait() == 0
        said = running.errors.splitlines()
    assert len(said) == lines, said
    assert all(line.startswith("aliyunIoT: error -42: ") for line in said)


def test_a_post_that_is_refused_and_nobody_asked(cloud, device):
    body = """
    device = Device()
    up = []
    device.on(Device.ON_CONNECT, up.append)
    device.connect(key_info)
    wait(lambda: up)
    for number in range(3):
        device.postProps({"params": {"a": 1}})
    times = []
    device.getNtpTime(times.append)
    wait(lambda: times)
    device.end()
    """
    cloud.do("reply", mode=460, count=3)
    said = run(script(body), cloud, device).errors.splitlines()
    assert len(said) == 1 and said[0].startswith("aliyunIoT: error 460: "), said


def test_words_of_the_platform_do_not_reach_the_terminal_as_controls(cloud, device):
    body = """
    device = Device()
    up = []
    device.on(Device.ON_CONNECT, up.append)
    device.connect(key_info)
    wait(lambda: up)
    device.postProps({"params": {"a": 1}})
    input()
    """
    name, product = device["deviceName"], device["productKey"]
    cloud.do("reply", mode="silent", count=1)
    with Script(script(body), cloud, device) as running:
        id = cloud.wait_seen(device=name, kind="property_post")["id"]
        reply = json.dumps({"id": id, "code": 460, "message": "bad\x9b\x7f value", "data": {}}, ensure_ascii=False)
        cloud.do("publish", topic=f"/sys/{product}/{name}/thing/event/property/post_reply", payload=reply, device=name, direct=True)
        line = running.wait_line("error 460").text
    assert line == f"aliyunIoT: error 460: bad?? value (device {name})"


def test_two_devices_are_told_apart(cloud, device):
    other = cloud.new_device()
    body = f"""
    devices = [Device(), Device()]
    for device, name in zip(devices, (key_info["deviceName"], {other["deviceName"]!r})):
        device.connect(dict(key_info, deviceName=name, deviceSecret="x"))
    time.sleep(1)
    """
    said = run(script(body), cloud, device).errors.splitlines()
    assert sorted(line.split("(device ")[1] for line in said) == sorted([device["deviceName"] + ")", other["deviceName"] + ")"])
