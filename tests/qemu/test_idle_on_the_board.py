"""Does the processor sleep when a connected device has nothing to do, and how soon is it awake?"""

import os
import pathlib
import time

import pytest

from micropython import Script
from scripts import script

WATCHED_S = 5
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")

pytestmark = pytest.mark.skipif(not pathlib.Path("/proc/self/stat").exists(), reason="needs /proc")


def emulator(runner):
    """The process of the emulator that a runner has started."""
    tasks = pathlib.Path("/proc", str(runner), "task").glob("*/children")
    [child] = "".join(task.read_text() for task in tasks).split()
    return child


def processor_ms(process):
    """Processor time that a process has used so far."""
    fields = pathlib.Path("/proc", process, "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_MS


def watch(body, cloud, device):
    """The emulator's processor time in some seconds of a script that has said `ready`."""
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        process = emulator(running.pid)
        time.sleep(1)
        before = processor_ms(process)
        time.sleep(WATCHED_S)
        return processor_ms(process) - before


@pytest.mark.slow
def test_the_processor_sleeps(cloud, device, figure):
    idle = watch('device = online()\nprint("ready")\nwhile True:\n    time.sleep(30)\n', cloud, device)
    busy = watch('print("ready")\nend = time.time() + 20\nwhile time.time() < end:\n    pass\n', cloud, device)
    figure(f"emulator's processor time in {WATCHED_S} s: connected and idle {idle:.0f} ms, spinning {busy:.0f} ms")
    assert idle < busy / 10


def test_connecting(cloud, device, figure):
    """Name, TCP, TLS with the whole chain verified, MQTT."""
    body = 'start = time.ticks_ms()\nonline()\nprint("connected in", time.ticks_diff(time.ticks_ms(), start), "ms")\n'
    with Script(script(body), cloud, device) as running:
        figure(running.wait_line("connected in").text)
        running.wait()
