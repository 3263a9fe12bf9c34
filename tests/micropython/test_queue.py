"""Messages that a script has queued before its session is up go in one write, over plain TCP and over TLS."""

import pytest

import strace
from acknowledger import Acknowledger
from certificates import chain
from micropython import Script
from scripts import script

QUEUED = 20

BODY = f"""
    device = Device()
    device.on(Device.ON_ERROR, lambda error: print("error", error["code"], error["msg"]))
    device.connect(dict(key_info, tls=TLS))
    for number in range({QUEUED}):
        device.publish({{"topic": USER + "t", "payload": "message %d" % number, "qos": 1}})
    print("queued")
    # There is no space for it before the server has acknowledged the others.
    wait(lambda: device.publish({{"topic": USER + "t", "payload": "last", "qos": 1}}) == 0)
    device.end()
"""


def ended(server, device, tls, env=None, under=()):
    """Runs the script; the server answers the login when all messages are queued."""
    server.welcomes.clear()
    env = {"ALIYUN_IOT_ENDPOINT": f"localhost:{server.port}", **(env or {})}
    with Script(script(BODY.replace("TLS", str(tls))), device=device, env=env, under=under) as running:
        running.wait_line("queued")
        server.welcomes.set()
        assert running.wait() == 0
    assert (running.lines, running.errors) == (["queued"], "")
    assert server.payloads == [f"message {number}" for number in range(QUEUED)] + ["last"]


def test_a_queue_is_one_write(device, tmp_path):
    notes = strace.notes(tmp_path, "connect", *strace.WRITES)
    if notes is None:
        pytest.skip("strace is not installed, or may not trace")
    with Acknowledger() as server:
        ended(server, device, tls=False, under=notes.under)
    writes = strace.writes(notes.path, server.port)
    assert writes[:2] == [server.packets[0], sum(server.packets[1 : QUEUED + 1])], writes


def test_a_queue_is_one_record(device, tmp_path):
    root, certificate = chain(tmp_path)
    with Acknowledger(certificate) as server:
        ended(server, device, tls=True, env={"SSL_CERT_FILE": str(root)})
    assert server.records[:2] == [server.packets[0], sum(server.packets[1 : QUEUED + 1])], server.records


# In the place of the firmware's TLS: it encrypts nothing, but asks for several retries of each write behind the login, and has
# made a record of the bytes of the first try.
RETRYING = """
    import io

    class Stream(io.IOBase):
        def __init__(self, socket):
            self.socket, self.record, self.tries, self.writes = socket, None, 0, 0

        def write(self, data):
            if self.record is None:
                self.record, self.tries = bytes(data), 0
            if self.record != data:
                print("changed")
            self.tries += 1
            if self.writes > 0 and self.tries < 5:
                return None
            self.writes += 1
            written, self.record = self.socket.write(self.record), None
            return written

        def readinto(self, buffer):
            return self.socket.readinto(buffer)

        def ioctl(self, request, argument):
            if request == 4:
                self.socket.close()
                return 0
            return argument if request == 3 else -1

    class SSLContext:
        def __init__(self, protocol):
            pass

        def load_verify_locations(self, data):
            pass

        def wrap_socket(self, socket, server_hostname, do_handshake_on_connect):
            return Stream(socket)

    class tls:
        PROTOCOL_TLS_CLIENT, CERT_REQUIRED = 0, 2

    tls.SSLContext = SSLContext
    sys.modules["tls"] = tls

    device = online()
    sent = 0
    while sent < 30:
        # Two at a time, so that one waits behind the bytes that are tried again.
        for _ in range(2):
            if device.publish({"topic": USER + "t", "payload": "message %d" % sent, "qos": 1}) == 0:
                sent += 1
        time.sleep_ms(1)
    wait(lambda: device.publish({"topic": USER + "t", "payload": "last", "qos": 1}) == 0)
    device.end()
"""


def test_tls_that_asks_for_a_retry_gets_the_same_bytes(device):
    with Acknowledger() as server:
        env = {"ALIYUN_IOT_ENDPOINT": f"localhost:{server.port}"}
        with Script(script(RETRYING), device=device, env=env) as running:
            assert running.wait() == 0
    assert (running.lines, running.errors) == ([], "")
    assert server.payloads == [f"message {number}" for number in range(30)] + ["last"]
