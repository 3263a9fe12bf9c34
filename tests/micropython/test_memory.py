"""What do sending and receiving cost in memory, with the heap locked, with large messages, with too large ones?"""


from ast import literal_eval

from micropython import Script, run
from scripts import script, user_topic


def until_the_end(cloud, device):
    """Waits until the cloud has seen the device go: all that it sent was there before."""
    cloud.wait_seen(device=device["deviceName"], kind="disconnect")


def test_with_the_heap_locked(cloud, device):
    body = """
    import micropython
    device = online()
    calls = (
        (device.publish, {"topic": USER + "a", "payload": "zero"}),
        (device.publish, {"topic": USER + "a", "payload": b"one", "qos": 1}),
        (device.postProps, {"params": '{"a":1}'}),
        (device.postEvent, {"id": "e", "params": '{"a":1}'}),
        (device.postRaw, {"param": b"raw"}),
    )
    results = [None] * len(calls)

    def call_all():
        for index in range(len(calls)):
            results[index] = calls[index][0](calls[index][1])

    micropython.heap_lock()
    try:
        call_all()
    finally:
        micropython.heap_unlock()
    print(results, device.end())
    """
    assert run(script(body), cloud, device).lines == ["[0, 0, 0, 0, 0] 0"]
    name = device["deviceName"]
    until_the_end(cloud, device)
    assert [(record["qos"], record["payload"]) for record in cloud.seen(device=name, kind="publish")] == [
        (0, "zero"),
        (1, "one"),
    ]
    assert [len(cloud.seen(device=name, kind=kind)) for kind in ("property_post", "event_post", "raw_up")] == [1, 1, 1]


def test_what_comes_while_the_heap_is_locked_waits(cloud, device):
    body = """
    import micropython
    numbers = []
    device = Device()
    device.on(Device.ON_PROPS, lambda data: numbers.append(json.loads(data["params"])["number"]))
    online(device)

    def spin():
        until = time.ticks_add(time.ticks_ms(), 500)
        micropython.heap_lock()
        print("ready")
        while time.ticks_diff(until, time.ticks_ms()) > 0:
            pass
        heard = len(numbers)
        micropython.heap_unlock()
        return heard

    heard = spin()
    wait(lambda: len(numbers) == 3)
    print(heard, numbers)
    """
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        for number in range(3):
            cloud.do("set", device=device["deviceName"], params={"number": number})
        assert running.wait() == 0, running.errors
    assert running.lines[-1] == "0 [0, 1, 2]"


def test_sending_takes_nothing_from_the_heap(cloud, device, figure):
    body = """
    device = online()

    def measure(name, method, data, count=1000):
        gc.collect()
        gc.disable()
        before = gc.mem_alloc()
        left = count
        while left:
            if method(data) == 0:
                left -= 1
            else:
                time.sleep_ms(1)
        taken = gc.mem_alloc() - before
        gc.enable()
        print(name, taken, count)

    measure("publish, QoS 0:", device.publish, {"topic": USER + "a", "payload": "x" * 100})
    measure("publish, QoS 1:", device.publish, {"topic": USER + "a", "payload": b"x" * 100, "qos": 1})
    measure("postProps:", device.postProps, {"params": '{"a":1}'})
    measure("postEvent:", device.postEvent, {"id": "e", "params": '{"a":1}'}, 200)
    measure("postRaw:", device.postRaw, {"param": b"x" * 100}, 200)
    device.end()
    """
    cloud.do("clear")
    result = run(script(body), cloud, device)
    assert result.code == 0 and len(result.lines) == 5, result.errors
    for line in result.lines:
        name, taken, count = line.rsplit(" ", 2)
        figure(f"{name} {int(taken) / int(count):.3f} bytes of heap each, over {count}")
        assert int(taken) == 0, line
    until_the_end(cloud, device)
    published = cloud.seen(device=device["deviceName"], kind="publish")
    assert [sum(record["qos"] == qos for record in published) for qos in (0, 1)] == [1000, 1000], "all came, each once"


def test_receiving_takes_no_more_than_what_is_handed_over(cloud, device, figure):
    """The same objects made by the script itself are what a message is compared with."""
    body = """
    COUNT = 100
    kept = [None] * COUNT
    count = 0

    def keep(data):
        global count
        kept[count] = data
        count += 1

    device = Device()
    device.on(Device.ON_SUBCRIBE, keep)
    online(device)
    device.subscribe({"topic": USER + "get", "qos": 1})
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    print("ready")
    while count < COUNT:
        pass
    received = gc.mem_alloc() - before

    # Decoding a bytearray makes one new text, and nothing else.
    topic, payload = bytearray((USER + "get").encode()), bytearray(b"x" * 100)
    before = gc.mem_alloc()
    count = 0
    while count < COUNT:
        kept[count] = {"topic": topic.decode(), "payload": payload.decode(), "qos": 1}
        count += 1
    made = gc.mem_alloc() - before
    print("bytes", received, made)
    """
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        cloud.wait_seen(device=device["deviceName"], kind="subscribe")
        for _ in range(100):
            cloud.do("publish", topic=user_topic(device, "get"), payload="x" * 100)
        _, received, made = running.wait_line("bytes").text.split()
    figure(f"message received: {int(received) / 100:.1f} bytes of heap, the objects handed over alone {int(made) / 100:.1f}")
    assert int(received) <= int(made)


def test_large_messages_out(cloud, device):
    """From several KB to 256 KiB: the send buffer grows when it has to."""
    body = """
    device = online()
    for size in (3000, 5000, 100, 100 * 1024, 256 * 1024, 50):
        for qos in (0, 1):
            data = {"topic": USER + str(size), "payload": ("%d" % qos) * size, "qos": qos}
            wait(lambda: device.publish(data) == 0)
    wait(lambda: device.postProps({"params": {"text": "p" * 20000}}) == 0)
    print(device.end())
    """
    cloud.do("clear")
    result = run(script(body), cloud, device)
    assert result.lines == ["0"], result.errors
    until_the_end(cloud, device)
    published = cloud.seen(device=device["deviceName"], kind="publish")
    sizes = [3000, 5000, 100, 100 * 1024, 256 * 1024, 50]
    assert [(record["qos"], len(record["payload"])) for record in published] == [(q, s) for s in sizes for q in (0, 1)]
    assert all(record["payload"] == str(record["qos"]) * len(record["payload"]) for record in published)
    [post] = cloud.seen(device=device["deviceName"], kind="property_post")
    assert post["params"] == {"text": "p" * 20000}


def test_what_is_under_way_survives_the_growth(cloud, device):
    """The buffer grows while messages wait in it for their acknowledgement."""
    body = """
    device = online()
    print([device.publish({"topic": USER + "a", "payload": "%d" % n * (n * 600 + 1), "qos": 1}) for n in range(8)])
    print(device.end())
    """
    result = run(script(body), cloud, device)
    assert result.lines[-1] == "0", result.errors
    until_the_end(cloud, device)
    sent = [number for number, code in enumerate(literal_eval(result.lines[0])) if code == 0]
    payloads = [record["payload"] for record in cloud.seen(device=device["deviceName"], kind="publish")]
    assert payloads == [str(number) * (number * 600 + 1) for number in sent]
    assert sent[0] == 0 and len(sent) > 1


RECEIVING = """
device = Device()
device.on(Device.ON_SUBCRIBE, lambda data: print("got", len(data["payload"]), set(data["payload"])))
device.on(Device.ON_DISCONNECT, lambda data: print("lost", data))
online(device, **MORE)
device.subscribe({"topic": USER + "get", "qos": 1})
while True:
    time.sleep(1)
"""


def receive(cloud, device, more, sizes):
    """What a script says that is sent messages of these sizes."""
    name = device["deviceName"]
    since = cloud.do("seen")["last"]
    with Script(script(f"MORE = {more}\n{RECEIVING}"), cloud, device) as running:
        cloud.wait_seen(device=name, kind="subscribe", since=since)
        for index, size in enumerate(sizes):
            for qos in (0, 1):
                cloud.do("publish", topic=user_topic(device, "get"), payload="x" * size, qos=qos)
                running.wait_line(lambda _: len(running.lines) == 2 * index + qos + 1)
        return running.lines


def test_a_message_larger_than_the_receive_buffer(cloud, device):
    lines = receive(cloud, device, {"rxBuffer": 1000}, (100, 2000, 100_000, 900))
    assert [line.split(";")[0].rstrip(" 0123456789") for line in lines[2:6]] == 4 * [
        "error -46 a message was dropped: it needs rxBuffer"
    ]
    needed = [int(line.split(";")[0].split()[-1]) for line in lines[2:6]]
    assert [line.split("; ")[1] for line in lines[2:6]] == [f"dropped so far: {count}" for count in (1, 2, 3, 4)]
    topic = len(user_topic(device, "get"))
    assert needed[0] >= 2000 + topic and needed[2] >= 100_000 + topic
    assert lines[:2] == 2 * ["got 100 {'x'}"] and lines[6:] == 2 * ["got 900 {'x'}"], "the device lives on"


def test_a_receive_buffer_that_is_told_to_be_larger(cloud, device):
    lines = receive(cloud, device, {"rxBuffer": 100_200}, (5000, 100_000, 10))
    assert lines == [f"got {size} {{'x'}}" for size in (5000, 100_000, 10) for _ in range(2)]


def test_the_size_that_the_error_names_is_enough(cloud, device):
    needed = [int(line.split(";")[0].split()[-1]) for line in receive(cloud, device, {"rxBuffer": 300}, (777,))]
    assert needed[1] == needed[0] + 2, "QoS 1 has a packet identifier"
    lines = receive(cloud, device, {"rxBuffer": needed[1]}, (777,))
    assert lines == 2 * ["got 777 {'x'}"]


def test_many_messages_at_once(cloud, device):
    """Two hundred messages faster than the device reads them: all come, in order."""
    body = """
    numbers = []
    device = Device()
    device.on(Device.ON_SUBCRIBE, lambda data: numbers.append(int(data["payload"].split()[0])))
    online(device)
    device.subscribe({"topic": USER + "get", "qos": 1})
    wait(lambda: len(numbers) == 200)
    print(numbers == list(range(200)))
    """
    with Script(script(body), cloud, device) as running:
        cloud.wait_seen(device=device["deviceName"], kind="subscribe")
        for number in range(200):
            cloud.do("publish", topic=user_topic(device, "get"), payload=f"{number} {'x' * 1000}")
        assert running.wait() == 0, running.errors
    assert running.lines == ["True"]


def test_a_flood_larger_than_the_buffers(cloud, device, figure):
    """Three megabytes at once for a device with 2 KB, whose callback is slow: what fits comes, each of the rest is told and
    counted, and the device stays up."""
    body = """
    numbers, errors = [], []

    def on_message(data):
        numbers.append(int(data["payload"].split()[0]))
        if len(numbers) % 100 == 0:
            time.sleep_ms(100)

    def on_error(error):
        errors.append(error["msg"].split()[-1])
        if error["code"] != -46:
            print(error)

    device = Device()
    device.on(Device.ON_SUBCRIBE, on_message)
    device.on(Device.ON_DISCONNECT, print)
    online(device, rxBuffer=2048)
    device.on(Device.ON_ERROR, on_error)
    device.subscribe({"topic": USER + "get", "qos": 1})
    wait(lambda: numbers[-1:] == [999], 100)
    # A broker may have QoS 0 overtake QoS 1.
    print(len(numbers), all([n for n in numbers if n % 2 == q] == [n for n in range(q, 1000, 2) if n % 3 != 1] for q in (0, 1)))
    print(len(errors), errors[-1:] == [str(len(errors))])
    print(device.postProps({"params": {"alive": 1}}), device.end())
    """
    name, topic = device["deviceName"], user_topic(device, "get")
    with Script(script(body), cloud, device) as running:
        cloud.wait_seen(device=name, kind="subscribe")
        for number in range(1000):
            size = 8000 if number % 3 == 1 else 500
            cloud.do("publish", topic=topic, payload=f"{number} {'x' * size}", qos=number % 2)
        assert running.wait() == 0, running.errors
    assert running.lines == ["667 True", "333 True", "0 0"]
    figure("flood of 3 MB on 2 KB: 667 messages taken, 333 refused, each told and counted")
    assert len(cloud.seen(device=name, kind="login")) == 1
