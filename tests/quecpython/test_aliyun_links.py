"""Refused logins, lost links and Ctrl-C with QuecPython's `aLiYun`: what is reported, once, and what is lost: nothing."""

import re

import pytest

from network import Fault, Network
from quec_scripts import ends_well, own

ONLINE = """
ali = aLiYun(key, None, name, secret)
ali.error_register_cb(print)
print(ali.setMqtt(name, keepAlive=60, reconn=%s))
ali.setCallback(on_message)
ali.subscribe(USER + "get", 1)
ali.start()
"""


@pytest.mark.parametrize("code", [1, 2, 4, 5])
def test_a_refused_login_is_said_once(cloud, device, start, code):
    """And ends setMqtt(): another attempt would end as this one."""
    cloud.do("refuse", code=code, count=9)
    text = """
ali = aLiYun(key, None, name, secret)
ali.error_register_cb(print)
before = time.ticks_ms()
print(ali.setMqtt(name), ali.getAliyunSta())
ali.subscribe(USER + "get")
print(ali.publish(USER + "update", "a", qos=1), ali.disconnect())
"""
    lines = ends_well(start(text).start())
    cloud.do("refuse", code=3, count=0)
    assert re.fullmatch(rf"aLiYun: error {code}: .+ \(device {device['deviceName']}\)", lines[0])
    assert lines[1:] == ["-1 -1", "False None"]
    assert [record["code"] for record in cloud.seen(kind="login", device=device["deviceName"])] == [code]


def test_a_wrong_secret_names_the_scripts_arguments(device, start):
    text = 'ali = aLiYun(key, None, name, "0" * 32)\nprint(ali.setMqtt(name))\n'
    lines = ends_well(start(text).start())
    assert lines[0].startswith("aLiYun: error 4: refused: bad user name or password; check productKey, DeviceName and secret")
    assert lines[1:] == ["-1"]


def test_a_busy_server_is_asked_again(cloud, device, start):
    cloud.do("refuse", code=3, count=1)
    lines = ends_well(start("ali = aLiYun(key, None, name, secret)\nprint(ali.setMqtt(name))\nali.disconnect()\n").start())
    assert len(lines) == 2 and lines[0].startswith("aLiYun: error 3: ") and lines[1] == "0"


def test_a_server_that_says_nothing_ends_setmqtt(cloud, device, start):
    """Within its bound, which is shortened here; nothing goes on behind it."""
    text = """
import _quecmqtt
_quecmqtt._CONNECT_MS = 1000
ali = aLiYun(key, None, name, secret, "localhost", PORT)
print(ali.setMqtt(name), ali.getAliyunSta())
time.sleep_ms(50)
"""
    with Network(cloud.tls_port, [Fault("stall")] * 9) as network:
        lines = ends_well(start(text.replace("PORT", str(network.port)), env={"ALIYUN_IOT_ENDPOINT": None}).start())
    assert lines == [f"aLiYun: error -40: not connected within 1 seconds (device {device['deviceName']})", "-1 -1"]


def test_ctrl_c_ends_setmqtt(cloud, device, start):
    text = """
ali = aLiYun(key, None, name, secret, "localhost", PORT)
print("connecting")
try:
    ali.setMqtt(name)
except KeyboardInterrupt:
    print("interrupted", ali.getAliyunSta())
"""
    with Network(cloud.tls_port, [Fault("stall")] * 9) as network:
        script = start(text.replace("PORT", str(network.port)), env={"ALIYUN_IOT_ENDPOINT": None})
        with script:
            script.wait_line("connecting")
            script.interrupt()
            assert script.wait() == 0
    assert script.lines == ["connecting", "interrupted -1"]


def test_a_lost_link_comes_back_and_each_event_comes_once(cloud, device, start):
    text = """
until(lambda: ali.getAliyunSta() == 1)
until(lambda: ali.getAliyunSta() == 0)
until(lambda: got)
ali.disconnect()
"""
    name = device["deviceName"]
    with start(ONLINE % True + text) as script:
        cloud.wait_seen(kind="subscribe", device=name)
        cloud.do("drop", device=name)
        script.wait_line("reconnect_success")
        cloud.do("publish", topic=own(device, "get"), payload="after")
        lines = ends_well(script)
    assert lines == ["0", "reconnect_start", "reconnect_success", f"{own(device, 'get').encode()} b'after'"]


def test_without_an_error_callback_the_loss_is_printed(cloud, device, start):
    with start(ONLINE.replace("ali.error_register_cb(print)\n", "") % True + 'until(lambda: got)\nali.disconnect()\n') as script:
        subscribed = cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        cloud.do("drop", device=device["deviceName"])
        script.wait_line("connection lost: ")
        cloud.wait_seen(kind="login", device=device["deviceName"], since=subscribed["n"])
        cloud.do("publish", topic=own(device, "get"), payload="after")
        lines = ends_well(script)
    assert re.fullmatch(rf"aLiYun: connection lost: .+ \(device {device['deviceName']}\)", lines[1]) and len(lines) == 3


def test_without_reconn_the_error_is_said_once_and_it_stays_away(cloud, device, start):
    text = """
until(lambda: ali.getAliyunSta() == 2)
time.sleep_ms(1500)
print(ali.getAliyunSta(), ali.publish(USER + "update", "a", qos=1), ali.disconnect(), ali.getAliyunSta())
"""
    name = device["deviceName"]
    with start(ONLINE % False + text) as script:
        cloud.wait_seen(kind="subscribe", device=name)
        cloud.do("drop", device=name)
        lines = ends_well(script)
    assert len(lines) == 3 and (lines[0], lines[2]) == ("0", "2 False None -1")
    assert lines[1] and not lines[1].startswith("reconnect")
    assert len(cloud.seen(kind="login", device=name)) == 1


def test_without_reconn_the_error_callback_can_connect_again(cloud, device, start):
    """Its result is true there, too."""
    text = """
def again(error):
    got.append(ali.setMqtt(name, reconn=False))

ali.error_register_cb(again)
until(lambda: len(got) == 2 and 0 in got)
print(ali.getAliyunSta())
ali.disconnect()
"""
    name = device["deviceName"]
    with start(ONLINE % False + text) as script:
        subscribed = cloud.wait_seen(kind="subscribe", device=name)
        cloud.do("drop", device=name)
        # The subscription lasts.
        cloud.wait_seen(kind="subscribe", device=name, since=subscribed["n"])
        cloud.do("publish", topic=own(device, "get"), payload="after")
        lines = ends_well(script)
    assert lines == ["0", f"{own(device, 'get').encode()} b'after'", "0"]


def test_a_refused_subscription_is_said(device, start):
    text = 'ali.subscribe("/a/b/user/get")\ntime.sleep_ms(300)\nali.disconnect()\n'
    lines = ends_well(start(ONLINE % True + text).start())
    assert lines == ["0", f"aLiYun: error -45: the server refused the subscription to /a/b/user/get (device {device['deviceName']})"]


def test_a_subscription_that_finds_no_room_is_said(start):
    """Those made before setMqtt(), by a line; those made behind it, by -1."""
    text = """
ali = aLiYun(key, None, name, secret)
topics = ["%s%02d%s" % (USER, number, "t" * 80) for number in range(10)]
print([ali.subscribe(topic) for topic in topics])
ali.setMqtt(name)
print(ali.subscribe(topics[0] + "more"))
ali.disconnect()
"""
    first, *said, last = ends_well(start(text).start())
    assert (first, last) == (str([0] * 10), "-1")
    assert said and all(line.startswith("aLiYun: error -45: /") and ": the memory for topics is full (" in line for line in said)


# Three losses right after a login count as a second device with the same identity, for which a device waits minutes. So
# each round has two, and begins with a call of setMqtt().
ROUNDS, CUTS, MESSAGES = 10, 2, 16
# After the handshakes of TLS and MQTT, in the midst of the messages.
AFTER = 6_000
CUT = """
events = []
ali = aLiYun(key, None, name, secret)
ali.error_register_cb(events.append)
ali.subscribe(USER + "update", 1)
ali.setCallback(lambda topic, msg: got.append(msg[:4]))
ali.start()
for turn in range(ROUNDS):
    results = [ali.setMqtt(name)]
    for number in range(turn * MESSAGES, (turn + 1) * MESSAGES):
        results.append(ali.publish(USER + "update", "%04d%s" % (number, "." * 700), qos=1))
        time.sleep_ms(2)
    until(lambda: len(set(got)) == (turn + 1) * MESSAGES, 100)
    ali.disconnect()
    if results != [0] + [True] * MESSAGES:
        print(results)
print(events.count("reconnect_start"), events.count("reconnect_success"), len(events))
"""


@pytest.mark.slow
def test_twenty_cuts_lose_nothing(cloud, device, start):
    """Neither what the script publishes nor what the platform sends, which is the same here."""
    faults = ([Fault("cut", AFTER)] * CUTS + [Fault("cut", 1 << 40)]) * ROUNDS
    text = CUT.replace("ROUNDS", str(ROUNDS)).replace("MESSAGES", str(MESSAGES))
    with Network(cloud.tls_port, faults) as network:
        with start(text, env={"ALIYUN_IOT_ENDPOINT": f"localhost:{network.port}"}) as script:
            lines = ends_well(script)
        assert network.struck == ROUNDS * CUTS
    assert lines == [f"{ROUNDS * CUTS} {ROUNDS * CUTS} {2 * ROUNDS * CUTS}"]
    sent = [int(record["payload"][:4]) for record in cloud.seen(kind="publish", device=device["deviceName"])]
    assert list(dict.fromkeys(sent)) == list(range(ROUNDS * MESSAGES))
