"""The packages of a release: the bytes that were tested, installed by `mip` on stock firmware from a server with the release's
folder."""

import functools
import http.server
import json
import os
import pathlib
import re
import shlex
import threading

import pytest

from micropython import run

ROOT = pathlib.Path(__file__).resolve().parents[2]
FAMILIES = ["luatos", "quecpython", "haas"]
INSTALL = """
import mip
mip.install({url!r}, target={target!r})
"""


@pytest.fixture(scope="session")
def natmod():
    """The packages as tests/natmod runs them, and stock firmware."""
    folder = pathlib.Path(os.environ.get("NATMOD") or ROOT / "target" / "natmod")
    if not (folder / "stock" / "unix").exists():
        pytest.skip("there are no native modules: `cargo xtask test natmod` builds them")
    return folder


@pytest.fixture
def address(release, tmp_path):
    """A server that has the packages; their descriptions name whole addresses, as with `cargo xtask dist --url …`."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    root = tmp_path / "server"
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=root)) as running:
        base = f"http://127.0.0.1:{running.server_port}/mip"
        for package in (release / "mip").iterdir():
            there = root / "mip" / package.name
            there.mkdir(parents=True)
            description = json.loads((package / "package.json").read_text())
            for name, url in description["urls"]:
                assert name == url and (package / name).is_file()
                (there / name).parent.mkdir(exist_ok=True)
                (there / name).symlink_to(package / name)
            description["urls"] = [[name, f"{base}/{package.name}/{url}"] for name, url in description["urls"]]
            (there / "package.json").write_text(json.dumps(description))
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield base
        running.shutdown()


@pytest.fixture
def on_stock_firmware(natmod, tmp_path, monkeypatch):
    """Runs a script on MicroPython's unix port as upstream has it, with the modules of a folder."""

    def on(folder, script, *more):
        program = tmp_path / "micropython"
        firmware = natmod / "stock" / "unix" / "build" / "micropython"
        line = f'MICROPYPATH={shlex.quote(str(folder))}:"$MICROPYPATH" exec {shlex.quote(str(firmware))} "$@"'
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)
        monkeypatch.setenv("MICROPYTHON", str(program))
        return run(script, *more)

    return on


def test_installed_by_mip_it_connects(natmod, release, address, on_stock_firmware, tmp_path, cloud, device):
    library = tmp_path / "lib"
    script = INSTALL.format(url=f"{address}/x64/package.json", target=str(library))
    installed = on_stock_firmware(natmod / "mip", script)
    assert (installed.code, installed.lines[-1]) == (0, "Done")
    for name, _ in json.loads((release / "mip" / "x64" / "package.json").read_text())["urls"]:
        assert (library / name).read_bytes() == (release / "mip" / "x64" / name).read_bytes()
    used = on_stock_firmware(library, ROOT / "examples" / "post_props.py", cloud, device)
    assert used.code == 0, used
    assert cloud.wait_seen(kind="property_post", device=device["deviceName"])["code"] == 200


def test_the_package_in_python_alone(natmod, address, on_stock_firmware, tmp_path):
    library = tmp_path / "lib"
    script = INSTALL.format(url=f"{address}/python/package.json", target=str(library))
    installed = on_stock_firmware(natmod / "mip", script)
    assert (installed.code, installed.lines[-1]) == (0, "Done")
    assert [path.name for path in library.iterdir()] == ["online.py"]
    assert (library / "online.py").read_bytes() == (ROOT / "examples" / "online.py").read_bytes()


def test_luatos_modules_beside_the_native_one(natmod, release, address, on_stock_firmware, tmp_path, cloud, device):
    """The script is that of the page's cloud, its events on the console."""
    library = tmp_path / "lib"
    for package in ("x64", "luatos"):
        installed = on_stock_firmware(natmod / "mip", INSTALL.format(url=f"{address}/{package}/package.json", target=str(library)))
        assert (installed.code, installed.lines[-1]) == (0, "Done")
    script = """
from luatos import iotcloud
import time
from credentials import device_name, device_secret, product_key

events = []
config = {"product_id": product_key, "device_name": device_name, "device_secret": device_secret}
cloud = iotcloud.new(iotcloud.ALIYUN, config, None, lambda cloud, event, data, payload: events.append(event))
cloud.connect()
cloud.publish("/%s/%s/user/update" % (product_key, device_name), "hello", 1)
while iotcloud.SEND not in events:
    time.sleep_ms(10)
cloud.close()
print(events)
"""
    used = on_stock_firmware(library, script, cloud, device)
    assert (used.code, used.lines, used.errors) == (0, ["['connect', 'SEND']"], "")
    assert cloud.wait_seen(kind="publish", device=device["deviceName"])["payload"] == "hello"


def test_haas_modules_beside_the_native_one(natmod, address, on_stock_firmware, tmp_path, cloud, device):
    """Compiled, they do what a script for a 4G board needs, and say what they lack."""
    library = tmp_path / "lib"
    for package in ("x64", "haas"):
        installed = on_stock_firmware(natmod / "mip", INSTALL.format(url=f"{address}/{package}/package.json", target=str(library)))
        assert (installed.code, installed.lines[-1]) == (0, "Done")
    script = """
import driver, modem, netmgr, network, sntp, time
from credentials import key_info
from ulinksdk.aliyunIoT import Device

client = network.NetWorkClient()
print(client._stagecode, client._subcode, netmgr.getStatus(), sntp.setTime())
try:
    import display
except ImportError as error:
    print(error)
device = Device()
online = []
device.on(Device.ON_CONNECT, online.append)
device.connect(key_info)
while not online:
    time.sleep_ms(10)
device.end()
"""
    used = on_stock_firmware(library, script, cloud, device)
    missing = "there is no 'display' here: install a driver for the panel, such as ssd1306 or st7789 (docs/from-haas.md)"
    assert (used.code, used.lines, used.errors) == (0, ["3 1 5 None", missing], "")


@pytest.mark.parametrize("family", FAMILIES)
def test_the_sizes_on_the_pages(release, family):
    """Of each file of a family that is compiled; a page says `mip/<family>/package.json` and the size in kB."""
    package = release / "mip" / family
    size = sum(path.stat().st_size for path in package.rglob("*") if path.is_file() and path != package / "package.json")
    pattern = rf"`mip/{family}/package.json`\D+([\d.]+) kB"
    stated = [size for page in (ROOT / "docs").glob("*.md") for size in re.findall(pattern, page.read_text(encoding="utf-8"))]
    assert len(stated) >= 2 and {float(size) for size in stated} == {round(size / 1000, 1)}, (size, stated)


def test_the_packages_are_those_that_were_tested(natmod, release):
    packages = [path for path in (release / "mip").iterdir() if path.name not in ("python", *FAMILIES)]
    assert len(packages) >= 5
    for package in packages:
        files = [path for path in package.rglob("*") if path.is_file() and path.name != "package.json"]
        assert any(path.suffix == ".mpy" for path in files)
        for path in files:
            assert path.read_bytes() == (natmod / package.name / path.relative_to(package)).read_bytes(), path
