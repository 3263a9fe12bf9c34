"""The sizes of docs/porting.md, set on the command line: each port builds with them, and they are what the device has then.

What a port was built with is copied, and what depends on a setting compiled again.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from micropython import ROOT, SOURCE, Script
from micropython import program as built_program

LIMIT = 600
RX, TX, TOPICS = 3000, 2100, 300
SETTINGS = {"ALIYUN_IOT_RX_SIZE": RX, "ALIYUN_IOT_TX_SIZE": TX, "ALIYUN_IOT_TOPICS_SIZE": TOPICS}
FLAGS = [f"-D{name}={value}" for name, value in SETTINGS.items()]
BOTH_WAYS = {
    "by CFLAGS_EXTRA": ["CFLAGS_EXTRA=" + " ".join(FLAGS)],
    "by variables": [f"{name}={value}" for name, value in SETTINGS.items()],
}
DEPEND = ("base/core", "device/connection", "services/register", "services/upload")

both_ways = pytest.mark.parametrize("settings", BOTH_WAYS.values(), ids=BOTH_WAYS)


def run(command, environment=None):
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, env={**os.environ, **(environment or {})})
    return done.returncode, done.stdout + done.stderr


def built_again(product, folder, settings):
    """Makes a copy of the build that `product` is of, with more on make's command line."""
    build = product.parent
    tree, _, *lines = (build.parent / "made-from").read_text().splitlines()
    made_with = [line for line in lines[: lines.index(next(line for line in lines if line.startswith("#")))] if "=" in line]
    port = next(line for line in made_with if line.startswith("ALIYUN_IOT_PORT=")).partition("=")[2]
    copy = folder / "build"
    shutil.copytree(build, copy, symlinks=True)
    for name in DEPEND:
        (copy / "micropython" / f"{name}.o").unlink()
    (copy / product.name).unlink()
    made_with = [f"BUILD={copy}" if line.startswith("BUILD=") else line for line in made_with]
    command = ["make", "-C", pathlib.Path(tree) / "ports" / port, *made_with, *settings]
    version = re.search(r"\n(\d+\.\d+\.\d+)\n", (build.parent / "made-from").read_text())[1]
    code, said = run(command, {"MICROPY_GIT_TAG": f"v{version}", "MICROPY_GIT_HASH": ""})
    assert code == 0, said
    assert len(re.findall(rf"^CC .*micropython/(?:{'|'.join(DEPEND)})\.c$", said, re.M)) == len(DEPEND), said
    return copy / product.name


TOLD = """
import os, time
from aliyunIoT import Device

device = Device()
arrived, lost = [], []
device.on(Device.ON_SUBCRIBE, lambda message: arrived.append(len(message["payload"])))
device.on(Device.ON_ERROR, lambda error: lost.append(error["code"]))
names = ("PRODUCT_KEY", "DEVICE_NAME", "DEVICE_SECRET")
device.connect(dict(zip(("productKey", "deviceName", "deviceSecret"), (os.getenv("ALIYUN_" + name) for name in names))))
while not device.getDeviceInfo() or device.subscribe({"topic": "/%s/%s/user/get" % tuple(map(os.getenv, ("ALIYUN_PRODUCT_KEY", "ALIYUN_DEVICE_NAME")))}) != 0:
    time.sleep_ms(10)
print("ready")
while len(arrived) + len(lost) < 2:
    time.sleep_ms(10)
print(arrived, lost)
device.end()
"""


@both_ways
@pytest.mark.slow
def test_the_unix_port(cloud, device, tmp_path, monkeypatch, settings):
    program = built_again(pathlib.Path(built_program()), tmp_path, settings)
    monkeypatch.setenv("MICROPYTHON", str(program))
    topic = f"/{device['productKey']}/{device['deviceName']}/user/get"
    with Script(TOLD, cloud, device) as script:
        script.wait_line("ready")
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        for size in (RX - 200, RX + 1):
            cloud.do("publish", topic=topic, payload="x" * size)
        assert script.wait() == 0
    assert script.lines[-1] == f"[{RX - 200}] [-46]"


@both_ways
@pytest.mark.slow
def test_a_board(tmp_path, settings):
    named = os.environ.get("BOARDS")
    board = (pathlib.Path(named) if named else ROOT / "target" / "qemu") / "MPS2_AN385"
    firmware = board / "build" / "firmware.elf"
    if not named and not firmware.exists():
        pytest.skip("there is no firmware: `cargo xtask firmware qemu` builds it")
    assert built_again(firmware, tmp_path, settings).exists()


@both_ways
@pytest.mark.parametrize("arch", ["x64", "armv7m"])
def test_a_native_module(tmp_path, arch, settings):
    if not SOURCE.exists():
        pytest.skip("there is no source of MicroPython: `cargo xtask test natmod` fetches it")
    archive = tmp_path / "libaliyun_iot.a"
    archive.touch()
    names = [f"ARCH={arch}", f"MPY_DIR={SOURCE}", f"ALIYUN_IOT_LIB={archive}", f"BUILD={tmp_path}", f"PYTHON={sys.executable}"]
    command = ["make", "-C", ROOT / "micropython" / "natmod", *names, *settings, "V=1"]
    code, said = run([*command, *(f"{tmp_path}/{name}.o" for name in DEPEND)])
    assert code == 0, said
    line = next(line for line in said.splitlines() if "-c" in line and "connection.c" in line)
    values = dict(re.findall(r"-D(ALIYUN_IOT_\w+_SIZE)='?(\w+)", line))
    assert values == {name: str(value) for name, value in SETTINGS.items()}, line


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("ALIYUN_IOT_RX_SIZE=100", "ALIYUN_IOT_RX_SIZE must be 512 to 307200"),
        ("ALIYUN_IOT_TX_SIZE=1000", "ALIYUN_IOT_TX_SIZE must be 1024 or more"),
        ("ALIYUN_IOT_TOPICS_SIZE=0", "ALIYUN_IOT_TOPICS_SIZE must be 64 or more"),
        ("ALIYUN_IOT_UPLOAD_BLOCK=100", "ALIYUN_IOT_UPLOAD_BLOCK must be 256 to 131072"),
        ("ALIYUN_IOT_UPLOAD_BLOCK=40000", "ALIYUN_IOT_TX_SIZE must be 640 above ALIYUN_IOT_UPLOAD_BLOCK"),
    ],
)
def test_a_size_that_cannot_be_is_told(tmp_path, setting, words):
    if not SOURCE.exists():
        pytest.skip("there is no source of MicroPython: `cargo xtask test natmod` fetches it")
    archive = tmp_path / "libaliyun_iot.a"
    archive.touch()
    names = ["ARCH=x64", f"MPY_DIR={SOURCE}", f"ALIYUN_IOT_LIB={archive}", f"BUILD={tmp_path}", f"PYTHON={sys.executable}"]
    code, said = run(["make", "-C", ROOT / "micropython" / "natmod", *names, setting, f"{tmp_path}/services/upload.o"])
    assert code != 0 and words in said
