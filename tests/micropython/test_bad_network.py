"""A network that cuts, resets, stalls, splits, delays, half-closes and corrupts: does the device come back, tell its user,
and lose nothing at QoS 1, over TLS and plain TCP?"""

import ast

import pytest

from micropython import Script
from network import Fault, Network
from scripts import script, user_topic

# Publishes numbers, a few at a time so that the fault strikes in their midst, and takes what comes.
BODY = """
COUNT = 60
said = []

def note(name):
    return lambda data: (said.append(name), print(name, data))

device = Device()
device.on(Device.ON_CONNECT, note("connect"))
device.on(Device.ON_DISCONNECT, note("disconnect"))
device.on(Device.ON_ERROR, note("error"))
device.on(Device.ON_SUBCRIBE, lambda data: print("got", data["payload"]))
device.connect(dict(key_info, tls=TLS, keepaliveSec=30, cleanSession=False))
wait(lambda: device.subscribe({"topic": USER + "get", "qos": 1}) == 0)
wait(lambda: "connect" in said, 100)
for number in range(COUNT):
    wait(lambda: device.publish({"topic": USER + "update", "payload": str(number), "qos": 1}) == 0, 100)
    time.sleep_ms(5)
print("published")
sys.stdin.readline()
print("end", device.end())
"""
COUNT = 60
# Where the fault strikes: after the handshake, of which TLS makes some 2 KB, in the midst of the messages.
AFTER = {False: 1_200, True: 5_000}


def carried(cloud, device, tls, faults, limit=180):
    """What the script says that carries its messages through the faults; all of them have come, in order, both ways."""
    name, topic = device["deviceName"], user_topic(device, "get")
    with Network(cloud.tls_port if tls else cloud.tcp_port, faults) as network:
        env = {"ALIYUN_IOT_ENDPOINT": f"localhost:{network.port}"}
        with Script(script(f"TLS = {tls}\n{BODY}"), cloud, device, env=env, limit=limit) as running:
            cloud.wait_seen(device=name, kind="subscribe")
            for number in range(20):
                cloud.do("publish", topic=topic, payload=f"down {number}")
            running.wait_line("published", timeout=limit)
            cloud.wait_seen(lambda record: record["payload"] == str(COUNT - 1), timeout=limit, device=name, kind="publish")
            running.wait_line("got down 19", timeout=limit)
            running.say("")
            assert running.wait() == 0, running.errors
        assert network.struck == len(faults)
    sent = [int(record["payload"]) for record in cloud.seen(device=name, kind="publish")]
    assert list(dict.fromkeys(sent)) == list(range(COUNT)), sent
    got = [line.split()[-1] for line in running.lines if line.startswith("got")]
    assert list(dict.fromkeys(got)) == [str(number) for number in range(20)], got
    assert running.lines[-1] == "end 0"
    return running.lines


def told(lines, name):
    return [ast.literal_eval(line.split(" ", 1)[1]) for line in lines if line.startswith(name + " {")]


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize(
    "fault, words",
    [
        (Fault("cut"), ["closed the connection", "ECONNRESET"]),
        (Fault("reset"), ["ECONNRESET"]),
        (Fault("end", way="down"), ["closed the connection"]),
        # Under TLS the server says what it thinks of that.
        (Fault("end", way="up"), ["closed the connection", "ECONNRESET", "cut off"]),
    ],
    ids=["cut", "reset", "half-closed by the server", "half-closed to the server"],
)
def test_a_connection_that_ends(cloud, device, tls, fault, words):
    faults = [Fault(fault.kind, AFTER[tls] // (1 if fault.way == "both" else 2), fault.way)]
    lines = carried(cloud, device, tls, faults)
    [lost] = told(lines, "disconnect")
    assert any(word in lost["msg"] for word in words), lost
    assert [data["code"] for data in told(lines, "connect")] == [0, 1] and told(lines, "error") == []


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_cut_while_connecting(cloud, device, tls):
    """In the handshakes, three times in a row."""
    faults = [Fault("cut", 150), Fault("reset", 100), Fault("cut", 900 if tls else 180)]
    lines = carried(cloud, device, tls, faults)
    assert len(told(lines, "error")) == 3 and [data["code"] for data in told(lines, "connect")] == [0], lines


@pytest.mark.slow
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_connection_that_falls_silent(cloud, device, tls, figure):
    """Nobody is told that the connection is dead: it is found within one and a half keepalives of 30 s."""
    name, topic = device["deviceName"], user_topic(device, "get")
    with Network(cloud.tls_port if tls else cloud.tcp_port, [Fault("stall", 3 * AFTER[tls])]) as network:
        body = script(f"TLS = {tls}\n{BODY}".replace("COUNT = 60", "COUNT = 300"))
        env = {"ALIYUN_IOT_ENDPOINT": f"localhost:{network.port}"}
        with Script(body, cloud, device, env=env, limit=300) as running:
            lost = running.wait_line("disconnect {", timeout=120)
            last = max(record["at"] for record in cloud.seen(device=name, kind="publish")) / 1000
            running.wait_line("connect {'code': 1}")
            running.wait_line("published")
            cloud.wait_seen(lambda record: record["payload"] == "299", device=name, kind="publish")
            cloud.do("publish", topic=topic, payload="again")
            running.wait_line("got again")
            running.say("")
            assert running.wait() == 0, running.errors
    figure(f"half-open {'TLS' if tls else 'TCP'} connection found in {lost.at - last:.1f} s, keepalive 30 s")
    assert "does not answer" in lost.text and lost.at - last < 45 + 10, "before a second keepalive is over"
    sent = [int(record["payload"]) for record in cloud.seen(device=name, kind="publish")]
    assert list(dict.fromkeys(sent)) == list(range(300))


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("fault", [Fault("split"), Fault("delay", seconds=0.05)], ids=["single bytes", "delayed"])
def test_a_connection_that_is_slow_but_whole(cloud, device, tls, fault):
    lines = carried(cloud, device, tls, [fault])
    assert told(lines, "disconnect") == [] and told(lines, "error") == []
    assert [data["code"] for data in told(lines, "connect")] == [0]
    assert len(cloud.seen(device=device["deviceName"], kind="publish")) == COUNT, "each once"


@pytest.mark.parametrize("way", ["up", "down"])
def test_bytes_that_change_under_tls(cloud, device, way):
    """TLS finds each of them: the link is dropped, and what was under way is sent again."""
    lines = carried(cloud, device, True, [Fault("corrupt", AFTER[True] // 2, way)])
    [lost] = told(lines, "disconnect")
    found = "TLS: " in lost["msg"] and "changed or cut off" in lost["msg"]
    # A server that finds them and closes the connection with something unread resets it, and its alert is lost.
    is_reset = any(word in lost["msg"] for word in ("closed the connection", "ECONNRESET"))
    assert found or way == "up" and is_reset, lost
    assert [data["code"] for data in told(lines, "connect")] == [0, 1]


def test_bytes_that_change_without_tls(cloud, device):
    """Without TLS nothing protects a payload. What breaks the protocol is told by name, and drops the link."""
    # CONNACK and SUBACK have 4 and 5 bytes, and each PUBACK has 4: this is the first byte of the fourth.
    body = script(f"TLS = False\n{BODY}")
    with Network(cloud.tcp_port, [Fault("corrupt", 4 + 5 + 3 * 4, "down")]) as network:
        env = {"ALIYUN_IOT_ENDPOINT": f"localhost:{network.port}"}
        with Script(body, cloud, device, env=env) as running:
            assert "not MQTT 3.1.1" in running.wait_line("disconnect {").text
            running.wait_line("published")
            name = device["deviceName"]
            cloud.wait_seen(lambda record: record["payload"] == str(COUNT - 1), device=name, kind="publish")
            running.say("")
            assert running.wait() == 0, running.errors
    sent = [int(record["payload"]) for record in cloud.seen(device=name, kind="publish")]
    assert list(dict.fromkeys(sent)) == list(range(COUNT))
