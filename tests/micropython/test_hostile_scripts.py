"""Names, streams and numbers that a script (or a server) has made up: does the library keep to its own?"""

import pytest

from micropython import Script, run
from scripts import script

# Every name of `builtins` that code in C could look up by mistake.
SHADOWED = """
import builtins

own = globals()
for name in dir(builtins):
    if name[0] != "_":
        own[name] = "the script's own"
"""


def test_globals_of_the_script_are_not_called(cloud, device, tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"x" * 3000)
    body = f"""
SHADOW = {SHADOWED!r}
say, text, mistakes = print, repr, Exception
uploads, requests, times, errors = [], [], [], []
device = Device()
device.on(Device.ON_SERVICE, lambda request: requests.append(request["msg_id"]))
device.on(Device.ON_PROPS, lambda request: requests.append(request["msg_id"]))
up = []
device.on(Device.ON_CONNECT, up.append)
exec(SHADOW)
device.connect(key_info)
while up == []:
    time.sleep_ms(5)
device.getNtpTime(times.append)
uploads.append(device.uploadFile({str(path)!r}))


def tried(function, *arguments):
    try:
        function(*arguments)
    except mistakes as error:
        errors.append(text(error))


tried(device.connect, {{}})
tried(device.connect, 5)
tried(device.publish, {{"topic": 5}})
tried(device.postProps, {{"params": "no JSON"}})
tried(device.reply, 5)
tried(device.uploadFile, "/not/there")
tried(device.on, 99, None)
tried(device.on, Device.ON_PROPS, 5)
say("ready")
while requests[1:] == []:
    time.sleep_ms(5)
while times == []:
    time.sleep_ms(5)
device.end()
say(uploads[0] is not None, requests[0])
for line in errors:
    say(line.split("(")[0])
"""
    name = device["deviceName"]
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        topic = f"/sys/{device['productKey']}/{name}/thing/service/property/set"
        for id in ("12345678901234567890", "7"):
            payload = '{"id":"%s","version":"1.0","params":{},"method":"thing.service.property.set"}' % id
            cloud.do("publish", topic=topic, payload=payload, device=name, direct=True)
        assert running.wait() == 0
    assert running.errors == ""
    lines = running.lines[running.lines.index("ready") + 1 :]
    assert lines == [
        "True 12345678901234567890",
        "ValueError",
        "TypeError",
        "TypeError",
        "ValueError",
        "ValueError",
        "OSError",
        "ValueError",
        "TypeError",
    ]


@pytest.mark.parametrize(
    ("id", "seen"),
    [
        ("5", 5),
        ("007", 7),
        ("4294967296", 4294967296),
        ("12345678901234567890", 12345678901234567890),
        ("123456789012345678901", "str 21"),
        ("9" * 60_000, "str 60000"),
        ("1|exp-topic|2", "str 13"),
    ],
)
def test_ids_become_numbers_up_to_twenty_digits(cloud, device, id, seen):
    name = device["deviceName"]
    body = """
def on_props(request):
    id = request["msg_id"]
    took = time.ticks_diff(time.ticks_ms(), start[0])
    print("str %d" % len(id) if isinstance(id, str) else id)
    return Device.LATER


def later(request):
    pass


start = [time.ticks_ms()]
device = Device()
asked = []
device.on(Device.ON_PROPS, lambda request: (on_props(request), asked.append(request["msg_id"]))[0])
online(device)
print("ready")
wait(lambda: asked)
print(device.reply(asked[0], 201))
device.end()
"""
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        topic = f"/sys/{device['productKey']}/{name}/thing/service/property/set"
        payload = '{"id":"%s","version":"1.0","params":{},"method":"thing.service.property.set"}' % id
        cloud.do("publish", topic=topic, payload=payload, device=name, direct=True)
        assert running.wait() == 0, running.errors
    assert running.lines == ["ready", str(seen), "0"]


FILES = """
import io, vfs

DATA = bytes(range(256)) * 20
kept = []


class File(io.IOBase):
    def __init__(self):
        self.at = 0

    def seek(self, offset, whence):
        self.at = offset if whence == 0 else len(DATA) + offset
        return self.at

    def readinto(self, buffer):
        return self.give(buffer, len(buffer))

    def give(self, buffer, room):
        part = DATA[self.at : self.at + room]
        buffer[: len(part)] = part
        self.at += len(part)
        return len(part)

    def close(self):
        pass


class Files:
    file = File

    def mount(self, readonly, mkfs):
        pass

    def umount(self):
        pass

    def stat(self, path):
        raise OSError(2)

    def open(self, path, mode):
        return self.file()


files = Files()
vfs.mount(files, "/made")
"""

# A way to read, and what the method says to that.
READS = {
    "more than was asked": ("return self.give(buffer, len(buffer)) + 1", "readinto() returns more than it was asked for"),
    "very much more": ("return 1 << 40", "readinto() returns more than it was asked for"),
    "no small number": ("return 1 << 80", "readinto() returns no number of bytes"),
    "negative": ("return -5", "readinto() returns no number of bytes"),
    "None": ("return None", "readinto() returns no number of bytes"),
    "text": ("return 'five'", "readinto() returns no number of bytes"),
    "a float": ("return 5.0", "readinto() returns no number of bytes"),
    "nothing": ("return 0", "the source became shorter while it was sent"),
    "a buffer made shorter": ("buffer[:] = b''; return 5", "readinto() returns more than it was asked for"),
}


@pytest.mark.parametrize("way", READS)
def test_what_readinto_returns_is_checked(cloud, device, way):
    code, says = READS[way]
    body = f"""{FILES}
class Odd(File):
    def readinto(self, buffer):
        {code}


device = online()
files.file = Odd
try:
    print(device.uploadFile("/made/a.bin"))
except OSError as error:
    print(error)
files.file = File
print(device.uploadFile("/made/b.bin") is not None)
device.end()
"""
    ended = run(script(body), cloud, device)
    assert (ended.code, ended.errors) == (0, "")
    assert len(ended.lines) == 2 and ended.lines[0].endswith(says) and ended.lines[1] == "True"


@pytest.mark.parametrize("code", ["return -1", "return None", "return 'x'", "return 1 << 80"])
def test_what_seek_returns_is_checked(cloud, device, code):
    body = f"""{FILES}
class Odd(File):
    def seek(self, offset, whence):
        {code}


device = online()
files.file = Odd
attempt(device.uploadFile, "/made/a.bin")
device.end()
"""
    ended = run(script(body), cloud, device)
    assert ended.lines == ["OSError uploadFile(): the file's seek() returns no position"]


def test_a_file_in_python_may_keep_the_buffers_it_was_given(cloud, device):
    body = f"""{FILES}
class Keeps(File):
    def readinto(self, buffer):
        kept.append(buffer)
        return self.give(buffer, min(len(buffer), 100))


device = online()
files.file = Keeps
print(device.uploadFile("/made/a.bin") is not None)
for buffer in kept:
    for i in range(len(buffer)):
        buffer[i] = 0x55
gc.collect()
print(device.uploadFile("/made/b.bin") is not None, len(kept) > 20)
for buffer in kept:
    buffer[:] = bytes(len(buffer))
print(device.uploadContent("c.bin", DATA) is not None)
device.end()
"""
    ended = run(script(body), cloud, device)
    assert (ended.code, ended.lines, ended.errors) == (0, ["True", "True True", "True"], "")
    for name in ("a.bin", "b.bin", "c.bin"):
        there = cloud.do("file", device=device["deviceName"], name=name)
        assert there["size"] == 256 * 20
