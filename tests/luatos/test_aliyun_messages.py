"""Messages of LuatOS's `aliyun`: those that wait, those that fail, and none that is lost at QoS 1."""

import pytest

from clock import Clock
from generations import ALL, BEGIN, OBJECTS, ends_well, own, received, result, start
from micropython import Script
from network import Fault, Network

each = pytest.mark.parametrize("generation", ALL)
that_queue = pytest.mark.parametrize("generation", ["Air", "2023"])


@each
def test_subscriptions(cloud, device, generation):
    """As text or table, before and after the entry point; 2 counts as 1."""
    subscribe = "subscriber" if generation == "2023" else "subscribe"
    body = f"""
device = Its.make()
listen(device)
print(device.{subscribe}(USER + "a"), device.{subscribe}({{USER + "b": 1, USER + "c": 0}}))
Its.start(device)
until("connect")
device.{subscribe}(USER + "d", 2)
device.{subscribe}(USER + "e", None)
device.close()
"""
    lines = result(cloud, device, generation, body, connected=False)
    assert lines == ["None None", "auth True", "connect True"]
    usual = 1 if generation == "2024" else 0
    subscribed = {record["topic"].rsplit("/")[-1]: record["qos"] for record in cloud.seen(kind="subscribe", device=device["deviceName"])}
    assert subscribed == {"a": usual, "b": 1, "c": 0, "d": 1, "e": usual}


@each
def test_a_refused_subscription_is_told(cloud, device, generation):
    lines = result(cloud, device, generation, 'device.subscribe("/a/b/user/get")\nuntil("error")\ndevice.close()\n')
    assert lines[2:] == ["error -45 the server refused the subscription to /a/b/user/get"]


@each
def test_subscriptions_that_find_no_room_are_told(cloud, device, generation):
    """The device has memory for some; those before the entry point and those behind it."""
    body = """
device = Its.make()
device.on("error", note("error"))
long = USER + "a" * 60
for number in range(12):
    device.subscribe(long + str(number))
Its.start(device)
while not device._up:
    time.sleep_ms(5)
count = len(said)
print(count > 0)
device.subscribe(long + "more")
print(len(said) - count)
device.close()
"""
    lines = result(cloud, device, generation, body, connected=False)
    assert lines[-1] == "1" and "True" in lines
    errors = [line for line in lines if line.startswith("error")]
    assert all(line.startswith("error -3 /") and line.endswith(" was not subscribed to") for line in errors)


@that_queue
def test_what_is_published_before_waits(cloud, device, generation):
    """Of either QoS, and in order; a buffer as it was when it was given."""
    body = """
device = Its.make()
buffer = bytearray(b"0")
Its.send(device, USER + "update", buffer, 0, note("sent"), 0)
buffer[0] = 88
for number in range(1, 6):
    Its.send(device, USER + "update", str(number), number % 2, note("sent"), number)
device.subscribe(USER + "get")
Its.start(device)
device.on("receive", note("receive"))
until("receive")
until("sent", 6 * (Its.make == aliyun.Air))
device.close()
"""
    with start(cloud, device, generation, body, connected=False) as script:
        cloud.wait_seen(lambda record: record["payload"] == "5", kind="publish", device=device["deviceName"])
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        cloud.do("publish", topic=own(device, "get"), payload="end", qos=0)
        lines = ends_well(script)
    sent = sorted(line for line in lines if line.startswith("sent"))
    assert sent == ([f"sent True {number}" for number in range(6)] if generation == "Air" else [])
    payloads = [record["payload"] for record in cloud.seen(kind="publish", device=device["deviceName"])]
    assert payloads == ["0", "1", "2", "3", "4", "5"]


@that_queue
def test_twenty_wait_and_the_next_is_given_up(cloud, device, generation):
    body = """
device = Its.make()
listen(device)
for number in range(22):
    Its.send(device, USER + "update", str(number), 1, note("sent"), number)
    if number == 20:
        time.sleep_ms(20)
        print("twenty wait")
Its.start(device)
until("connect")
while device._waiting:
    time.sleep_ms(5)
until("sent", 22 * (Its.make == aliyun.Air))
device.close()
"""
    lines = result(cloud, device, generation, body, connected=False)
    assert {record["payload"] for record in cloud.seen(kind="publish", device=device["deviceName"])} == {str(number) for number in range(20)}
    if generation == "Air":
        assert lines[0] == "sent False 20" and "sent False 21" in lines
        assert sorted(line for line in lines if line.startswith("sent True")) == sorted(f"sent True {number}" for number in range(20))
    else:
        error = f"error -2 a message for {own(device, 'update')} was given up: 20 messages wait already"
        assert lines[:3] == [error, "twenty wait", error]


@each
def test_a_burst_waits_for_its_acknowledgements(cloud, device, generation):
    """Forty at once, of which the device has twenty under way."""
    body = """
for number in range(40):
    Its.send(device, USER + "update", str(number), 1, note("sent"), number)
device.subscribe(USER + "get")
until("receive")
device.close()
"""
    with start(cloud, device, generation, body) as script:
        cloud.wait_seen(lambda record: record["payload"] == "39", kind="publish", device=device["deviceName"])
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        cloud.do("publish", topic=own(device, "get"), payload="end", qos=0)
        lines = ends_well(script)
    payloads = [record["payload"] for record in cloud.seen(kind="publish", device=device["deviceName"])]
    assert payloads == [str(number) for number in range(40)]
    assert not [line for line in lines if line.startswith(("sent False", "error"))]


def test_offline_2024_says_no_at_once(cloud, device):
    """Without a callback, the error does."""
    body = """
device = Its.make()
listen(device)
device.publish(USER + "update", 1, "a", note("sent"), "para")
device.publish(USER + "update", 0, "b", note("sent"))
until("sent", 2)
device.publish(USER + "update", 1, "c")
Its.start(device)
until("connect")
device.close()
"""
    lines = result(cloud, device, "2024", body, connected=False)
    error = f"error -1 a message for {own(device, 'update')} was given up: not connected"
    assert lines == ["sent False para", "sent False None", error, "auth True", "connect True"]
    assert cloud.seen(kind="publish", device=device["deviceName"]) == []


# Behind the login, over plain TCP, each answer comes late.
CONNACK = 4
LATE, TOO_LATE = (Fault("delay", CONNACK, "down", seconds=seconds) for seconds in (1, 5))


def test_without_an_answer_2024_says_no_once(cloud, device):
    """The message is the platform's all the same: its event comes with the acknowledgement, and no second answer."""
    body = """
from luatos import aliyun_2024
aliyun_2024._ANSWER_MS = 100
device = Its.make()
listen(device, "publish")
Its.start(device, host="localhost", port=PORT, isssl=False)

async def all():
    await later("connect")
    device.publish(USER + "update", 1, "a", note("sent"), "para")
    await later("sent")
    print("ready", device.ready())
    await later("publish")
    device.close()

run(all)
"""
    with Network(cloud.tcp_port, [LATE]) as network:
        body = body.replace("PORT", str(network.port))
        lines = result(cloud, device, "2024", body, connected=False, env={"ALIYUN_IOT_ENDPOINT": None})
    assert lines == ["auth True", "connect True", "sent False para", "ready True", "publish 1"]
    assert [record["payload"] for record in cloud.seen(kind="publish", device=device["deviceName"])] == ["a"]


@that_queue
def test_what_waits_when_the_script_closes_the_device_is_answered(cloud, device, generation):
    """Or told, where there is no callback."""
    body = """
device = Its.make()
device.on("error", note("error"))
for number in range(2):
    Its.send(device, USER + "update", "x", number, note("sent"), number)
device.close()
until("error" if Its.make == aliyun.Soc2023 else "sent", 2)
Its.start(device)
while not device._up:
    time.sleep_ms(1)
device.close()
"""
    lines = result(cloud, device, generation, body, connected=False)
    error = f"error -42 a message for {own(device, 'update')} was given up: the script has set up another device, or closed this one"
    assert lines == (["sent False 0", "sent False 1"] if generation == "Air" else [error] * 2)
    assert cloud.seen(kind="publish", device=device["deviceName"]) == []


@pytest.mark.parametrize("end", ["device.sleep()", "device.close()", "Its.start(device)"])
def test_what_is_under_way_when_the_connection_ends_is_answered(cloud, device, end):
    body = f"""
device = Its.make()
Its.start(device, host="localhost", port=PORT, isssl=False)
device.on("connect", note("connect"))
until("connect")
device.publish(USER + "update", "a", 1, note("sent"), "para")
{end}
until("sent")
device.close()
"""
    with Network(cloud.tcp_port, [TOO_LATE]) as network:
        env = {"ALIYUN_IOT_ENDPOINT": None}
        lines = result(cloud, device, "Air", body.replace("PORT", str(network.port)), connected=False, env=env)
    assert lines.count("sent False para") == 1 and "sent True para" not in lines


def test_a_chain_of_messages_leaves_the_main_program_time(cloud, device):
    """Each answer publishes the next one, at QoS 0, which is answered at once."""
    body = """
count = 0

def again(result, argument):
    global count
    count += 1
    device.publish(USER + "update", "x", 0, again)

again(True, None)
while count < 50:
    pass
device.close()
print("ended")
"""
    assert result(cloud, device, "Air", body)[-1] == "ended"


@pytest.mark.parametrize("generation", ["Air", "2024"])
def test_an_exception_in_a_callback_loses_nothing(cloud, device, generation):
    body = """
def wrong(result, argument):
    raise ValueError("wrong")

Its.send(device, USER + "update", "a", 1, wrong)
Its.send(device, USER + "update", "b", 1, note("sent"))
until("sent")
device.close()
"""
    with start(cloud, device, generation, body) as script:
        assert script.wait() == 0
    assert (script.errors + "\n".join(script.lines)).count("ValueError: wrong") == 1
    assert [record["payload"] for record in cloud.seen(kind="publish", device=device["deviceName"])] == ["a", "b"]


@pytest.mark.bare
def test_twenty_cuts_lose_nothing(cloud, tmp_path):
    """Three at once, each cut twenty times while it publishes at QoS 1."""
    devices = {generation: cloud.new_device() for generation in ALL}
    text = BEGIN + "devices = []\nended = False\n"
    for generation, one in devices.items():
        text += OBJECTS[generation] + f"""
device = Its.make()
devices.append(device)
device.on("connect", note("{generation}"))
device.on("error", note("error"))
Its.start(device, "{one['deviceName']}", "{one['deviceSecret']}")

async def publish(device=device, send=Its.send, topic="/%s/{one['deviceName']}/user/update" % key, silent=Its.make == aliyun.Soc2023):
    number = 0
    while not ended:
        answers = []
        send(device, topic, str(number), 1, lambda result, _: answers.append(result))
        while not (answers or silent):
            await sys.wait(2)
        if silent or answers[0]:
            number += 1
        # Without answers it must not publish more than can wait.
        await sys.wait(150 if silent else 30)
    print("{generation} published", number)

sys.taskInit(publish)
"""
    text += """
async def all():
    global ended
    _in = __import__("select").poll()
    _in.register(__import__("sys").stdin, 1)
    while not _in.poll(0):
        await sys.wait(5)
    ended = True
    await sys.wait(500)
    for device in devices:
        device.close()

run(all)
"""
    clock = Clock(tmp_path)
    with Script(text, cloud, devices["Air"], env=clock.env) as script:
        for cut in range(21):
            for generation in ALL:
                script.wait_line(lambda _: script.lines.count(f"{generation} True") > cut)
            if cut < 20:
                counts = {name: len(cloud.seen(kind="publish", device=one["deviceName"])) for name, one in devices.items()}
                for generation, one in devices.items():
                    cloud.wait_seen(lambda record: counts[generation] < len(cloud.seen(kind="publish", device=one["deviceName"])), kind="publish", device=one["deviceName"])
                # A session that ends sooner looks like one that another login has ended.
                clock.forward(11)
                for one in devices.values():
                    cloud.do("drop", device=one["deviceName"])
        script.say("")
        lines = ends_well(script)
    assert not [line for line in lines if line.startswith("error")]
    for generation, one in devices.items():
        told = [line for line in lines if line.startswith(generation) and "published" not in line]
        assert told == [f"{generation} True"] + [f"{generation} False", f"{generation} True"] * 20
        [published] = [int(line.split()[-1]) for line in lines if line.startswith(f"{generation} published")]
        sent = [int(record["payload"]) for record in cloud.seen(kind="publish", device=one["deviceName"])]
        assert list(dict.fromkeys(sent)) == list(range(published)) and published >= 21
