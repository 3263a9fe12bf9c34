"""Several packets in one write: what the library promises (gathered.c), and that the port over BSD sockets keeps to it."""

import pathlib
import re
import socket
import ssl
import subprocess
import threading

import pytest

from certificates import chain

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKS = re.findall(r"CHECK\((\w+)\),", (ROOT / "tests" / "c" / "gathered.c").read_text())
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]
LIMIT = 120
QUEUED, MORE = 20, 10
APPLICATION_DATA = 23


@pytest.fixture(scope="session")
def gathered(compile_c):
    return compile_c("tests/c/gathered.c", "gathered", *SANITIZE)


@pytest.fixture(scope="session")
def queue(compile_c):
    sources = ["tests/c/queue.c", "ports/bsd/bsd_port.c", "ports/bsd/tls_mbedtls.c"]
    libraries = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
    return compile_c(sources, "queue", *SANITIZE, "-Wl,--wrap=aliyun_iot_sent", libraries=libraries)


def test_the_list_of_checks_is_the_programs_own(gathered):
    assert subprocess.run([gathered], capture_output=True, text=True, timeout=LIMIT).stdout.split() == CHECKS


@pytest.mark.parametrize("name", CHECKS)
def test_gathered(gathered, name):
    done = subprocess.run([gathered, name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT)
    assert done.returncode == 0, done.stdout


class Server:
    """An MQTT server for one client that acknowledges all messages. It keeps their payloads, the sizes of all packets, and
    the lengths of the records of TLS that hold data."""

    def __init__(self, certificate=None):
        self.packets, self.payloads, self.records = [], [], []
        self._tls = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.with_suffix(".pem"), certificate.with_suffix(".key"))
            self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._handshaken = False
        self._raw, self._plain = b"", b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._listener.close()
        self._thread.join(LIMIT)

    def _run(self):
        connection, _ = self._listener.accept()
        with connection:
            connection.settimeout(LIMIT)
            while data := connection.recv(65536):
                self._plain += self._decrypted(data) if self._tls else data
                replies = self._replies()
                if self._tls and replies:
                    self._tls.write(replies)
                connection.sendall(self._outgoing.read() if self._tls else replies)

    def _decrypted(self, data):
        self._raw += data
        while len(self._raw) >= 5 and len(self._raw) >= 5 + int.from_bytes(self._raw[3:5], "big"):
            length = int.from_bytes(self._raw[3:5], "big")
            if self._raw[0] == APPLICATION_DATA:
                self.records.append(length)
            self._raw = self._raw[5 + length :]
        self._incoming.write(data)
        plain = b""
        try:
            if not self._handshaken:
                self._tls.do_handshake()
                self._handshaken = True
            while piece := self._tls.read(65536):
                plain += piece
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            pass
        return plain

    def _replies(self):
        replies = b""
        while len(self._plain) >= 2 and len(self._plain) >= 2 + self._plain[1]:
            size = 2 + self._plain[1]
            packet, self._plain = self._plain[:size], self._plain[size:]
            self.packets.append(size)
            kind = packet[0] >> 4
            if kind == 1:
                replies += b"\x20\x02\x00\x00"
            elif kind == 3:
                topic = int.from_bytes(packet[2:4], "big")
                replies += b"\x40\x02" + packet[4 + topic : 6 + topic]
                self.payloads.append(packet[6 + topic :].decode())
        return replies


@pytest.mark.parametrize("kind", ["plain", "strict", "tls"])
def test_a_queue_is_one_write(queue, tmp_path, kind):
    """Also over TLS that asks for a retry of each write, while more messages come: no byte is lost, none is sent twice."""
    root, certificate = chain(tmp_path) if kind == "tls" else ("", None)
    with Server(certificate) as server:
        environment = {"SSL_CERT_FILE": str(root)}
        done = subprocess.run([queue, kind, str(server.port)], env=environment, capture_output=True, text=True, timeout=LIMIT)
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and lines[-1] == f"delivered {QUEUED + MORE}", done.stdout + done.stderr
    assert server.payloads == [f"message {number}" for number in range(QUEUED + MORE)]
    writes = [int(line.split()[1]) for line in lines if line.startswith("sent ")]
    assert writes[:2] == [server.packets[0], sum(server.packets[1 : QUEUED + 1])], writes
    assert sum(writes) == sum(server.packets)
    if kind == "tls":
        # A write is a record. Those of one version of TLS are larger by the same number of bytes.
        assert len({record - written for record, written in zip(server.records, writes, strict=True)}) == 1
