#!/usr/bin/env python3
"""Runs a script on the emulated board as one would on a computer: its output here, input and Ctrl-C there.

    run.py --qemu qemu-system-arm --machine mps2-an385 --firmware firmware.elf [option …] script.py [argument …]

The script goes through the board's raw REPL. The modules that it imports, from beside it and from MICROPYPATH, and the
board.json beside it go to the board's file system first, and what the environment says of the server, the device and the trust root (ALIYUN_…,
IOTCLOUD_…, SSL_CERT_FILE) to the board's `os.getenv`. `--package` names a folder, as a package for `mip` lies in it, whose packages
can be imported from the board's memory. `--cpu` names the core of a board that has one of several. With `--bare` the firmware is MicroPython's own, without a network or a file
system: then memory is all there is. With `--heap 57344` the Python heap has so many bytes, which are too few for a
file system in RAM: there is no network then, and packages are what can be imported. With `--loads 3` the script runs three times, with a soft reset after each.
"""

import argparse
import ctypes
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

CTRL_A, CTRL_C, CTRL_D = b"\x01", b"\x03", b"\x04"
RAW = b"raw REPL; CTRL-B to exit\r\n>"
PDEATHSIG = 1
CHUNK = 2048
# Where the emulator puts files for the board: memory that no firmware uses.
MEMORY_AT = {"virt": 0x8400_0000, "kc705": 0x6080_0000}
MEMORY_AT_ELSE = 0x2180_0000

# The Xtensa cores have their memory at different places: de212 from 0x6000_0000 on, dc233c from 0 on. The firmware and its
# memory for native code lie where the first has them, so the second gets memory up to there, which costs only what is used.
XTENSA_MEMORY = {"de212": "16M", "dc233c": "1600M"}

# At the second shield's I2C bus, which is the first one for scripts. It measures 0 degrees until `--qmp` says otherwise.
THERMOMETER = "tmp105,id=thermometer,bus=i2c,address=0x48"

NETWORK = """
import network, os, ramdisk, time
_lan = network.LAN()
_lan.active(True)
for _ in range(1000):
    if _lan.isconnected():
        break
    time.sleep_ms(10)
else:
    raise OSError("the board got no address")
del _, _lan, network, ramdisk, time
"""


# A file system that is a dictionary. Where the heap is small its compilation would be in the way: our own firmware has it frozen.
MEMORY = pathlib.Path(__file__).parent / "modules" / "memory.py"
FROZEN_MEMORY = "import uctypes; from memory import files as _files"


# What follows a script with `--stay`: on a board its callbacks go on, and here the board ends with the script.
STAY = b"""
import sys as _sys
if _sys.modules.get("_aliyunIoT_connected"):
    import time as _time
    print("aliyunIoT: the main program has ended; callbacks go on until the last device ends, or Ctrl-C")
    try:
        while _sys.modules.get("_aliyunIoT_connected"):
            _time.sleep_ms(100)
    except KeyboardInterrupt:
        raise Exception("_stopped_")
"""
STOPPED, EXIT_STOPPED = b"_stopped_", 128 + 2


class Board:
    """The board, at its raw REPL. Ends with this process."""

    def __init__(self, options, files=()):
        command = [options.qemu, "-machine", options.machine, "-nographic", "-monitor", "none", "-serial", "stdio"]
        semihosting = "enable=on,target=native"
        if options.machine == "kc705":
            command += ["-cpu", options.cpu, "-m", XTENSA_MEMORY[options.cpu], "-nic", "user,model=open_eth"]
            semihosting += f",arg=firmware,arg=seconds={int(time.time())}"
            if options.heap:
                semihosting += f",arg=heap={options.heap}"
        else:
            command += ["-bios", "none"] if options.bare else ["-nic", "user,model=lan9118", "-device", THERMOMETER]
        command += ["-semihosting-config", semihosting, "-kernel", options.firmware]
        for path, at in files:
            command += ["-device", f"loader,file={path},addr={at:#x},force-raw=on"]
        if options.qmp:
            command += ["-qmp", f"unix:{options.qmp},server,nowait"]
        if options.count_instructions:
            command += ["-icount", "shift=0"]
        self._qemu = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, preexec_fn=_follow)
        self._buffer = b""
        self.until(b">>> ")
        self.write(CTRL_A)
        self.until(RAW)

    def write(self, data):
        while data:
            data = data[self._qemu.stdin.write(data) :]

    def _more(self):
        data = os.read(self._qemu.stdout.fileno(), 4096)
        if not data:
            sys.exit(f"run.py: the emulator ended ({self._qemu.wait()})")
        self._buffer += data

    def until(self, end, to=None):
        """All up to `end`, which is left out; with `to`, written there as it comes instead."""
        found = b""
        while True:
            before, at, after = self._buffer.partition(end)
            # A line end may still be incomplete.
            keep = 0 if at or not to else before.endswith(b"\r")
            if to:
                to.write(before[: len(before) - keep].replace(b"\r\n", b"\n"))
                to.flush()
                self._buffer = before[len(before) - keep :]
            else:
                found = before
            if at:
                self._buffer = after
                return found
            self._more()

    def execute(self, code, out=None, errors=None):
        """Runs `code`; returns what it printed and what it raised, unless these are written to `out` and `errors`."""
        self.write(code.encode() if isinstance(code, str) else code)
        self.write(CTRL_D)
        self.until(b"OK")
        printed = self.until(CTRL_D, out)
        raised = self.until(CTRL_D)
        return printed, raised

    def do(self, code):
        _, raised = self.execute(code)
        if raised:
            sys.exit("run.py: the board could not be prepared:\n" + raised.decode())
        self.until(b">")

    def put(self, name, data):
        """A file on the board."""
        self.do(f"_file = open({name!r}, 'wb')")
        for start in range(0, len(data), CHUNK):
            self.do(f"_file.write({data[start : start + CHUNK]!r})")
        self.do("_file.close(); del _file")

    def soft_reset(self):
        """From the raw REPL, and back to it."""
        self.write(CTRL_D)
        self.until(b"soft reboot\r\n")
        self.until(RAW)

    def forward(self, source):
        """Passes on what comes from a descriptor."""
        while data := os.read(source, 4096):
            self.write(data.replace(b"\n", b"\r"))

    def end(self):
        self._qemu.kill()
        self._qemu.wait()


def _follow():
    """In the emulator's process: end when the parent does, and leave Ctrl-C to it."""
    os.setpgrp()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGKILL)


def modules(script):
    """The files that the script imports, and those that they import, by their names on the board."""
    folders = [script.parent, *map(pathlib.Path, os.environ.get("MICROPYPATH", "").split(":"))]
    found, waiting = {}, [script]
    while waiting:
        for name in re.findall(r"^\s*(?:from|import)\s+(\w+)", waiting.pop().read_text(encoding="utf-8"), re.M):
            path = next((path for folder in folders if (path := folder / f"{name}.py").is_file()), None)
            if path and path.name not in found:
                found[path.name] = path
                waiting.append(path)
    return found


def place(folder, machine):
    """The files of the packages in a folder, and where each is to lie in the board's memory."""
    at = MEMORY_AT.get(machine, MEMORY_AT_ELSE)
    for file in sorted(file for package in folder.glob("*/__init__.*py") for file in package.parent.iterdir() if file.is_file()):
        yield file, at
        at += (file.stat().st_size + 0xFF) & ~0xFF


def mount(board, files, bare):
    board.do(MEMORY.read_text() + "import uctypes\n_files = files\ndel files, _Memory\n" if bare else FROZEN_MEMORY)
    for file, at in files:
        board.do(f"_files[{file.parent.name!r}] = None")
        name = f"{file.parent.name}/{file.name}"
        board.do(f"_files[{name!r}] = uctypes.bytearray_at({at:#x}, {file.stat().st_size})")
    board.do("del _files")


def prepare(board, script, arguments):
    board.do(NETWORK)
    for name, path in modules(script).items():
        board.put(name, path.read_bytes())
    nodes = script.with_name("board.json")
    if nodes.exists():
        board.put(nodes.name, nodes.read_bytes())
    for name, value in os.environ.items():
        # Where this computer stores something is no place on the board.
        if name.startswith(("ALIYUN_", "IOTCLOUD_")) and name != "ALIYUN_IOT_STORE":
            board.do(f"os.putenv({name!r}, {value!r})")
    roots = os.environ.get("SSL_CERT_FILE")
    if roots and os.path.exists(roots):
        board.put("roots.pem", pathlib.Path(roots).read_bytes())
        board.do("os.putenv('SSL_CERT_FILE', '/roots.pem')")
    board.do(f"import sys; sys.argv[:] = {[script.name, *arguments]!r}; del os, sys")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--qemu", default="qemu-system-arm")
    parser.add_argument("--machine", default="mps2-an385")
    parser.add_argument("--firmware", required=True)
    parser.add_argument("--cpu", choices=XTENSA_MEMORY, default="de212", help="the core of an Xtensa board")
    parser.add_argument("--heap", type=int, help="bytes of the Python heap of an Xtensa board")
    parser.add_argument("--count-instructions", action="store_true", help="each takes one nanosecond of the board's clock")
    parser.add_argument("--qmp", type=pathlib.Path, help="a socket through which the emulator's hardware is looked at and set")
    parser.add_argument("--package", type=pathlib.Path)
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--loads", type=int, default=1)
    parser.add_argument("--stay", action="store_true", help="go on behind the script's end while a device is connected")
    parser.add_argument("script", type=pathlib.Path)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if not options.script.is_file():
        sys.exit(f"run.py: there is no {options.script}")

    files = list(place(options.package, options.machine)) if options.package else []
    board = Board(options, files)
    try:
        signal.signal(signal.SIGINT, lambda *_: board.write(CTRL_C))
        for load in range(options.loads):
            if load:
                board.until(b">")
                board.soft_reset()
            if files:
                mount(board, files, options.bare)
            if not options.bare and not options.heap:
                prepare(board, options.script, options.arguments)
            if not load:
                threading.Thread(target=board.forward, args=(sys.stdin.fileno(),), daemon=True).start()
            _, raised = board.execute(options.script.read_bytes() + STAY * options.stay, out=sys.stdout.buffer)
            if options.stay and STOPPED in raised:
                return EXIT_STOPPED
            sys.stderr.write(raised.decode("utf-8", "replace").replace("\r\n", "\n"))
            if raised:
                return 1
        return 0
    finally:
        board.end()


if __name__ == "__main__":
    sys.exit(main())
