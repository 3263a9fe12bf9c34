"""Measures, and writes docs/benchmarks.md; with --check only what can be counted, compared with that page.

`cargo xtask bench` builds what is needed, says in the environment where it is, and runs this.
"""

import os
import pathlib
import platform
import re
import subprocess
import sys

import programs
import scripts
from broker import Broker
from scripts import OURS, THEIRS
from table import Heading, Row, at_most, ratio, worse

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
# A count of instructions may differ by so much from what another version of the compiler makes of the same source.
TOLERANCE = 0.10

HEAP = "bytes of heap, QoS {} publish"
HEAP_RECEIVED = "bytes of heap, QoS {} message received, beyond the objects handed over"
WRITES = "writes to the socket, QoS {} publish"
# What coreMQTT 2.3.1 takes for the same, counted the same way (gcc 12 -O2, x86_64).
COREMQTT = {"qos0": 285, "qos1": 1414, "received": 374}
OPERATIONS = {
    "qos0": "QoS 0 publish",
    "qos1": "QoS 1 publish and its PUBACK",
    "received": "QoS 0 message received",
    "set": "property set received and answered",
}
# On the Cortex-M3: an operation whose cost depends on a number, that number, and at most so many instructions.
GROWING = {
    ("queue", 26): ("26 QoS 0 messages queued, then sent", 45000),
    ("in_flight1", 19): ("QoS 1 publish with 19 in flight, and the PUBACK of the oldest", 3500),
    ("subscriptions_last", 50): ("QoS 0 message received with 50 subscriptions, of which the last matches", 7500),
}
# At most so many instructions each, on x86_64.
BUDGETS = {"qos0": 400, "qos1": 977, "received": 750, "set": 6500}


def micropython_counts(broker, with_peer):
    """The rows of MicroPython that are the same in every run."""

    def both(measure, *arguments):
        return measure(broker, OURS, *arguments), measure(broker, THEIRS, *arguments) if with_peer else None

    for qos in (0, 1):
        ours, theirs = both(scripts.number, "heap", qos, 20 if qos else 200)
        yield at_most(HEAP.format(qos), ours, 0, theirs)
    for qos in (0, 1):
        ours, theirs = both(scripts.received, qos, 200)
        yield at_most(HEAP_RECEIVED.format(qos), max(ours[0], 0), 0, theirs and theirs[0])
        if with_peer:
            yield Row(f"bytes of heap, QoS {qos} message received, with these objects", ours[1], theirs[1])
    for qos in (0, 1):
        ours, theirs = both(scripts.writes, qos)
        yield at_most(WRITES.format(qos), ours, 1, theirs)


def instruction_counts():
    yield Heading("Instructions, the core alone, x86_64 (callgrind)", "coreMQTT 2.3.1")
    for name, title in OPERATIONS.items():
        count = programs.instructions(name)
        yield at_most(title, count, BUDGETS[name], COREMQTT.get(name))
    yield Heading("Instructions, the core through its C ABI, emulated Cortex-M3", "")
    board = programs.on_the_cortex_m3()
    for name in ("qos0", "qos1", "received"):
        yield Row(f"{OPERATIONS[name]}, Cortex-M3", board[name, 0], is_count=True)
    for (name, n), (title, limit) in GROWING.items():
        yield at_most(f"{title}, Cortex-M3", board[name, n], limit)


def micropython_rates(broker):
    def median(client, what, qos, count, times=5):
        return scripts.median(broker, client, what, qos, count, times)

    yield Row("QoS 0 publishes a second", median(OURS, "rate", 0, 20000), median(THEIRS, "rate", 0, 20000))
    theirs = median(THEIRS, "rate", 1, 40, 3)
    yield ratio("QoS 1 publishes a second", median(OURS, "rate", 1, 20000), theirs, 100, over=True)
    yield Row("the same, with poll() called while the window is full", median(OURS, "polled", 1, 20000))
    yield Row("milliseconds to connect", median(OURS, "connect", 0, 1, 15), median(THEIRS, "connect", 0, 1, 15))


def c_rates(broker):
    (ours, ours_ms), (theirs, theirs_ms) = programs.rates(broker, 0, 20, 50000)
    yield Row("QoS 0 publishes a second, C", ours, theirs)
    for window in (1, 20):
        (ours, _), (theirs, _) = programs.rates(broker, 1, window, 20000)
        yield ratio(f"QoS 1 publishes a second, window {window}", ours, theirs, 0.5)
    yield Row("milliseconds to connect, C", ours_ms, theirs_ms)


def measure(broker):
    programs.compile_all()
    yield Heading("MicroPython, unix port", "umqtt.simple 1.3.4")
    yield from micropython_counts(broker, with_peer=True)
    yield from micropython_rates(broker)
    yield Heading("C, the port over BSD sockets", "libmosquitto")
    yield from c_rates(broker)
    yield from instruction_counts()
    yield Heading("Instructions, MicroPython on the emulated Cortex-M3 with lwIP", "umqtt.simple 1.3.4")
    yield Row("QoS 0 publish, from Python to the network chip", *(scripts.on_the_board(broker, who) for who in (OURS, THEIRS)))


def counts(broker):
    yield from micropython_counts(broker, with_peer=False)
    yield from instruction_counts()


# ---- The page ----


def version(*words):
    shown = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    return re.search(r"\d+\.\d+(\.\d+)?", shown)[0]


def conditions():
    micropython = version(os.environ["MICROPYTHON"], "-c", "import sys; print('.'.join(map(str, sys.implementation[1][:3])))")
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors; MicroPython {micropython}; "
        f"mosquitto and libmosquitto {version('mosquitto', '-h')}; rustc {version('rustc', '--version')}, "
        f"gcc {version('gcc', '--version')}, valgrind {version('valgrind', '--version')}, "
        f"QEMU {version(os.environ['QEMU'], '--version')}."
    )


def main():
    with Broker() as broker:
        if "--check" in sys.argv:
            found = list(worse(counts(broker), PAGE.read_text(), TOLERANCE))
            for line in found:
                print(line)
            return 1 if found else 0
        rows = [row.text() for row in measure(broker)]
    head = (pathlib.Path(__file__).parent / "page.md").read_text()
    PAGE.write_text(head.replace("{conditions}", conditions()).replace("{rows}", "\n".join(rows)))
    print("\n".join(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
