"""Who gets in to the local cloud, and what of it other people see: the control port, its files, its terminal, its logins."""

import hashlib
import hmac
import json
import os
import re
import socket
import ssl
import stat
import struct
import subprocess
import threading
import time

import pytest

from cloud import CloudError, launcher
from paho_client import OWN, Client, S
from ports import free_port

POST = "POST /{} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{}\n"


def says(cloud, data):
    """What the control port answers to these bytes until it closes; and it does close."""
    with socket.create_connection(("127.0.0.1", cloud.control_port), timeout=10) as stream:
        try:
            stream.sendall(data)
            heard = b""
            while more := stream.recv(4096):
                heard += more
        except (ConnectionResetError, BrokenPipeError):
            pass  # it closed with bytes still unread
    return heard


def evil(**more):
    return json.dumps({"do": "device", "device": "planted", **more})


@pytest.mark.parametrize("with_token", [False, True])
@pytest.mark.parametrize(
    "request_",
    [
        lambda body: POST.format("", len(body) + 1, body),
        lambda body: f"\r\n{body}\n",
        lambda body: f"GET / HTTP/1.1\n{body}\n",
        lambda body: f"[]\n{body}\n",
        lambda body: f'"hello"\n{body}\n',
        lambda body: "x" * (1 << 20) + f"\n{body}\n",
        lambda body: f"\xff\n{body}\n",
    ],
    ids=["post", "empty", "get", "array", "text", "long", "latin"],
)
def test_a_line_that_is_no_command_ends_the_connection(cloud, request_, with_token):
    body = evil(token=cloud.control_token) if with_token else evil()
    heard = says(cloud, request_(body).encode("latin-1"))
    assert heard.count(b"\n") <= 1 and b'"ok":true' not in heard
    with pytest.raises(CloudError, match="planted"):
        cloud.do("drop", device="planted")


@pytest.mark.parametrize("token", [{}, {"token": ""}, {"token": None}, {"token": 0}, {"token": "x" * 32}])
def test_a_command_needs_the_token(cloud, token):
    heard = says(cloud, (evil(**token) + "\n" + evil(**token) + "\n").encode())
    assert heard.count(b"\n") <= 1 and b'"ok":true' not in heard
    with pytest.raises(CloudError, match="planted"):
        cloud.do("drop", device="planted")


def test_a_watcher_needs_the_token(cloud):
    heard = says(cloud, b'{"do":"watch"}\n')
    assert b'"ok":true' not in heard


def test_the_token_is_needed_once(cloud):
    control, lines = cloud.open_control()
    with control:
        for command in ({"do": "online", "token": cloud.control_token}, {"do": "online"}, {"do": "online"}):
            lines.write(json.dumps(command) + "\n")
            lines.flush()
            assert json.loads(lines.readline())["ok"]


def test_its_files_are_for_their_owner(cloud, device):
    with Client(cloud, device):
        cloud.do("product", productKey="another")
    assert stat.S_IMODE(cloud.dir.stat().st_mode) == 0o700
    loose = {file.name: oct(file.stat().st_mode) for file in cloud.dir.rglob("*") if stat.S_IMODE(file.stat().st_mode) & 0o077}
    assert not loose
    assert device["deviceSecret"] in (cloud.dir / "devices.json").read_text()


@pytest.fixture
def terminal():
    """Starts a cloud as a person does, with a pipe for a terminal."""
    running = []

    def start(folder, before=None):
        ports = [word for use in ("tls", "tcp", "https", "control") for word in (f"--{use}-port", str(free_port()))]
        process = subprocess.Popen(
            [launcher(), "--dir", str(folder), *ports],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            preexec_fn=before,
        )
        # Ends what hangs; no test is about it.
        limit = threading.Timer(120, process.kill)
        limit.start()
        running.append((process, limit))
        return process

    yield start
    for process, limit in running:
        limit.cancel()
        process.kill()
        process.communicate()


class OfFolder:
    """Where the cloud of this folder is."""

    def __init__(self, folder):
        card = json.loads((folder / "cloud.json").read_text())
        self.host, self.ca_file, self.devices = card["host"], card["ca_file"], card["devices"]
        self.tls_port, self.tcp_port, self.https_port = card["tls_port"], card["tcp_port"], card["https_port"]


def wait_line(process, lines, word):
    for line in process.stdout:
        lines.append(line)
        if word in line:
            return line
    raise AssertionError(f"ended without {word!r}: {''.join(lines)}")


def test_a_new_folder_and_files_from_before_are_closed(tmp_path, terminal):
    """Whatever the umask is, and where an older version has left files that all may read."""
    folder = tmp_path / "new" / "cloud"
    for _ in range(2):
        process = terminal(folder, before=lambda: os.umask(0))
        wait_line(process, [], "ready")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert not [file.name for file in folder.rglob("*") if stat.S_IMODE(file.stat().st_mode) & 0o077]
        process.communicate("quit\n", timeout=30)
        for file in folder.rglob("*"):
            file.chmod(0o644)
        folder.chmod(0o755)
        (folder / "server-rsa.key").unlink()  # all certificates are made again


EVIL = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\n12:00:00.000Z dev02 login ok=true\x7f\u202e\u2028"


# The broker itself refuses control characters in names and topics, but not these.
IN_A_NAME = "\u202eowned\u2028"


def test_a_device_does_not_steer_the_terminal(tmp_path, terminal):
    process = terminal(tmp_path)
    lines = []
    wait_line(process, lines, "ready")
    cloud = OfFolder(tmp_path)
    device = cloud.devices[0]
    # In the name of a device that is refused, in the client id, in topics, payloads, ids, codes and keys.
    assert Client(cloud, {**device, "deviceName": "x" + IN_A_NAME}).code == 5
    with Client(cloud, device, _v=IN_A_NAME) as client:
        own, sys = OWN.format(**device), S.format(**device)
        client.subscribe(f"{own}/{IN_A_NAME}")
        client.paho.publish(f"{own}/{IN_A_NAME}", EVIL, 1)
        for id_ in (EVIL, 1):
            client.paho.publish(f"{sys}/thing/event/property/post", json.dumps({"id": id_, "params": {EVIL: EVIL}}, ensure_ascii=False), 1)
        client.paho.publish(f"{sys}/thing/event/property/post", json.dumps({"id": EVIL, "params": {EVIL: EVIL}}), 1)
        client.paho.publish(f"{sys}/thing/service/{IN_A_NAME}_reply", json.dumps({"id": [EVIL], "code": {EVIL: EVIL}, "data": EVIL}), 1)
        client.paho.publish(f"{sys}/thing/service/{IN_A_NAME}_reply", EVIL, 1)
        client.paho.publish(f"{own}/last", "the end", 1)
        wait_line(process, lines, "the end")
    said, _ = process.communicate("seen\nonline\nset " + EVIL.replace("\n", "") + " {}\nquit\n", timeout=30)
    said = "".join(lines) + said
    assert said.count("owned") > 10
    bad = {c for c in said if c != "\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2028")}
    assert not bad, bad
    assert not [line for line in said.splitlines() if line.startswith("12:00:00.000Z dev02")]


def connect_packet(device, will, tls):
    mode = 2 if tls else 3
    product, name = device["productKey"], device["deviceName"]
    bare = f"{product}.{name}"
    password = hmac.new(
        device["deviceSecret"].encode(), f"clientId{bare}deviceName{name}productKey{product}".encode(), hashlib.sha256
    ).hexdigest()
    field = lambda text: struct.pack(">H", len(text)) + text.encode()  # noqa: E731
    body = field("MQTT") + bytes([4, 0xC2 | (4 if will else 0)]) + struct.pack(">H", 60)
    body += field(f"{bare}|securemode={mode},signmethod=hmacsha256|")
    if will:
        body += field(f"/{product}/{name}/user/will") + field("gone")
    body += field(f"{name}&{product}") + field(password)
    length = len(body)
    assert 128 <= length < 16384
    return bytes([0x10, length & 0x7F | 0x80, length >> 7]) + body


def connack(cloud, tls, pieces):
    """The code that answers a CONNECT in these pieces, each sent once the one before was surely read."""
    with socket.create_connection(("127.0.0.1", cloud.tls_port if tls else cloud.tcp_port), timeout=30) as stream:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            stream = ssl.create_default_context(cafile=cloud.ca_file).wrap_socket(stream, server_hostname="localhost")
        for piece in pieces:
            stream.sendall(piece)
            time.sleep(0.02)
        answer = stream.recv(4)
        assert answer[:2] == b"\x20\x02", answer
        return answer[3]


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_will_is_seen_however_the_login_is_split(cloud, device, tls):
    packet = connect_packet(device, True, tls)
    splits = [[packet[:at], packet[at:]] for at in range(1, 16)]
    splits.append([packet[at : at + 1] for at in range(20)] + [packet[20:]])
    splits.append([packet[:5], packet[5:9], packet[9:11], packet[11:]])
    splits.append([packet])
    codes = [None] * len(splits)

    def attempt(at):
        codes[at] = connack(cloud, tls, splits[at])

    threads = [threading.Thread(target=attempt, args=(at,)) for at in range(len(splits))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [5] * len(splits)
    # And none is seen where there is none, on a socket that had one before.
    packet = connect_packet(device, False, tls)
    assert connack(cloud, tls, [packet]) == 0
    assert connack(cloud, tls, [packet[:6], packet[6:]]) == 0
    reasons = {record["reason"] for record in cloud.seen(kind="login", device=device["deviceName"]) if not record["ok"]}
    assert all(re.search("will", reason) for reason in reasons)


def test_a_failed_handshake_is_a_line_on_the_terminal(tmp_path, terminal):
    process = terminal(tmp_path)
    lines = []
    wait_line(process, lines, "ready")
    cloud = OfFolder(tmp_path)
    for port in (cloud.tls_port, cloud.https_port):
        with socket.create_connection(("127.0.0.1", port)) as plain, pytest.raises(ssl.SSLError):
            ssl.create_default_context().wrap_socket(plain, server_hostname="localhost").recv(1)
        line = wait_line(process, lines, "tls_failure")
        assert f"port={port}" in line and "unknown ca" in line and "ca.pem" in line
    process.communicate("quit\n", timeout=30)
