"""The generated API page: each method of the type stubs is told of, whole, with an example that does what it says."""

import ast
import re

import pytest

from micropython import ROOT, Script

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
STUBS = ast.parse((ROOT / "micropython" / "aliyunIoT.pyi").read_text(encoding="utf-8"))

BEGIN = """
import json, micropython, time
from aliyunIoT import Device
from credentials import device_name as name, device_secret as secret, key_info, product_key as key, product_secret

device = Device()
"""

# Around the examples of all methods but these, which begin with a device at rest.
AT_REST = ("connect", "register")
CONNECT = """
def _connect():
    up = []
    device.on(Device.ON_CONNECT, up.append)
    # The unix port has no clock to set, which would be one more line.
    device.on(Device.ON_ERROR, None)
    device.connect(key_info)
    while not up:
        time.sleep_ms(10)

_connect()
"""

END = """
print("example ends")
import select, sys
_told = select.poll()
_told.register(sys.stdin, select.POLLIN)
while not _told.poll(10):
    pass
# A script lives on behind its end while a device is connected.
sys.exit()
"""

# What the cloud does once the example has run, for it to have something to say.
ACTIONS = {
    "on": lambda cloud, device: cloud.do("set", device=device["deviceName"], params={"LightSwitch": 1}),
    "reply": lambda cloud, device: cloud.do("service", device=device["deviceName"], service="Work", params={}),
    "subscribe": lambda cloud, device: cloud.do(
        "publish", topic=f"/{device['productKey']}/{device['deviceName']}/user/get", payload="hello"
    ),
}


def sections():
    """The method's section of the page, by its name."""
    found = re.split(r"^### `(\w+)\((.*)\)`$", re.sub(r"^## .*$", "", PAGE, flags=re.M), flags=re.M)[1:]
    return {name: (arguments, text) for name, arguments, text in zip(found[::3], found[1::3], found[2::3], strict=True)}


SECTIONS = sections()


def stub_methods():
    [device] = [node for node in STUBS.body if isinstance(node, ast.ClassDef) and node.name == "Device"]
    methods = [node for node in device.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("__")]
    return {method.name: method for method in methods}


def example(name):
    [code] = re.findall(r"^```python\n(.*?)^```$", SECTIONS[name][1], flags=re.M | re.S)
    return code


def test_every_method_is_there():
    assert list(SECTIONS) == list(stub_methods())


@pytest.mark.parametrize("name", SECTIONS)
def test_each_is_told_whole(name):
    arguments, text = SECTIONS[name]
    stub = stub_methods()[name].args
    told = [argument.split("=")[0] for argument in arguments.split(", ") if argument]
    assert told == [argument.arg for argument in stub.posonlyargs[1:] + stub.args[bool(not stub.posonlyargs) :]]
    for argument in told:
        rows = r"^\| key \| type \| default \| what \|$" if argument == "data" and "| key |" in text else None
        assert re.search(rows or rf"^\| `{argument}` \| `.+` \| .+ \| .+ \|$", text, flags=re.M), argument
    assert re.search(r"^Returns .+\.$", text, flags=re.M)
    assert ("| otherwise | when |" in text) != ("It does not fail." in text)


@pytest.mark.parametrize("name", SECTIONS)
def test_each_example_runs(cloud, device, tmp_path, name):
    code = example(name)
    said = re.findall(r"\bprint\(.*\)  # (.+)$", code, flags=re.M)
    assert said, "an example shows what comes of it"
    there = f"import os\nos.chdir({str(tmp_path)!r})\n"
    with Script(BEGIN + there + CONNECT * (name not in AT_REST) + code + END, cloud, device) as script:
        script.wait_line("example ends")
        if name == "subscribe":
            cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        if name in ACTIONS:
            ACTIONS[name](cloud, device)
        for line in said:
            script.wait_line(lambda text, line=line: text == line)
        script.say("end")
        assert script.wait() == 0
        assert script.errors == ""
    assert sorted(line for line in script.lines if line != "example ends") == sorted(said)


def test_answers_of_the_examples(cloud, device):
    """The one example of an answer: the platform gets what it says."""
    with Script(BEGIN + CONNECT + example("reply") + END, cloud, device) as script:
        script.wait_line("example ends")
        ACTIONS["reply"](cloud, device)
        assert cloud.wait_seen(kind="service_reply", device=device["deviceName"])["data"] == {"done": True}
