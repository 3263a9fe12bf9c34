"""Callbacks that upload have others called meanwhile: how deep does that go, and what becomes of what cannot be called?"""

from ast import literal_eval

import pytest

from micropython import Script
from scripts import script, user_topic

COUNT = 40

BODY = """
deep = most = 0
calls = []
uploads = []


def upload(request):
    global deep, most
    deep += 1
    most = max(most, deep)
    calls.append(request)
    try:
        uploads.append(device.uploadContent("file%d.bin" % len(calls), bytes(20000)) is not None)
    finally:
        deep -= 1


device = Device()
{setting}
online(device)
device.subscribe({{"topic": USER + "get", "qos": 1}})
{beside}
print("ready")
input()
print("calls", len(calls), "uploads", sum(uploads), "most", most)
times = []
device.getNtpTime(times.append)
wait(lambda: times)
device.end()
print("end")
"""

# A second thread uploads without a pause.
THREAD = """
import _thread


def work():
    while device.publish({"topic": USER + "update", "payload": "x"}) == 0:
        device.uploadContent("other.bin", bytes(9000))


_thread.start_new_thread(work, ())
"""


def figures(line):
    words = line.split()
    return dict(zip(words[::2], map(int, words[1::2])))


@pytest.mark.parametrize("beside", ["", THREAD], ids=["alone", "with a thread"])
@pytest.mark.parametrize("kind", ["service", "set"])
def test_a_flood_of_requests(cloud, device, figure, kind, beside):
    name = device["deviceName"]
    event = "SERVICE" if kind == "service" else "PROPS"
    with Script(script(BODY.format(setting=f"device.on(Device.ON_{event}, upload)", beside=beside)), cloud, device) as running:
        running.wait_line("ready")
        more = {"service": "s"} if kind == "service" else {"params": {"a": 1}}
        ids = [cloud.do(kind, device=name, **more)["id"] for _ in range(COUNT)]
        for id in ids:
            cloud.wait_seen(lambda record: record["id"] == id, device=name, kind=f"{kind}_reply")
        running.say("")
        got = figures(running.wait_line("calls").text)
        assert running.wait() == 0, running.errors
        assert running.errors == ""
    codes = [record["code"] for record in cloud.seen(device=name, kind=f"{kind}_reply")]
    assert len(codes) == COUNT and set(codes) <= {200, 429}
    assert codes.count(200) == got["calls"] == got["uploads"] >= 1
    assert got["most"] <= 2
    figure(f"{COUNT} requests whose callbacks upload: {got['calls']} called, {got['most']} deep, {codes.count(429)} answered 429")


@pytest.mark.parametrize("beside", ["", THREAD], ids=["alone", "with a thread"])
def test_a_flood_of_messages_is_told_to_the_last_one(cloud, device, figure, beside):
    body = BODY.format(setting="device.on(Device.ON_SUBCRIBE, upload)", beside=beside)
    body = body.replace("input()", f"wait(lambda: len(calls) == {COUNT} and deep == 0, 90)")
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        cloud.wait_seen(device=device["deviceName"], kind="subscribe")
        for number in range(COUNT):
            cloud.do("publish", topic=user_topic(device, "get"), payload=str(number), qos=1)
        got = figures(running.wait_line("calls", timeout=100).text)
        assert running.wait() == 0, running.errors
    assert got["most"] <= 2 and got["calls"] == COUNT
    given_up = [line for line in running.lines if line.startswith("error -49 the upload was given up")]
    assert got["uploads"] + len(given_up) == COUNT
    figure(f"{COUNT} messages whose callbacks upload: {got['uploads']} uploads, {len(given_up)} given up, {got['most']} deep")


def test_what_waits_for_callbacks_is_called_in_order(cloud, device):
    """Replies, times and messages that come while two callbacks run are called after them, each once."""
    name = device["deviceName"]
    body = """
    log = []


    def first(request):
        log.append("first")
        print("first")
        device.uploadContent("first.bin", bytes(60000))
        log.append("first ends")


    def second(request):
        log.append("second")
        device.on(Device.ON_SERVICE, lambda request: log.append("none of these"))
        for number in range(3):
            device.postProps({"params": {"a": number}}, lambda reply, number=number: log.append(number))
        device.getNtpTime(lambda now: log.append("time"))
        device.publish({"topic": USER + "update", "payload": "x", "qos": 1}, lambda reply: log.append("published"))
        device.uploadContent("second.bin", bytes(200000), lambda told: log.append("done") if told["sent"] == 200000 else None)
        log.append("second ends")


    device = Device()
    device.on(Device.ON_SERVICE, first)
    device.on(Device.ON_PROPS, second)
    online(device)
    print("ready")
    wait(lambda: "first ends" in log)
    time.sleep_ms(300)
    print(log)
    """
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        cloud.do("service", device=name, service="first")
        running.wait_line("first")
        cloud.do("set", device=name, params={"a": 1})
        assert running.wait() == 0, running.errors
    log = literal_eval(running.lines[-1])
    assert log[:2] == ["first", "second"] and log[2] == "second ends"
    assert sorted(map(str, log[3:])) == sorted(["0", "1", "2", "time", "published", "done", "first ends"])
    assert [entry for entry in log if isinstance(entry, int)] == [0, 1, 2]


def test_devices_that_call_each_other(cloud):
    """A callback of one device uploads through the other, whose callback uploads through the first one."""
    one, two = cloud.new_device(), cloud.new_device()
    body = f"""
    deep = most = 0
    ended = []


    def uploads_through(other):
        def on_service(request):
            global deep, most
            deep += 1
            most = max(most, deep)
            other.uploadContent("file.bin", bytes(9000))
            deep -= 1
            ended.append(1)
        return on_service


    first, second = Device(), Device()
    first.on(Device.ON_SERVICE, uploads_through(second))
    second.on(Device.ON_SERVICE, uploads_through(first))
    for device, name, secret in ((first, {one["deviceName"]!r}, {one["deviceSecret"]!r}), (second, {two["deviceName"]!r}, {two["deviceSecret"]!r})):
        online(device, productKey={one["productKey"]!r}, deviceName=name, deviceSecret=secret)
    print("ready")
    input()
    print(most <= 4, len(ended))
    """
    with Script(script(body), cloud, one) as running:
        running.wait_line("ready")
        for _ in range(15):
            for device in (one, two):
                cloud.do("service", device=device["deviceName"], productKey=device["productKey"], service="s")
        for device in (one, two):
            for _ in range(2):
                cloud.wait_seen(
                    lambda record, device=device: len(cloud.seen(device=device["deviceName"], kind="service_reply")) == 15,
                    device=device["deviceName"],
                    kind="service_reply",
                )
        running.say("")
        assert running.wait() == 0, running.errors
    codes = [record["code"] for device in (one, two) for record in cloud.seen(device=device["deviceName"], kind="service_reply")]
    assert len(codes) == 30 and set(codes) <= {200, 429}
    assert running.lines[-1] == f"True {codes.count(200)}"
