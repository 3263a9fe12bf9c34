"""Native modules that were built with one version of MicroPython, on firmware of another: each of two versions with each.

`cargo xtask test newest` runs this file, which names no other. NATMOD_OLDEST and NATMOD_NEWEST are folders with packages and
firmware, as NATMOD is one for the other tests.
"""

import os
import pathlib
import shlex

import pytest

from micropython import Script
from scripts import script

FOLDERS = {name: pathlib.Path(os.environ[f"NATMOD_{name.upper()}"]) for name in ("oldest", "newest")}
FIRMWARE = [("x64", "unix", ""), ("armv7m", "MPS2_AN385", ""), ("xtensawin", "KC705", ""), ("xtensawin", "KC705", "--cpu dc233c")]


def version(folder, arch):
    """The MicroPython that a package was built with."""
    return (folder / arch / "build" / "made-with").read_text().split()[0]


def test_there_are_two_versions():
    assert len({version(folder, arch) for folder in FOLDERS.values() for arch, *_ in FIRMWARE}) == 2


BODY = """
print(".".join(str(number) for number in sys.implementation.version[:3]))
device = online()


def set_properties(request):
    print("set", json.loads(request["params"]))
    if request["params"] == '{"a":2}':
        raise ValueError("raised on purpose")
    return {}


device.onProps(set_properties)
replies = []
device.postProps({"params": {"a": 1}}, replies.append)
device.publish({"topic": USER + "update", "payload": "x", "qos": 1}, replies.append)
print(device.uploadContent("name", b"content"))
wait(lambda: len(replies) == 2)
print([reply["code"] for reply in replies])
input()
print(device.end())
"""


@pytest.mark.parametrize(("arch", "firmware", "options"), FIRMWARE, ids=[firmware + options[5:] for _, firmware, options in FIRMWARE])
@pytest.mark.parametrize("runs", FOLDERS)
@pytest.mark.parametrize("built", FOLDERS)
def test_a_session(built, runs, arch, firmware, options, cloud, device, tmp_path, monkeypatch, figure):
    packages = FOLDERS[built] / arch
    stock = FOLDERS[runs] / "stock"
    program = tmp_path / "program"
    if firmware == "unix":
        command = f'MICROPYPATH={shlex.quote(str(packages))} exec {shlex.quote(str(stock / "unix/build/micropython"))} "$@"'
    else:
        command = f'exec {shlex.quote(str(stock / firmware / "run"))} {options} --package {shlex.quote(str(packages))} "$@"'
    program.write_text(f"#!/bin/sh\n{command}\n")
    program.chmod(0o755)
    monkeypatch.setenv("MICROPYTHON", str(program))
    name = device["deviceName"]
    with Script(script(BODY), cloud, device) as running:
        running.wait_line("[200")
        for value, code in ((1, 200), (2, 500)):
            cloud.do("set", device=name, params={"a": value})
            cloud.wait_seen(lambda record, code=code: record["code"] == code, device=name, kind="set_reply")
        running.say("")
        assert running.wait() == 0, running.errors
    # Boards print exceptions here as well, and what they read.
    on, upload, *lines = [line for line in running.lines if line and not line.startswith((" ", "Traceback", "ValueError"))]
    assert on == version(FOLDERS[runs], arch)
    assert upload.startswith("upload-")
    assert lines == ["[200, 200]", "set {'a': 1}", "set {'a': 2}", "0"]
    figure(f"built with {version(packages.parent, arch)}, ran on {on}: {arch} {options}")
