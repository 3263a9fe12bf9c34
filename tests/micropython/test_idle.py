"""Does a connected device with nothing to do cost nothing?"""

import os
import pathlib
import time

import pytest

from micropython import Script
from scripts import script

pytestmark = pytest.mark.bare

WATCHED_S = 8
# Clock ticks that a machine may add on its own account. A device that polls takes all that there are, hundreds.
NOISE = 5
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def usage(pid):
    """Clock ticks of processor time, and voluntary context switches, of all threads of a process so far."""
    folder = pathlib.Path("/proc", str(pid))
    # The name in brackets may hold anything; utime and stime are the 14th and 15th fields.
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    switches = 0
    for status in folder.glob("task/*/status"):
        for line in status.read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                switches += int(line.split()[1])
    return ticks, switches


def test_an_idle_device_costs_what_a_sleeping_script_does(cloud, device, figure):
    connected = script('device = online()\nprint("ready")\nwhile True:\n    time.sleep(30)\n')
    asleep = script('print("ready")\nwhile True:\n    time.sleep(30)\n')
    with Script(connected, cloud, device) as one, Script(asleep, cloud, device) as other:
        for running in (one, other):
            running.wait_line("ready")
        time.sleep(0.5)
        before = [usage(running.pid) for running in (one, other)]
        time.sleep(WATCHED_S)
        after = [usage(running.pid) for running in (one, other)]
        online = [about["device"] for about in cloud.do("online")["devices"]]
    used = [tuple(b - a for a, b in zip(*pair)) for pair in zip(before, after)]
    for name, (ticks, switches) in zip(("connected", "not connected"), used):
        figure(f"idle for {WATCHED_S} s, {name}: {ticks * TICK_MS:.0f} ms of processor time, {switches} voluntary switches")
    (ticks, switches), (ticks_asleep, _) = used
    assert device["deviceName"] in online, "or there is nothing to compare"
    assert ticks <= ticks_asleep + NOISE
    assert switches < 20


def test_an_idle_device_costs_nothing_between_attempts(figure):
    """A device that waits for its next attempt to connect sleeps too: nobody listens on port 1."""
    body = """
    device = Device()
    device.on(Device.ON_ERROR, lambda error: print("error"))
    device.connect({"productKey": "pk", "deviceName": "dn", "deviceSecret": "ds", "host": "127.0.0.1", "port": 1})
    while True:
        time.sleep(30)
    """
    with Script(script(body)) as running:
        running.wait_line("error")
        time.sleep(0.1)
        ticks, switches = usage(running.pid)
        time.sleep(5)
        ticks, switches = (after - before for after, before in zip(usage(running.pid), (ticks, switches)))
        attempts = len(running.lines) - 1
    figure(f"5 s between attempts: {ticks * TICK_MS:.0f} ms of processor time, {switches} voluntary switches, {attempts} attempts")
    assert 1 <= attempts <= 4, "0.5 to 1 s, then 1 to 2 s, then 2 to 4 s"
    assert ticks <= NOISE
    assert switches < 20 + 10 * attempts
