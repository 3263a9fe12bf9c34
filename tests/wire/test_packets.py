"""The packets of a whole run, read by Wireshark's decoder, and how the device wrote them.

The run is over plain TCP, through a proxy that records it. What the device hands to TLS is the same.
"""

import re
import shutil

import pytest

import strace
import wireshark
from micropython import Script
from recorder import Chunk, Recorder

CONNECT, CONNACK, PUBLISH, PUBACK = 1, 2, 3, 4
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, DISCONNECT = 8, 9, 10, 11, 14
ANSWERS = {PUBLISH: PUBACK, SUBSCRIBE: SUBACK, UNSUBSCRIBE: UNSUBACK}

# Payloads whose packets need one, two and three bytes for the length.
PAYLOADS = ["温度 21 度", "x" * 500, "y" * 20000]

RUN = f"""
import os, time
from aliyunIoT import Device

key_info = {{
    "productKey": os.getenv("ALIYUN_PRODUCT_KEY"),
    "deviceName": os.getenv("ALIYUN_DEVICE_NAME"),
    "deviceSecret": os.getenv("ALIYUN_DEVICE_SECRET"),
    "tls": False,
}}
topic = "/%s/%s/user/回声" % (key_info["productKey"], key_info["deviceName"])
connects, messages, requests = [], [], []

def wait(list, count):
    while len(list) < count:
        time.sleep_ms(10)

device = Device()
device.on(Device.ON_CONNECT, connects.append)
device.on(Device.ON_SUBCRIBE, messages.append)
device.on(Device.ON_PROPS, requests.append)
device.on(Device.ON_SERVICE, requests.append)
device.on(Device.ON_ERROR, print)
device.connect(key_info)
wait(connects, 1)
device.postProps({{"params": {{"temperature": 21.5}}}})
device.postEvent({{"id": "overheat", "params": {{"temperature": 90}}}})
device.postRaw({{"param": bytes(range(256))}})
device.subscribe({{"topic": topic, "qos": 1}})
for qos in (0, 1):
    for payload in {PAYLOADS!r}:
        device.publish({{"topic": topic, "payload": payload, "qos": qos}})
wait(messages, 6)
print("ready")
wait(requests, 3)
device.unsubscribe({{"topic": topic}})
device.end()
"""


@pytest.fixture(scope="module")
def under(tmp_path_factory):
    """How its writes are noted; None if strace cannot trace here."""
    return strace.notes(tmp_path_factory.mktemp("strace"), "connect", *strace.WRITES)


@pytest.fixture(scope="module")
def recorded(cloud, under):
    """The run: what passed, what the cloud saw, and the port that the device connected to."""
    if not shutil.which(wireshark.PROGRAM):
        pytest.skip("tshark (Wireshark's decoder on the command line) is not installed")
    device = cloud.new_device()
    name = device["deviceName"]
    with Recorder(cloud.tcp_port) as recorder:
        env = {"ALIYUN_IOT_ENDPOINT": f"localhost:{recorder.port}"}
        with Script(RUN, cloud, device, env=env, under=under.under if under else ()) as script:
            script.wait_line("ready")
            cloud.do("set", device=name, params={"LightSwitch": 1})
            cloud.do("service", device=name, service="Toggle", params={})
            cloud.do("rrpc", device=name, service="Toggle", params={})
            assert script.wait() == 0
        recorder.wait()
    assert (script.lines, script.errors) == (["ready"], "")
    return recorder.chunks, cloud.seen(device=name), recorder.port


@pytest.fixture(scope="module")
def packets(recorded):
    decoded, complaints = wireshark.decode(recorded[0])
    assert complaints == []
    return decoded


def up(packets, *types):
    return [packet for packet in packets if packet.up and packet.type in (types or range(16))]


def down(packets, *types):
    return [packet for packet in packets if not packet.up and packet.type in (types or range(16))]


@pytest.mark.parametrize(
    "data",
    [
        bytes.fromhex("3005 0010 616263"),  # PUBLISH with a topic longer than the packet
        bytes.fromhex("4003 0001 00"),  # PUBACK with a byte too many
        bytes.fromhex("e001 00"),  # DISCONNECT with a payload
    ],
)
def test_the_decoder_minds(packets, data):
    decoded, complaints = wireshark.decode([Chunk(True, data)])
    assert complaints or not all(packet.is_covered() for packet in decoded)


def test_every_byte_belongs_to_a_packet(recorded, packets):
    for direction in (True, False):
        passed = sum(len(chunk.data) for chunk in recorded[0] if chunk.up == direction)
        assert sum(packet.size for packet in packets if packet.up == direction) == passed
    for packet in packets:
        assert packet.is_covered(), packet


def test_headers(packets):
    for packet in up(packets):
        # The length says how long it is, in as few bytes as can be.
        length = packet.show("mqtt.len")
        assert 1 + packet.width("mqtt.len") + length == packet.size
        assert packet.width("mqtt.len") == max(1, -(-length.bit_length() // 7))
        # Flags that have no meaning are as MQTT 3.1.1 sets them.
        if packet.type != PUBLISH:
            reserved = 2 if packet.type in (SUBSCRIBE, UNSUBSCRIBE) else 0
            assert packet.show("mqtt.hdr_reserved") == reserved, packet
    assert {packet.width("mqtt.len") for packet in up(packets)} == {1, 2, 3}


def test_texts(packets):
    texts = {
        "mqtt.protoname": "mqtt.proto_len",
        "mqtt.clientid": "mqtt.clientid_len",
        "mqtt.username": "mqtt.username_len",
        "mqtt.passwd": "mqtt.passwd_len",
        "mqtt.topic": "mqtt.topic_len",
    }
    found = set()
    for packet in up(packets):
        for name, length in texts.items():
            if packet.has(name):
                found.add(name)
                assert packet.show(length) == len(packet.raw(name))
                assert "\0" not in packet.raw(name).decode("utf-8")
    assert found == set(texts)


def test_login(packets):
    connect, connack = packets[:2]
    assert (connect.type, connect.up, connack.type, connack.up) == (CONNECT, True, CONNACK, False)
    assert (connect.raw("mqtt.protoname"), connect.show("mqtt.ver")) == (b"MQTT", 4)
    flags = {"uname": 1, "passwd": 1, "retain": 0, "qos": 0, "willflag": 0, "cleansess": 1, "reserved": 0}
    assert {flag: connect.show(f"mqtt.conflag.{flag}") for flag in flags} == flags
    assert connect.show("mqtt.kalive") == 60
    assert connack.show("mqtt.conack.val") == 0
    assert len(up(packets, CONNECT)) == 1


def test_goodbye(packets):
    assert up(packets)[-1].type == DISCONNECT
    assert len(up(packets, DISCONNECT)) == 1


def test_publishes(packets, recorded):
    sent = up(packets, PUBLISH)
    for packet in sent:
        assert packet.show("mqtt.dupflag") == packet.show("mqtt.retain") == 0
        assert packet.has("mqtt.msgid") == (packet.show("mqtt.qos") == 1)
        assert not re.search(b"[+#]", packet.raw("mqtt.topic"))
    # Two posts and raw data, three payloads twice, three answers to the platform.
    assert [packet.show("mqtt.qos") for packet in sent] == [0, 0, 0] + [0, 0, 0] + [1, 1, 1] + [0, 0, 0]
    echoes = [packet for packet in sent if "/user/" in packet.raw("mqtt.topic").decode()]
    assert [packet.raw("mqtt.msg").decode() for packet in echoes] == PAYLOADS * 2
    # What Wireshark reads is what the cloud has read.
    seen = [record for record in recorded[1] if "topic" in record and "subscribe" not in record["kind"]]
    assert [(packet.raw("mqtt.topic").decode(), packet.raw("mqtt.msg").hex()) for packet in sent] == [
        (record["topic"], record.get("hex") or record["payload"].encode().hex()) for record in seen
    ]


def test_subscriptions(packets):
    (subscribe,) = up(packets, SUBSCRIBE)
    (unsubscribe,) = up(packets, UNSUBSCRIBE)
    assert subscribe.show("mqtt.sub.qos") == 1
    assert subscribe.raw("mqtt.topic") == unsubscribe.raw("mqtt.topic")
    echo = next(packet for packet in up(packets, PUBLISH) if packet.raw("mqtt.topic") == subscribe.raw("mqtt.topic"))
    assert packets.index(subscribe) < packets.index(echo)


def test_identifiers(packets):
    """Each packet with an identifier is answered once, and no identifier is in use twice."""
    for side, other in ((up, down), (down, up)):
        waiting = {}
        for packet in packets:
            if packet in side(packets) and packet.type in ANSWERS and packet.has("mqtt.msgid"):
                identifier = packet.show("mqtt.msgid")
                assert identifier != 0 and identifier not in waiting
                waiting[identifier] = ANSWERS[packet.type]
            elif packet in other(packets) and packet.type in ANSWERS.values():
                assert waiting.pop(packet.show("mqtt.msgid")) == packet.type
        assert waiting == {}
    # Its own three messages, a property set and a service call; a synchronous call comes with QoS 0.
    assert len(up(packets, PUBACK)) == 5


def test_no_packet_comes_in_two_pieces(recorded, packets):
    """Without TCP_NODELAY, or with a header written before its payload, a packet would end in another piece."""
    ends, at = set(), 0
    for packet in up(packets):
        at += packet.size
        ends.add(at)
    at = 0
    for chunk in recorded[0]:
        if chunk.up:
            at += len(chunk.data)
            assert at in ends


def test_one_write_a_packet(under, recorded, packets):
    """What the script sends, one after the other, and each answer to the cloud: with it may go the PUBACK alone."""
    if under is None:
        pytest.skip("strace is not installed, or may not trace")
    left = up(packets)
    for written in strace.writes(under.path, recorded[2]):
        group = []
        while sum(packet.size for packet in group) < written:
            group.append(left.pop(0))
        assert sum(packet.size for packet in group) == written
        assert [packet.type for packet in group].count(PUBACK) >= len(group) - 1, group
    assert not left
