"""The library bound by another language: Python's ctypes loads the shared library, checks the layout against it and against
the header, connects to the local cloud over a socket of Python's, posts a property and answers a call."""

import ctypes
import json
import re
import select
import socket
import subprocess
import time
from ctypes import POINTER, Structure, Union, byref, c_bool, c_char_p, c_int32, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p

import pytest

from conftest import ROOT

HEADER = (ROOT / "include" / "aliyun_iot.h").read_text()
WITHIN = 60


def constants():
    """All numbers of the header."""
    found = re.findall(r"^#define ALIYUN_IOT_(\w+) \(?(-?(?:0x)?[0-9a-f]+)\)?$", HEADER, re.MULTILINE)
    return {name: int(number, 0) for name, number in found}


NUMBERS = constants()
OK, SESSION = NUMBERS["STATUS_OK"], NUMBERS["LINK_SESSION"]


# Memory that the library is given: a struct of ctypes that is copied into another one does not keep it alive.
ALIVE = []

# ---- Types, by hand as a binding has them ----


class Bytes(Structure):
    _fields_ = [("data", c_void_p), ("len", c_size_t)]

    @staticmethod
    def of(value):
        ALIVE.append(ctypes.create_string_buffer(value, len(value)))
        return Bytes(ctypes.addressof(ALIVE[-1]), len(value))

    def get(self):
        return ctypes.string_at(self.data, self.len) if self.data else None


class Buffer(Structure):
    _fields_ = [("data", c_void_p), ("len", c_size_t)]

    @staticmethod
    def of(size):
        ALIVE.append((c_uint64 * ((size + 7) // 8))())
        return Buffer(ctypes.addressof(ALIVE[-1]), size)


class Buffers(Structure):
    _fields_ = [("rx", Buffer), ("tx", Buffer), ("topics", Buffer)]


class Error(Structure):
    _fields_ = [("status", c_int32), ("needed", c_size_t), ("offset", c_size_t), ("actual", c_size_t)]


class Counters(Structure):
    _fields_ = [("unknown_acks", c_uint32), ("dropped", c_uint32)]


class Server(Structure):
    _fields_ = [("host", Bytes), ("port", c_uint16), ("without_tls", c_bool)]


class Options(Structure):
    _fields_ = [
        ("keepalive", c_uint16), ("connect_timeout", c_uint16), ("offline_queue", c_uint8), ("without_offline_queue", c_bool),
        ("without_keepalive", c_bool), ("keep_session", c_bool), ("without_services", c_bool),
    ]


class Link(Structure):
    _fields_ = [("host", Bytes), ("port", c_uint16), ("attempt", c_uint16), ("open", c_bool), ("tls", c_bool)]


class Loss(Structure):
    _fields_ = [("cause", c_int32), ("code", c_int32)]


class Identity(Structure):
    _fields_ = [(name, Bytes) for name in ("product_key", "device_name", "region", "instance_id", "sign_method")]


class Login(Structure):
    _fields_ = [
        ("identity", Identity), ("server", Server), ("device_secret", Bytes), ("device_token", Bytes), ("client_id", Bytes),
        ("timestamp", c_uint64),
    ]


class VendorLogin(Structure):
    _fields_ = [("vendor", c_uint32), ("with_certificate", c_bool), ("server", Server)] + [
        (name, Bytes)
        for name in (
            "product_id", "device_name", "device_secret", "product_secret", "sign_method", "region", "instance_id", "service_id",
            "client_id",
        )
    ]


class VendorRegistration(Structure):
    _fields_ = [("vendor", c_uint32), ("legacy", c_bool), ("server", Server)] + [
        (name, Bytes)
        for name in (
            "product_id", "device_name", "product_secret", "user_id", "user_key", "region", "instance_id", "project_id", "iam_user",
            "iam_password", "iam_domain",
        )
    ]


class Registration(Structure):
    _fields_ = [("identity", Identity), ("server", Server), ("product_secret", Bytes), ("auth_type", Bytes)]


class PlainLogin(Structure):
    _fields_ = [("server", Server), ("client_id", Bytes), ("user_name", Bytes), ("password", Bytes)]


def of(kind, name, fields):
    return type(name, (kind,), {"_fields_": fields})


def family(name, **kinds):
    """The union of a family; each kind is a list of fields, or a type."""
    members = [(kind, of(Structure, f"{name}_{kind}", fields) if isinstance(fields, list) else fields) for kind, fields in kinds.items()]
    return of(Union, name, members)


NO_REPLY = [("id", c_uint32), ("cause", c_int32)]
FAMILIES = {
    "connection": family(
        "connection",
        up=[("again", c_bool), ("session_present", c_bool)],
        lost=[("loss", Loss), ("packet", c_int32), ("topic", Bytes)],
        failed=[("loss", Loss), ("link", c_int32)],
    ),
    "messages": family(
        "messages",
        received=[("topic", Bytes), ("payload", Bytes), ("qos", c_uint8), ("dup", c_bool), ("retain", c_bool)],
        delivered=[("packet_id", c_uint16)],
        subscribed=[("filter", Bytes), ("granted", c_bool)],
        unsubscribed=[("filter", Bytes)],
        dropped=[("needed", c_size_t), ("count", c_uint32)],
        given_up=[("packet", c_int32), ("packet_id", c_uint16), ("topic", Bytes)],
    ),
    "model": family("model", reply=[("id", c_uint32), ("code", c_int32), ("message", Bytes)], no_reply=NO_REPLY),
    "call": family(
        "call",
        properties=[("message_id", Bytes), ("params", Bytes)],
        service=[("message_id", Bytes), ("service", Bytes), ("params", Bytes), ("synchronous", c_bool)],
        bytes=[("message_id", Bytes), ("topic", Bytes), ("payload", Bytes), ("full_topic", Bytes)],
    ),
    "raw": family(
        "raw",
        data=Bytes,
        reply=[("id", c_uint32), ("data", Bytes)],
        no_reply=NO_REPLY,
        reply_dropped=[("id", c_uint32), ("needed", c_size_t)],
    ),
    "ntp": family("ntp", time=[("unix_ms", c_uint64), ("error_ms", c_uint32)]),
    "upload": family(
        "upload", block=[("offset", c_uint32), ("length", c_uint32)], done=[("id", Bytes)], failed=[("cause", c_int32), ("code", c_int32)]
    ),
    "registration": family(
        "registration",
        done=[("secret", Bytes), ("client_id", Bytes)],
        certified=[("certificate", Bytes), ("private_key", Bytes)],
        refused=[("code", c_int32), ("message", Bytes)],
        failed=[("loss", Loss)],
    ),
    "desired": family(
        "desired",
        reply=[("id", c_uint32), ("code", c_int32), ("message", Bytes), ("data", Bytes)],
        no_reply=NO_REPLY,
        values=[("data", Bytes)],
        failed=[("code", c_int32), ("message", Bytes)],
    ),
}

As = of(Union, "aliyun_iot_event_as", list(FAMILIES.items()))
Event = of(Structure, "aliyun_iot_event", [("kind", c_int32), ("as_", As)])
TYPES = {
    "bytes": Bytes, "buffer": Buffer, "buffers": Buffers, "error": Error, "counters": Counters, "server": Server,
    "options": Options, "link": Link, "loss": Loss, "event": Event, "aliyun_login": Login,
    "aliyun_registration": Registration, "plain_login": PlainLogin, "vendor_login": VendorLogin, "vendor_registration": VendorRegistration,
}

DEVICE = c_void_p
CALLS = {
    "version": (c_uint32,), "features": (c_uint32,), "type_size": (c_size_t, c_int32), "event_name": (c_char_p, c_int32),
    "status_text": (c_char_p, c_int32), "loss_text": (c_char_p, c_int32, c_int32), "device_size": (c_size_t,),
    "init": (c_int32, Buffer, POINTER(Buffers), c_uint32, POINTER(DEVICE)), "drop": (None, DEVICE),
    "connect_aliyun": (c_int32, DEVICE, POINTER(Login), POINTER(Options), c_uint32), "close": (c_int32, DEVICE, c_uint32),
    "is_online": (c_bool, DEVICE), "last_error": (c_bool, DEVICE, POINTER(Error)),
    "link_wanted": (c_bool, DEVICE, c_int32, POINTER(Link)), "link_up": (None, DEVICE, c_int32, c_uint16, c_uint32),
    "link_lost": (None, DEVICE, c_int32, c_uint16, c_int32, c_uint32), "to_send": (c_bool, DEVICE, c_int32, POINTER(Bytes)),
    "sent": (None, DEVICE, c_int32, c_size_t, c_uint32), "space": (c_bool, DEVICE, c_int32, POINTER(Buffer)),
    "received": (None, DEVICE, c_int32, c_size_t, c_uint32), "poll": (c_bool, DEVICE, POINTER(Event), c_uint32),
    "poll_in": (c_uint32, DEVICE, c_uint32), "is_utf8": (c_bool, Bytes), "crc64": (c_uint64, c_uint64, Bytes),
    "publish": (c_int32, DEVICE, Bytes, Bytes, c_uint8, POINTER(c_uint16)),
    "post_properties": (c_int32, DEVICE, Bytes, POINTER(c_uint32), c_uint32), "answer": (c_int32, DEVICE, c_int32, Bytes),
}


@pytest.fixture(scope="session")
def binding():
    """The shared library, made as docs/c-abi.md says."""
    command = ["cargo", "rustc", "--package", "aliyun-iot", "--profile", "hosted", "--lib", "--crate-type", "cdylib"]
    command += ["--features", "ffi,panic-handler,md5,sha1", "--message-format", "json-render-diagnostics"]
    built = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    messages = [json.loads(line) for line in built.stdout.splitlines() if line.startswith("{")]
    names = [name for message in messages for name in message.get("filenames", [])]
    library = ctypes.CDLL([name for name in names if name.endswith("libaliyun_iot.so")][-1])
    for name, (result, *arguments) in CALLS.items():
        call = getattr(library, f"aliyun_iot_{name}")
        call.restype, call.argtypes = result, arguments
    return library


# ---- What the library says of itself ----


def test_the_version_is_that_of_the_header(binding):
    major, minor, patch = (NUMBERS[f"VERSION_{part}"] for part in ("MAJOR", "MINOR", "PATCH"))
    assert binding.aliyun_iot_version() == major << 16 | minor << 8 | patch
    manifest = (ROOT / "Cargo.toml").read_text()
    assert f'version = "{major}.{minor}.{patch}"' in manifest and f'VERSION_TEXT "{major}.{minor}.{patch}"' in HEADER


def test_the_features_are_those_of_the_build(binding):
    bits = {name.removeprefix("FEATURE_"): bit for name, bit in NUMBERS.items() if name.startswith("FEATURE_")}
    features = binding.aliyun_iot_features()
    assert all(bit.bit_count() == 1 for bit in bits.values()) and len(set(bits.values())) == len(bits)
    assert features & ~sum(bits.values()) == 0, "a bit that has no name"
    for name in ("SHA1", "MD5", "PLAIN", "NAMES", "WORDS", "CALL", "RAW", "NTP", "UPLOAD", "REGISTER", "DESIRED", "TENCENT", "ONENET", "HUAWEI", "TUYA", "BAIDU", "TLINK"):
        assert features & bits[name], name


def test_each_kind_has_its_name(binding):
    kinds = {name.removeprefix("EVENT_"): kind for name, kind in NUMBERS.items() if name.startswith("EVENT_")}
    assert len(set(kinds.values())) == len(kinds) >= 24
    for name, kind in kinds.items():
        assert binding.aliyun_iot_event_name(kind) == name.encode()
        first = min(kind for other, kind in kinds.items() if other.split("_")[0] == name.split("_")[0])
        assert first % 16 == 0 and kind - first < 16, f"{name} lies outside the block of its family"
    names = {binding.aliyun_iot_event_name(kind).decode() for kind in range(-10, 300)}
    assert len(names) == len(kinds) + 1, "and all other numbers share one"


def test_each_status_has_words_of_its_own(binding):
    statuses = {name: number for name, number in NUMBERS.items() if name.startswith("STATUS_")}
    words = [binding.aliyun_iot_status_text(status) for status in statuses.values()]
    assert len(set(words)) == len(statuses) and binding.aliyun_iot_status_text(99) not in words


# ---- Layouts ----


def c_type(path):
    return "aliyun_iot_" + "_".join(path)


def layouts():
    """(C type, type, [fields]) of all structs and unions here."""
    for name, kind in TYPES.items():
        yield c_type([name]), kind
    yield c_type(["aliyun_identity"]), Identity
    for name, union in FAMILIES.items():
        yield c_type([name, "event"]), union
        for kind, struct in union._fields_:
            if struct is not Bytes:
                yield c_type([name, kind]), struct


def test_sizes_are_those_that_the_library_tells(binding):
    told = {name.removeprefix("TYPE_").lower(): number for name, number in NUMBERS.items() if name.startswith("TYPE_")}
    assert set(told) == set(TYPES)
    for name, kind in TYPES.items():
        assert binding.aliyun_iot_type_size(told[name]) == ctypes.sizeof(kind), name
    for name, union in FAMILIES.items():
        first = min(kind for other, kind in NUMBERS.items() if other.startswith(f"EVENT_{name.upper()}_"))
        assert binding.aliyun_iot_type_size(first) == ctypes.sizeof(union), name
    assert binding.aliyun_iot_type_size(15) == binding.aliyun_iot_type_size(0x1000) == binding.aliyun_iot_type_size(-1) == 0


def test_sizes_and_offsets_are_those_of_the_header(tmp_path):
    checks, wanted = [], []
    for name, kind in layouts():
        checks.append(f"sizeof({name})")
        wanted.append(ctypes.sizeof(kind))
        for field, *_ in kind._fields_:
            checks.append(f"offsetof({name}, {field.rstrip('_')})")
            wanted.append(getattr(kind, field).offset)
    lines = "".join(f'printf("%zu\\n", {check});\n' for check in checks)
    source = tmp_path / "layout.c"
    source.write_text(f'#include <stdio.h>\n#include "aliyun_iot.h"\nint main(void) {{\n{lines}return 0;\n}}\n')
    subprocess.run(["gcc", "-std=c99", f"-I{ROOT / 'include'}", "-o", tmp_path / "layout", source], check=True)
    found = subprocess.run([tmp_path / "layout"], capture_output=True, text=True, check=True).stdout.split()
    for check, number, size in zip(checks, wanted, map(int, found), strict=True):
        assert number == size, check


def test_all_structs_of_the_header_are_here():
    declared = set(re.findall(r"^\} (aliyun_iot_\w+);", HEADER, re.MULTILINE))
    assert declared == {name for name, _ in layouts()} | {"aliyun_iot_event_as"}


# ---- A device over a socket of Python's ----


class Device:
    """What a binding has to do: memory, a clock, a socket, and a loop."""

    def __init__(self, library, cloud, device):
        self._library = library
        memory, buffers = Buffer.of(library.aliyun_iot_device_size()), Buffers(*map(Buffer.of, (1024, 1024, 256)))
        self._device = DEVICE()
        assert library.aliyun_iot_init(memory, byref(buffers), 7, byref(self._device)) == OK
        self._socket, self._attempt = None, 0
        self.told = []
        identity = Identity(product_key=Bytes.of(device["productKey"].encode()), device_name=Bytes.of(device["deviceName"].encode()))
        self._login = Login(
            identity=identity, device_secret=Bytes.of(device["deviceSecret"].encode()),
            server=Server(Bytes.of(cloud.host.encode()), cloud.tcp_port, True),
        )
        self.call("connect_aliyun", byref(self._login), None, self.now())

    def now(self):
        return int(time.monotonic() * 1000) & 0xFFFFFFFF

    def call(self, name, *arguments):
        status = getattr(self._library, f"aliyun_iot_{name}")(self._device, *arguments)
        assert status == OK, self._library.aliyun_iot_status_text(status)

    def ask(self, name, *arguments):
        return getattr(self._library, f"aliyun_iot_{name}")(self._device, *arguments)

    def _follow(self):
        link = Link()
        wanted = self.ask("link_wanted", SESSION, byref(link))
        if self._socket and (not wanted or link.attempt != self._attempt):
            self._socket.close()
            self._socket = None
        if wanted and not self._socket:
            assert not link.tls
            self._attempt = link.attempt
            self._socket = socket.create_connection((link.host.get().decode(), link.port), timeout=WITHIN)
            self.ask("link_up", SESSION, self._attempt, self.now())

    def _serve(self, on_event):
        event = Event()
        while self.ask("poll", byref(event), self.now()):
            name = self._library.aliyun_iot_event_name(event.kind).decode()
            kind, _, rest = name.lower().partition("_")
            details = getattr(getattr(event.as_, kind), rest, None)
            self.told.append(name)
            on_event(name, details)
        packet = Bytes()
        while self._socket and self.ask("to_send", SESSION, byref(packet)):
            count = self._socket.send(packet.get())
            self.ask("sent", SESSION, count, self.now())

    def run(self, until, on_event):
        """Turns until `until` is an event that has come."""
        end = time.monotonic() + WITHIN
        while until not in self.told:
            assert time.monotonic() < end, self.told
            self._follow()
            self._serve(on_event)
            wait = min(self.ask("poll_in", self.now()) / 1000, 1)
            space = Buffer()
            if self._socket and select.select([self._socket], [], [], wait)[0] and self.ask("space", SESSION, byref(space)):
                received = self._socket.recv(space.len)
                if received:
                    ctypes.memmove(space.data, received, len(received))
                    self.ask("received", SESSION, len(received), self.now())
                else:
                    self.ask("link_lost", SESSION, self._attempt, 0, self.now())

    def close(self):
        self.call("close", self.now())
        self.run("CONNECTION_CLOSED", lambda name, details: None)
        self._follow()
        self._library.aliyun_iot_drop(self._device)


def test_a_device_connects_posts_and_answers(binding, cloud, device):
    name = device["deviceName"]
    bound = Device(binding, cloud, device)
    post = c_uint32()
    told = {}

    def on_event(event, details):
        if event == "CONNECTION_UP":
            told["up"] = (details.again, details.session_present)
            bound.call("post_properties", Bytes.of(b'{"temperature":21.5}'), byref(post), bound.now())
        elif event == "MODEL_REPLY":
            told["reply"] = (details.id, details.code, details.message.get())
            cloud.do("set", device=name, params={"LightSwitch": 1})
        elif event == "CALL_PROPERTIES":
            told["set"] = json.loads(details.params.get())
            bound.call("answer", 200, Bytes.of(b'{"done":true}'))

    bound.run("CALL_PROPERTIES", on_event)
    assert told["up"] == (False, False)
    assert told["reply"] == (post.value, 200, b"success") and post.value > 0
    assert told["set"] == {"LightSwitch": 1}
    assert cloud.wait_seen(kind="property_post", device=name)["params"] == {"temperature": 21.5}
    bound.close()
    answer = cloud.wait_seen(kind="set_reply", device=name)
    assert answer["code"] == 200 and "fault" not in answer
    cloud.wait_seen(kind="disconnect", device=name)


def test_a_failure_has_details(binding, cloud, device):
    bound = Device(binding, cloud, device)
    error = Error()
    assert not bound.ask("last_error", byref(error)) and error.status == OK
    bound.run("CONNECTION_UP", lambda *_: None)
    large = Bytes.of(bytes(5000))
    topic = Bytes.of(f"/{device['productKey']}/{device['deviceName']}/user/update".encode())
    assert bound.ask("publish", topic, large, 1, None) == NUMBERS["STATUS_TOO_LARGE"]
    assert bound.ask("last_error", byref(error)) and error.status == NUMBERS["STATUS_TOO_LARGE"] and error.needed > 5000
    assert bound.ask("post_properties", Bytes.of(b'{"a":}'), None, bound.now()) == NUMBERS["STATUS_JSON"]
    assert bound.ask("last_error", byref(error)) and (error.status, error.offset, error.needed) == (NUMBERS["STATUS_JSON"], 5, 0)
    assert binding.aliyun_iot_is_utf8(Bytes.of("名".encode())) and not binding.aliyun_iot_is_utf8(Bytes.of(b"\xff"))
    # CRC-64/XZ of "123456789", as its catalogue has it.
    assert binding.aliyun_iot_crc64(0, Bytes.of(b"123456789")) == 0x995DC9BBDF1939FA
    bound.close()
