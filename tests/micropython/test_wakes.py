"""Does what has arrived ever lie where nothing tells of it?"""

import socket
import ssl
import threading

import pytest

from micropython import Script
from scripts import script, user_topic

MESSAGES = 60
BODY = """
told = []
device = Device()
device.on(Device.ON_SUBCRIBE, told.append)
device.on(Device.ON_CONNECT, lambda data: print("up"))
device.connect(dict(key_info, rxBuffer=256, keepaliveSec=300))
assert device.subscribe({"topic": USER + "get"}) == 0
wait(lambda: len(told) == %d)
print("told", len(told))
""" % MESSAGES


@pytest.fixture
def bursts(cloud, device):
    """A server that sends messages in one record of TLS, which takes more reads than the pump makes in one run, and then
    nothing. Its `host:port`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cloud.dir / "server.pem", cloud.dir / "server.key")
    topic = user_topic(device, "get").encode()
    body = len(topic).to_bytes(2, "big") + topic
    body += b"x" * (250 - len(body))
    length = bytes([len(body) & 0x7F | 0x80, len(body) >> 7])

    def serve():
        with context.wrap_socket(server.accept()[0], server_side=True) as link:
            link.settimeout(100)
            link.recv(4096)
            link.sendall(b"\x20\x02\x00\x00")
            link.sendall((b"\x30" + length + body) * MESSAGES)
            while link.recv(4096):
                pass

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield f"localhost:{server.getsockname()[1]}"


def test_a_record_of_many_reads_is_read_at_once(bursts, cloud, device):
    with Script(script(BODY), cloud, device, env={"ALIYUN_IOT_ENDPOINT": bursts}) as running:
        assert running.wait_line("told").text == f"told {MESSAGES}"
