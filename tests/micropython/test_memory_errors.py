"""What becomes of an event, of a login and of trust roots when there is no memory for them?"""

from micropython import Script, run
from scripts import script

HOARD = """
hoard = []

def fill():
    # Some is left, but no room for 20000 bytes in one piece.
    for size in (10000, 1000, 100):
        try:
            while True:
                hoard.append(bytearray(size))
        except MemoryError:
            pass
    for number in (0, 3, 6):
        hoard[number] = None


"""


def test_a_request_that_no_callback_can_be_told_of_is_answered_500(cloud, device):
    body = """
    told = []

    def asked(request):
        told.append(request["params_len"])
        return {"told": len(told)}

    device = Device()
    device.on(Device.ON_SERVICE, asked)
    online(device)
    fill()
    print("ready")
    wait(lambda: 2 in told)
    hoard.clear()
    print(told, device.end())
    """
    name = device["deviceName"]
    with Script(HOARD + script(body), cloud, device) as running:
        running.wait_line("ready")
        cloud.do("service", device=name, service="Large", params={"text": "x" * 20000})
        reply = cloud.wait_seen(kind="service_reply", device=name)
        assert (reply["code"], reply["data"]) == (500, {})
        cloud.do("service", device=name, service="Small", params={})
        reply = cloud.wait_seen(lambda record: record["code"] != 500, kind="service_reply", device=name)
        assert (reply["code"], reply["data"]) == (200, {"told": 1})
        assert running.wait() == 0, running.errors
    assert running.lines == ["ready", "[2] 0"]
    assert running.errors.startswith("MemoryError"), running.errors
    assert len(cloud.seen(kind="login", device=name)) == 1


def test_poll_does_not_raise_what_an_event_raised(cloud, device):
    body = """
    import micropython

    told, done = [], []

    def asked(request):
        told.append(request["service_id"])

    def polls(_):
        # Within what MicroPython has scheduled nothing else is: so the pump runs in poll() alone, which sees all of it.
        print("ready")
        attempt(wait, lambda: device.poll() and told)
        done.append(True)

    device = Device()
    device.on(Device.ON_SERVICE, asked)
    online(device)
    fill()
    micropython.schedule(polls, None)
    wait(lambda: done)
    print(told)
    """
    name = device["deviceName"]
    with Script(HOARD + script(body), cloud, device) as running:
        running.wait_line("ready")
        cloud.do("service", device=name, service="Large", params={"text": "x" * 20000})
        cloud.do("service", device=name, service="Small", params={})
        assert running.wait() == 0, running.errors
    assert running.lines == ["ready", "returned None", "['Small']"], running.errors
    assert running.errors.startswith("MemoryError"), running.errors
    assert [record["code"] for record in cloud.seen(kind="service_reply", device=name)][:1] == [500]


def test_a_login_without_memory_leaves_the_device_as_it_was(cloud, device):
    body = """
    device = online()
    device.end()
    ca = b"x" * 20000
    fill()
    attempt(device.connect, dict(key_info, ca=ca))
    hoard.clear()
    print(device.end())
    online(device)
    print("online", device.end())
    """
    result = run(HOARD + script(body), cloud, device)
    assert result.lines[0].startswith("MemoryError"), result.lines
    assert result.lines[1:] == ["-1", "online 0"], result.errors


def test_trust_roots_without_memory_are_read_again(cloud, device):
    body = """
    import tls as real

    contexts = []

    class Context:
        def __init__(self, protocol):
            contexts.append(self)
            self.first = len(contexts) == 1
            self.real = real.SSLContext(protocol)

        def load_verify_locations(self, data):
            if self.first:
                raise MemoryError("no room for a root")
            self.real.load_verify_locations(data)

        def wrap_socket(self, *args, **more):
            self.real.verify_mode = self.verify_mode
            return self.real.wrap_socket(*args, **more)

    class Module:
        SSLContext = Context

        def __getattr__(self, name):
            return getattr(real, name)

    sys.modules["tls"] = Module()
    device = online()
    print(len(contexts), device.end())
    """
    result = run(script(body), cloud, device)
    assert len(result.lines) == 2, (result.lines, result.errors)
    assert result.lines[0].startswith("error -43 TLS: no room for a root")
    assert result.lines[1] == "2 0"
