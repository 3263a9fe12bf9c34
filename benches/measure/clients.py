"""The C clients of benches/c/: how they are compiled, and one run of each."""

import os
import pathlib
import shlex
import subprocess
from dataclasses import dataclass

from broker import HOST, NAME

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMIT = 120

OURS = "this library"
LIBMOSQUITTO = "libmosquitto"
PAHO = "paho"
COREMQTT = "coreMQTT"

# Files and libraries. Each is compiled as its makers do by default; the libraries of the distribution are as they come.
PROGRAMS = {OURS: "ours", LIBMOSQUITTO: "libmosquitto", PAHO: "paho", COREMQTT: "coremqtt"}
# The program for coreMQTT has no TLS: its transport is the user's, and so would the figures be.
WITHOUT_TLS = {COREMQTT}


def target():
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "bench"


@dataclass(frozen=True)
class Row:
    """What is measured of each client."""

    receives: bool
    qos: int
    window: int
    tls: bool

    def __str__(self):
        what = f"QoS {self.qos} received" if self.receives else f"QoS {self.qos}"
        if not self.receives and self.qos == 1:
            what += f", window {self.window}"
        return what + (", TLS" if self.tls else "")

    def clients(self):
        return [client for client in PROGRAMS if not (self.tls and client in WITHOUT_TLS)]


# At QoS 0 the window bounds what paho queues for its own thread; the others write at once.
PATTERNS = [(False, 0, 20), (False, 1, 1), (False, 1, 20), (True, 0, 1), (True, 1, 1)]
ROWS = [Row(*pattern, tls) for tls in (False, True) for pattern in PATTERNS]


@dataclass(frozen=True)
class Run:
    messages: int
    seconds: float
    processor_seconds: float
    connect_ms: float


def compile_ours():
    compile_with_our_port(PROGRAMS[OURS])


def compile_with_our_port(name):
    """Compiles benches/c/<name>.c with the archive for computers and ports/bsd; returns the program."""
    target().mkdir(parents=True, exist_ok=True)
    port = ["ports/bsd/bsd_port.c", "ports/bsd/tls_mbedtls.c"]
    libraries = [os.environ["LIBRARY"], "-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
    _compile(name, "-Iinclude", "-Iports/bsd", *port, *libraries)
    return target() / name


def compile_peers():
    _compile(PROGRAMS[LIBMOSQUITTO], "-lmosquitto")
    _compile(PROGRAMS[PAHO], "-lpaho-mqtt3as", "-lpthread")
    source = pathlib.Path(os.environ["COREMQTT"])
    parts = [source / f"core_mqtt{part}.c" for part in ("", "_state", "_serializer")]
    # Its records for 20 messages under way, and its assertions as in a release.
    settings = ["-DMQTT_DO_NOT_USE_CUSTOM_CONFIG=1", "-DMQTT_STATE_ARRAY_MAX_COUNT=20U", "-DNDEBUG"]
    _compile(PROGRAMS[COREMQTT], *settings, "-isystem", source / "include", "-isystem", source / "interface", *parts, strict=False)


def _compile(name, *words, strict=True):
    command = ["gcc", "-std=c11", "-O2", "-Wall", "-Wextra", *(["-Werror"] if strict else []), "-Ibenches/c"]
    subprocess.run([*command, "-o", target() / name, f"benches/c/{name}.c", *words], cwd=ROOT, check=True)


def command(broker, client, row, count):
    server = [NAME, str(broker.tls_port), str(broker.root)] if row.tls else [HOST, str(broker.port), "-"]
    what = "receive" if row.receives else "publish"
    return [str(target() / PROGRAMS[client]), *server, what, str(row.qos), str(row.window), str(count)]


def run(broker, client, row, count, under=()):
    """One run; `under` is the beginning of a command line that runs the program."""
    words = [*under, *command(broker, client, row, count)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        if row.receives:
            if process.stdout.readline() != "ready\n":
                raise RuntimeError(f"`{shlex.join(words)}` did not subscribe")
            _publish(broker, row.qos, count)
        said = process.communicate(timeout=LIMIT)[0].split()
    finally:
        process.kill()
        process.wait()
    if process.returncode != 0 or len(said) != 4 or int(said[0]) != count:
        raise RuntimeError(f"`{shlex.join(words)}` ended with {process.returncode} and said {said}")
    return Run(int(said[0]), *map(float, said[1:]))


def _publish(broker, qos, count):
    """For a client that receives: the same publisher for all, over plain TCP."""
    words = command(broker, LIBMOSQUITTO, Row(False, qos, 20, False), count)
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True, timeout=LIMIT)
