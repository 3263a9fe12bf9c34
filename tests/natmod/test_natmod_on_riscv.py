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

# A broker in the place of a network: it takes logins, subscriptions and posts, and answers these. `fault` makes the next call of
# a method raise.
PEER = """
import io, json

SOCK_STREAM = 1
SOL_SOCKET = SO_KEEPALIVE = 1
to_device = bytearray()
logins = 0
fault = None
raised = {}

def check(method):
    global fault
    if fault and fault[0] == method:
        error, fault = fault[1], None
        raised[method] = raised.get(method, 0) + 1
        raise error

def text(data):
    return bytes([len(data) >> 8, len(data) & 255]) + data

def publish(topic, payload):
    size = 2 + len(topic) + len(payload)
    length = bytes([size] if size < 128 else [size & 127 | 128, size >> 7])
    to_device.extend(b"\\x30" + length + text(topic) + payload)

def answer(data):
    # One write has one packet or more.
    while data:
        length, at = data[1] & 127, 2
        if data[1] & 128:
            length, at = length | data[2] << 7, 3
        answer_one(data[0] >> 4, data[0] & 2, data[at:at + length])
        data = data[at + length:]

def answer_one(kind, has_id, body):
    global logins
    if kind == 1:
        logins += 1
        to_device.extend(b"\\x20\\x02\\x00\\x00")
    elif kind == 8:
        to_device.extend(b"\\x90\\x03" + body[:2] + b"\\x00")
    elif kind == 12:
        to_device.extend(b"\\xd0\\x00")
    elif kind == 3:
        end = 2 + (body[0] << 8 | body[1])
        topic = body[2:end]
        if has_id:
            to_device.extend(b"\\x40\\x02" + body[end:end + 2])
            end += 2
        if topic.endswith(b"/post"):
            id = json.loads(body[end:])["id"]
            publish(topic + b"_reply", json.dumps({"id": id, "code": 200, "data": {}}).encode())

class socket(io.IOBase):
    def __init__(self, *kind):
        check("socket")
        to_device[:] = b""

    def setblocking(self, flag):
        pass

    def setsockopt(self, *option):
        pass

    def connect(self, address):
        check("connect")
        raise OSError(115)

    def ioctl(self, request, argument):
        return argument & (4 | (1 if to_device else 0)) if request == 3 else 0

    def write(self, data):
        check("write")
        answer(bytes(data))
        return len(data)

    def readinto(self, into):
        check("readinto")
        if not to_device:
            return None
        count = min(len(into), len(to_device))
        into[:count] = to_device[:count]
        to_device[:count] = b""
        return count

    def close(self):
        check("close")

def getaddrinfo(*query):
    check("getaddrinfo")
    return [(2, 1, 0, "", ("10.0.2.2", 1883))]
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


FAULTS = """
import gc, socket, time
from aliyunIoT import Device
gc.collect()
rounds, counts = 0, {}

class Fault(Exception):
    pass

def raising(place):
    def callback(*data):
        counts[place] = counts.get(place, 0) + 1
        raise Fault(place)
    return callback

device = Device()
for event in ("CONNECT", "DISCONNECT", "CLOSE", "ERROR", "PROPS", "SUBCRIBE"):
    device.on(getattr(Device, "ON_" + event), raising(event))
device.connect({"productKey": "a1b2c3d4e5f", "deviceName": "lamp", "deviceSecret": "0123456789abcdef0123456789abcdef", "tls": False})

def until(done):
    for _ in range(5000):
        device.poll()
        if done():
            return
        time.sleep_ms(20)
    raise Exception("waited in vain: " + str((counts, socket.raised, socket.fault)))

until(lambda: "CONNECT" in counts)
device.subscribe({"topic": "/a1b2c3d4e5f/lamp/user/get"})
METHODS = ("write", "readinto", "connect", "getaddrinfo", "socket", "close")
ERRORS = (OSError(104), ValueError("x"), MemoryError(), ZeroDivisionError(), Fault("x"))
while rounds < ROUNDS:
    before = counts["CONNECT"]
    method = METHODS[rounds % len(METHODS)]
    error = ERRORS[rounds % len(ERRORS)]
    device.postProps({"params": {"a": rounds}}, raising("postProps"))
    device.publish({"topic": "/a1b2c3d4e5f/lamp/user/update", "payload": "x", "qos": 1}, raising("publish"))
    until(lambda: counts.get("postProps", 0) > rounds and counts.get("publish", 0) > rounds)
    socket.publish(b"/a1b2c3d4e5f/lamp/user/get", b"hello")
    socket.publish(b"/sys/a1b2c3d4e5f/lamp/thing/service/property/set", b'{"id":"7","params":{"on":1},"version":"1.0.0"}')
    until(lambda: counts.get("PROPS", 0) > rounds and counts.get("SUBCRIBE", 0) > rounds)
    socket.fault = (method, error)
    if method not in ("write", "readinto"):
        # It fails when the next session is opened, and this ends the one before.
        socket.to_device.extend(b"\\xf0\\x00")
    else:
        device.publish({"topic": "/a1b2c3d4e5f/lamp/user/update", "payload": "x"})
        socket.publish(b"/a1b2c3d4e5f/lamp/user/other", b"hello")
    until(lambda: socket.fault is None and counts["CONNECT"] > before)
    rounds += 1
device.end()
until(lambda: "CLOSE" in counts)
print("sessions", socket.logins)
print("raised", sum(socket.raised.values()), sum(counts.values()))
print(sorted(counts))
"""


def with_stand_ins(package, folder, socket):
    packages = folder / "packages"
    shutil.copytree(package / "aliyunIoT", packages / "aliyunIoT")
    for name, text in (("socket", socket), ("time", TIME)):
        (packages / name).mkdir()
        (packages / name / "__init__.py").write_text(text)
    return packages


@pytest.fixture(params=["rv32imc", "rv32imc-whole"])
def package(request):
    """The module in two files, and in one."""
    return request.param


@pytest.fixture(params=["VIRT_RV32", "VIRT_RV32-setjmp"])
def firmware(request):
    return request.param


@pytest.fixture
def run_there(package, firmware, natmod, program, tmp_path, monkeypatch):
    """Runs a script with a stand-in for the network."""

    def run_with(script, socket):
        packages = with_stand_ins(natmod / package, tmp_path, socket)
        monkeypatch.setenv("MICROPYTHON", str(program(firmware, packages)))
        return run(script)

    return run_with


def test_what_needs_no_network(run_there, package, firmware, figure):
    """Attempts to connect included, which go on when the clock has wrapped."""
    ended = run_there(SCRIPT, SOCKET)
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


ROUNDS = 70


def test_exceptions_everywhere(run_there, package, firmware, figure):
    """In each callback and in each method of the socket, again and again: all are caught, and the device connects again."""
    ended = run_there(FAULTS.replace("ROUNDS", str(ROUNDS)), PEER)
    assert (ended.code, ended.errors) == (0, ""), ended.lines[-3:]
    *_, sessions, raised, places = ended.lines
    figure(f"{package} on {firmware}: {sessions}, {raised}")
    assert places == "['CLOSE', 'CONNECT', 'DISCONNECT', 'ERROR', 'PROPS', 'SUBCRIBE', 'postProps', 'publish']"
    of_sockets, of_callbacks = map(int, raised.split()[1:])
    assert of_sockets == ROUNDS and of_callbacks >= 6 * ROUNDS
