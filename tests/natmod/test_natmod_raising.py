"""Native modules come through exceptions in every place where they call Python, whichever way firmware handles exceptions: by
MicroPython's own code for the processor, or by the C library's setjmp.

MicroPython lets firmware that passes floats in registers load modules for soft floats too. With setjmp they run there: nothing
of theirs passes floats, and setjmp saves no more registers than they have space for.
"""

import pytest
from test_natmod_refused import renamed

from micropython import Script
from scripts import script, user_topic

WAYS = [
    ("x64", "unix", "x64"),
    ("x64", "unix-setjmp", "x64"),
    ("armv7m", "MPS2_AN385", "armv7m"),
    ("armv7emsp", "MPS2_AN386-setjmp", "armv7emsp"),
    ("armv7m", "MPS2_AN386-setjmp", "armv7emsp"),
    ("xtensawin", "KC705", "xtensawin"),
]


@pytest.fixture(autouse=True, params=WAYS, ids=lambda way: "-".join(way[:2]))
def way(request, natmod, program, tmp_path, monkeypatch):
    """A package, the firmware, and the package that this firmware looks for."""
    arch, firmware, wanted = request.param
    packages = renamed(natmod, tmp_path, arch, wanted)
    monkeypatch.setenv("MICROPYTHON", str(program(firmware, packages)))


CALLBACKS = """
counts = {}


def raising(place):
    def callback(*data):
        counts[place] = counts.get(place, 0) + 1
        raise KeyError("in " + place)

    return callback


device = online()
for event in ("CONNECT", "DISCONNECT", "CLOSE", "ERROR", "PROPS", "SERVICE", "SUBCRIBE", "RAWDATA"):
    device.on(getattr(Device, "ON_" + event), raising(event))
device.subscribe({"topic": USER + "get"})
for _ in range(3):
    device.publish({"topic": USER + "update", "payload": "x", "qos": 1}, raising("publish"))
    device.postProps({"params": {"a": 1}}, raising("postProps"))
    device.postEvent({"id": "e", "params": {}}, raising("postEvent"))
    device.postRaw({"param": b"x"}, raising("postRaw"))
    device.getNtpTime(raising("getNtpTime"))
wait(lambda: len(counts) == 5 and min(counts.values()) == 3)
device.uploadContent("name", b"content", raising("uploadContent"))
print("ready")
wait(lambda: len(counts) == 12)
device.end()
wait(lambda: "CLOSE" in counts)
other = Device()
other.on(Device.ON_ERROR, raising("ERROR"))
other.connect(dict(key_info, deviceSecret="wrong"))
wait(lambda: "ERROR" in counts)
other.end()
print("places", len(counts))
"""


PLACES = """CONNECT DISCONNECT CLOSE ERROR PROPS SERVICE SUBCRIBE RAWDATA
publish postProps postEvent postRaw getNtpTime uploadContent""".split()


def test_in_callbacks(cloud, device):
    """Each is printed with the callback's line, requests of the platform are answered 500, and the session goes on."""
    name = device["deviceName"]
    with Script(script(CALLBACKS), cloud, device) as running:
        running.wait_line("ready")
        cloud.do("set", device=name, params={"a": 1})
        assert cloud.wait_seen(device=name, kind="set_reply")["code"] == 500
        cloud.do("service", device=name, service="s")
        assert cloud.wait_seen(device=name, kind="service_reply")["code"] == 500
        cloud.do("publish", topic=user_topic(device, "get"), payload="x")
        cloud.do("raw", device=name, hex="00")
        # With something unread the connection would be reset.
        running.wait_line("KeyError: in RAWDATA")
        cloud.do("drop", device=name)
        assert running.wait() == 0
    assert running.lines[-1] == "places 14"
    printed = "\n".join([*running.lines, running.errors])
    for place in PLACES:
        assert f"KeyError: in {place}" in printed, place
