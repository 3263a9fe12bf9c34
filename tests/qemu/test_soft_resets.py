"""Soft resets: what a script leaves behind, running timers and connected devices above all, must not disturb the next one."""

import pathlib
import re
import shutil

import pytest

from micropython import Script
from scripts import script

LOADS = 6
OPTIONS = ("--loads", str(LOADS))

# Timers that nothing but their running keeps alive, with the heap collected and used meanwhile.
TIMERS = """
import machine
ticks = [0]
def tick(timer):
    ticks[0] += 1
for period in (5, 7, 11, 300, 100000):
    machine.Timer(-1, period=period, mode=machine.Timer.PERIODIC, callback=tick)
gc.collect()
kept = [bytearray(100) for _ in range(500)]
before = ticks[0]
wait(lambda: ticks[0] >= before + 50)
"""


def loads(body, cloud=None, device=None):
    """What the script prints at each of its loads."""
    with Script(script(body + 'print("load ends")\n'), cloud, device, options=OPTIONS) as running:
        assert running.wait() == 0, running.errors
    assert running.errors == ""
    said = "\n".join(running.lines).split("load ends")[:-1]
    assert len(said) == LOADS
    return [load.strip() for load in said]


def test_timers_that_run(cloud):
    assert loads(TIMERS) == [""] * LOADS


def test_a_connected_device(cloud, device):
    """It logs in again at each load, and the session before it is gone."""
    body = 'online().postProps({"params": {"a": 1}})\nprint(len(sys.modules["_aliyunIoT_connected"]))\n'
    assert loads(body, cloud, device) == ["1"] * LOADS
    logins = cloud.seen(kind="login", device=device["deviceName"])
    assert len(logins) == LOADS


def test_a_connected_device_and_timers(cloud, device):
    assert loads(TIMERS + "online()\n", cloud, device) == [""] * LOADS


def test_timers_that_call_the_device(cloud, device):
    """A callback is scheduled, or runs, at any moment of the reset."""
    body = """
    import machine
    device = online()
    posts = []
    def post(timer):
        posts.append(device.postProps({"params": {"a": len(posts)}}))
    machine.Timer(-1, period=3, mode=machine.Timer.PERIODIC, callback=post)
    wait(lambda: len(posts) >= 10)
    """
    assert loads(body, cloud, device) == [""] * LOADS


@pytest.mark.parametrize("ms", [0, 5, 30, 80])
def test_in_the_middle_of_a_connection(cloud, device, ms):
    """The name is asked for, TCP or TLS is on its way."""
    body = f"""
    device = Device()
    device.connect(key_info)
    time.sleep_ms({ms})
    """
    loads(body, cloud, device)
    # The board works on.
    assert loads("online()\n", cloud, device) == [""] * LOADS


def test_as_many_devices_as_there_may_be(cloud):
    """Each has a place among the wake-ups, which the reset has to give back."""
    devices = [cloud.new_device() for _ in range(4)]
    names = ("productKey", "deviceName", "deviceSecret")
    keys = [{name: device[name] for name in names} for device in devices]
    body = f"for keys in {keys!r}:\n    key_info = keys\n    online()\n"
    assert loads(body, cloud, devices[0]) == [""] * LOADS


def test_the_runner_moves_with_its_folder(cloud, board, tmp_path, monkeypatch):
    """The runner, and the emulator where it was unpacked beside it, find themselves."""
    repository = pathlib.Path(__file__).resolve().parents[2]
    named = re.search(r"'--qemu' \"\$here\"/'([^']*)'", board.read_text())
    moved = tmp_path / "a b" / "target" / "qemu"
    firmware = moved / board.parent.name
    (firmware / "build").mkdir(parents=True)
    shutil.copy(board, firmware)
    shutil.copy(board.parent / "build" / "firmware.elf", firmware / "build")
    if named:
        emulator = (board.parent / named[1]).parent
        shutil.copytree(emulator, moved / emulator.name, symlinks=True, ignore=shutil.ignore_patterns("packages"))
    port = tmp_path / "a b" / "ports" / "qemu"
    port.mkdir(parents=True)
    shutil.copy(repository / "ports" / "qemu" / "run.py", port)
    monkeypatch.setenv("MICROPYTHON", str(firmware / "run"))
    with Script("print(6 * 7)\n") as running:
        assert running.wait() == 0
    assert running.lines == ["42"]
    words = (firmware / "run").read_text() + "".join(path.read_text() for path in moved.glob("emulator/qemu-system-*"))
    assert str(repository) not in words
