"""System calls of a program: how many each message takes, and how many of them write to the network.

The kernel counts (`perf`) where this user may ask it to: the program then runs at its own speed. Elsewhere `strace` counts,
which slows the program: it finds more to do at each wake-up, so a client that sleeps takes fewer calls than at its own speed.
"""

import functools
import re
import statistics
import subprocess
import tempfile
from dataclasses import dataclass

ALL = "raw_syscalls:sys_enter"
# A write of one byte is how a client wakes its own wait, by a pipe or a pair of sockets: no packet is so short.
WRITES = {"write": "count > 1", "writev": None, "sendto": "len > 1", "sendmsg": None}


@dataclass(frozen=True)
class Calls:
    all: float
    writes: float


@functools.cache
def kernel_counts():
    """Whether the kernel counts for us."""
    try:
        return subprocess.run(_perf("/dev/null") + ["true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def counter():
    """For the page: who counts."""
    return "the kernel (`perf stat`)" if kernel_counts() else "`strace`"


def per_message(run, count, rounds=3):
    """`run(under, count)` runs the program. Of two runs, the second with twice as many messages; medians of the rounds."""
    found = [_difference(run, count) for _ in range(rounds)]
    return Calls(statistics.median(calls.all for calls in found), statistics.median(calls.writes for calls in found))


def _difference(run, count):
    one, two = _counted(run, count), _counted(run, 2 * count)
    return Calls((two.all - one.all) / count, (two.writes - one.writes) / count)


def _counted(run, count):
    with tempfile.NamedTemporaryFile("r") as log:
        run(_perf(log.name) if kernel_counts() else _strace(log.name), count)
        return from_perf(log.read()) if kernel_counts() else from_strace(log.read())


def _perf(log):
    words = ["perf", "stat", "-x", ",", "-o", log, "-e", ALL]
    for name, condition in WRITES.items():
        words += ["-e", f"syscalls:sys_enter_{name}"] + (["--filter", condition] if condition else [])
    return words + ["--"]


def from_perf(text):
    """From `perf stat -x ,`: a line for each event, its count first."""
    lines = re.findall(r"^(\d+),[^,]*,(?:raw_)?syscalls:(\w+),", text, re.MULTILINE)
    counts = {name: int(count) for count, name in lines}
    missing = {"sys_enter", *(f"sys_enter_{name}" for name in WRITES)} - counts.keys()
    if missing:
        raise RuntimeError(f"perf did not count {', '.join(sorted(missing))}: {text}")
    return Calls(counts["sys_enter"], sum(counts[f"sys_enter_{name}"] for name in WRITES))


def _strace(log):
    return ["strace", "-f", "-yy", "-qq", "-e", "signal=none", "-o", log]


def from_strace(text):
    """From `strace -f -yy`: a line for each call; what another thread's call interrupted comes in two."""
    calls = [line for line in text.splitlines() if re.match(r"(\d+ +)?\w+\(", line)]
    writes = [line for line in calls if re.match(rf"(\d+ +)?({'|'.join(WRITES)})\(\d+<TCP", line)]
    return Calls(len(calls), len(writes))
