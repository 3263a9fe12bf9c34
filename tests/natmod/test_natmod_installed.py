"""A package as a person gets it: `mip` on MicroPython's unix port, from a server."""

import functools
import http.server
import json
import threading

import pytest

from micropython import ROOT, Script, run

COMPAT = ROOT / "micropython" / "compat"
FAMILIES = ["luatos", "quecpython", "haas"]
INSTALL = """
import mip
mip.install({url!r}, target={target!r})
"""


@pytest.fixture
def server(natmod, tmp_path):
    """Serves the package for x64 and those of the other API families, in whose descriptions are whole addresses, as
    `cargo xtask natmod x64 --url …` has them."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    root = tmp_path / "server"
    root.mkdir()
    for name in ("aliyunIoT", "kv.py", "online.mpy"):
        (root / name).symlink_to(natmod / "x64" / name)
    for family in FAMILIES:
        (root / family).mkdir()
        for path in (COMPAT / family).iterdir():
            if path.name != "package.json":
                (root / family / path.name).symlink_to(path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=root)) as running:
        base = f"http://127.0.0.1:{running.server_port}"
        for at, package in (("", natmod / "x64"), *((f"/{family}", COMPAT / family) for family in FAMILIES)):
            description = json.loads((package / "package.json").read_text())
            description["urls"] = [[name, f"{base}{at}/{url}"] for name, url in description["urls"]]
            (root / f".{at}" / "package.json").write_text(json.dumps(description))
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield base
        running.shutdown()


def test_installed_by_mip(natmod, server, program, tmp_path, monkeypatch, cloud, device):
    library = tmp_path / "lib"
    monkeypatch.setenv("MICROPYTHON", str(program("unix", natmod / "mip")))
    installed = run(INSTALL.format(url=f"{server}/package.json", target=str(library)))
    assert (installed.code, installed.lines[-1]) == (0, "Done")
    assert {path.name for path in (library / "aliyunIoT").iterdir()} == {"__init__.mpy", "check.mpy", "native_x64.mpy"}
    assert (library / "kv.py").is_file() and (library / "online.mpy").is_file()

    monkeypatch.setenv("MICROPYTHON", str(program("unix", library)))
    used = run("from aliyunIoT import Device\nprint(Device().getDeviceInfo())\n", cloud, device)
    assert (used.code, used.lines, used.errors) == (0, ["None"], "")
    # A computer has no Wi-Fi, and its clock is right.
    script = "import online\nfrom credentials import key_info\nonline.boot('home', 'password', key_info).end()\n"
    path = f".frozen:{library}:{ROOT / 'examples'}"
    booted = run(script, cloud, device, env={"MICROPYPATH": path})
    assert (booted.code, booted.lines, booted.errors) == (0, [f"cloud: connected as {device['deviceName']}"], "")


def test_luatos_modules_installed_by_mip(natmod, server, program, tmp_path, monkeypatch, cloud, device):
    library = tmp_path / "lib"
    monkeypatch.setenv("MICROPYTHON", str(program("unix", natmod / "mip")))
    for package in ("", "/luatos"):
        installed = run(INSTALL.format(url=f"{server}{package}/package.json", target=str(library)))
        assert (installed.code, installed.lines[-1]) == (0, "Done")
    modules = {path.name for path in (COMPAT / "luatos").glob("*.py")} - {"manifest.py"}
    assert {path.name for path in (library / "luatos").iterdir()} == modules

    monkeypatch.setenv("MICROPYTHON", str(program("unix", library)))
    script = """
from luatos import iotcloud, sys
from credentials import device_name, device_secret, product_key

def on_event(cloud, event, data, payload):
    print(event, data)
    if event == iotcloud.SEND:
        cloud.close()
        sys.taskInit(end)

async def end():
    raise SystemExit

sys.subscribe("iotcloud", on_event)
config = {"produt_id": product_key, "device_name": device_name, "key": device_secret}
cloud = iotcloud.new(iotcloud.ALIYUN, config)
cloud.connect()
cloud.publish("/%s/%s/user/update" % (product_key, device_name), "hello", 1)
sys.run()
"""
    used = run(script, cloud, device, env={"MICROPYPATH": f".frozen:{ROOT / 'examples'}"})
    assert (used.code, used.lines, used.errors) == (0, ["connect 0", "SEND 1"], "")
    assert cloud.wait_seen(kind="publish", device=device["deviceName"])["payload"] == "hello"

    examples = ROOT / "examples" / "luatos-aliyun"
    with Script(examples / "one_secret.py", cloud, device, env={"MICROPYPATH": f".frozen:{ROOT / 'examples'}"}) as script:
        script.wait_line("发布结果 True publish_test_0")
        assert script.errors == ""


def test_haas_modules_installed_by_mip(natmod, server, program, tmp_path, monkeypatch, cloud, device):
    """The script is one of those for 4G boards. Of `driver` it only sees that it is there: this firmware has no hardware."""
    library = tmp_path / "lib"
    monkeypatch.setenv("MICROPYTHON", str(program("unix", natmod / "mip")))
    for package in ("", "/haas"):
        installed = run(INSTALL.format(url=f"{server}{package}/package.json", target=str(library)))
        assert (installed.code, installed.lines[-1]) == (0, "Done")

    monkeypatch.setenv("MICROPYTHON", str(program("unix", library)))
    used = run(HAAS_SCRIPT, cloud, device, env={"MICROPYPATH": f".frozen:{ROOT / 'examples'}"})
    assert (used.code, used.errors) == (0, "")
    assert used.lines == ["3 1", "5", "None", "there is no 'audio' here: use machine.I2S (docs/from-haas.md)", "0"]
    assert cloud.wait_seen(kind="property_post", device=device["deviceName"])["params"] == {"temperature": 21}


HAAS_SCRIPT = """
import driver
import modem, netmgr, network, sntp
import utime
from ulinksdk.aliyunIoT import Device
from credentials import key_info

up = []
net = network.NetWorkClient()
print(net._stagecode, net._subcode)
net.on(1, up.append)
net.connect(None)
while (1, 1) not in up:
    utime.sleep_ms(10)
print(netmgr.getStatus())
print(sntp.setTime())
try:
    import audio
except ImportError as error:
    print(error)

online = []
device = Device()
device.on(Device.ON_CONNECT, online.append)
device.connect(key_info)
while not online:
    utime.sleep_ms(10)
print(device.postProps({"params": {"temperature": 21}}))
utime.sleep_ms(100)
device.end()
"""


def test_quecpython_modules_installed_by_mip(natmod, server, program, tmp_path, monkeypatch, cloud, device):
    """A script that registers, waits for the network, and hands its message on through the bus, in a thread."""
    library = tmp_path / "lib"
    monkeypatch.setenv("MICROPYTHON", str(program("unix", natmod / "mip")))
    for package in ("", "/quecpython"):
        installed = run(INSTALL.format(url=f"{server}{package}/package.json", target=str(library)))
        assert (installed.code, installed.lines[-1]) == (0, "Done")
    modules = {"_quecmqtt.py", "aLiYun.py", "TenCentYun.py", "checkNet.py", "log.py", "sys_bus.py"}
    assert modules <= {path.name for path in library.iterdir()}

    monkeypatch.setenv("MICROPYTHON", str(program("unix", library)))
    script = """
import checkNet, log, sys_bus, time
from aLiYun import aLiYun
from TenCentYun import TXyun
from credentials import device_name, product_key, product_secret

topic = "/%s/%s/user/update" % (product_key, device_name)
got = []
print(checkNet.wait_network_connected(30))
ali = aLiYun(product_key, product_secret, device_name, None)
print(ali.setMqtt(b"clientID", clean_session=False, keepAlive=60))
ali.setCallback(lambda topic, msg: sys_bus.publish("sub", msg))
sys_bus.subscribe("sub", lambda topic, msg: got.append(msg))
ali.subscribe(topic)
ali.start()
print(ali.publish(topic, "hello"))
while not got:
    time.sleep_ms(10)
print(got)
ali.disconnect()
log.getLogger("end").info(TXyun.__name__)
"""
    used = run(script, cloud, device, env={"MICROPYPATH": f".frozen:{ROOT / 'examples'}"})
    assert (used.code, used.lines, used.errors) == (0, ["(3, 1)", "0", "True", "[b'hello']"], "INFO:end:TXyun")
    assert cloud.wait_seen(kind="registration", device=device["deviceName"])["ok"]
