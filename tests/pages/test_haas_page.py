"""The scripts of the `aliyunIoT` page of HaaS, as their authors wrote them, on the built MicroPython.

The page is not part of this project. It is read from the folder that API_DOCS names, else from `api-docs` in the
folder `shared` beside the repository. What a script has to print, and what the cloud has to see, is taken from the
page and its scripts as well.

Supplied around a script: the imports that the page leaves out, and credentials in the place of its placeholders.
What else a script needs, it needs because of a mistake of its own: FLAWS says which, and what is done about it.
"""

import ast
import os
import pathlib
import re
import time

import pytest

from micropython import ROOT, Script, run

FOLDER = pathlib.Path(os.environ.get("API_DOCS") or ROOT.parent / "shared" / "api-docs")
PAGE = FOLDER / "haas-aliyunIoT-device.md"

IMPORTS = "import utime, json\n"

# What the page's outputs hold but no script prints: the TCP stack of the old firmware said it.
FROM_THE_OLD_FIRMWARE = ("tcp_connect:", "success to establish")

# How often this comes depends on how long connecting takes.
WAITING = "sleep for 1 s"

FLAWS = {
    "on": "It has no script: the page refers to that of `connect`, which calls `on`.",
    "getDeviceInfo": "1. A line is indented with a tab and the next with four spaces, which no Python takes. The tab "
    "becomes four spaces. 2. It asks a new Device, before any connect(). On the old firmware an earlier program had "
    "left the identity in the board's store. So it runs thrice: with nothing stored, where the answer is what the page "
    "says of failure, None; after the script of `register`; and on a device that is connecting. "
    "3. The page shows four keys; the old firmware gave five, with the region, and so do we.",
    "publish": "Its callback sets a local variable, not the flag that the last loop waits for: no Python leaves that "
    "loop. So it is interrupted once its message has come back, and runs again with the missing `global`.",
    "end": "1. Tabs and spaces, as in getDeviceInfo. 2. It goes on from other scripts: it needs a connected "
    "`aliyunIoT_device`, and a `deviceinfo` that it prints although the page's output does not show it.",
    "uploadFile": "The output begins with a line that says that the device is connected. No print of the script says so: "
    "it notes it in a flag that nobody reads. So does that of uploadContent.",
}

HERE = ["device", "register", "connect", "on", "getDeviceInfo", "getDeviceHandle", "postProps", "postEvent", "postRaw"]
HERE += ["subscribe", "publish", "unsubscribe", "end", "getNtpTime", "uploadFile", "uploadContent"]

pytestmark = pytest.mark.skipif(
    not PAGE.is_file(),
    reason=f"the API page is not there: {PAGE}; API_DOCS may name the folder that has it",
)


class Section:
    """What the page says of one method: its script, and the output that it shows."""

    def __init__(self, text):
        # The first block with a language is the script; blocks in the tables' lists have none.
        blocks = re.findall(r"^```(?:python|shell)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        self.script, output = blocks
        self.output = [line for line in output.splitlines() if not line.startswith(FROM_THE_OLD_FIRMWARE)]

    def find(self, pattern):
        """The one match in the script; more than one, if they are the same."""
        (found,) = set(re.findall(pattern, self.script))
        return found

    def literal(self, pattern):
        return ast.literal_eval(self.find(pattern))

    def topic(self, device):
        """The custom topic that the script puts together from its credentials."""
        own = self.find(r"'(/user/\w+)'")
        return f"/{device['productKey']}/{device['deviceName']}{own}"


@pytest.fixture(scope="module")
def page():
    """The page's sections by method."""
    text = PAGE.read_text(encoding="utf-8")
    parts = re.split(r"^## (\w+) - .*$", text, flags=re.MULTILINE)
    return {name: Section(body) for name, body in zip(parts[1::2], parts[2::2])}


def with_credentials(script, device, *, secret="deviceSecret"):
    """The script with a device's credentials in the place of its placeholders, and nothing else changed."""
    for name in ("productKey", "deviceName", secret):
        assignment = re.compile(rf"^({name} = )([\"']).*?\2", re.MULTILINE)
        script, count = assignment.subn(rf"\g<1>\g<2>{device[name]}\g<2>", script)
        assert count == 1, f"{name} is not assigned once"
    return script


def said(lines):
    return [line for line in lines if line != WAITING]


class Bench:
    """Runs a script on a device of its own and tells what the cloud saw of it."""

    def __init__(self, cloud, device):
        self.cloud = cloud
        self.device = device
        self.name = device["deviceName"]

    def run(self, script, around="", **options):
        """The lines that it printed, to a good end."""
        ended = run(IMPORTS + around + script, self.cloud, self.device, **options)
        assert (ended.code, ended.errors) == (0, "")
        return ended.lines

    def seen(self):
        """What the cloud saw between a login as the page's credentials say and the end of that connection."""
        self.cloud.wait_seen(kind="disconnect", device=self.name)
        login, *records, end = self.cloud.seen(device=self.name)
        assert (login["kind"], end["kind"]) == ("login", "disconnect")
        assert login["ok"] and login["tls"] and login["keepalive"] == 60
        return records

    def saw(self, *expected):
        """The cloud saw these, in this order, and nothing else."""
        records = self.seen()
        assert [record["kind"] for record in records] == [record["kind"] for record in expected]
        for record, wanted in zip(records, expected):
            assert {key: record.get(key) for key in wanted} == wanted

    def system(self, topic):
        return f"/sys/{self.device['productKey']}/{self.name}/thing/{topic}"


@pytest.fixture
def bench(cloud, device):
    return Bench(cloud, device)


def runs_as_shown(section, bench):
    """The script, unchanged but for its credentials, prints exactly what the page shows."""
    lines = bench.run(with_credentials(section.script, bench.device))
    assert said(lines) == said(section.output)
    assert WAITING in lines


def test_the_page_has_these_methods_and_no_others(page):
    assert sorted(page) == sorted(HERE)


def test_device(page, bench):
    assert bench.run(page["device"].script) == page["device"].output


def test_register(page, bench):
    section = page["register"]
    script = with_credentials(section.script, bench.device, secret="productSecret")
    assert bench.run(script) == section.output
    (record,) = bench.cloud.seen(device=bench.name)
    assert (record["kind"], record["ok"], record["way"]) == ("registration", True, "https")


def test_connect(page, bench):
    runs_as_shown(page["connect"], bench)
    bench.saw()


def test_on(page):
    assert "connect" in page["on"].script and "(" not in page["on"].script, FLAWS["on"]
    assert ".on(" in page["connect"].script


# ---- getDeviceInfo

CONNECTING_DEVICE = """
import sys, aliyunIoT

def connecting():
    device = aliyunIoT.Device()
    device.connect({{"productKey": {productKey!r}, "deviceName": {deviceName!r}, "deviceSecret": {deviceSecret!r}}})
    return device

class Stored:
    Device = connecting

sys.modules["aliyunIoT"] = Stored
"""


@pytest.mark.parametrize("method", ["getDeviceInfo", "end"])
def test_tabs_and_spaces_do_not_mix(page, bench, method):
    ended = run(page[method].script, bench.cloud, bench.device)
    assert ended.code == 1
    assert "IndentationError: unindent doesn't match any outer indent level" in ended.errors


def test_device_info_before_connect(page, bench):
    lines = bench.run(page["getDeviceInfo"].script.expandtabs(4))
    # What the script prints where the page says that the answer is None.
    assert lines == [page["getDeviceInfo"].find(r"print\('(.* failed)'\)")]


def test_device_info_that_register_has_stored(page, bench, tmp_path):
    env = {"ALIYUN_IOT_STORE": str(tmp_path / "kv")}
    bench.run(with_credentials(page["register"].script, bench.device, secret="productSecret"), env=env)
    section = page["getDeviceInfo"]
    first, info = bench.run(section.script.expandtabs(4), env=env)
    assert first == section.output[0]
    told = ast.literal_eval(info)
    assert set(told) == {*ast.literal_eval(section.output[1]), "region"}
    # The platform gave a new secret.
    assert len(told["deviceSecret"]) == 32 and told["deviceSecret"] != bench.device["deviceSecret"]
    assert told == {**bench.device, "deviceSecret": told["deviceSecret"], "region": "cn-shanghai"}


def test_device_info(page, bench):
    section = page["getDeviceInfo"]
    # It lives on behind its end, since the device is connected.
    script = section.script.expandtabs(4) + "\nimport sys\nsys.exit()\n"
    first, info = bench.run(script, around=CONNECTING_DEVICE.format(**bench.device))
    assert first == section.output[0]
    shown = ast.literal_eval(section.output[1])
    told = ast.literal_eval(info)
    assert set(told) == {*shown, "region"}
    assert told == {**bench.device, "productSecret": "", "region": "cn-shanghai"}


def test_device_handle(page, bench):
    assert bench.run(page["getDeviceHandle"].script) == page["getDeviceHandle"].output


# ---- Posts


def test_post_props(page, bench):
    section = page["postProps"]
    runs_as_shown(section, bench)
    bench.saw(
        {
            "kind": "property_post",
            "topic": bench.system("event/property/post"),
            "params": section.literal(r"value = +(\{.*\})"),
            "qos": 0,
            "code": 200,
        }
    )


def test_post_event(page, bench):
    section = page["postEvent"]
    runs_as_shown(section, bench)
    event = section.find(r"'id': '(\w+)'")
    bench.saw(
        {
            "kind": "event_post",
            "topic": bench.system(f"event/{event}/post"),
            "event": event,
            "params": section.literal(r"value = +(\{.*\})"),
            "qos": 0,
            "code": 200,
        }
    )


def test_post_raw(page, bench):
    section = page["postRaw"]
    runs_as_shown(section, bench)
    data = bytes(section.literal(r"bytearray\((\[.*\])\)"))
    bench.saw({"kind": "raw_up", "topic": bench.system("model/up_raw"), "hex": data.hex(), "qos": 0, "answered": True})


# ---- Custom topics


def test_subscribe(page, bench):
    section = page["subscribe"]
    runs_as_shown(section, bench)
    bench.saw({"kind": "subscribe", "topic": section.topic(bench.device), "qos": 1, "ok": True})


def saw_publish(section, bench):
    topic = section.topic(bench.device)
    bench.saw(
        {"kind": "subscribe", "topic": topic, "qos": 1, "ok": True},
        {"kind": "publish", "topic": topic, "payload": section.find(r"'payload': '(.*)'"), "qos": 1},
    )


def test_publish(page, bench):
    section = page["publish"]
    *before, last = said(section.output)
    with Script(IMPORTS + with_credentials(section.script, bench.device), bench.cloud, bench.device) as script:
        script.wait_line(before[-1])
        came = len(script.lines)
        script.wait_line(WAITING, after=came)
        time.sleep(1.5)
        assert said(script.lines) == before, FLAWS["publish"]
        script.interrupt()
        assert script.wait() == 1
        assert script.errors.endswith("KeyboardInterrupt: ")
    assert last not in script.lines
    saw_publish(section, bench)


def test_publish_with_the_missing_global(page, bench):
    section = page["publish"]
    script, count = re.subn(r"^\t(\w+) = True$", r"\tglobal \1\n\g<0>", section.script, flags=re.MULTILINE)
    assert count == 1
    lines = bench.run(with_credentials(script, bench.device))
    assert said(lines) == said(section.output)
    saw_publish(section, bench)


def test_unsubscribe(page, bench):
    section = page["unsubscribe"]
    runs_as_shown(section, bench)
    bench.saw({"kind": "unsubscribe", "topic": section.topic(bench.device)})


# ---- Time and files


def test_ntp_time(page, bench):
    section = page["getNtpTime"]
    lines = bench.run(with_credentials(section.script, bench.device))
    assert WAITING in lines
    told, *rest = said(lines)
    shown, *shown_rest = said(section.output)
    label = section.find(r"print\('(\w+:)', data")
    assert told.split()[0] == shown.split()[0] == label
    assert rest == shown_rest
    bench.saw({"kind": "ntp", "answered": True})
    [record] = bench.cloud.seen(kind="ntp", device=bench.device["deviceName"])
    assert abs(int(told.split()[1]) - record["at"] / 1000) < 2, "by the cloud's clock"


# A picture would not do: one script reads it as text, which no UTF-8 would be.
PICTURE = "not quite a picture\n" * 500


def uploads_as_shown(section, bench, folder):
    """The script, in a folder with the file that it uploads, says what the page shows of that; what the cloud saw."""
    name = section.find(r'uploadFile\("(.*?)"')
    (folder / name).write_text(PICTURE)
    lines = bench.run(with_credentials(section.script, bench.device), around=f"import os\nos.chdir({str(folder)!r})\n")
    connected, uploaded = section.output
    assert connected not in section.script.replace("# " + connected, ""), FLAWS["uploadFile"]
    assert lines == [uploaded]
    file = bench.cloud.do("file", device=bench.name, name=name)
    assert bytes.fromhex(file["hex"]) == PICTURE.encode()
    return [record["kind"] for record in bench.seen() if record["kind"] != "subscribe"]


def test_upload_file(page, bench, tmp_path):
    assert uploads_as_shown(page["uploadFile"], bench, tmp_path) == ["upload_init", "upload_send", "upload_send"]


def test_upload_content(page, bench, tmp_path):
    kinds = uploads_as_shown(page["uploadContent"], bench, tmp_path)
    assert kinds == ["upload_init", "upload_send", "upload_send"] * 2, "its script uploads the file as well"


# ---- end

CONNECTED = """
from aliyunIoT import Device
aliyunIoT_device = Device()
connects = []
aliyunIoT_device.on(Device.ON_CONNECT, connects.append)
aliyunIoT_device.connect({{"productKey": {productKey!r}, "deviceName": {deviceName!r}, "deviceSecret": {deviceSecret!r}}})
while not connects:
    utime.sleep_ms(10)
deviceinfo = aliyunIoT_device.getDeviceInfo()
"""


def test_end(page, bench):
    section = page["end"]
    lines = bench.run(section.script.expandtabs(4), around=CONNECTED.format(**bench.device))
    assert lines[:-1] == section.output, FLAWS["end"]
    assert ast.literal_eval(lines[-1])["deviceName"] == bench.name
    bench.saw()
