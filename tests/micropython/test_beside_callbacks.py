"""What may other threads and callbacks do while a callback runs, and while an upload reads its source?"""

from micropython import Script, run
from scripts import script


def test_a_late_reply_of_another_thread_answers_no_other_request(cloud, device):
    """The callback returns while the thread still makes its answer, and the next request's callback runs."""
    body = """
    import _thread

    state = {}

    class Slow:
        def __repr__(self):
            state["making"] = True
            wait(lambda: "second" in state)
            return "1"

    def reply(msg_id):
        attempt(device.reply, msg_id, 404, {"of": Slow()})
        state["replied"] = True

    def asked(request):
        if request["service_id"] == "First":
            _thread.start_new_thread(reply, (request["msg_id"],))
            wait(lambda: "making" in state)
        else:
            state["second"] = True
            wait(lambda: "replied" in state)
            return {"of": 2}

    device = Device()
    device.on(Device.ON_SERVICE, asked)
    online(device)
    print("ready")
    wait(lambda: "replied" in state)
    print(device.end())
    """
    name = device["deviceName"]
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        ids = [cloud.do("service", device=name, service=service, params={})["id"] for service in ("First", "Second")]
        cloud.wait_seen(lambda record: record["id"] == ids[1], kind="service_reply", device=name)
        assert running.wait() == 0, running.errors
    replies = {record["id"]: (record["code"], record["data"]) for record in cloud.seen(kind="service_reply", device=name)}
    assert replies == {ids[0]: (200, {}), ids[1]: (200, {"of": 2})}
    assert running.lines == ["ready", "ValueError reply(): no request with this msg_id waits for an answer", "0"]


def test_end_waits_while_another_thread_pumps(cloud, device):
    body = """
    import _thread

    log = []

    def work():
        wait(lambda: "in the callback" in log)
        log.append(device.end())

    def on_connect(data):
        log.append("in the callback")
        time.sleep_ms(300)
        log.append("returns")

    device = Device()
    device.on(Device.ON_CONNECT, on_connect)
    device.on(Device.ON_CLOSE, lambda data: log.append("closed"))
    _thread.start_new_thread(work, ())
    device.connect(key_info)
    wait(lambda: 0 in log and "closed" in log)
    print(*log, sep=", ")
    """
    result = run(script(body), cloud, device)
    assert len(result.lines) == 1, (result.lines, result.errors)
    *before, last, closed = result.lines[0].split(", ")
    assert before == ["in the callback", "returns"], "end() waits for the callback"
    # ON_CLOSE's callback runs in the main thread: just before end() returns in the other one, or just after.
    assert sorted((last, closed)) == ["0", "closed"]


def test_end_is_refused_to_what_reads_a_block(cloud, device):
    """The block is half filled then."""
    body = """
    import io, struct, uctypes, vfs

    class File(io.IOBase):
        def __init__(self, size):
            self.size, self.at, self.summed = size, 0, False

        def ioctl(self, request, argument):
            if request == 2:
                seek = uctypes.bytearray_at(argument, 12)
                offset, whence = struct.unpack("qi", seek)
                self.at = offset if whence == 0 else self.size
                seek[:8] = struct.pack("q", self.at)
            return 0

        def readinto(self, buffer):
            # The first time it is only summed up.
            if self.summed:
                attempt(device.end)
            count = min(len(buffer), self.size - self.at)
            buffer[:count] = bytes(count)
            self.at += count
            self.summed = self.summed or self.at == self.size
            return count

        def close(self):
            pass

    class Files:
        def mount(self, readonly, mkfs):
            pass

        def open(self, path, mode):
            return File(1000)

    vfs.mount(Files(), "/made")
    device = online()
    print(device.uploadFile("/made/file.txt") is not None, device.end())
    """
    result = run(script(body), cloud, device)
    assert result.lines == ["OSError 16 an upload is reading its file: call end() later", "True 0"], result.errors


def test_what_a_callback_sends_leaves_the_scheduler_free(cloud, device):
    """Its queue has four places."""
    body = """
    import micropython

    ran, results = [], []

    def on_message(data):
        for number in range(8):
            device.poll()
            results.append(device.publish({"topic": USER + "a", "payload": str(number), "qos": 1}, lambda reply: None))
            time.sleep_ms(20)
        for number in range(3):
            micropython.schedule(ran.append, number)

    device = Device()
    device.on(Device.ON_SUBCRIBE, on_message)
    online(device)
    device.subscribe({"topic": USER + "get", "qos": 1})
    wait(lambda: len(ran) == 3)
    print(ran, set(results), device.end())
    """
    name = device["deviceName"]
    with Script(script(body), cloud, device) as running:
        cloud.wait_seen(kind="subscribe", device=name)
        cloud.do("publish", topic=f"/{device['productKey']}/{name}/user/get", payload="x", qos=1)
        assert running.wait() == 0, running.errors
    assert running.lines == ["[0, 1, 2] {0} 0"]


def test_what_a_callback_asks_for_while_the_device_closes_is_not_forgotten(cloud, device):
    """The callback of a publish that is given up connects again, and asks for the time."""
    body = """
    log = []

    def given_up(reply):
        log.append(reply["code"])
        device.connect(key_info)
        device.getNtpTime(lambda now: log.append(now["year"] > 2000))

    device = Device()
    device.on(Device.ON_CLOSE, lambda data: log.append("closed"))
    device.connect(key_info)
    device.publish({"topic": USER + "a", "payload": "x", "qos": 1}, given_up)
    device.end()
    wait(lambda: len(log) == 3)
    print(log)
    """
    result = run(script(body), cloud, device)
    assert result.lines == ["[-42, 'closed', True]"], result.errors
