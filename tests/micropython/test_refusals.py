"""Is every refusal told apart in words, and does nothing hang or leak?"""

import json
import socket
import ssl
import subprocess
import threading

import pytest

from certificates import WRONG_ONES, chain
from micropython import Script, run
from scripts import script

# What end() waits at most for what was posted (src/link): less than this means that it waits for nothing.
CLOSE_TIMEOUT_MS = 2_000

# Fails to connect `COUNT` times, says how, and ends.
FAILING = """
errors, times = [], []
def on_error(error):
    times.append(time.ticks_ms())
    errors.append(error)
    print("error", error["code"], error["msg"])

device = Device()
device.on(Device.ON_ERROR, on_error)
device.on(Device.ON_CONNECT, lambda data: print("connected"))
print("connect", device.connect(dict(key_info, **MORE)))
wait(lambda: len(errors) >= COUNT, 100)
start = time.ticks_ms()
device.end()
print("ended in", time.ticks_diff(time.ticks_ms(), start), "ms")
"""


class Server(threading.Thread):
    """Accepts on a port of 127.0.0.1 and does with each connection what `behave` does."""

    def __init__(self, behave):
        super().__init__(daemon=True)
        self._behave = behave
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def run(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            connection.settimeout(100)
            try:
                self._behave(connection, self._over)
            except (OSError, ssl.SSLError):
                pass  # the device has had enough

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def answer(data):
    def behave(connection, _):
        connection.recv(1024)
        connection.sendall(data)
        connection.recv(1024)

    return behave


def close_at_once(connection, _):
    pass


def hear_and_close(connection, _):
    connection.recv(1024)


def stall(_, over):
    over.wait()


HTTP = answer(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
GARBAGE = answer(bytes(range(255, 0, -1)))


def over_tls(cloud, certificate, behave=stall, level=None):
    """TLS with one of the certificates that the cloud has written, or a file's path without its ending, then as `behave`.
    At a security level of OpenSSL's, nothing newer than TLS 1.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cloud.dir / f"{certificate}.pem", cloud.dir / f"{certificate}.key")
    if level is not None:
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        context.set_ciphers(f"DEFAULT@SECLEVEL={level}")

    def behave_inside(connection, over):
        with context.wrap_socket(connection, server_side=True) as inside:
            behave(inside, over)

    return behave_inside


def fail(cloud, device, port=None, count=1, env=None, host="localhost", **more):
    """Lets a device fail and returns what ON_ERROR said each time: pairs of code and words."""
    env = dict(env or {})
    if port:
        env["ALIYUN_IOT_ENDPOINT"] = f"{host}:{port}"
    result = run(script(f"MORE = {more!r}\nCOUNT = {count}\n{FAILING}"), cloud, device, env=env)
    assert result.code == 0, result.errors
    assert result.lines[0] == "connect 0"
    assert int(result.lines[-1].split()[2]) < CLOSE_TIMEOUT_MS * 0.9, "end() does not wait for anything here"
    errors = [line.split(" ", 2)[1:] for line in result.lines[1:-1]]
    assert len(errors) >= count
    return [(int(code), words) for code, words in errors]


# ---- Servers that are no MQTT servers ----


@pytest.mark.parametrize("behave", [HTTP, GARBAGE], ids=["http", "garbage"])
def test_not_mqtt(cloud, device, behave):
    with Server(behave) as plain, Server(over_tls(cloud, "server", behave)) as tls:
        for port, more in ((plain.port, {"tls": False}), (tls.port, {})):
            assert fail(cloud, device, port, **more) == [
                (-44, "the server sent a packet that is not MQTT 3.1.1; is this an MQTT port?")
            ]


@pytest.mark.parametrize("behave", [HTTP, GARBAGE, hear_and_close], ids=["http", "garbage", "closes"])
def test_not_tls(cloud, device, behave):
    with Server(behave) as server:
        [(code, words)] = fail(cloud, device, server.port)
    assert code == -43
    assert words.startswith("TLS: ") and words.endswith("(does this port speak TLS?)")


def test_the_plain_port_of_the_cloud_is_not_tls(cloud, device):
    [(code, words)] = fail(cloud, device, cloud.tcp_port)
    assert (code, words.endswith("(does this port speak TLS?)")) == (-43, True), words


def test_the_tls_port_of_the_cloud_is_not_plain(cloud, device):
    [(code, words)] = fail(cloud, device, cloud.tls_port, tls=False)
    assert code == -42
    assert words in ("connection lost: [Errno 104] ECONNRESET", "the server closed the connection")


def test_a_server_that_closes(cloud, device):
    with Server(hear_and_close) as server:
        assert fail(cloud, device, server.port, tls=False) == [(-42, "the server closed the connection")]
    with Server(over_tls(cloud, "server", hear_and_close)) as server:
        [(code, words)] = fail(cloud, device, server.port)
        assert code == -42
        assert words in ("connection lost: [Errno 104] ECONNRESET", "the server closed the connection")
    with Server(close_at_once) as server:
        [(code, words)] = fail(cloud, device, server.port, tls=False)
        assert code == -42
        assert words in ("connection lost: [Errno 104] ECONNRESET", "the server closed the connection")


@pytest.mark.slow
def test_servers_that_stall(cloud, device):
    """Before anything, inside TLS, after reading everything: each time it takes ten seconds, all at once here."""

    def read_on(connection, over):
        while connection.recv(1024):
            pass

    with Server(stall) as mute, Server(read_on) as reads, Server(over_tls(cloud, "server", read_on)) as inside:
        body = f"""
        def on_error(error):
            errors.append(error)
            print("error", error["code"], error["msg"])

        errors = []
        devices = []
        start = time.ticks_ms()
        for port, tls in (({mute.port}, False), ({mute.port}, True), ({reads.port}, False), ({inside.port}, True)):
            device = Device()
            device.on(Device.ON_ERROR, on_error)
            with open({str(cloud.ca_file)!r}) as file:
                device.connect(dict(key_info, host="localhost", port=port, tls=tls, ca=file.read()))
            devices.append(device)
        stalled = Device()
        stalled.connect(dict(key_info, host="localhost", port={mute.port}))
        time.sleep_ms(100)
        end = time.ticks_ms()
        stalled.end()
        print("ended in", time.ticks_diff(time.ticks_ms(), end))
        wait(lambda: len(errors) == 4)
        print("took", time.ticks_diff(time.ticks_ms(), start))
        for device in devices:
            device.end()
        """
        result = run(script(body), device=device)
    assert result.code == 0, result.errors
    assert int(result.lines[0].split()[-1]) < CLOSE_TIMEOUT_MS * 0.9, "end() while the server stalls"
    assert result.lines[1:5] == 4 * ["error -40 no answer from the server in time"]
    # One after the other they would take forty seconds.
    assert 9_500 < int(result.lines[5].split()[-1]) < 30_000


# ---- Certificates ----


@pytest.mark.parametrize("certificate, words", WRONG_ONES)
def test_a_certificate_that_proves_nothing(cloud, device, certificate, words):
    with Server(over_tls(cloud, certificate)) as server:
        assert fail(cloud, device, server.port) == [(-43, words)]


def test_an_unknown_root(cloud, device):
    """Neither the roots that are built in nor another one of the user's vouch for the cloud."""
    unknown = (-43, "TLS: The certificate is not correctly signed by the trusted CA")
    assert fail(cloud, device, env={"SSL_CERT_FILE": None}) == [unknown]
    stranger = (cloud.dir / "stranger-ca.pem").read_text()
    assert fail(cloud, device, env={"SSL_CERT_FILE": None}, ca=stranger) == [unknown]
    body = f"print(online(ca={(cloud.dir / 'ca.pem').read_text()!r}).end())"
    assert run(script(body), cloud, device, env={"SSL_CERT_FILE": None}).lines == ["0"], "the right root does"


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({}, "the server closed the connection"),
        ({"intermediate": "CA:FALSE"}, "TLS: The certificate is not correctly signed by the trusted CA"),
        ({"usage": "clientAuth"}, "TLS: (-31232, 'MBEDTLS_ERR_SSL_BAD_CERTIFICATE')"),
    ],
    ids=["nothing", "signed by a certificate that may not sign", "for clients only"],
)
def test_one_thing_is_wrong_in_a_chain(cloud, device, tmp_path, wrong, words):
    began = []

    def hear(connection, _):
        began.append(connection.recv(1)[0])

    root, certificate = chain(tmp_path, **wrong)
    with Server(over_tls(cloud, certificate, hear)) as server:
        [(code, said)] = fail(cloud, device, server.port, env={"SSL_CERT_FILE": str(root)})
    assert (code, said) == (-43 if wrong else -42, words)
    assert began == ([] if wrong else [0x10]), "a login (MQTT 3.1.1, section 2.2.1), or nothing at all"


CLOCK_OF_1970 = """
#include <stddef.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <sys/syscall.h>
time_t time(time_t *now) { if (now != NULL) *now = 100; return 100; }
int gettimeofday(struct timeval *restrict now, void *restrict zone) { (void)zone; *now = (struct timeval) { 100, 0 }; return 0; }
int clock_gettime(clockid_t id, struct timespec *now) {
    if (id != CLOCK_REALTIME) return syscall(SYS_clock_gettime, id, now);
    *now = (struct timespec) { 100, 0 };
    return 0;
}
"""


@pytest.mark.bare
def test_a_clock_in_1970(cloud, device, tmp_path):
    source, library = tmp_path / "clock.c", tmp_path / "clock.so"
    source.write_text(CLOCK_OF_1970)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
    [(code, words)] = fail(cloud, device, env={"LD_PRELOAD": str(library)})
    assert code == -43
    assert words == "TLS: The certificate validity starts in the future (this board's clock says 1970: set it first)"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize(
    "level, words",
    [
        # OpenSSL offers TLS 1.1 in earnest only where it is told that nothing matters.
        (0, "(the server does not speak TLS 1.2 or newer)"),
        (1, "(the server refused: it may not speak TLS 1.2 or newer, or none of the ciphers, or it asks for a certificate)"),
    ],
    ids=["answers with it", "says no"],
)
def test_a_server_that_speaks_tls_1_1_at_most(cloud, device, level, words):
    with Server(over_tls(cloud, "server", close_at_once, level)) as server:
        [(code, said)] = fail(cloud, device, server.port)
    assert (code, said.startswith("TLS: "), said.endswith(words)) == (-43, True, True), said


def test_never_without_tls(cloud, device):
    """However often TLS fails, no attempt is made without it: a login in plain text would begin with 0x10."""
    began = []

    def behave(connection, _):
        began.append(connection.recv(1)[0])

    with Server(behave) as server:
        fail(cloud, device, server.port, count=4)
    assert len(began) >= 4 and set(began) == {0x16}, "a record of a handshake (RFC 5246, section 6.2.1)"


# ---- No connection at all ----


@pytest.mark.parametrize("tls", [True, False])
def test_nobody_listens(cloud, device, tls):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert fail(cloud, device, port, tls=tls) == [(-42, "no connection: [Errno 111] ECONNREFUSED")]


@pytest.mark.parametrize("tls", [True, False])
def test_a_name_that_nobody_has(cloud, device, tls):
    [(code, words)] = fail(cloud, device, 1883, host="no-such-host.invalid", tls=tls)
    assert code == -42
    assert words.startswith("name not found: ")


# ---- Logins that are refused ----


def test_a_wrong_secret(cloud, device):
    said = fail(cloud, device, deviceSecret="wrong")
    assert said == [(4, "refused: bad user name or password; check productKey, deviceName and secret")]
    login = cloud.wait_seen(device=device["deviceName"], kind="login")
    assert (login["ok"], login["code"]) == (False, 4)


@pytest.mark.parametrize(
    "code, words",
    [
        (1, "the server does not speak MQTT 3.1.1"),
        (2, "client identifier not allowed"),
        (3, "server not available, or keepalive out of its range"),
        (4, "bad user name or password; check productKey, deviceName and secret"),
        (5, "not authorised"),
    ],
)
def test_a_refused_login(cloud, device, code, words):
    cloud.do("refuse", code=code)
    assert fail(cloud, device) == [(code, f"refused: {words}")]


def test_a_refused_subscription(cloud, device):
    body = """
    device = online()
    print(device.subscribe({"topic": "/not/mine/get"}))
    time.sleep(100)
    """
    with Script(script(body), cloud, device) as running:
        said = running.wait_line("error -45").text
    assert "refused" in said and "/not/mine/get" in said


# ---- Again and again ----


@pytest.mark.bare
def test_nothing_leaks(cloud, device):
    """Failed attempts of all kinds, each many times: no descriptor and no memory stays behind."""
    with Server(over_tls(cloud, "expired")) as expired, Server(HTTP) as http, Server(stall) as mute:
        body = f"""
        errors = []

        def fail(port, tls, answers):
            device = Device()
            device.on(Device.ON_ERROR, errors.append)
            before = len(errors)
            device.connect(dict(key_info, host="localhost", port=port, tls=tls))
            if answers:
                wait(lambda: len(errors) > before)
            else:
                time.sleep_ms(20)
            device.end()

        def state():
            errors.clear()
            for _ in range(3):
                gc.collect()
            with open("/proc/self/statm") as file:
                pages = int(file.read().split()[1])
            return len(os.listdir("/proc/self/fd")), gc.mem_alloc(), pages

        states = []
        for _ in range(20):
            fail({expired.port}, True, True)
            fail({http.port}, True, True)
            fail({http.port}, False, True)
            fail({mute.port}, True, False)
            fail({mute.port}, False, False)
            fail(1, True, True)
            states.append(state())
        print(json.dumps(states))
        """
        result = run(script(body), device=device)
    assert result.code == 0, result.errors
    [states] = result.lines
    descriptors, heap, pages = zip(*json.loads(states))
    assert len(set(descriptors)) == 1, descriptors
    # The collector takes stale values on the stack for references, so some rounds keep a context or two of TLS.
    assert min(heap[-5:]) <= max(heap[:5]) + 2_000, heap
    assert pages[-1] <= pages[4] + 64, pages


def test_the_waits_between_attempts_grow(cloud, device):
    with Server(HTTP) as server:
        body = script(f"MORE = {{'tls': False}}\nCOUNT = 4\n{FAILING}\nprint(times)")
        env = {"ALIYUN_IOT_ENDPOINT": f"localhost:{server.port}"}
        with Script(body, cloud, device, env=env) as running:
            assert running.wait() == 0
    times = json.loads(running.lines[-1])
    waits = [after - before for before, after in zip(times, times[1:])]
    # Half of 1 s to 1 s at random, then half of 2 s to 2 s, then half of 4 s to 4 s. What a busy machine adds is not the
    # device's, and what it adds before the first of two moments is missing between them.
    assert all(wait > least for wait, least in zip(waits, (400, 800, 1_600))), waits
    assert max(waits) < 20_000, waits
