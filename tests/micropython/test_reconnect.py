"""Does a device come back by itself, with all that it had, and go when it is told to?"""

import socket
import threading
import time
from ast import literal_eval

from micropython import Script, run
from ports import free_port
from scripts import script, user_topic

LOGGED = """
def log(name):
    return lambda data: print(name, data)

device = Device()
device.on(Device.ON_SUBCRIBE, log("message"))
device.on(Device.ON_DISCONNECT, log("disconnect"))
device.on(Device.ON_CLOSE, log("close"))
device.on(Device.ON_ERROR, log("error"))
"""


def test_dropped_and_back(cloud, device):
    body = LOGGED + """
device.on(Device.ON_CONNECT, log("connect"))
device.connect(key_info)
wait(lambda: device.subscribe({"topic": USER + "get", "qos": 1}) == 0)
device.subscribe({"topic": USER + "more", "qos": 0})
device.subscribe({"topic": USER + "not", "qos": 0})
device.unsubscribe({"topic": USER + "not"})
while True:
    time.sleep(1)
"""
    name = device["deviceName"]
    with Script(script(body), cloud, device) as running:
        assert running.wait_line("connect").text == "connect {'code': 0}"
        cloud.wait_seen(lambda record: record["topic"].endswith("/more"), device=name, kind="subscribe")
        since = cloud.do("seen")["last"]
        cloud.do("drop", device=name)
        lost = literal_eval(running.wait_line("disconnect").text.split(" ", 1)[1])
        assert lost["code"] == 2 and ("closed" in lost["msg"] or "RESET" in lost["msg"]), lost
        running.wait_line("connect {'code': 1}")
        for topic in ("get", "more"):
            cloud.wait_seen(lambda record: record["topic"].endswith(f"/{topic}"), device=name, kind="subscribe", since=since)
        subscribed = cloud.seen(device=name, kind="subscribe", since=since)
        assert sorted((record["topic"], record["qos"]) for record in subscribed) == [
            (user_topic(device, "get"), 1),
            (user_topic(device, "more"), 0),
        ], "each once, with its own quality of service, and nothing else"
        cloud.do("publish", topic=user_topic(device, "get"), payload="after")
        running.wait_line("'after'")
        assert [line for line in running.lines if line.startswith("error")] == []


class Relay:
    """The way to the cloud, which can be cut and mended: a port of its own that leads to the cloud's."""

    def __init__(self, target):
        self._target = target
        self.port = free_port()
        self.mend()

    def mend(self):
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._ends = []
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            self._ends += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


def test_what_is_published_while_the_cloud_is_away_arrives(cloud, device):
    """At QoS 1. The rest says that it does not."""
    body = LOGGED + """
device.on(Device.ON_CONNECT, log("connect"))
device.connect(key_info)
wait(lambda: device.subscribe({"topic": USER + "get", "qos": 1}) == 0)
sys.stdin.readline()
results = [device.publish({"topic": USER + "kept", "payload": str(number), "qos": 1}) for number in range(5)]
print("results", results, device.publish({"topic": USER + "lost"}), device.postProps({"params": {}}))
while True:
    time.sleep(1)
"""
    name = device["deviceName"]
    relay = Relay(cloud.tls_port)
    with Script(script(body), cloud, device, env={"ALIYUN_IOT_ENDPOINT": f"localhost:{relay.port}"}) as running:
        running.wait_line("connect {'code': 0}")
        cloud.wait_seen(device=name, kind="subscribe")
        since = cloud.do("seen")["last"]
        relay.cut()
        running.wait_line("disconnect {")
        running.say("")
        running.wait_line("results [0, 0, 0, 0, 0] -1 -1")
        running.wait_line("error {'code': -42, 'msg': 'no connection: [Errno 111] ECONNREFUSED'}")
        relay.mend()
        running.wait_line("connect {'code': 1}")
        cloud.wait_seen(device=name, kind="subscribe", since=since)
        cloud.wait_seen(lambda record: record["payload"] == "4", device=name, kind="publish")
        published = cloud.seen(device=name, kind="publish")
        cloud.do("publish", topic=user_topic(device, "get"), payload="again")
        running.wait_line("'again'")
    assert [record["payload"] for record in published] == ["0", "1", "2", "3", "4"]
    relay.cut()


def test_what_was_sent_before_end_arrives(cloud, device):
    body = """
    device = Device()
    for _ in range(3):
        online(device)
        results = [device.postRaw({"param": str(number)}) for number in range(5)]
        results += [device.publish({"topic": USER + "a", "payload": str(number), "qos": 1}) for number in range(5)]
        results += [device.postProps({"params": {"number": number}}) for number in range(5)]
        start = time.ticks_ms()
        print(set(results), device.end(), time.ticks_diff(time.ticks_ms(), start))
    """
    result = run(script(body), cloud, device)
    sent, ended, took = zip(*map(str.split, result.lines))
    assert (set(sent), set(ended), len(took)) == ({"{0}"}, {"0"}, 3)
    # The least of them, since others use the machine too.
    assert min(map(int, took)) < 1000, "the cloud answers at once, so end() need not wait for its two seconds to pass"
    name = device["deviceName"]
    for kind in ("raw_up", "publish", "property_post"):
        assert len(cloud.seen(device=name, kind=kind)) == 15, kind


def test_with(cloud, device):
    """`with` ends the device, also when something is raised inside."""
    body = """
    closed = []
    try:
        with Device() as device:
            device.on(Device.ON_CLOSE, closed.append)
            online(device)
            print(device)
            raise ValueError("mine")
    except ValueError as error:
        print(error, closed, device.end())
    with Device() as device:
        pass
    print("never connected")
    """
    result = run(script(body), cloud, device)
    assert result.lines == ["aiot_device", "mine [{'code': 0}] -1", "never connected"], result.errors


def test_end_and_connect_again(cloud, device):
    body = """
    device = Device()
    events = []
    device.on(Device.ON_CONNECT, lambda data: events.append(("connect", data["code"])))
    device.on(Device.ON_CLOSE, lambda data: events.append(("close", data["code"])))
    device.on(Device.ON_DISCONNECT, lambda data: events.append(("disconnect", data["code"])))
    for rx in (4096, 4096, 8192):
        device.connect(dict(key_info, rxBuffer=rx))
        wait(lambda: events[-1:] == [("connect", 0)])
        print(device.postProps({"params": {"rx": rx}}), device.end(), device.end(), device.postProps({"params": {}}))
    print(events)
    """
    result = run(script(body), cloud, device)
    assert result.lines[:3] == 3 * ["0 0 -1 -1"], result.errors
    assert literal_eval(result.lines[3]) == 3 * [("connect", 0), ("close", 0)]
    posts = cloud.seen(device=device["deviceName"], kind="property_post")
    assert [post["params"]["rx"] for post in posts] == [4096, 4096, 8192]


def test_end_while_connecting_and_from_a_callback(cloud, device):
    body = LOGGED + """
device.connect(key_info)
print("end", device.end())
closed = []
device.on(Device.ON_CLOSE, lambda data: (print("close", data), closed.append(data)))
device.on(Device.ON_CONNECT, lambda data: print("end", device.end()))
device.connect(key_info)
wait(lambda: closed)
print("over", device.end())
"""
    result = run(script(body), cloud, device)
    assert result.lines == ["close {'code': 0}", "end 0", "end 0", "close {'code': 0}", "over -1"], result.errors
    assert len(cloud.seen(device=device["deviceName"], kind="login")) == 1


def test_a_second_login_is_told(cloud, device):
    """Two programs with one identity: each drives the other out, and is told so."""
    body = script("""
    device = Device()
    device.on(Device.ON_ERROR, lambda error: print("error", error["code"], error["msg"]))
    device.on(Device.ON_DISCONNECT, lambda data: print("disconnect"))
    device.connect(key_info)
    time.sleep(90)
    """)
    with Script(body, cloud, device) as one, Script(body, cloud, device) as other:
        end = time.monotonic() + 80
        while time.monotonic() < end and "error -41" not in "\n".join(one.lines + other.lines):
            time.sleep(0.1)
        told = [line for line in one.lines + other.lines if line.startswith("error -41")]
    assert told and "identity" in told[0], (one.lines, other.lines)
