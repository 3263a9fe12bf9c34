"""The generated API pages: each function of the type stubs is described, with an example that prints what it says."""

import ast
import re

import pretended
import pytest

from cloud import Cloud
from micropython import ROOT, WITH_A_NUMBER, Script, family_path
from vendors import Vendor

# A page, the file of the module that it is of, and what it describes: a class, or the module's functions (None).
PAGES = {
    "api": ("aliyunIoT", ["Device"]),
    "kv": ("kv", [None]),
    "iotcloud": ("compat/luatos/iotcloud", [None, "Cloud"]),
    "luatos-log": ("compat/luatos/log", [None]),
    "luatos-aliyun": ("compat/luatos/aliyun", [None]),
    "luatos-sys": ("compat/luatos/sys", [None]),
    "quecpython-aliyun": ("compat/quecpython/aLiYun", ["aLiYun"]),
    "quecpython-tencent": ("compat/quecpython/TenCentYun", ["TXyun"]),
    "quecpython-checknet": ("compat/quecpython/checkNet", [None, "CheckNetwork"]),
    "quecpython-sys-bus": ("compat/quecpython/sys_bus", [None]),
    "quecpython-log": ("compat/quecpython/log", [None, "Logger"]),
    "haas-netmgr": ("compat/haas/netmgr", [None]),
    "haas-network": ("compat/haas/haas_network", ["NetWorkClient"]),
    "haas-sntp": ("compat/haas/sntp", [None]),
    "haas-modem": ("compat/haas/modem", [None]),
    "haas-driver": ("compat/haas/driver/__init__", ["GPIO", "ADC", "PWM", "I2C", "SPI", "UART", "TIMER", "WDT", "RTC"]),
}

BEGIN = """
import json, kv, micropython, time
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

HEARD = """
import select as _select, sys as _sys
_told = _select.poll()
_told.register(_sys.stdin, _select.POLLIN)
"""
END = (
    """
print("example ends")
"""
    + HEARD
    + """
while not _told.poll(10):
    pass
# A script lives on behind its end while a device is connected.
_sys.exit()
"""
)

CLOUD_BEGIN = """
import time
from luatos import iotcloud, sys
from credentials import device_name as name, device_secret as secret, product_key as key

cloud = iotcloud.new(iotcloud.ALIYUN, {'product_id': key, 'device_name': name, 'device_secret': secret})
"""
CLOUD_CONNECT = """
def _connect():
    up = []
    cloud.on(lambda cloud, event, data, payload: event == iotcloud.CONNECT and up.append(event))
    cloud.connect()
    while not up:
        time.sleep_ms(10)

_connect()
"""
# The end comes before the example, which does not end where it runs the tasks itself.
TASKS_BEGIN = (
    HEARD
    + """
from luatos import sys

async def _end():
    while not _told.poll(0):
        await sys.wait(10)
    raise SystemExit

sys.taskInit(_end)
print("example ends")
"""
)
LUATOS_ALIYUN_BEGIN = """
import time
from luatos import aliyun, sys
from credentials import device_name as name, device_secret as secret, product_key as key, product_secret
"""
LUATOS_ALIYUN_CONNECT = """
def _connect():
    up = []
    aliyun.on('connect', up.append)
    aliyun.setup({'ProductKey': key, 'DeviceName': name, 'DeviceSecret': secret})
    while not up:
        time.sleep_ms(10)

_connect()
"""
ALIYUN_BEGIN = """
import time
from aLiYun import aLiYun
from credentials import device_name as name, device_secret as secret, product_key as key

device = aLiYun(key, None, name, secret)
pub_topic = '/%s/%s/user/update' % (key, name)
sub_topic = '/%s/%s/user/get' % (key, name)
"""
TENCENT_BEGIN = """
import json, os
from TenCentYun import TXyun

info = json.loads(os.getenv("ALIYUN_KEY_INFO"))
product, name = info["productId"], info["deviceName"]
device = TXyun(product, name, info["deviceSecret"])
pub_topic = '%s/%s/event' % (product, name)
sub_topic = '%s/%s/control' % (product, name)
"""
HAAS_BEGIN = """
import haas_network, modem, netmgr, sntp

client = haas_network.NetWorkClient()
"""

# A timer or a wire calls back later.
DRIVER_BEGIN = """
import time
from driver import ADC, GPIO, I2C, PWM, RTC, SPI, TIMER, UART, WDT
"""
DRIVER_END = (
    """
print("example ends")
"""
    + HEARD
    + """
while not _told.poll(0):
    time.sleep_ms(10)
"""
)
# Before the example, between that and the example, after it, and the functions without what is between.
AROUND = {
    "api": (BEGIN, CONNECT, END, AT_REST),
    "kv": (BEGIN, "", END, ()),
    "iotcloud": (CLOUD_BEGIN, CLOUD_CONNECT, END, ("new", "connect")),
    "luatos-aliyun": (LUATOS_ALIYUN_BEGIN, LUATOS_ALIYUN_CONNECT, END, ("setup", "on", "operation", "confiDentialTask", "clientGetDirectDataTask")),
    "luatos-log": ("from luatos import log\n", "", END, ()),
    "luatos-sys": (TASKS_BEGIN, "", "sys.run()\n", ()),
    "quecpython-aliyun": (ALIYUN_BEGIN, "device.setMqtt(name)\n", END, ("setMqtt",)),
    "quecpython-tencent": (TENCENT_BEGIN, "device.setMqtt()\n", END, ("setMqtt",)),
    "quecpython-checknet": ("import checkNet\n", "", END, ()),
    # Two threads that print at once mix their lines.
    "quecpython-sys-bus": ("import sys_bus\n", "", "while sys_bus._workers:\n    pass\n" + END, ()),
    # Where the test reads what it prints.
    "quecpython-log": ("import log, sys\nlog.basicConfig(stream=sys.stdout)\n", "", END, ()),
    **{page: (WITH_A_NUMBER + HAAS_BEGIN, "", END, ()) for page in PAGES if page.startswith("haas-")},
    "haas-driver": (DRIVER_BEGIN, "", DRIVER_END, ()),
}

# What the cloud does once the example has run, for it to have something to say.
def send_hello(cloud, device):
    cloud.wait_seen(kind="subscribe", device=device["deviceName"])
    cloud.do("publish", topic=f"/{device['productKey']}/{device['deviceName']}/user/get", payload="hello")


def send_hello_on_tencent(cloud, device):
    cloud.wait_seen(kind="subscribe", cloud="tencent", device=device["deviceName"])
    cloud.do("publish", cloud="tencent", topic=f"{device['productId']}/{device['deviceName']}/control", payload="hello")


ACTIONS = {
    "api": {
        "on": lambda cloud, device: cloud.do("set", device=device["deviceName"], params={"LightSwitch": 1}),
        "reply": lambda cloud, device: cloud.do("service", device=device["deviceName"], service="Work", params={}),
        "subscribe": send_hello,
    },
    "iotcloud": {"on": send_hello},
    "luatos-aliyun": {"subscribe": send_hello},
    "quecpython-aliyun": {"setCallback": send_hello},
    "quecpython-tencent": {"setCallback": send_hello_on_tencent},
}


@pytest.fixture(scope="module")
def cloud():
    with Cloud("--cloud", "tencent") as running:
        yield running


def has_classes(page):
    """Whether its functions have the names of their classes before their own."""
    return len(PAGES[page][1]) > 1 and None not in PAGES[page][1]


def sections(page):
    """The sections of the page's functions: name, arguments and text."""
    text = re.sub(r"^## .*$", "", (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"), flags=re.M)
    name = r"[A-Z]\w*(?:\.\w+)?" if has_classes(page) else r"\w+"
    found = re.split(rf"^### `({name})\((.*)\)`$", text, flags=re.M)[1:]
    # A table of the next class may follow.
    parts = zip(found[::3], found[1::3], (text.split("\n### ")[0] for text in found[2::3]), strict=True)
    return {name: (arguments, text) for name, arguments, text in parts}


EVERY_SECTION = {(page, name): section for page in PAGES for name, section in sections(page).items()}
SECTIONS = {(page, name): section for (page, name), section in EVERY_SECTION.items() if name not in PAGES[page][1]}
NAMES = pytest.mark.parametrize(("page", "name"), SECTIONS)


def stub(page):
    return ast.parse((ROOT / "micropython" / f"{PAGES[page][0]}.pyi").read_text(encoding="utf-8")).body


def stub_functions(page):
    """Each function, and its arguments without `self`; `*name` stands for any number."""
    classes, top = PAGES[page][1], stub(page)
    found = {}
    for name in classes:
        nodes = top if name is None else next(node.body for node in top if isinstance(node, ast.ClassDef) and node.name == name)
        for node in nodes:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
                arguments = [argument.arg for argument in node.args.posonlyargs + node.args.args][name is not None :]
                found[f"{name}.{node.name}" if has_classes(page) else node.name] = arguments + [f"*{each.arg}" for each in [node.args.vararg] if each]
    return found


def example(page, name):
    [code] = re.findall(r"^```python\n(.*?)^```$", SECTIONS[page, name][1], flags=re.M | re.S)
    return code


def pattern(comment):
    """The comment behind a line: what the line prints. `for example` leaves the words open."""
    example = comment.removeprefix("for example ")
    return re.escape(comment) if example == comment else re.sub(r"\S+", r"\\S+", example)


@pytest.mark.parametrize("page", PAGES)
def test_every_function_is_there(page):
    assert [name for one, name in SECTIONS if one == page] == list(stub_functions(page))


def test_every_generated_page_is_tested():
    begin = "<!-- Made by `cargo xtask bindings`"
    pages = [page.stem for page in (ROOT / "docs").glob("*.md") if page.read_text(encoding="utf-8").startswith(begin)]
    assert sorted(page for page in pages if not page.endswith(".zh")) == sorted(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_constructors_are_described(page):
    """Those that take arguments."""
    takes = {}
    for node in stub(page):
        for method in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(method, ast.FunctionDef) and method.name == "__init__" and len(method.args.args) > 1:
                takes[node.name] = [argument.arg for argument in method.args.args[1:]]
    described = {name: arguments(page, name) for one, name in EVERY_SECTION if one == page and name in PAGES[page][1]}
    assert described == takes


def arguments(page, name):
    """The arguments that the section has, each with a row of its own in its table."""
    signature, text = EVERY_SECTION[page, name]
    described = [argument.split("=")[0] for argument in signature.split(", ") if argument]
    for argument in described:
        rows = r"^\| key \| type \| default \| what \|$" if argument == "data" and "| key |" in text else None
        assert re.search(rows or rf"^\| `{re.escape(argument)}` \| `.+` \| .+ \| .+ \|$", text, flags=re.M), argument
    return described


@NAMES
def test_each_is_described(page, name):
    text = SECTIONS[page, name][1]
    assert arguments(page, name) == stub_functions(page)[name]
    assert re.search(r"^Returns .+\.$", text, flags=re.M)
    assert ("| otherwise | when |" in text) != ("It does not fail." in text)


@NAMES
def test_each_example_runs(cloud, device, tmp_path, page, name):
    code = example(page, name)
    expected = [pattern(comment) for comment in re.findall(r"\b(?:print|log(?:ger)?\.\w+)\(.*\)  # (.+)$", code, flags=re.M)]
    assert expected, "an example shows what it prints"
    begin, connect, end, at_rest = AROUND[page]
    env = {"MICROPYPATH": family_path(*PAGES[page][0].split("/")[1:-1])}
    whose = device
    if page == "quecpython-tencent":
        vendor = Vendor(cloud, "tencent")
        env, whose = env | vendor.env, vendor.key_info
    if page == "haas-driver":
        [board] = re.findall(r"^```json\n(.*?)^```$", (ROOT / "docs" / "haas-driver.md").read_text(), flags=re.M | re.S)
        (tmp_path / "board.json").write_text(board)
        env = pretended.PATH
    there = f"import os\nos.chdir({str(tmp_path)!r})\n"
    with Script(begin + there + connect * (name not in at_rest) + code + end, cloud, device, env=env) as script:
        script.wait_line("example ends")
        if page in ACTIONS and name in ACTIONS[page]:
            ACTIONS[page][name](cloud, whose)
        for line in expected:
            script.wait_line(lambda text, line=line: re.fullmatch(line, text))
        script.say("end")
        assert script.wait() == 0
        assert script.errors == ""
    printed = [line for line in script.lines if line != "example ends"]
    assert len(printed) == len(expected)
    for line in expected:
        printed.remove(next(text for text in printed if re.fullmatch(line, text)))


def test_answers_of_the_examples(cloud, device):
    """The one example of an answer: the platform gets what it says."""
    with Script(BEGIN + CONNECT + example("api", "reply") + END, cloud, device) as script:
        script.wait_line("example ends")
        ACTIONS["api"]["reply"](cloud, device)
        assert cloud.wait_seen(kind="service_reply", device=device["deviceName"])["data"] == {"done": True}
