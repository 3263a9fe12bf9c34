"""Scripts on the built unix MicroPython, against a local cloud, and what they say while they run.

    with Script(ROOT / "examples" / "connect.py", cloud, device) as script:
        script.wait_line("物联网平台连接成功")
        assert script.wait() == 0

A path is run where it is; a text is run from a file of its own. Leaving the `with` ends the script.
"""

import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
# MicroPython's source: what MICROPYTHON_DIR names, else where `cargo xtask` puts the oldest version that the module is for.
SOURCE = pathlib.Path(os.environ.get("MICROPYTHON_DIR") or ROOT / "target" / "micropython" / "oldest")
# How long anything is waited for before it is given up, and how long a script may take. They end what hangs, on a machine
# that is busy with other tests too; no test is about them.
WITHIN_S, LIMIT_S = 60, 240

# What a script begins with to be on a board with the number 01ab: the unix port has none.
WITH_A_NUMBER = """
import sys as _sys

class machine:
    @staticmethod
    def unique_id():
        return b"\\x01\\xab"

_sys.modules["machine"] = machine
"""


def program():
    """The MicroPython that MICROPYTHON names, else the one that `cargo xtask micropython --print-path` builds."""
    return os.environ.get("MICROPYTHON") or str(ROOT / "target" / "unix" / "build" / "micropython-aliyunIoT")


def family_path(*families):
    """MICROPYPATH for scripts that import the modules of other API families: the names of folders in micropython/compat."""
    folders = [ROOT / "examples", *(ROOT / "micropython" / "compat" / family for family in ("", *families))]
    return ":".join([".frozen", *map(str, folders)])


def environment(cloud=None, device=None):
    """What a script finds in its environment: the cloud's TLS endpoint and trust root, the device's credentials."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("ALIYUN_", "SSL_CERT_", "MICROPY"))}
    # So that any script can import `credentials`, and `luatos`.
    env["MICROPYPATH"] = family_path()
    if cloud:
        env["ALIYUN_IOT_ENDPOINT"] = f"localhost:{cloud.tls_port}"
        env["ALIYUN_IOT_HTTPS_ENDPOINT"] = f"localhost:{cloud.https_port}"
        env["SSL_CERT_FILE"] = str(cloud.ca_file)
        device = device or cloud.device
    if device:
        env["ALIYUN_PRODUCT_KEY"] = device["productKey"]
        env["ALIYUN_DEVICE_NAME"] = device["deviceName"]
        env["ALIYUN_DEVICE_SECRET"] = device["deviceSecret"] or ""
        env["ALIYUN_PRODUCT_SECRET"] = device["productSecret"]
    return env


class ScriptError(Exception):
    """The script did not do what was waited for; the message holds all that it said."""


@dataclass
class Line:
    """A line of output, and when its end came (seconds since 1970, as the cloud's `at` in milliseconds)."""

    text: str
    at: float


class Script:
    """A script that runs, or has run.

    What it stores is its own, unless `env` names an ALIYUN_IOT_STORE. `env` adds to the environment (None takes a name
    out), `options` go before the script's path, `arguments` after it, `under` (a program that runs another, like strace)
    before MicroPython. After `limit` seconds it is killed.
    """

    def __init__(self, what, cloud=None, device=None, *, env=None, limit=LIMIT_S, options=(), arguments=(), under=()):
        self._folder = None
        self._what = what
        self._cloud = cloud
        self._limit = limit
        self._options = list(options)
        self._arguments = list(arguments)
        self._under = list(under)
        self._store = tempfile.TemporaryDirectory(prefix="store-")
        self._env = {**environment(cloud, device), "ALIYUN_IOT_STORE": f"{self._store.name}/kv", **(env or {})}
        self._changed = threading.Condition()
        self._open = 2
        self._late = False
        self._process = None
        self.stdout = []
        self.stderr = []

    def start(self):
        path = self._what
        if isinstance(path, str):
            self._folder = tempfile.TemporaryDirectory(prefix="script-")
            path = pathlib.Path(self._folder.name) / "script.py"
            path.write_text(self._what, encoding="utf-8")
        self._process = subprocess.Popen(
            [*self._under, program(), *self._options, str(path), *self._arguments],
            env={name: value for name, value in self._env.items() if value is not None},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._readers = [
            threading.Thread(target=self._read, args=pair, daemon=True)
            for pair in ((self._process.stdout, self.stdout), (self._process.stderr, self.stderr))
        ]
        for reader in self._readers:
            reader.start()
        self._timer = threading.Timer(self._limit, self._too_late)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Kills it, if it still runs, and lets go of everything."""
        self._timer.cancel()
        self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            try:
                pipe.close()
            except OSError:
                pass
        self._store.cleanup()
        if self._folder:
            self._folder.cleanup()

    def _read(self, pipe, lines):
        for line in pipe:
            with self._changed:
                lines.append(Line(line.decode("utf-8", "replace").rstrip("\r\n"), time.time()))
                self._changed.notify_all()
        with self._changed:
            self._open -= 1
            self._changed.notify_all()

    def _too_late(self):
        self._late = True
        self._process.kill()

    @property
    def pid(self):
        return self._process.pid

    @property
    def lines(self):
        """The text of the lines on standard output, so far."""
        return [line.text for line in self.stdout]

    @property
    def errors(self):
        """Standard error, so far, as one text."""
        return "\n".join(line.text for line in self.stderr)

    def wait_line(self, wanted, timeout=WITHIN_S, after=0):
        """The first line (of either output) that contains the text, or that the predicate takes.

        `after` leaves out that many lines of standard output.
        """
        matches = wanted if callable(wanted) else lambda text: wanted in text
        end = time.monotonic() + timeout
        with self._changed:
            while True:
                for line in self.stdout[after:] + self.stderr:
                    if matches(line.text):
                        return line
                left = end - time.monotonic()
                if left <= 0:
                    raise self._failure(f"no line {wanted!r} within {timeout} s")
                if self._open == 0:
                    raise self._failure(f"ended without a line {wanted!r}")
                self._changed.wait(left)

    def say(self, text):
        """Writes a line to the script's standard input."""
        self._process.stdin.write(text.encode() + b"\n")
        self._process.stdin.flush()

    def interrupt(self):
        """What Ctrl-C does, a moment after the line that was waited for: MicroPython's sleep on the unix port misses a
        signal that comes just before it begins, with and without this module."""
        time.sleep(0.2)
        self._process.send_signal(signal.SIGINT)

    def wait(self, timeout=None):
        """The exit code, after all output was read, and the cloud has all that its device sent; raises when the script ran
        into a limit."""
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise self._failure(f"still running after {timeout} s") from None
        self._timer.cancel()
        for reader in self._readers:
            reader.join()
        if self._late:
            raise self._failure(f"killed after its limit of {self._limit} s")
        if self._cloud:
            self._cloud.wait_offline(self._env["ALIYUN_DEVICE_NAME"])
        return code

    def _failure(self, what):
        said = "\n".join(f"  out | {line}" for line in self.lines)
        erred = "\n".join(f"  err | {line.text}" for line in self.stderr)
        return ScriptError(f"{what}; the script said:\n{said}\n{erred}")


def run(what, cloud=None, device=None, **options):
    """Runs a script to its end and returns it with `code` (the exit code), `lines`, `errors`."""
    with Script(what, cloud, device, **options) as script:
        script.code = script.wait()
    return script
