"""The native module for ESP32, -S2 and -S3 on the emulated Xtensa board: two cores, and firmware that resembles an ESP32's in
what matters to a native module. It has a stack of 16 KB, 112 KB for native code of which only words can be read, and the Python
heap of an ESP32 where a test says so.
"""

import hashlib
import hmac
import re
import shutil

import pytest

from micropython import ROOT, run
from test_examples import example, test_connect, test_post_props  # noqa: F401
from test_natmod_on_riscv import FAULTS, PEER, TIME

RUNS_ON = ("xtensawin", "KC705")

PRODUCT, NAME, SECRET = "a1b2c3d4e5f", "lamp", "0123456789abcdef0123456789abcdef"
# What an ESP32 without PSRAM has at first. It takes more of the system's memory when that is full; this heap does not grow.
ESP32_HEAP = 57344
# What an ESP32's task for scripts has.
STACK = 16 * 1024
# The faults take half a minute where nothing else runs.
LIMIT_S = 400


@pytest.fixture(params=["de212", "dc233c"])
def core(request):
    return request.param


@pytest.fixture
def alone_with(core, natmod, program, tmp_path, monkeypatch):
    """Runs a script with a package on one of the cores, with stand-ins for the modules named."""

    def on(package):
        packages = tmp_path / "packages"
        shutil.copytree(natmod / package / "aliyunIoT", packages / "aliyunIoT")
        monkeypatch.setenv("MICROPYTHON", str(program("KC705", packages)))

        def run_with(script, *options, **stand_ins):
            for name, text in stand_ins.items():
                (packages / name).mkdir()
                (packages / name / "__init__.py").write_text(text)
            return run(script, limit=LIMIT_S, options=("--cpu", core, *map(str, options)))

        return run_with

    return on


@pytest.fixture
def alone(alone_with):
    return alone_with("xtensawin")


def stated(row):
    """A figure of docs/natmod.md's table."""
    page = (ROOT / "docs" / "natmod.md").read_text(encoding="utf-8")
    return int(re.search(rf"^\| {row} \| ([\d,]+) \|$", page, re.M)[1].replace(",", ""))


# Compilers differ a little.
MAY_DIFFER = 1000

IMPORT = """
import gc
gc.collect()
before = gc.mem_free()
from aliyunIoT import Device
import board
gc.collect()
print(before - gc.mem_free(), gc.mem_free(), board.code())
print(Device())
"""


def test_import_with_the_heap_of_an_esp32(alone, core, figure):
    ended = alone(IMPORT, "--heap", ESP32_HEAP)
    assert (ended.code, ended.errors) == (0, "")
    measured, made = ended.lines
    kept, left, code = map(int, measured.split())
    figure(f"xtensawin on {core}: the import keeps {kept} bytes of the heap and leaves {left}; native code {code}")
    assert made == "aiot_device"
    assert abs(kept - stated("heap that the import keeps")) < MAY_DIFFER
    assert abs(left - stated("heap left of 57,344")) < MAY_DIFFER
    assert abs(code - stated("memory for native code")) < MAY_DIFFER


@pytest.mark.parametrize("pattern", range(1, 6))
def test_import_beside_other_objects(alone, pattern):
    """What a script has made and freed before leaves gaps, in which something that lasts must not split the heap."""
    sizes = [(7 * pattern + 13 * number) % 200 + 1 for number in range(pattern)]
    made = "".join(f"kept{number} = bytearray({size})\n" for number, size in enumerate(sizes))
    freed = "".join(f"kept{number} = None\n" for number in range(0, pattern, 2))
    # Each has a head, a name and an entry in the globals.
    beside = sum(size + 80 for size in sizes)
    ended = alone(made + freed + IMPORT, "--heap", ESP32_HEAP + beside)
    assert (ended.code, ended.errors) == (0, "")


def test_the_smallest_heap(alone):
    ended = alone(IMPORT, "--heap", stated("smallest heap that the import was tried with and succeeded"))
    assert (ended.code, ended.errors) == (0, "")


def test_the_whole_module(alone_with):
    """It needs more memory at once, and does the same."""
    ended = alone_with("xtensawin-whole")(SESSION, socket=RECORDED, time=TIME)
    assert (ended.code, ended.errors) == (0, "")
    assert ended.lines[0] == "0"


def test_too_small_a_heap(alone):
    """The import says what to do, and the script goes on."""
    script = """
import gc
for _ in range(2):
    try:
        import aliyunIoT
    except MemoryError as error:
        print(error)
gc.collect()
print(len(bytearray(8000)))
"""
    ended = alone(script, "--heap", "36000")
    assert (ended.code, ended.errors) == (0, "")
    *refusals, after = ended.lines
    assert len(refusals) == 2 and all("not enough memory" in refusal for refusal in refusals), refusals
    assert after == "8000"


# What the device sends is kept.
RECORDED = PEER.replace("logins = 0", "logins = 0\nsent = []").replace(
    '        check("write")\n', '        check("write")\n        sent.append(bytes(data))\n'
)

SESSION = """
import board, gc, socket
board.stack_reset()
from aliyunIoT import Device
seen, replies = [], []
device = Device()
device.on(Device.ON_CONNECT, lambda data: seen.append("connect"))
device.on(Device.ON_PROPS, lambda data: seen.append(data["params"]))
device.on(Device.ON_SUBCRIBE, lambda data: seen.append((data["topic"], data["payload"])))
print(device.connect({"productKey": "a1b2c3d4e5f", "deviceName": "lamp", "deviceSecret": "0123456789abcdef0123456789abcdef",
                      "tls": False, "keepaliveSec": 60}))

def until(done):
    for _ in range(2000):
        device.poll()
        if done():
            return
    raise Exception("waited in vain: " + str((seen, replies)))

until(lambda: seen)
print(device.subscribe({"topic": "/a1b2c3d4e5f/lamp/user/get", "qos": 1}))
print(device.publish({"topic": "/a1b2c3d4e5f/lamp/user/update", "payload": "温度 21 度", "qos": 1}))
device.postProps({"params": {"test_prop": 100}}, lambda reply: replies.append(reply["code"]))
until(lambda: replies)
socket.publish(b"/a1b2c3d4e5f/lamp/user/get", b"hello world!")
socket.publish(b"/sys/a1b2c3d4e5f/lamp/thing/service/property/set", b'{"id":"7","params":{"on":1},"version":"1.0.0"}')
until(lambda: len(seen) == 3)
print(seen, replies)
sent = socket.sent[:]
for i in range(200):
    device.publish({"topic": "/a1b2c3d4e5f/lamp/user/update", "payload": str(i) * 50})
    device.poll()
    socket.sent.clear()
print(device.end())
print("stack", board.stack())
for packet in sent:
    print(packet.hex())
"""


def text(value):
    data = value.encode()
    return len(data).to_bytes(2, "big") + data


def packet(first, body):
    assert 127 < len(body) < 16384 or len(body) < 128
    length = bytes([len(body)]) if len(body) < 128 else bytes([len(body) & 127 | 128, len(body) >> 7])
    return bytes([first]) + length + body


def test_a_session_byte_for_byte(alone, core, figure):
    """With a broker in Python: the login's signature by Python's own HMAC, and each packet whole."""
    ended = alone(SESSION, socket=RECORDED, time=TIME)
    assert (ended.code, ended.errors) == (0, "")
    lines = ended.lines
    assert lines[0] == "0" and lines[3] == "['connect', ('/a1b2c3d4e5f/lamp/user/get', 'hello world!'), '{\"on\":1}'] [200]"
    stack = int(re.fullmatch(r"stack (\d+)", lines[5])[1])
    figure(f"xtensawin on {core}: a session takes {stack} bytes of the stack")
    assert abs(stack - stated("stack, import and a session without TLS")) < MAY_DIFFER and stack < STACK // 2
    connect, subscribe, publish, post, *_ = (bytes.fromhex(line) for line in lines[6:])

    client = f"{PRODUCT}.{NAME}"
    content = f"clientId{client}deviceName{NAME}productKey{PRODUCT}"
    password = hmac.new(SECRET.encode(), content.encode(), hashlib.sha256).hexdigest().upper()
    identity = re.search(rb"a1b2c3d4e5f\.lamp\|[^|]*\|", connect)[0].decode()
    options = dict(option.split("=") for option in identity.split("|")[1].split(","))
    assert options.items() >= {"securemode": "3", "signmethod": "hmacsha256"}.items()
    wanted = b"".join([text("MQTT"), b"\x04\xc2\0\x3c", text(identity), text(f"{NAME}&{PRODUCT}"), text(password)])
    assert connect == packet(0x10, wanted)
    assert subscribe == packet(0x82, b"\0\1" + text("/a1b2c3d4e5f/lamp/user/get") + b"\1")
    assert publish == packet(0x32, text("/a1b2c3d4e5f/lamp/user/update") + b"\0\2" + "温度 21 度".encode())
    assert b'"test_prop": 100' in post


# One round has a fault of the socket, and at least six callbacks that raise: over 5,000 exceptions.
ROUNDS = 850


def test_exceptions_everywhere(alone, core, figure):
    """In each callback and in each method of the socket. The heap ends as it was."""
    script = FAULTS.replace("ROUNDS", str(ROUNDS))
    for old, new in (
        # The pause before the next attempt is random here, and may be long.
        ("range(5000)", "range(20000)"),
        ("time.sleep_ms(20)", "time.sleep_ms(500)"),
        # An exception that is raised again gets longer by its traceback.
        ("(method, error)", '(method, type(error)("x"))'),
        ("    rounds += 1\n", "    rounds += 1\n    if rounds in (20, ROUNDS):\n        gc.collect()\n        free.append(gc.mem_free())\n"),
        ("while rounds <", "free = []\nwhile rounds <"),
    ):
        assert old in script
        script = script.replace(old, new.replace("ROUNDS", str(ROUNDS)))
    ended = alone(script + "print(free[0] - free[1])\n", socket=PEER, time=TIME)
    assert (ended.code, ended.errors) == (0, ""), ended.lines[-3:]
    *_, sessions, raised, places, lost = ended.lines
    figure(f"xtensawin on {core}: {sessions}, {raised}, {lost} bytes of the heap lost")
    assert places == "['CLOSE', 'CONNECT', 'DISCONNECT', 'ERROR', 'PROPS', 'SUBCRIBE', 'postProps', 'publish']"
    of_sockets, of_callbacks = map(int, raised.split()[1:])
    assert of_sockets == ROUNDS and of_callbacks >= 6 * ROUNDS
    # Less than a byte a round: what is kept is a few objects of the script's.
    assert int(lost) < ROUNDS


NATIVE_CODE = """
import aliyunIoT, board, machine
print(board.code() > 60000, hex(machine.mem32[0x40000000] & 0xffffffff) != "0x0")
"""


@pytest.mark.parametrize(
    ("access", "message"),
    [
        ("machine.mem8[0x40000001]", "read less than a word of native code"),
        ("machine.mem16[0x40000002]", "read less than a word of native code"),
        ("machine.mem32[0x40000004] = 0", "wrote to native code"),
    ],
)
def test_only_words_of_native_code_can_be_read(alone, access, message):
    """So every other test shows that the module does not read less: an ESP32 could not."""
    ended = alone(NATIVE_CODE + f"{access}\nprint('after')\n")
    assert ended.code != 0 and ended.lines == ["True True"]
    assert message in ended.errors


def test_examples_on_the_other_core(natmod, program, monkeypatch, tmp_path, example):  # noqa: F811
    """Over TLS as well."""
    folder = tmp_path / "other"
    folder.mkdir()
    runner = folder / "run"
    board = natmod / "stock" / "KC705" / "run"
    runner.write_text(f'#!/bin/sh\nexec "{board}" --cpu dc233c --package "{natmod / "xtensawin"}" "$@"\n')
    runner.chmod(0o755)
    monkeypatch.setenv("MICROPYTHON", str(runner))
    test_post_props(example)
