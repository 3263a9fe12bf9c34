"""Uploads from scripts: files and bytes, what goes wrong with them, and how they survive it."""

import hashlib
import random
from ast import literal_eval

import pytest

from micropython import Script, run
from scripts import script

MAX = 16 << 20


@pytest.fixture
def file(tmp_path):
    """Makes a file of so many bytes, the same each time, and returns its path."""

    def made(size, name="photo.jpg"):
        path = tmp_path / name
        path.write_bytes(random.Random(size).randbytes(size))
        return path

    return made


def arrived(cloud, device, name):
    return cloud.do("file", device=device["deviceName"], name=name)


def same(cloud, device, path, name=None):
    """The cloud has this file, byte for byte, and nothing under way."""
    there = arrived(cloud, device, name or path.name)
    assert there["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert there["under_way"] == 0
    return there["upload"]


def body(**values):
    """The beginning of a script: names and values."""
    return "".join(f"{name} = {value!r}\n" for name, value in values.items())


def test_a_file_arrives_and_its_progress_is_told(cloud, device, file):
    path = file(20_000)
    ended = run(
        script(body(path=str(path)) + "device = online()\nprint(device.uploadFile(path, print))\ndevice.end()\n"),
        cloud,
        device,
    )
    assert (ended.code, ended.errors) == (0, "")
    *told, upload = ended.lines
    assert same(cloud, device, path) == upload
    assert [literal_eval(line) for line in told] == [{"sent": sent, "size": 20_000} for sent in (8192, 16384, 20_000)]


def test_both_arities(cloud, device, file):
    path = file(300)
    ended = run(
        script(
            body(path=str(path))
            + """
device = online()
print(device.uploadFile(path), device.uploadFile(path, None))
print(device.uploadFile("a.jpg", path), device.uploadFile("b.jpg", path, None), device.uploadFile("c.jpg", path, print))
"""
        ),
        cloud,
        device,
    )
    assert (ended.lines[1], ended.errors) == ("{'size': 300, 'sent': 300}", "")
    ids = f"{ended.lines[0]} {ended.lines[2]}".split()
    assert [same(cloud, device, path, name) for name in ("photo.jpg", "a.jpg", "b.jpg", "c.jpg")] == ids[1:]


def test_bytes_of_every_kind_and_size_arrive(cloud, device):
    ended = run(
        script("""
        device = online()
        for name, content in (("t", "text: \u6587"), ("b", b"\\x00\\xff"), ("a", bytearray(8192)), ("m", memoryview(bytes(8193)))):
            print(device.uploadContent(name, content) is not None)
        for size in (1, 255, 256, 8191, 8192, 8193, 16384):
            print(device.uploadContent("%d.bin" % size, bytes(size), None) is not None)
        """),
        cloud,
        device,
    )
    assert (ended.lines, ended.errors) == (["True"] * 11, "")
    assert bytes.fromhex(arrived(cloud, device, "t")["hex"]) == "text: 文".encode()
    assert bytes.fromhex(arrived(cloud, device, "b")["hex"]) == b"\x00\xff"
    for size in (1, 255, 256, 8191, 8192, 8193, 16384):
        assert bytes.fromhex(arrived(cloud, device, f"{size}.bin")["hex"]) == bytes(size)


def test_what_cannot_be_uploaded_is_told_before_a_byte_is_sent(cloud, device, file, tmp_path):
    large = tmp_path / "large.bin"
    with large.open("wb") as sparse:
        sparse.truncate(MAX + 1)
    (tmp_path / "empty").touch()
    paths = body(path=str(file(10)), large=str(large), empty=str(tmp_path / "empty"), folder=str(tmp_path))
    ended = run(
        script(
            paths
            + """
device = online()
attempt(device.uploadFile, folder + "/nothing.jpg", None)
attempt(device.uploadFile, large, None)
attempt(device.uploadFile, empty, None)
attempt(device.uploadContent, "x", "", None)
for name in ("", "_a", "a-b", "a/b", "\u6587", "x" * 101):
    attempt(device.uploadContent, name, "x", None)
attempt(device.uploadContent, "x", 5, None)
attempt(device.uploadContent, 5, "x", None)
attempt(device.uploadContent, "x", "x", 5)
attempt(device.uploadFile, 5, None)
attempt(device.uploadFile, path, 5)
attempt(device.uploadFile, "a", 5, None)
attempt(device.uploadFile, "a", path, "b")
"""
        ),
        cloud,
        device,
    )
    size = "a file must be 1 byte to 16 MiB"
    name = "ValueError uploadContent(): the name must be 1 to 100 of A-Z a-z 0-9 _ . and begin with a letter or a digit"
    assert ended.lines == [
        "OSError 2",
        f"ValueError uploadFile(): {size}",
        f"ValueError uploadFile(): {size}",
        f"ValueError uploadContent(): {size}",
        *[name] * 6,
        "TypeError 'buf' must be str or bytes, not int",
        "TypeError 'name' must be str, not int",
        "TypeError uploadContent(): int cannot be called",
        "TypeError 'fileName' must be str, not int",
        "TypeError uploadFile(): int cannot be called",
        "TypeError 'path' must be str, not int",
        "TypeError uploadFile(): str cannot be called",
    ]
    assert not [record for record in cloud.seen(device=device["deviceName"]) if record["kind"].startswith("upload")]


def test_without_a_connection_there_is_no_id(cloud, device):
    ended = run(
        script("""
        device = Device()
        print(device.uploadContent("a", "x"))
        device.connect(key_info)
        print(device.uploadContent("a", "x") is not None)
        device.end()
        print(device.uploadContent("a", "x"))
        """),
        cloud,
        device,
    )
    assert (ended.lines, ended.errors) == (["None", "True", "None"], "")


# ---- What the platform answers


@pytest.mark.parametrize(
    "code, words",
    [
        (78117, "the file is larger than the platform takes"),
        (78118, "the block is larger than the platform takes"),
        (78120, "the block is smaller than the platform takes"),
        (78123, "there is such a file already"),
        (78125, "the file arrived damaged, or has changed meanwhile"),
        (460, "the platform refused the upload"),
    ],
)
def test_a_refused_upload_is_told_with_its_reason(cloud, device, code, words):
    cloud.do("upload", code=code, count=1, what="send")
    ended = run(
        script("""
        device = online()
        print(device.uploadContent("a", bytes(500)))
        print(device.uploadContent("a", bytes(500)) is not None)
        """),
        cloud,
        device,
    )
    assert (ended.lines, ended.errors) == ([f"error {code} {words}", "None", "True"], "")
    cloud.wait_seen(device=device["deviceName"], kind="upload_cancel")


@pytest.mark.parametrize("code", [78121, 78122, 78119])
def test_what_can_be_mended_is_mended(cloud, device, code, file):
    path = file(30_000)
    cloud.do("upload", code=code, count=2, what="send")
    ended = run(
        script(body(path=str(path)) + "device = online()\nprint(device.uploadFile(path) is not None)\n"), cloud, device
    )
    assert (ended.lines, ended.errors) == (["True"], "")
    same(cloud, device, path)
    codes = [record["code"] for record in cloud.seen(device=device["deviceName"], kind="upload_send")]
    assert codes.count(code) == 2 and set(codes) == {200, code}


def test_too_fast_means_slower(cloud, device, file):
    path = file(10_000)
    cloud.do("upload", code=78127, count=1, what="send")
    ended = run(
        script(body(path=str(path)) + "device = online()\nprint(device.uploadFile(path) is not None)\n"), cloud, device
    )
    assert (ended.lines, ended.errors) == (["True"], "")
    same(cloud, device, path)
    first, second, _ = cloud.seen(device=device["deviceName"], kind="upload_send")
    assert (first["code"], second["params"]["offset"]) == (78127, 0)
    assert 1.9 < (second["at"] - first["at"]) / 1000 < 5


@pytest.mark.parametrize("loses_block", [True, False])
def test_an_upload_goes_on_after_a_lost_link(cloud, device, file, loses_block):
    path = file(60_000)
    cloud.do("upload", cuts=[20_000, 40_000], loses_block=loses_block)
    ended = run(
        script(
            body(path=str(path))
            + """
device = online()
device.on(Device.ON_DISCONNECT, lambda data: print("lost"))
device.on(Device.ON_CONNECT, lambda data: print("again"))
print(device.uploadFile(path) is not None)
"""
        ),
        cloud,
        device,
    )
    assert (ended.lines, ended.errors) == (["lost", "again", "lost", "again", "True"], "")
    same(cloud, device, path)
    sends = cloud.seen(device=device["deviceName"], kind="upload_send")
    assert len(cloud.seen(device=device["deviceName"], kind="upload_init")) == 1, "it goes on where it was"
    assert [send["code"] for send in sends].count(78126) == (0 if loses_block else 2)


@pytest.mark.slow
def test_fifteen_megabytes_take_two_blocks_of_memory_and_survive_five_cuts(cloud, device, file, figure):
    path = file(15_000_000, "large.bin")
    cloud.do("upload", cuts=[1_000_000, 4_000_000, 7_500_000, 11_000_000, 14_000_000], loses_block=False)
    ended = run(
        script(
            body(path=str(path))
            + """
BLOCK = 8192
device = online()
device.on(Device.ON_DISCONNECT, lambda data: print("lost"))
rested = []


def progress(told):
    # Three short sessions in a row would look like a second device with this identity.
    if told["sent"] > 5000000 and not rested:
        rested.append(time.sleep_ms(10200))


# All memory is taken but for two blocks: whatever else were held would find none.
hoard = []
gc.collect()
while gc.mem_free() > 2 * BLOCK:
    hoard.append(bytearray(512))
left = gc.mem_free()
print(device.uploadFile(path, progress) is not None)
print("left", left)
"""
        ),
        cloud,
        device,
        limit=300,
    )
    assert (ended.lines[:-1], ended.errors) == (["lost"] * 5 + ["True"], "")
    left = int(ended.lines[-1].split()[1])
    assert left <= 2 * 8192
    same(cloud, device, path)
    figure(f"a 15 MB upload over five lost links with {left} bytes of heap left")


# ---- What the script does meanwhile


def test_a_file_that_becomes_shorter_is_told_and_given_up(cloud, device, file):
    path = file(40_000)
    ended = run(
        script(
            body(path=str(path))
            + """
device = online()


def cut(told):
    open(path, "w").close()


attempt(device.uploadFile, path, cut)
print(device.uploadContent("next", "x") is not None)
"""
        ),
        cloud,
        device,
    )
    assert ended.lines == ["OSError uploadFile(): the source became shorter while it was sent", "True"]
    cloud.wait_seen(device=device["deviceName"], kind="upload_cancel")


def test_a_buffer_that_becomes_shorter_is_told(cloud, device):
    ended = run(
        script("""
        device = online()
        content = bytearray(40000)
        def cut(told):
            content[:] = b"x"
        attempt(device.uploadContent, "a", content, cut)
        """),
        cloud,
        device,
    )
    assert ended.lines == ["OSError uploadContent(): the source became shorter while it was sent"]


def test_an_upload_within_a_callback(cloud, device):
    name = device["deviceName"]
    with Script(
        script("""
        device = online()
        def on_service(request):
            upload = device.uploadContent("from_%s.bin" % request["service_id"], bytes(30000))
            print(request["service_id"], upload)
            device.postEvent({"id": "taken", "params": {"fileid": upload}})
        device.on(Device.ON_SERVICE, on_service)
        props = []
        device.on(Device.ON_PROPS, props.append)
        print("ready")
        wait(lambda: props)
        time.sleep_ms(300)
        """),
        cloud,
        device,
    ) as running:
        running.wait_line("ready")
        cloud.do("service", device=name, service="one")
        cloud.do("service", device=name, service="two")
        running.wait_line("one upload")
        running.wait_line("two upload")
        cloud.do("set", device=name, params={"a": 1})
        assert running.wait() == 0
        assert running.errors == ""
    uploads = {arrived(cloud, device, f"from_{service}.bin")["upload"] for service in ("one", "two")}
    posted = {record["params"]["fileid"] for record in cloud.seen(device=name, kind="event_post")}
    assert posted == uploads
    assert [record["code"] for record in cloud.seen(device=name, kind="service_reply")] == [200, 200]


@pytest.mark.parametrize(
    ("answer", "code", "data"),
    [
        ("return {'file': upload}", 200, "upload"),
        ("return 460", 460, {}),
        ("device.reply(request['msg_id'], 201, {'file': upload}); return 500", 201, "upload"),
        ("later.append(request['msg_id']); return Device.LATER", 202, {}),
        ("oh", 500, {}),
    ],
)
def test_a_callback_uploads_before_it_answers(cloud, device, answer, code, data):
    name = device["deviceName"]
    ended = []
    with Script(
        script(f"""
        device = online()
        later = []
        def on_service(request):
            upload = device.uploadContent("picture.bin", bytes(30000))
            print(request["service_id"])
            {answer}
        device.on(Device.ON_SERVICE, on_service)
        print("ready")
        input()
        for msg_id in later:
            print(device.reply(msg_id, 202))
        input()
        """),
        cloud,
        device,
    ) as running:
        running.wait_line("ready")
        cloud.do("service", device=name, service="take")
        running.wait_line("take")
        running.say("go on")
        reply = cloud.wait_seen(device=name, kind="service_reply")
        running.say("end")
        assert running.wait() == 0
        ended = running.errors
    upload = arrived(cloud, device, "picture.bin")["upload"]
    assert (reply["code"], reply["data"]) == (code, {"file": upload} if data == "upload" else data)
    assert len(cloud.seen(device=name, kind="service_reply")) == 1
    assert ("NameError" in ended) == (answer == "oh")


def test_an_upload_within_the_callback_of_another_one(cloud, device):
    ended = run(
        script("""
        device = online()
        second = []
        def progress(told):
            if not second:
                second.append(None)
                second[0] = device.uploadContent("second.bin", bytes(20000)) is not None
            done.append(told["sent"])
        done = []
        print(device.uploadContent("first.bin", bytes(40000), progress) is not None, second)
        print(sorted(done) == sorted(set(done)), max(done))
        """),
        cloud,
        device,
    )
    assert (ended.lines, ended.errors) == (["True [True]", "True 40000"], "")
    assert arrived(cloud, device, "first.bin")["size"] == 40000
    assert arrived(cloud, device, "second.bin")["size"] == 20000


def test_callbacks_go_on_meanwhile(cloud, device):
    name = device["deviceName"]
    with Script(
        script("""
        device = online()
        device.on(Device.ON_PROPS, lambda request: print("props", request["params"]))
        def slowly(told):
            if told["sent"] == 8192:
                print("begun")
            time.sleep_ms(20)
        print("uploaded", device.uploadContent("a", bytes(400000), slowly) is not None)
        """),
        cloud,
        device,
    ) as running:
        running.wait_line("begun")
        cloud.do("set", device=name, params={"a": 1})
        running.wait_line("uploaded True")
        assert running.wait() == 0
        assert running.lines == ["begun", 'props {"a":1}', "uploaded True"]


def test_a_callback_may_raise_and_may_end_the_device(cloud, device):
    ended = run(
        script("""
        device = online()
        device.on(Device.ON_CLOSE, lambda data: print("closed"))
        print(device.uploadContent("a", bytes(9000), lambda: None) is not None)
        print(device.uploadContent("b", bytes(90000), lambda told: device.end()))
        """),
        cloud,
        device,
    )
    assert ended.lines == ["True", "closed", "None"]
    told = "TypeError: uploadContent() callback '<lambda>' takes 0 arguments, but is called with 1 (data)"
    assert ended.errors.splitlines() == [told, told]


def test_ctrl_c_ends_the_wait_and_the_upload(cloud, device):
    cloud.do("upload", code=0, count=1, what="send")
    with Script(
        script("""
        device = online()
        try:
            device.uploadContent("a", bytes(9000))
        except KeyboardInterrupt:
            print("interrupted")
        print(device.uploadContent("b", bytes(9000)) is not None)
        """),
        cloud,
        device,
    ) as running:
        cloud.wait_seen(device=device["deviceName"], kind="upload_send")
        running.interrupt()
        running.wait_line("interrupted")
        running.wait_line("True")
        assert running.wait() == 0
    assert len(cloud.seen(device=device["deviceName"], kind="upload_cancel")) == 1


def test_a_second_upload_waits_its_turn(cloud, device):
    ended = run(
        script("""
        import _thread
        device = online()
        done = []
        def other():
            done.append((2, device.uploadContent("two", bytes(50000))))
        started = []
        def first(told):
            if not started:
                started.append(_thread.start_new_thread(other, ()))
                time.sleep_ms(100)
        done.append((1, device.uploadContent("one", bytes(50000), first)))
        wait(lambda: len(done) == 2)
        print([number for number, upload in done], all(upload for number, upload in done))
        """),
        cloud,
        device,
    )
    assert (ended.lines, ended.errors) == (["[1, 2] True"], "")
    name = device["deviceName"]
    kinds = [record["kind"] for record in cloud.seen(device=name) if record["kind"].startswith("upload")]
    assert kinds == (["upload_init"] + ["upload_send"] * 7) * 2
    for upload in ("one", "two"):
        assert arrived(cloud, device, upload)["size"] == 50_000
