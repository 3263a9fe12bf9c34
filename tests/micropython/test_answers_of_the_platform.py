"""What the platform says, as JSON may spell it: words come as text, secrets only from strings, and packets that name nothing
do no harm."""

import json
import re
import socket
import ssl
import threading
from ast import literal_eval

import pytest

from micropython import run

BEGIN = """\
import json, kv, os, time
from aliyunIoT import Device

pair = {"productKey": os.getenv("ALIYUN_PRODUCT_KEY"), "deviceName": os.getenv("ALIYUN_DEVICE_NAME")}
device = Device()
device.on(Device.ON_ERROR, lambda error: print("error", json.dumps(error)))

def wait(until, seconds=20):
    end = time.ticks_add(time.ticks_ms(), seconds * 1000)
    while not until() and time.ticks_diff(end, time.ticks_ms()) > 0:
        time.sleep_ms(5)

"""
CONNACK = b"\x20\x02\x00\x00"


class Link:
    """One connection of a device: its packets, and what is sent back."""

    def __init__(self, connection):
        self.connection = connection
        self.stream = connection.makefile("rb")

    def packet(self):
        """First byte and body of the next packet; nothing at the end of the stream."""
        first = self.stream.read(1)
        if not first:
            return None, b""
        length = shift = 0
        while True:
            byte = self.stream.read(1)[0]
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return first[0], self.stream.read(length)

    def publish(self, topic, payload, packet_id=None):
        body = len(topic).to_bytes(2, "big") + topic.encode()
        body += b"" if packet_id is None else packet_id.to_bytes(2, "big")
        body += payload.encode()
        assert len(body) < 1 << 14
        length = bytes([len(body)]) if len(body) < 128 else bytes([len(body) & 0x7F | 0x80, len(body) >> 7])
        self.connection.sendall((b"\x30" if packet_id is None else b"\x32") + length + body)


class Server:
    """Has each connection served by the next of `behaviours`, the last one also for all that follow."""

    def __init__(self, *behaviours, tls=None):
        self.behaviours = list(behaviours)
        self.tls = tls
        self.connections = 0
        self.failures = []

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        assert not self.failures, self.failures

    def _run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            behave = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
            self.connections += 1
            try:
                if self.tls:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                with connection:
                    behave(Link(connection))
            except OSError:
                pass  # the device has gone
            except Exception as failure:
                self.failures.append(failure)


@pytest.fixture
def play(cloud, device, tmp_path):
    def start(body, server, https=False):
        endpoint = "ALIYUN_IOT_HTTPS_ENDPOINT" if https else "ALIYUN_IOT_ENDPOINT"
        env = {"ALIYUN_IOT_STORE": str(tmp_path / "kv"), endpoint: f"localhost:{server.port}"}
        ended = run(BEGIN + body, cloud, device, env=env)
        assert (ended.code, ended.errors) == (0, "")
        return ended.lines

    return start


@pytest.fixture
def tls(cloud):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cloud.dir / "server.pem", cloud.dir / "server.key")
    return context


# ---- Words

WORDS = [
    (r'"\u5c5e\u6027\u4e0d\u5b58\u5728: \"Temp\""', '属性不存在: "Temp"'),
    (r'"a\/b\\c\"d\b\f\n\r\t\u0041"', 'a/b\\c"d\b\f\n\r\tA'),
    (r'"\ud83d\ude00 \uD83D\uDE00"', "😀 😀"),
    (r'"\ud83d and \ude00 \ud83dx"', "\ufffd and \ufffd \ufffdx"),
    (r'"\\u5c5e"', r"\u5c5e"),
    ('"已经"', "已经"),
]
# What is no string is no words, and costs no code.
NO_WORDS = ["null", "5", "true", '{"message":"x"}', '["x"]', '""']


def reply_to_posts(messages):
    def behave(link):
        link.packet()
        link.connection.sendall(CONNACK)
        for message in messages:
            first, body = link.packet()
            if first is None:
                return
            assert first >> 4 == 3
            number = re.search(rb'"id":"(\d+)"', body)[1].decode()
            topic = body[2 : 2 + int.from_bytes(body[:2], "big")].decode()
            link.publish(topic + "_reply", f'{{"message":{message},"id":"{number}","code":460}}')
        link.packet()

    return behave


@pytest.mark.parametrize("callback", [True, False], ids=["callback", "ON_ERROR"])
def test_the_words_of_replies_are_text(play, callback):
    messages = [message for message, _ in WORDS] + NO_WORDS
    body = """
told = []
device.on(Device.ON_ERROR, lambda error: told.append([error["code"], error["msg"]]))
up = []
device.on(Device.ON_CONNECT, up.append)
device.connect(dict(pair, deviceSecret="s", tls=False))
wait(lambda: up)
for number in range(COUNT):
    if CALLBACK:
        device.postProps({"params": {"a": 1}}, lambda reply: told.append([reply["code"], reply["message"]]))
    else:
        device.postEvent({"id": "e", "params": {"a": 1}})
    wait(lambda: len(told) > number)
print(json.dumps(told))
device.end()
"""
    body = body.replace("COUNT", str(len(messages))).replace("CALLBACK", str(callback))
    with Server(reply_to_posts(messages)) as server:
        told = json.loads(play(body, server)[-1])
    empty = "" if callback else "the platform refused a post"
    assert told == [[460, words] for _, words in WORDS] + [[460, empty]] * len(NO_WORDS)


def http(body, *, before=b"", headers=None, status="200 OK"):
    """Answers one request."""

    def behave(link):
        while link.stream.readline() not in (b"\r\n", b""):
            pass
        data = body.encode()
        head = headers.format(len=len(data)) if headers else f"Content-Length: {len(data)}"
        link.connection.sendall(before + f"HTTP/1.1 {status}\r\n{head}\r\n\r\n".encode() + data)

    return behave


def data(device, rest):
    return f'{{"productKey":"{device["productKey"]}","deviceName":"{device["deviceName"]}",{rest}}}'


def success(device, rest):
    return f'{{"code":200,"data":{data(device, rest)},"message":"success"}}'


REGISTER = """
print(device.register(dict(pair, productSecret="p"MORE), lambda secret: print("secret", secret)))
print(repr(kv.get("_amp_customer_devicesecret")))
"""


@pytest.mark.parametrize("message, words", [*WORDS[:4], ("null", None), ('{"a":1}', None)])
def test_the_words_of_a_refused_registration_are_text(play, tls, message, words):
    with Server(http(f'{{"code":6288,"message":{message}}}'), tls=tls) as server:
        error, returned, stored = play(REGISTER.replace("MORE", ""), server, https=True)
    assert json.loads(error.split(" ", 1)[1]) == {"code": 6288, "msg": words or "the server refused the registration"}
    assert (returned, stored) == ("-1", "None")


# ---- Secrets

NO_SECRETS = ["null", "true", "123456", '{"a":"s"}', '["s"]', '""', '"a b"', r'"a\u0000b"', r'"\u00e9"', '"' + "x" * 65 + '"']


@pytest.mark.parametrize("value", NO_SECRETS, ids=lambda value: value[:12])
def test_only_a_string_is_a_secret_over_https(device, play, tls, value):
    wrong, right = (http(success(device, f'"deviceSecret":{secret}')) for secret in (value, r'"right\/\u0041\"\\"'))
    with Server(wrong, right, tls=tls) as server:
        error, told, returned, stored = play(REGISTER.replace("MORE", ""), server, https=True)
    assert "no answer to a registration" in error
    assert (told, returned, literal_eval(stored)) == ('secret right/A"\\', "0", 'right/A"\\')
    assert server.connections == 2


def pushes(topic, payload, acknowledged):
    """Registers over MQTT; what the device does with the answer is told in `acknowledged`."""

    def behave(link):
        link.packet()
        link.connection.sendall(CONNACK)
        link.publish(topic, payload, packet_id=0x1234)
        acknowledged.append(link.packet())
        assert link.packet()[0] is None

    return behave


@pytest.mark.parametrize(
    "way, rest, right",
    [
        ("register", '"deviceSecret":{}', '"right"'),
        ("regnwl", '"clientId":"^1^x","deviceToken":{}', '"right"'),
        ("regnwl", '"deviceToken":"right","clientId":{}', '"^1^x"'),
    ],
    ids=["secret", "token", "client id"],
)
@pytest.mark.parametrize("value", ["null", "7", '{"a":"s"}', '" "', "true"])
def test_only_a_string_is_a_secret_over_mqtt(device, play, way, rest, right, value):
    acknowledged = []
    wrong, good = (pushes(f"/ext/{way}", data(device, rest.replace("{}", one)), acknowledged) for one in (value, right))
    with Server(wrong, good) as server:
        error, told, returned, stored = play(REGISTER.replace("MORE", f', authType="{way}", tls=False'), server)
    assert "no answer to a registration" in error
    assert (told, returned) == ("secret right", "0") and "right" in stored
    # What is not taken is not acknowledged; what is, before the link is closed [MQTT-4.3.2-2].
    assert acknowledged == [(None, b""), (0x40, b"\x12\x34")]


# ---- HTTP


@pytest.mark.parametrize(
    "before",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
    ],
    ids=["one", "several"],
)
def test_interim_responses_are_passed_over(device, play, tls, before):
    with Server(http(success(device, '"deviceSecret":"s"'), before=before), tls=tls) as server:
        assert play(REGISTER.replace("MORE", ""), server, https=True) == ["secret s", "0", "'s'"]


@pytest.mark.parametrize(
    "headers, taken",
    [
        ("Content-Length: {len}\r\nContent-Length: {len}", True),
        ("Content-Length: {len}, {len}", True),
        ("Content-Length: 5\r\nContent-Length: {len}", False),
        ("Content-Length: {len}\r\nContent-Length: 5", False),
        ("Content-Length: {len}, 5", False),
        ("Content-Length: +{len}", False),
        ("Content-Length: -{len}", False),
        ("Content-Length: 0x{len:x}", False),
        ("Content-Length: {len}\r\nTransfer-Encoding: chunked", False),
        ("Transfer-Encoding: chunked\r\nContent-Length: {len}", False),
        ("X: y\r\n Content-Length: {len}", False),
    ],
)
def test_a_length_is_told_in_one_way(device, play, tls, headers, taken):
    odd = http(success(device, '"deviceSecret":"odd"'), headers=headers)
    with Server(odd, http(success(device, '"deviceSecret":"even"')), tls=tls) as server:
        lines = play(REGISTER.replace("MORE", ""), server, https=True)
    assert lines[-3:] == (["secret odd", "0", "'odd'"] if taken else ["secret even", "0", "'even'"])
    assert [("no answer to a registration" in line) for line in lines[:-3]] == [] if taken else [True]


# ---- Packets

SESSION = """
up, down, delivered = [], [], []
device.on(Device.ON_CONNECT, up.append)
device.on(Device.ON_DISCONNECT, down.append)
device.connect(dict(pair, deviceSecret="s", tls=False))
wait(lambda: up)
topic = "/%s/%s/user/x" % (pair["productKey"], pair["deviceName"])
print(device.publish({"topic": topic, "payload": "x", "qos": 1}, lambda reply: delivered.append(reply["code"])))
wait(lambda: delivered or down)
print(delivered, len(up), json.dumps(down))
device.end()
"""


def answers_a_publish(first):
    """Sends `first`, then the PUBACK that the device waits for."""

    def behave(link):
        link.packet()
        link.connection.sendall(CONNACK)
        kind, body = link.packet()
        assert kind & 0xF6 == 0x32
        at = 2 + int.from_bytes(body[:2], "big")
        link.connection.sendall(first + b"\x40\x02" + body[at : at + 2])
        link.packet()

    return behave


@pytest.mark.parametrize(
    "packets",
    [b"\x40\x02\x00\x63", b"\x40\x02\xff\xff" * 50, b"\xb0\x02\x00\x07", b"\x90\x03\x00\x07\x00", b"\x90\x03\x00\x07\x80"],
    ids=["PUBACK", "many", "UNSUBACK", "SUBACK", "SUBACK with a refusal"],
)
def test_what_names_nothing_is_ignored(play, packets):
    with Server(answers_a_publish(packets)) as server:
        assert play(SESSION, server) == ["0", "[200] 1 []"]
    assert server.connections == 1


@pytest.mark.parametrize(
    "packet, words",
    [
        (b"\x32\x05\x00\x01a\x00\x00", "a message with the packet identifier 0"),
        (b"\x40\x02\x00\x00", "acknowledged a packet with the identifier 0"),
        (b"\x34\x05\x00\x01a\x00\x01", "uses QoS 2"),
        (b"\x50\x02\x00\x01", "uses QoS 2"),
        (b"\x62\x02\x00\x01", "uses QoS 2"),
        (b"\x70\x02\x00\x01", "uses QoS 2"),
    ],
    ids=["PUBLISH 0", "PUBACK 0", "PUBLISH", "PUBREC", "PUBREL", "PUBCOMP"],
)
def test_what_ends_a_link_is_named(play, packet, words):
    with Server(answers_a_publish(packet)) as server:
        told = next(line for line in play(SESSION.replace("delivered or down", "down"), server) if line.startswith("["))
    message = json.loads(told[told.index(" [{") :])[0]["msg"]
    assert words in message and "MQTT port" not in message


@pytest.mark.parametrize("greeting", [b"220 mail.test ESMTP\r\n", b"SSH-2.0-x\r\n", b"Password: ", b"\xff\xfd\x18"])
def test_a_greeting_that_is_not_mqtt_is_told_at_once(play, greeting):
    def behave(link):
        link.connection.sendall(greeting)
        link.packet()

    body = """
errors = []
device.on(Device.ON_ERROR, lambda error: errors.append(error["msg"]))
device.connect(dict(pair, deviceSecret="s", tls=False))
wait(lambda: errors)
print(errors[0])
device.end()
"""
    with Server(behave) as server:
        assert "is this an MQTT port?" in play(body, server)[0]


# ---- Limits


def test_limits_are_named(cloud, device):
    body = """
device.on(Device.ON_ERROR, lambda error: None)  # the secret is none
device.connect(dict(pair, deviceSecret="s"))
deep = "1"
for _ in range(33):
    deep = '{"a":%s}' % deep
nested = []
for _ in range(40):
    nested = [nested]
for call in (
    lambda: device.postProps({"params": deep}),
    lambda: device.postProps({"params": {"a": nested}}),
    lambda: device.postEvent({"id": "e", "params": deep}),
    lambda: device.subscribe({"topic": "/" + 255 * "x"}),
    lambda: device.unsubscribe({"topic": 128 * "/+"}),
):
    try:
        print(call())
    except ValueError as error:
        print(error)
device.end()
"""
    lines = run(BEGIN + body, cloud, device).lines
    assert [line.split(": ", 1)[0] for line in lines] == ["postProps()", "postProps()", "postEvent()", "subscribe()", "unsubscribe()"]
    assert all("32 levels" in line for line in lines[:3]) and all("255 bytes" in line for line in lines[3:])
