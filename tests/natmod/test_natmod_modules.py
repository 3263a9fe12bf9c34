"""What a script does to `sys.modules` does not reach the native module: its methods go on working, or raise."""

import pytest

from micropython import run
from scripts import script

RUNS_ON = ("x64", "unix")

# Memory that was freed is used again, so that whatever still points there shows.
FILL = """
def fill():
    gc.collect()
    kept = [bytearray(b"\\xff" * size) for size in (16, 32, 64, 128, 512, 4096) * 50]
    gc.collect()
    return len(kept)
"""

# Everything that the module does once it is loaded.
USE = """
def use(device):
    answers, messages = [], []
    device.on(Device.ON_SUBCRIBE, messages.append)
    device.postProps({"params": {"a": 1}}, lambda reply: answers.append(reply["code"]))
    wait(lambda: answers)
    device.subscribe({"topic": USER + "get", "qos": 1})
    device.publish({"topic": USER + "update", "payload": "x", "qos": 1})
    device.getNtpTime(lambda now: answers.append(now["year"] > 2020))
    wait(lambda: len(answers) == 2)
    attempt(device.postProps, {"params": 5})
    print(answers, type(Device()).__name__)
"""

SCRIPTS = {
    "cleared": "sys.modules.clear()",
    "its package deleted": "del sys.modules['aliyunIoT']",
    "it deleted": "del sys.modules['aliyunIoT.native_x64']",
    "it and its package deleted": "for name in [name for name in sys.modules if 'aliyun' in name]: del sys.modules[name]",
    "its package emptied": "import aliyunIoT; aliyunIoT._native.__dict__.clear(); aliyunIoT.__dict__.clear(); del aliyunIoT",
    "something else in its place": "sys.modules['aliyunIoT'] = sys.modules['aliyunIoT.native_x64'] = 5",
    **{
        f"its names taken by {thing}": f"sys.modules['_aliyunIoT_state'] = sys.modules['_aliyunIoT_connected'] = {thing}"
        for thing in ("None", "5", "b''", "bytearray(4)", "bytearray(1000)", "[5, None, 'x', []]", "{}", "sys")
    },
}


@pytest.mark.parametrize("what", SCRIPTS)
def test_before_a_device_connects(cloud, device, what):
    body = f"{FILL}{USE}\n{SCRIPTS[what]}\nfill()\ndevice = online()\nfill()\nuse(device)\ndevice.end()\n"
    check(run(script(body), cloud, device))


@pytest.mark.parametrize("what", SCRIPTS)
def test_while_a_device_is_connected(cloud, device, what):
    body = f"{FILL}{USE}\ndevice = online()\n{SCRIPTS[what]}\nfill()\nuse(device)\nfill()\ndevice.end()\n"
    check(run(script(body), cloud, device))


def test_imported_again(cloud, device):
    """Two copies of the module beside each other, each with its own devices."""
    other = cloud.new_device()
    names = ("productKey", "deviceName", "deviceSecret")
    keys = {name: other[name] for name in names}
    body = f"""{FILL}{USE}
first = online()
sys.modules.clear()
fill()
from aliyunIoT import Device as Again
print(Again is Device)
second = online(Again(), **{keys!r})
fill()
use(first)
fill()
replies = []
second.postProps({{"params": {{"a": 1}}}}, replies.append)
wait(lambda: replies)
first.end()
second.end()
"""
    ended = run(script(body), cloud, device)
    assert (ended.code, ended.errors) == (0, ""), ended.errors
    assert ended.lines[0] == "False" and ended.lines[-1] == "[200, True] Device"


def check(ended):
    assert (ended.code, ended.errors) == (0, ""), ended.errors
    refusal, said = ended.lines
    assert refusal.startswith("TypeError") and "params" in refusal
    assert said == "[200, True] Device"
