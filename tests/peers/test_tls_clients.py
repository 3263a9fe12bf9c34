"""TLS clients that know one kind of key only, as Alibaba's SDK for C with mbedTLS knows RSA: each registers over HTTPS, logs in
and posts, with the one trust root that the cloud gives. And what the cloud says of a client whose handshake fails."""

import hashlib
import hmac
import http.client
import json
import pathlib
import shutil
import socket
import ssl
import struct
import subprocess
import time
import urllib.parse

import paho.mqtt.client as mqtt
import pytest

from paho_client import Client, S

# Cipher suites of TLS 1.2, in OpenSSL's words, and the signatures that the client can check.
RSA_SIGNATURES = "RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+SHA1"
ECDSA_SIGNATURES = "ECDSA+SHA256:ECDSA+SHA384"
RSA = [
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-RSA-AES256-SHA384",
    # Without Diffie and Hellman: the client encrypts for the server's key.
    "AES128-GCM-SHA256",
    "AES256-SHA256",
    "AES128-SHA",
    "AES256-SHA",
]
ECDSA = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-SHA"]


def limited(cloud, ciphers):
    """TLS 1.2 with these suites alone, name and chain checked."""
    context = ssl.create_default_context(cafile=cloud.ca_file)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(ciphers)
    return context


def register(cloud, device, context, whole=False):
    content = f"deviceName{device['deviceName']}productKey{device['productKey']}random7"
    form = {
        "productKey": device["productKey"],
        "deviceName": device["deviceName"],
        "random": "7",
        "sign": hmac.new(device["productSecret"].encode(), content.encode(), hashlib.sha256).hexdigest(),
        "signMethod": "hmacsha256",
    }
    connection = http.client.HTTPSConnection("localhost", cloud.https_port, context=context, timeout=30)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/auth/register/device", urllib.parse.urlencode(form), headers)
        reply = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    if whole:
        return reply
    assert reply["code"] == 200, reply
    return reply["data"]


class Limited(Client):
    """A client whose TLS can do less."""

    def __init__(self, cloud, device, context):
        self._context = context
        super().__init__(cloud, device)

    def _make_context(self, cloud):
        return self._context


@pytest.mark.parametrize("ciphers", RSA + ECDSA)
def test_a_limited_client_registers_logs_in_and_posts(cloud, device, ciphers):
    context = limited(cloud, ciphers)
    device = {**device, "deviceSecret": register(cloud, device, context)["deviceSecret"]}
    with Limited(cloud, device, context) as client:
        assert client.paho.socket().cipher()[0] == ciphers
        topic = S.format(**device) + "/thing/event/property/post"
        client.paho.publish(topic, json.dumps({"id": 1, "params": {"a": 1}}), 0)
        reply = json.loads(client.get().payload)
        assert (reply["id"], reply["code"]) == (1, 200)
    assert cloud.wait_seen(kind="property_post", device=device["deviceName"])["params"] == {"a": 1}


@pytest.mark.parametrize("use", ["tls_port", "https_port"])
@pytest.mark.parametrize(
    ("signatures", "suite"),
    [
        (RSA_SIGNATURES, "ECDHE-RSA-AES128-GCM-SHA256"),
        (RSA_SIGNATURES, "AES128-SHA"),
        (RSA_SIGNATURES, None),
        (ECDSA_SIGNATURES, "ECDHE-ECDSA-AES128-GCM-SHA256"),
        (ECDSA_SIGNATURES, None),
    ],
)
def test_a_chain_is_of_one_kind_up_to_the_root(cloud, use, signatures, suite):
    """The client knows no signature of the other kind, not even on a certificate. Without a suite: TLS 1.3."""
    version = ["-tls1_2", "-cipher", suite] if suite else ["-tls1_3"]
    if not suite and signatures == RSA_SIGNATURES:
        signatures = "rsa_pss_rsae_sha256:" + signatures
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{getattr(cloud, use)}", "-servername", "localhost", *version]
    command += ["-CAfile", cloud.ca_file, "-verify_return_error", "-verify_hostname", "localhost", "-sigalgs", signatures]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert "Verify return code: 0 (ok)" in done.stdout, done.stdout + done.stderr
    kind = "RSA" if signatures.endswith(RSA_SIGNATURES) else "EC"
    assert f"a:PKEY: {'rsaEncryption' if kind == 'RSA' else 'id-ecPublicKey'}" in done.stdout, done.stdout
    assert ("Local cloud root (RSA)" in done.stdout) == (kind == "RSA")


@pytest.fixture(scope="module")
def mbedtls_client(tmp_path_factory):
    here = pathlib.Path(__file__).resolve().parent
    header = ["gcc", "-E", "-x", "c", "/dev/null", "-include", "mbedtls/ssl.h"]
    if not shutil.which("gcc") or subprocess.run(header, capture_output=True).returncode:
        pytest.skip("gcc or mbedTLS for C is not installed")
    program = tmp_path_factory.mktemp("mbedtls") / "client"
    command = ["gcc", "-Wall", "-Wextra", "-Werror", here / "mbedtls_client.c", "-o", program]
    subprocess.run([*command, "-lmbedtls", "-lmbedx509", "-lmbedcrypto"], check=True)
    return program


@pytest.mark.parametrize("use", ["tls_port", "https_port"])
@pytest.mark.parametrize(
    "suite",
    [
        "TLS-RSA-WITH-AES-128-CBC-SHA",
        "TLS-RSA-WITH-AES-256-CBC-SHA256",
        "TLS-RSA-WITH-AES-128-GCM-SHA256",
        "TLS-ECDHE-RSA-WITH-AES-128-CBC-SHA",
        "TLS-ECDHE-RSA-WITH-AES-128-GCM-SHA256",
        "TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256",
    ],
)
def test_mbedtls_with_one_suite(cloud, mbedtls_client, use, suite):
    command = [mbedtls_client, str(getattr(cloud, use)), cloud.ca_file, suite]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, f"TLSv1.2 {suite}\n")


def failed(cloud, since, port):
    return cloud.wait_seen(lambda record: record["port"] == port, kind="tls_failure", since=since)


def untrusting(port):
    with socket.create_connection(("127.0.0.1", port)) as plain:
        with pytest.raises(ssl.SSLError):
            ssl.create_default_context().wrap_socket(plain, server_hostname="localhost").recv(1)


def old(port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.deprecated_call():
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", port)) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname="localhost")


def without_a_common_suite(port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("NULL-SHA256:@SECLEVEL=0")
    with socket.create_connection(("127.0.0.1", port)) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname="localhost")


def plain_mqtt(port):
    client = mqtt.Client("me|securemode=3,signmethod=hmacsha256|")
    client.connect("127.0.0.1", port)
    for _ in range(50):
        if client.loop(0.1) != mqtt.MQTT_ERR_SUCCESS:
            return


def gone_in_the_middle(port):
    with socket.create_connection(("127.0.0.1", port)) as plain:
        plain.sendall(b"\x16\x03\x01\x02\x00\x01")


def reset_in_the_middle(port):
    with socket.create_connection(("127.0.0.1", port)) as plain:
        plain.sendall(b"\x16\x03\x01\x02\x00\x01")
        time.sleep(0.1)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize("use", ["tls_port", "https_port"])
@pytest.mark.parametrize(
    ("how", "words"),
    [
        (untrusting, "does not trust the certificate"),
        (old, "TLS"),
        (without_a_common_suite, "cipher suite"),
        (plain_mqtt, "does not speak TLS"),
        (gone_in_the_middle, "closed the connection"),
        (reset_in_the_middle, ""),
    ],
)
def test_a_failed_handshake_is_a_record_with_a_reason(cloud, use, how, words):
    port = getattr(cloud, use)
    since = cloud.do("seen", kind="none")["last"]
    how(port)
    record = failed(cloud, since, port)
    assert words in record["reason"] and record["reason"]
    assert record["peer"].startswith("127.0.0.1:")
    # One line, and none for somebody who only looks whether the port is open.
    socket.create_connection(("127.0.0.1", port)).close()
    time.sleep(0.3)
    assert len(cloud.seen(kind="tls_failure", since=since)) == 1


def test_tls_on_the_plain_port_is_told_too(cloud):
    since = cloud.do("seen", kind="none")["last"]
    with socket.create_connection(("127.0.0.1", cloud.tcp_port)) as plain, pytest.raises((ssl.SSLError, OSError)):
        ssl.create_default_context(cafile=cloud.ca_file).wrap_socket(plain, server_hostname="localhost")
    assert "plain MQTT" in failed(cloud, since, cloud.tcp_port)["reason"]
