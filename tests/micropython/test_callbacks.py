"""Do callbacks come at once, whatever the script does meanwhile, and may they do whatever they like?"""

import statistics
import time

from micropython import Script, run
from scripts import script, user_topic

SETS = 15


def set_properties(cloud, device, running, where, figure):
    """Sets properties one after the other, each when the callback for the one before has run; notes how long each took."""
    name = device["deviceName"]
    times = []
    for number in range(SETS):
        sent = time.time_ns()
        cloud.do("set", device=name, productKey=device["productKey"], params={"number": number})
        line = running.wait_line(f"number {number} ")
        times.append((int(line.text.split()[-1]) - sent) / 1e6)
        time.sleep(0.03)
    median = statistics.median(times)
    figure(f"arrival to callback {where}: median {median:.2f} ms, longest {max(times):.2f} ms of {len(times)}")


def set_and_go_on(cloud, device, running, params):
    """A property set is answered, whatever became of its callback, and the script leaves its `input()`."""
    id = cloud.do("set", device=device["deviceName"], params=params)["id"]
    cloud.wait_seen(lambda record: record["id"] == id, device=device["deviceName"], kind="set_reply")
    running.say("")


STAMP = """
def stamp(data):
    now = time.time_ns()
    print("number", json.loads(data["params"])["number"], now)
"""


def test_during_a_sleep(cloud, device, figure):
    body = STAMP + """
import utime
device = Device()
device.on(Device.ON_PROPS, stamp)
online(device)
print("ready")
# Longer than any line is waited for: each callback has to interrupt it.
utime.sleep(1000)
print("slept")
"""
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        set_properties(cloud, device, running, "in utime.sleep(1000)", figure)
        assert "slept" not in running.lines


def test_in_a_loop_that_never_sleeps(cloud, device, figure):
    body = STAMP + """
flag = False
def on_props(data):
    global flag
    stamp(data)
    flag = True

device = Device()
device.on(Device.ON_PROPS, on_props)
online(device)
print("ready")
for number in range(15):
    while True:
        if flag:
            break
    flag = False
print("left every loop")
"""
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        set_properties(cloud, device, running, "in a loop that never sleeps", figure)
        running.wait_line("left every loop")


def test_a_sleep_keeps_its_length(cloud, device):
    body = """
    heard = []
    device = Device()
    device.on(Device.ON_PROPS, lambda data: heard.append(time.ticks_us()))
    online(device)
    print("ready")
    start = time.ticks_us()
    time.sleep(5)
    took = time.ticks_diff(time.ticks_us(), start)
    print("slept", took, len(heard), time.ticks_diff(heard[-1], start))
    """
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        for number in range(15):
            cloud.do("set", device=device["deviceName"], params={"number": number})
            time.sleep(0.08)
        took, heard, last = map(int, running.wait_line("slept").text.split()[1:])
    assert heard == 15, "all of them interrupted the sleep"
    assert 4_999_000 <= took < 5_000_000 + last, "it was not begun anew after the last of them"


def test_six_posts_from_one_callback(cloud, device):
    body = """
    results = []

    def on_connect(data):
        results.extend(device.postProps({"params": {"number": number}}) for number in range(6))

    device = Device()
    device.on(Device.ON_CONNECT, on_connect)
    device.connect(key_info)
    wait(lambda: len(results) == 6)
    print(results)
    device.end()
    """
    script_run = run(script(body), cloud, device)
    assert script_run.lines == ["[0, 0, 0, 0, 0, 0]"]
    cloud.wait_seen(device=device["deviceName"], kind="disconnect")
    posts = cloud.seen(device=device["deviceName"], kind="property_post")
    assert [post["params"] for post in posts] == [{"number": number} for number in range(6)]


def test_a_callback_that_fails_is_printed_and_the_device_lives_on(cloud, device):
    body = """
    def wrong_arity():
        pass

    def raises(data):
        raise RuntimeError("my own fault")

    device = online()
    for number, callback in enumerate((wrong_arity, raises, lambda data: print("well", data["params"]))):
        device.on(Device.ON_PROPS, callback)
        print("ready", number)
        input()
    print("end", device.end())
    """
    with Script(script(body), cloud, device) as running:
        for number in range(3):
            running.wait_line(f"ready {number}")
            set_and_go_on(cloud, device, running, {"number": number})
        assert running.wait() == 0
    said = "\n".join(running.lines) + running.errors
    assert said.count("Traceback") == 1, "an exception with a place to show shows it"
    assert "TypeError: ON_PROPS callback 'wrong_arity' takes 0 arguments, but is called with 1 (data)" in said
    assert "RuntimeError: my own fault" in said
    assert [line for line in running.lines if line.startswith(("well", "end"))] == ['well {"number":2}', "end 0"]


def test_bound_methods_and_replacement(cloud, device):
    body = """
    class Lamp:
        def __init__(self, name):
            self.name = name

        def on_props(self, data):
            print(self.name, data["params"])

    device = online()
    for lamp in (Lamp("first"), Lamp("second"), None):
        device.on(Device.ON_PROPS, lamp and lamp.on_props)
        gc.collect()
        print("ready", lamp and lamp.name)
        input()
    """
    with Script(script(body), cloud, device) as running:
        for name in ("first", "second", "None"):
            running.wait_line(f"ready {name}")
            set_and_go_on(cloud, device, running, {"for": name})
        assert running.wait() == 0
    heard = [line for line in running.lines if "{" in line]
    assert heard == ['first {"for":"first"}', 'second {"for":"second"}'], "each once, and none after None"


def test_a_callback_may_call_any_method(cloud, device):
    body = """
    def on_message(data):
        print("got", data["payload"])
        if data["payload"] == "go":
            print(
                device.publish({"topic": USER + "update", "payload": "zero"}),
                device.publish({"topic": USER + "update", "payload": "one", "qos": 1}),
                device.postEvent({"id": "went", "params": {}}),
                device.postRaw({"param": b"raw"}),
                device.subscribe({"topic": USER + "more", "qos": 1}),
                device.unsubscribe({"topic": USER + "get"}),
                device.poll() >= -1,
                device.getDeviceInfo()["deviceName"] == key_info["deviceName"],
            )
        else:
            attempt(device.connect, key_info)
            print("end", device.end())
            ended.append(True)

    ended, closed = [], []
    device = Device()
    device.on(Device.ON_SUBCRIBE, on_message)
    device.on(Device.ON_CLOSE, closed.append)
    online(device)
    device.subscribe({"topic": USER + "get", "qos": 1})
    wait(lambda: ended)
    wait(lambda: closed)
    print("closed", *closed)
    """
    name = device["deviceName"]
    with Script(script(body), cloud, device) as running:
        cloud.wait_seen(device=name, kind="subscribe")
        cloud.do("publish", topic=user_topic(device, "get"), payload="go")
        cloud.wait_seen(lambda record: record["topic"].endswith("/more"), device=name, kind="subscribe")
        cloud.do("publish", topic=user_topic(device, "more"), payload="stop")
        assert running.wait() == 0
    assert running.lines == ["got go", "0 0 0 0 0 0 True True", "got stop", "OSError 106 already connected: call end() first", "end 0", "closed {'code': 0}"]
    assert [record["payload"] for record in cloud.seen(device=name, kind="publish")] == ["zero", "one"]
    assert len(cloud.seen(device=name, kind="event_post")) == 1
    assert [record["hex"] for record in cloud.seen(device=name, kind="raw_up")] == [b"raw".hex()]
    assert len(cloud.seen(device=name, kind="unsubscribe")) == 1


def test_connect_again_from_on_close(cloud, device):
    body = """
    log = []
    def on_close(data):
        log.append("closed")
        if log.count("closed") < 3:
            log.append(device.connect(key_info))

    device = Device()
    device.on(Device.ON_CONNECT, lambda data: (log.append("connected"), device.end()))
    device.on(Device.ON_CLOSE, on_close)
    device.connect(key_info)
    wait(lambda: log.count("closed") == 3)
    print(log)
    """
    round_trip = ["connected", "closed", 0]
    assert run(script(body), cloud, device).lines == [str((3 * round_trip)[:-1])]


def test_a_slow_callback_loses_nothing(cloud, device):
    body = """
    numbers = []
    def on_props(data):
        numbers.append(json.loads(data["params"])["number"])
        if len(numbers) == 1:
            print("slow")
            time.sleep(3)

    lost = []
    device = Device()
    device.on(Device.ON_PROPS, on_props)
    device.on(Device.ON_DISCONNECT, lost.append)
    online(device)
    print("ready")
    wait(lambda: len(numbers) == 21)
    print(numbers == list(range(21)), lost)
    """
    name = device["deviceName"]
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        ids = [cloud.do("set", device=name, params={"number": 0})["id"]]
        running.wait_line("slow")
        for number in range(1, 21):
            # Larger in all than what the device can hold, so that TCP has to wait too.
            ids.append(cloud.do("set", device=name, params={"number": number, "filler": "x" * 1000})["id"])
        assert running.wait() == 0
    assert running.lines[-1] == "True []"
    cloud.wait_seen(lambda record: record["id"] == ids[-1], device=name, kind="set_reply")
    assert [record["id"] for record in cloud.seen(device=name, kind="set_reply")] == ids
