"""The native module for rv32imc on MicroPython's own firmware for a RISC-V board, which has neither network nor clock.

So this is what works without them: the class, its arguments, the signature of a login. `socket` and `time` are stand-ins
of a few lines, enough to be told that there is no network. Each test runs on firmware that handles exceptions in MicroPython's
own way and on firmware that does it by setjmp: ESP32-C3 and its relatives have had either.
"""

import shutil

import pytest

from micropython import run

SOCKET = """
SOCK_STREAM = 1

class socket:
    pass

def getaddrinfo(*query):
    raise OSError(113)
"""

# A clock that goes on when it is looked at, and begins a moment before it wraps, as that of 32-bit boards does after 12 days.
TIME = """
_now = 0x3fffffff - 500

def sleep_ms(ms):
    global _now
    _now = (_now + ms) & 0x3fffffff

def ticks_ms():
    sleep_ms(1)
    return _now

def localtime():
    return (2026, 1, 1, 0, 0, 0, 0, 1)
"""

SCRIPT = """
import gc, time
before = gc.mem_free()
from aliyunIoT import Device
gc.collect()
print("import takes", before - gc.mem_free())
device = Device()
print(device, device.getDeviceInfo(), device.getDeviceHandle() != 0, device.end())
good = {"productKey": "a1b2c3d4e5f", "deviceName": "lamp", "deviceSecret": "0123456789abcdef0123456789abcdef"}
for wrong in ({"productkey": ""}, dict(good, productKey="a/b"), dict(good, keepaliveSec="60"), dict(good, rxBuffer=1)):
    try:
        device.connect(wrong)
    except (TypeError, ValueError) as error:
        print(error)
errors = []
device.on(Device.ON_ERROR, errors.append)
print(device.connect(good), device.getDeviceInfo()["region"])
for _ in range(200):
    device.poll()
    if errors:
        break
print(errors[0]["code"], errors[0]["msg"])
for _ in range(3000):
    device.poll()
    if len(errors) == 3:
        break
print(len(errors), time.ticks_ms() < 0x20000000)
print(device.postProps({"params": {"a": 1}}), device.end())
"""


def with_stand_ins(package, folder):
    packages = folder / "packages"
    shutil.copytree(package / "aliyunIoT", packages / "aliyunIoT")
    for name, text in (("socket", SOCKET), ("time", TIME)):
        (packages / name).mkdir()
        (packages / name / "__init__.py").write_text(text)
    return packages


@pytest.fixture(params=["rv32imc", "rv32imc-whole"])
def package(request):
    """The module in two files, and in one."""
    return request.param


@pytest.fixture(autouse=True, params=["VIRT_RV32", "VIRT_RV32-setjmp"])
def firmware(request, package, natmod, program, tmp_path, monkeypatch):
    monkeypatch.setenv("MICROPYTHON", str(program(request.param, with_stand_ins(natmod / package, tmp_path))))
    return request.param


def test_what_needs_no_network(package, firmware, figure):
    """Attempts to connect included, which go on when the clock has wrapped."""
    ended = run(SCRIPT)
    assert (ended.code, ended.errors) == (0, "")
    taken, *lines = ended.lines
    figure(f"{package} on {firmware}: {taken} bytes of the heap")
    assert lines == [
        "aiot_device None True -1",
        "connect(): 'productkey' is not known; 'productKey' is",
        lines[2],
        "'keepaliveSec' must be int, not str",
        "'rxBuffer' must be 256 to 307200",
        "0 cn-shanghai",
        lines[6],
        "3 True",
        "-1 0",
    ]
    assert lines[2].startswith("connect(): ")
    assert lines[6].startswith("-42 name not found: [Errno 113]")
