"""Which system calls does a program make?

    notes = strace.notes(folder, "connect", "sendto")   # None if strace cannot trace here
    Script(…, under=notes.under)
    strace.writes(notes.path, port)
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

WRITES = ("write", "writev", "sendto", "sendmsg")


@dataclass
class Notes:
    """How to run a program so that its calls are noted, and where."""

    under: list
    path: Path


def notes(folder, *names):
    """Notes of these calls."""
    path = folder / "notes"
    # A program with a leak sanitizer fails if it is traced, unless it looks for no leaks.
    under = ["strace", "-f", "-qq", "-E", "LSAN_OPTIONS=detect_leaks=0", "-o", str(path), "-e", f"trace={','.join(names)}"]
    try:
        subprocess.run([*under, "true"], check=True, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None
    return Notes(under, path)


def calls(text):
    """The system calls of the notes, each in one line: strace cuts one in two where another thread's comes between."""
    begun = {}
    for line in text.splitlines():
        thread, call = line.split(None, 1)
        resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", call)
        if call.endswith("<unfinished ...>"):
            begun[thread] = call.removesuffix("<unfinished ...>")
        else:
            yield begun.pop(thread, "") + resumed[1] if resumed else call


def writes(path, port):
    """What each write to the only connection to `port` returned. The notes have connect and WRITES."""
    text = "\n".join(calls(path.read_text()))
    (socket,) = set(re.findall(rf"connect\((\d+), \{{sa_family=AF_INET, sin_port=htons\({port}\)", text))
    return [int(size) for size in re.findall(rf"\b(?:{'|'.join(WRITES)})\({socket}, .*= (-?\d+)", text)]
