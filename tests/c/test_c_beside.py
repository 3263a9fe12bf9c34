"""A device that is connected registers another one over HTTPS: both links of the port over BSD sockets are up at once, and
the loss of one does no harm to the other."""

import subprocess

import pytest

from network import Fault, Network

SOURCES = ["tests/c/beside.c", "ports/bsd/bsd_port.c", "ports/bsd/tls_mbedtls.c"]
LIBRARIES = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]
HTTP_LINK = "1"


@pytest.fixture(scope="module")
def program(compile_c):
    return compile_c(SOURCES, "beside", *SANITIZE, libraries=LIBRARIES)


def run(program, cloud, device, port, https_port):
    """The program's lines, and the name of the device that it has registered."""
    other = cloud.new_device()
    environment = {
        "SSL_CERT_FILE": str(cloud.ca_file),
        "ALIYUN_PRODUCT_KEY": device["productKey"],
        "ALIYUN_PRODUCT_SECRET": device["productSecret"],
        "ALIYUN_DEVICE_NAME": device["deviceName"],
        "ALIYUN_DEVICE_SECRET": device["deviceSecret"],
        "OTHER_DEVICE_NAME": other["deviceName"],
    }
    command = [program, "localhost", str(port), str(https_port)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "up" and lines[1] == "asked: done" and lines[-1] == "closed"
    (registered,) = [line for line in lines if line.startswith("registered ")]
    asked = cloud.seen(kind="registration", device=other["deviceName"])
    assert asked[-1]["way"] == "https" and asked[-1]["ok"]
    assert len(registered.split()[1]) == 32, registered
    return lines


def test_both_links_are_up(program, cloud, device):
    lines = run(program, cloud, device, cloud.tls_port, cloud.https_port)
    assert not [line for line in lines if line.startswith(("lost", "failed"))]
    assert len(cloud.seen(kind="login", device=device["deviceName"])) == 1
    assert len(cloud.seen(kind="publish", device=device["deviceName"])) >= 3


# At the begin of the handshake of TLS, and at its end.
@pytest.mark.parametrize("after", [500, 2000])
@pytest.mark.parametrize("kind", ["cut", "reset"])
def test_the_second_link_is_lost(program, cloud, device, kind, after):
    with Network(cloud.https_port, [Fault(kind, after, "both")]) as network:
        lines = run(program, cloud, device, cloud.tls_port, network.port)
        assert network.struck == 1 and network.connections == 2
    assert "lost" not in lines and [line.split()[1] for line in lines if line.startswith("failed")] == [HTTP_LINK]
    assert len(cloud.seen(kind="login", device=device["deviceName"])) == 1, "the session has not noticed"


def test_the_session_is_lost(program, cloud, device):
    """While the server of the registration is slow."""
    slow = Fault("delay", 0, "both", seconds=0.3)
    with Network(cloud.https_port, [slow]) as https, Network(cloud.tls_port, [Fault("reset", 6000)]) as session:
        lines = run(program, cloud, device, session.port, https.port)
        assert session.struck == 1 and https.connections == 1
    assert lines.count("lost") == 1 and lines.count("up") == 2
    assert not [line for line in lines if line.startswith(f"failed {HTTP_LINK}")], "the registration has not noticed"
    assert len(cloud.seen(kind="login", device=device["deviceName"])) == 2
