"""TLS of the port over BSD sockets: every server that does not prove who it is is refused, in words that say why."""

import contextlib
import socket
import ssl
import subprocess
import threading
import time

import pytest

from certificates import WRONG_ONES, chain
from cloud import CloudError
from network import Fault, Network
from test_c_example import WITHIN, Running


class Server:
    """Does with each connection to a port of 127.0.0.1 what `behave` does, until it is closed."""

    def __init__(self, behave):
        self._behave = behave
        self._kept = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.settimeout(100)
            self._kept.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            self._behave(connection)
        except (OSError, ssl.SSLError):
            pass  # the device has had enough

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for connection in self._kept:
            connection.close()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def with_certificate(cloud, name, level=None, heard=None):
    """TLS with a certificate that the cloud has written, or a file's path without its ending; at `level`, nothing newer than
    TLS 1.1. What is heard inside goes to the list."""
    heard = [] if heard is None else heard

    def behave(connection):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cloud.dir / f"{name}.pem", cloud.dir / f"{name}.key")
        if level is not None:
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
            context.set_ciphers(f"DEFAULT@SECLEVEL={level}")
        heard.append(context.wrap_socket(connection, server_side=True).recv(1024))

    return behave


def answer_http(connection):
    connection.recv(1024)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def close_at_once(connection):
    connection.recv(1024)
    connection.close()


def said(command, device, port, ca, host="localhost"):
    """Why there is no connection; whatever the reason, Ctrl-C ends the program in order."""
    with Running(command, device, host, port, ca=ca) as running:
        line = running.wait_line("no connection: the connection failed: ")
        assert running.interrupt() == 0
    assert running.lines[-1] == "closed"
    return line.removeprefix("no connection: the connection failed: ")


@pytest.mark.parametrize("certificate, words", WRONG_ONES)
def test_a_certificate_that_proves_nothing(sanitized_example, cloud, device, certificate, words):
    with Server(with_certificate(cloud, certificate)) as server:
        assert said([sanitized_example], device, server.port, cloud.ca_file) == words


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"intermediate": "CA:FALSE"}, "TLS: The certificate is not correctly signed by the trusted CA"),
        ({"usage": "clientAuth"}, "TLS: -0x7a00 SSL - Processing of the Certificate handshake message failed"),
    ],
    ids=["signed by a certificate that may not sign", "for clients only"],
)
def test_one_thing_is_wrong_in_a_chain(sanitized_example, cloud, device, tmp_path, wrong, words):
    heard = []
    root, certificate = chain(tmp_path, **wrong)
    with Server(with_certificate(cloud, certificate, heard=heard)) as server:
        assert said([sanitized_example], device, server.port, root) == words
    assert heard == []


def test_nothing_is_wrong_in_a_chain(sanitized_example, cloud, device, tmp_path):
    heard = []
    root, certificate = chain(tmp_path)
    with (
        Server(with_certificate(cloud, certificate, heard=heard)) as server,
        Running([sanitized_example], device, "localhost", server.port, ca=root) as running,
    ):
        end = time.monotonic() + WITHIN
        while not heard:
            assert time.monotonic() < end, running.lines
            time.sleep(0.02)
        assert running.interrupt() == 0
    assert heard[0][0] == 0x10, "a login (MQTT 3.1.1, section 2.2.1)"


def test_an_unknown_root(command, cloud, device):
    """Neither the roots that are built in nor another one of the user's vouch for the cloud."""
    for ca in ("", cloud.dir / "stranger-ca.pem"):
        words = said(command, device, cloud.tls_port, ca)
        assert words == "TLS: The certificate is not correctly signed by the trusted CA"
    assert not cloud.seen(kind="login", device=device["deviceName"])


def test_an_address_that_the_certificate_does_not_name(sanitized_example, cloud, device):
    with Server(with_certificate(cloud, "other-name")) as server:
        words = said([sanitized_example], device, server.port, cloud.ca_file, host="127.0.0.1")
    assert words == "TLS: The certificate Common Name (CN) does not match with the expected CN"


@pytest.mark.parametrize("behave", [answer_http, close_at_once])
def test_a_server_that_does_not_speak_tls(sanitized_example, cloud, device, behave):
    with Server(behave) as server:
        assert said([sanitized_example], device, server.port, cloud.ca_file).endswith("(does this port speak TLS?)")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("level", [0, 1], ids=["answers with it", "says no"])
def test_a_server_that_speaks_tls_1_1_at_most(sanitized_example, cloud, device, level):
    with Server(with_certificate(cloud, "server", level)) as server:
        words = said([sanitized_example], device, server.port, cloud.ca_file)
    assert words.startswith("TLS: the server ") and "not speak TLS 1.2 or newer" in words


def test_a_server_that_stalls(sanitized_example, cloud, device):
    """In the handshake of TLS, and before the one of MQTT: each takes ten seconds, both at once here."""
    with Server(lambda connection: connection.recv(1024)) as server:
        with (
            Running([sanitized_example], device, "localhost", server.port, ca=cloud.ca_file) as over_tls,
            Running([sanitized_example], device, "localhost", server.port) as plain,
        ):
            for running in (over_tls, plain):
                running.wait_line("no connection: no answer from the server in time")
                assert running.interrupt() == 0


# Bytes after which one is changed: more than a handshake has in that direction, less than what comes here. On the way up
# it is the server that finds it, and what the device has of that depends on what it is doing.
@pytest.mark.parametrize(
    "way, after, words", [("up", 2_000, ""), ("down", 6_000, "the connection failed: TLS: ")], ids=["up", "down"]
)
def test_bytes_that_change_in_a_session(sanitized_example, cloud, device, way, after, words):
    """TLS finds each of them: the link is dropped, nothing wrong is taken, and the next one carries on."""
    name = device["deviceName"]
    with Network(cloud.tls_port, [Fault("corrupt", after, way)]) as network:
        with Running([sanitized_example], device, "localhost", network.port, ca=cloud.ca_file) as running:
            running.wait_line("publish .* delivered")
            with contextlib.suppress(CloudError): # it is away
                for number in range(20):
                    cloud.do("set", device=name, params={"number": number, "text": "x" * 500})
            running.wait_line(f"connection lost: {words}")
            running.wait_line("^connected again")
            running.wait_line("publish .* delivered")
            assert running.interrupt() == 0
        assert network.struck == 1
    replies = cloud.seen(kind="set_reply", device=name)
    assert replies and all(record["code"] == 200 and "fault" not in record for record in replies)
    assert len(cloud.seen(kind="login", device=name)) == 2


def test_a_file_that_holds_no_roots(sanitized_example, device, tmp_path):
    """Without roots there is no TLS, and no plain TCP in its place."""
    (tmp_path / "roots.pem").write_text("no roots here")
    with Server(close_at_once) as server:
        with Running([sanitized_example], device, "localhost", server.port, ca=tmp_path / "roots.pem") as running:
            assert "SSL_CERT_FILE" in running.wait_line("^TLS: -")
            running.wait_line("no connection: the connection failed: TLS is wanted, and this program has none")
            assert running.interrupt() == 0
        assert not server._kept


CLOCK_OF_1970 = "#include <time.h>\ntime_t time(time_t *now) { if (now) *now = 100; return 100; }\n"


def test_a_clock_in_1970(example, cloud, device, tmp_path):
    source, library = tmp_path / "clock.c", tmp_path / "clock.so"
    source.write_text(CLOCK_OF_1970)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
    words = said(["env", f"LD_PRELOAD={library}", example], device, cloud.tls_port, cloud.ca_file)
    assert words == "TLS: The certificate validity starts in the future (this device's clock says 1970: set it first)"
