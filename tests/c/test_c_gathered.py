"""Several packets in one write: what the library promises (gathered.c), and that the port over BSD sockets keeps to it."""

import pathlib
import re
import subprocess

import pytest

from acknowledger import MESSAGES, Acknowledger
from certificates import chain

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKS = re.findall(r"CHECK\((\w+)\),", (ROOT / "tests" / "c" / "gathered.c").read_text())
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]
LIMIT = 120
QUEUED, MORE = 20, 10


@pytest.fixture(scope="session")
def gathered(compile_c):
    return compile_c("tests/c/gathered.c", "gathered", *SANITIZE)


@pytest.fixture(scope="session")
def queue(compile_c):
    sources = ["tests/c/queue.c", "ports/bsd/bsd_port.c", "ports/bsd/tls_mbedtls.c"]
    libraries = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
    return compile_c(sources, "queue", *SANITIZE, "-Wl,--wrap=aliyun_iot_sent,--wrap=recv,--wrap=poll", libraries=libraries)


def test_the_list_of_checks_is_the_programs_own(gathered):
    assert subprocess.run([gathered], capture_output=True, text=True, timeout=LIMIT).stdout.split() == CHECKS


@pytest.mark.parametrize("name", CHECKS)
def test_gathered(gathered, name):
    done = subprocess.run([gathered, name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("kind", ["plain", "strict", "tls"])
def test_a_queue_is_one_write(queue, tmp_path, kind):
    """Also over TLS that asks for a retry of each write, while more messages come: no byte is lost, none is sent twice."""
    root, certificate = chain(tmp_path) if kind == "tls" else ("", None)
    with Acknowledger(certificate) as server:
        environment = {"SSL_CERT_FILE": str(root)}
        done = subprocess.run([queue, kind, str(server.port)], env=environment, capture_output=True, text=True, timeout=LIMIT)
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and lines.count(f"delivered {QUEUED + MORE}") == 1, done.stdout + done.stderr
    assert server.payloads == [f"message {number}" for number in range(QUEUED + MORE)]
    writes = [int(line.split()[1]) for line in lines if line.startswith("sent ")]
    # One wait and one read bring the answer to SUBSCRIBE and all that lies behind it, each in a record of its own.
    (received,) = [line.split() for line in lines if line.startswith("received ")]
    assert received == ["received", str(len(MESSAGES)), "recv", "1", "poll", "1"] or kind == "strict", received
    assert writes[:2] == [server.packets[0], sum(server.packets[1 : QUEUED + 1])], writes
    assert sum(writes) == sum(server.packets)
    if kind == "tls":
        assert server.records == writes


def test_a_flood_leaves_the_program_its_turn(queue):
    with Acknowledger() as server:
        done = subprocess.run([queue, "flood", str(server.port)], env={}, capture_output=True, text=True, timeout=LIMIT)
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("flooded ")]
    assert done.returncode == 0 and lines == [["flooded", str(10 * 32), "poll", "5"]], done.stdout + done.stderr
