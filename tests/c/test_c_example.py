"""The C example, and the port over BSD sockets under it, against the local cloud: over TLS and plain TCP, sanitized and
under valgrind, and when things go wrong."""

import os
import pathlib
import queue
import re
import signal
import socket
import subprocess
import threading
import time

import pytest

# How long anything is waited for before it is given up, and how long the example runs unless it is told to end: neither
# is what is tested.
WITHIN, RUNS = 120, 900


class Running:
    """The example at work; `wait_line` waits for what it prints. Over TLS if there is a file of trust roots, `ca`, or
    with `ca=""` those that are built in."""

    def __init__(self, command, device, host, port, seconds=RUNS, ca=None, environment=None):
        more = environment or {}
        environment = {
            **os.environ,
            "ALIYUN_PRODUCT_KEY": device["productKey"],
            "ALIYUN_DEVICE_NAME": device["deviceName"],
            "ALIYUN_DEVICE_SECRET": device["deviceSecret"],
        }
        environment.update(more)
        environment.pop("SSL_CERT_FILE", None)
        if ca:
            environment["SSL_CERT_FILE"] = str(ca)
        command = [*command, *(["--without-tls"] if ca is None else []), host, str(port), str(seconds)]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines = []
        self._queue = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def wait_line(self, pattern):
        end = time.monotonic() + WITHIN
        while True:
            try:
                line = self._queue.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                line = None
            assert line is not None, f"no line like {pattern!r} in {WITHIN} s: {self.lines}"
            self.lines.append(line)
            if re.search(pattern, line):
                return line

    def end(self):
        """Waits for its own end; returns how it ended."""
        status = self.process.wait(timeout=WITHIN)
        self._reader.join()
        while (line := self._queue.get()) is not None:
            self.lines.append(line)
        return status

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self._reader.join()
        self.process.stdout.close()


@pytest.fixture(params=["tls", "plain"])
def link(request, cloud):
    """How to reach the cloud: host, port, and what `Running` is told of TLS."""
    if request.param == "tls":
        return {"host": "localhost", "port": cloud.tls_port, "ca": cloud.ca_file}
    return {"host": cloud.host, "port": cloud.tcp_port}


def test_a_whole_life(command, cloud, device, link):
    name = device["deviceName"]
    topic = f"/{device['productKey']}/{name}/user/get"
    tls = "ca" in link
    with Running(command, device, **link) as running:
        running.wait_line("publish .* delivered")
        login = cloud.wait_seen(kind="login", device=name)
        assert login["ok"] and login["signmethod"] == "hmacsha256"
        assert (login["tls"], login["securemode"]) == (tls, "2" if tls else "3")
        post = cloud.wait_seen(kind="property_post", device=name)
        assert (post["params"], post["code"], post["answered"]) == ({"LightSwitch": 1}, 200, True)
        publish = cloud.wait_seen(kind="publish", device=name)
        assert (publish["topic"], publish["payload"], publish["qos"]) == (topic, "hello from C", 1)

        asked = cloud.do("set", device=name, params={"LightSwitch": 0, "名": "灯"})["id"]
        reply = cloud.wait_seen(kind="set_reply", device=name)
        assert (reply["id"], reply["code"]) == (asked, 200) and "fault" not in reply
        running.wait_line('set: {.*"LightSwitch":0')

        asked = cloud.do("rrpc", device=name, service="reboot", params={"in": 3})
        reply = cloud.wait_seen(kind="rrpc_reply", device=name)
        assert reply["service"] == "reboot" and reply["rid"] == asked["rid"]
        running.wait_line('service reboot: {"in":3}')

        cloud.do("raw", device=name, hex="00ff10")
        running.wait_line("raw data: 3 bytes")
        cloud.do("publish", topic=topic, payload="y" * 4000)
        running.wait_line("dropped 4[0-9]{3} bytes: rx is too small; dropped so far: 1")
        assert running.interrupt() == 0
    assert running.lines[-1] == "closed"
    assert "connected" in running.lines and "post answered: 200 success" in running.lines
    assert f"message on {topic}: hello from C (12 bytes)" in running.lines
    cloud.wait_seen(kind="disconnect", device=name)
    assert not cloud.seen(kind="refused", device=name) and len(cloud.seen(kind="login", device=name)) == 1


def test_it_comes_back_with_its_subscriptions(command, cloud, device, link):
    name = device["deviceName"]
    with Running(command, device, **link) as running:
        running.wait_line("delivered")
        for _ in range(2):
            cloud.do("drop", device=name)
            # A connection that is closed with something unread is reset, which is another error.
            running.wait_line("connection lost: the (server closed the connection|connection failed)")
            running.wait_line("^connected again")
            running.wait_line("subscription to .* granted")
            running.wait_line("message on .*hello from C")
            running.wait_line("delivered")
        assert running.interrupt() == 0
    assert len(cloud.seen(kind="login", device=name)) == 3
    assert len(cloud.seen(kind="property_post", device=name)) == 1, "a post belongs to the first connection"


def test_a_network_that_moves_seven_bytes_at_a_time(stingy_example, cloud, device, link):
    name = device["deviceName"]
    with Running([stingy_example], device, **link) as running:
        running.wait_line("publish .* delivered")
        for number in range(20): # more than one read takes, and none of them is left lying
            cloud.do("set", device=name, params={"number": number, "text": "x" * 1000})
        for number in range(20):
            running.wait_line(f'set: .*"number":{number},')
        assert running.interrupt() == 0
    assert [record["code"] for record in cloud.seen(kind="set_reply", device=name)] == 20 * [200]


def test_it_ends_by_itself(example, cloud, device):
    with Running([example], device, cloud.host, cloud.tcp_port, seconds=5) as running:
        running.wait_line("^connected")
        assert running.end() == 0
    assert running.lines[-1] == "closed"


def test_a_wrong_secret_is_told_in_words(command, cloud, device):
    wrong = {**device, "deviceSecret": "0" * 32}
    with Running(command, wrong, cloud.host, cloud.tcp_port) as running:
        line = running.wait_line("no connection")
        assert line.endswith("bad user name or password; check productKey, deviceName and secret")
        assert running.interrupt() == 0
    assert not any("0000" in line for line in running.lines)
    login = cloud.wait_seen(kind="login", device=device["deviceName"])
    assert (login["ok"], login["code"]) == (False, 4)


def test_other_refusals_have_words_of_their_own(example, cloud, device):
    words = {1: "MQTT 3.1.1", 2: "client identifier", 3: "not available", 5: "not authorised"}
    for code, expected in words.items():
        cloud.do("refuse", code=code)
        with Running([example], device, cloud.host, cloud.tcp_port) as running:
            assert expected in running.wait_line("no connection: refused")
            assert running.interrupt() == 0


def test_a_server_that_is_not_there(command, device):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with Running(command, device, "127.0.0.1", taken.getsockname()[1]) as running:
            running.wait_line("no connection: the connection failed: Connection refused")
            time.sleep(3)
            assert running.interrupt() == 0
    assert running.lines[-1] == "closed"
    tries = sum("no connection" in line for line in running.lines)
    assert tries <= 6, "the waits are 0.5 s at least, then 1, 2, 4 and 8"


def test_a_name_that_is_not_there(example, device):
    with Running([example], device, "nowhere.invalid", 1883) as running:
        running.wait_line("no connection: the connection failed: ")
        assert running.interrupt() == 0


def serve(answer):
    """A server that answers the first bytes of each connection with `answer`, and then is silent."""
    listener = socket.create_server(("127.0.0.1", 0))
    kept = []

    def run():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            kept.append(connection)
            connection.recv(2000)
            connection.sendall(answer)

    threading.Thread(target=run, daemon=True).start()
    return listener, kept


@pytest.mark.parametrize(
    "answer, words",
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "is this an MQTT port"),
        (b"\x20\x02\x02\x00", "wrong SUBACK or CONNACK"),
        (b"\x30\x03\x00\x01a", "out of order"),
        (b"\x30\xff\xff\xff\xff\x7f", "wrong length"),
    ],
    ids=["http", "connack", "order", "length"],
)
def test_a_server_that_is_no_mqtt_server(sanitized_example, device, answer, words):
    listener, kept = serve(answer)
    with listener, Running([sanitized_example], device, "127.0.0.1", listener.getsockname()[1]) as running:
        assert words in running.wait_line("no connection")
        assert running.interrupt() == 0
    for connection in kept:
        connection.close()


def test_wrong_credentials_are_told_before_any_connection(example, device):
    for field, words in {"productKey": "productKey must", "deviceName": "deviceName must", "deviceSecret": "deviceSecret must"}.items():
        with Running([example], {**device, field: ""}, "127.0.0.1", 1) as running:
            assert running.end() == 1
        assert words in running.lines[0]


def test_idle_costs_no_processor_time(example, cloud, device, link):
    def used(pid):
        """Clock ticks of processor time, and how often it has waited."""
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        return int(fields[11]) + int(fields[12]), int(re.search(r"\bvoluntary_ctxt_switches:\s+(\d+)", status)[1])

    with Running([example], device, **link) as running:
        for _ in range(3): # in any order
            running.wait_line("delivered|message on|post answered")
        time.sleep(0.5)
        ticks, waits = used(running.process.pid)
        time.sleep(2)
        ticks, waits = (after - before for after, before in zip(used(running.process.pid), (ticks, waits)))
        # A look every 100 ms would be twenty waits, and a loop that never waits two hundred ticks of 10 ms.
        assert waits < 10 and ticks <= 5
        assert running.interrupt() == 0


USAGE = [[], ["localhost"], ["--help"], ["-h"], ["--faster", "localhost", "1883"], ["--upload"], ["localhost", "1", "2", "3"]]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_how_to_run_it(example, arguments):
    done = subprocess.run([example, *arguments], capture_output=True, text=True, timeout=WITHIN)
    assert (done.returncode, done.stdout) == (2, "")
    for words in ("usage: device [option …] host port [seconds]", "--register", "--https port", "--time", "--upload file",
        "ALIYUN_PRODUCT_KEY"):
        assert words in done.stderr


def test_a_file_that_is_not_there(example):
    command = [example, "--upload", "/no/such/file", "localhost", "1883"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN)
    assert done.returncode == 2 and done.stderr == "/no/such/file cannot be read\n"


def test_registration_time_and_upload(command, cloud, tmp_path):
    link = {"host": "localhost", "port": cloud.tls_port, "ca": cloud.ca_file}
    fresh = cloud.new_device()
    file = tmp_path / "picture.jpg"
    file.write_bytes(bytes(range(256)) * 20)
    asked = ["--register", "--time", "--upload", str(file)]
    environment = {"ALIYUN_PRODUCT_SECRET": fresh["productSecret"], "ALIYUN_DEVICE_SECRET": ""}
    with Running([*command, *asked], fresh, **link, environment=environment) as running:
        running.wait_line("^uploaded as ")
        assert running.interrupt() == 0
    assert "registered" in running.lines and "connected" in running.lines
    assert any(re.fullmatch(r"it is 1[0-9]{12} ms since 1970 in UTC, give or take [0-9]+ ms", line) for line in running.lines)
    kept = cloud.do("file", device=fresh["deviceName"], name=file.name)
    assert kept["size"] == file.stat().st_size
    assert not any(secret in line for line in running.lines for secret in (fresh["productSecret"], fresh["deviceSecret"] or "?"))


def test_registration_over_https(command, cloud):
    link = {"host": "localhost", "port": cloud.tls_port, "ca": cloud.ca_file}
    fresh = cloud.new_device()
    environment = {"ALIYUN_PRODUCT_SECRET": fresh["productSecret"], "ALIYUN_DEVICE_SECRET": ""}
    with Running([*command, "--https", str(cloud.https_port)], fresh, **link, environment=environment) as running:
        running.wait_line("^registered$")
        running.wait_line("^connected$")
        assert running.interrupt() == 0
    assert cloud.wait_seen(kind="registration", device=fresh["deviceName"])["way"] == "https"
    assert cloud.wait_seen(kind="login", device=fresh["deviceName"])["ok"]


def test_a_registration_that_is_refused(command, cloud, device, link):
    environment = {"ALIYUN_PRODUCT_SECRET": "wrong"}
    with Running([*command, "--register"], device, **link, environment=environment) as running:
        running.wait_line("^not registered: ")
        assert running.end() == 1


HOSTILE = {
    "\x1b[2J": r"\x1b[2J",
    "\x07\x00\x7f": r"\x07\x00\x7f",
    "a\nset: forged": r"a\x0aset: forged",
    "a\r\tb": r"a\x0d\x09b",
    "\x9b31m": r"\xc2\x9b31m",
    "灯 é 🙂": "灯 é 🙂",
}


def test_what_the_network_says_cannot_steer_a_terminal(example, cloud, device):
    topic = f"/{device['productKey']}/{device['deviceName']}/user/get"
    with Running([example], device, cloud.host, cloud.tcp_port) as running:
        running.wait_line("delivered")
        for number, (said, shown) in enumerate(HOSTILE.items()):
            cloud.do("publish", topic=topic, payload=f"{number}<{said}>")
            line = running.wait_line(rf"^message on .*: {number}<")
            assert f"<{shown}> (" in line, repr(line)
        assert running.interrupt() == 0
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for line in running.lines for c in line)
