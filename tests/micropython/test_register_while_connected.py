"""A connected device registers another one: over HTTPS it has a second link for that. Both links are up at once, and the
end of one does no harm to the other."""

import time

import pytest

from micropython import WITHIN_S, Script, run
from network import Fault, Network
from scripts import script

BODY = """
other = {
    "productKey": key_info["productKey"],
    "deviceName": os.getenv("ALIYUN_OTHER_DEVICE"),
    "productSecret": os.getenv("ALIYUN_PRODUCT_SECRET"),
}
secrets = []


def register(**more):
    print("register", device.register(dict(other, **more), secrets.append))


device = online()
device.on(Device.ON_CONNECT, lambda again: print("connected again"))
device.on(Device.ON_DISCONNECT, lambda data: print("disconnected"))
device.on(Device.ON_CLOSE, lambda data: print("closed"))
device.on(Device.ON_ERROR, lambda error: print("error", error["code"]))
device.on(Device.ON_PROPS, lambda data: print("set", data["params"]))
"""
# With the secret the other device can connect, beside the first one.
AFTERWARDS = """
print("secret", len(secrets[0]), device.getDeviceInfo()["deviceName"] == key_info["deviceName"])
second = Device()
up = []
second.on(Device.ON_CONNECT, up.append)
second.connect({"productKey": other["productKey"], "deviceName": other["deviceName"], "deviceSecret": secrets[0]})
wait(lambda: up)
second.end()
posted = []
device.postProps({"params": {"n": 1}}, posted.append)
wait(lambda: posted)
print("posted", posted[0]["code"])
device.end()
"""
ENDS_WELL = ["register 0", "secret 32 True", "posted 200", "closed"]


@pytest.fixture
def other(cloud):
    return cloud.new_device()


def environment(other, **more):
    return {"ALIYUN_OTHER_DEVICE": other["deviceName"], **more}


def https(port):
    return {"ALIYUN_IOT_HTTPS_ENDPOINT": f"localhost:{port}"}


def connected(network):
    """Waits for the first connection."""
    end = time.monotonic() + WITHIN_S
    while not network.connections:
        assert time.monotonic() < end, "no connection"
        time.sleep(0.01)


def logins(cloud, device):
    return len(cloud.seen(kind="login", device=device["deviceName"]))


def ways(cloud, device):
    return [entry["way"] for entry in cloud.seen(kind="registration", device=device["deviceName"]) if entry["ok"]]


def test_both_links_are_up(cloud, device, other):
    """What the platform sets while the answer is on its way is handled at once."""
    slow = Fault("delay", seconds=0.3)
    with Network(cloud.https_port, [slow]) as network:
        source = script(BODY + 'print("go")\nregister()\n' + AFTERWARDS)
        with Script(source, cloud, device, env=environment(other, **https(network.port))) as running:
            running.wait_line("go")
            cloud.do("set", device=device["deviceName"], params={"a": 1})
            assert running.wait() == 0, running.errors
        assert network.connections == 1
    # Between the two: the set has come while the registration was under way.
    assert running.lines == ["go", 'set {"a":1}', *ENDS_WELL]
    assert running.errors == ""
    assert ways(cloud, other) == ["https"] and logins(cloud, device) == 1


@pytest.mark.parametrize("after", [500, 1300], ids=["at the begin of the handshake", "at its end"])
@pytest.mark.parametrize("kind", ["cut", "reset"])
def test_the_second_link_is_lost(cloud, device, other, kind, after):
    with Network(cloud.https_port, [Fault(kind, after)]) as network:
        ended = run(script(BODY + "register()\n" + AFTERWARDS), cloud, device, env=environment(other, **https(network.port)))
        assert (network.struck, network.connections) == (1, 2)
    error, *rest = ended.lines
    assert error in ("error -42", "error -43") and rest == ENDS_WELL, ended.lines
    assert ended.errors == "" and logins(cloud, device) == 1


def test_the_session_is_lost(cloud, device, other):
    slow = Fault("delay", seconds=0.4)
    with Network(cloud.https_port, [slow]) as network:
        source = script(BODY + 'print("go")\nregister()\nwait(device_is_back)\n' + AFTERWARDS)
        source = source.replace("device = online()\n", "device = online()\nback = []\ndevice_is_back = lambda: back\n")
        source = source.replace('print("connected again")', 'back.append(print("connected again"))')
        with Script(source, cloud, device, env=environment(other, **https(network.port))) as running:
            running.wait_line("go")
            cloud.do("drop", device=device["deviceName"])
            assert running.wait() == 0, running.errors
        assert network.connections == 1
    assert running.lines[:2] == ["go", "disconnected"]
    assert sorted(running.lines[2:4]) == ["connected again", "register 0"] and running.lines[4:] == ENDS_WELL[1:]
    assert running.errors == "" and logins(cloud, device) == 2


def test_end_closes_both(cloud, device, other):
    """From a callback, while the registration waits for a server that says nothing."""
    with Network(cloud.https_port, [Fault("stall")] * 9) as network:
        source = script(BODY + 'device.on(Device.ON_PROPS, lambda data: device.end())\nprint("go")\nregister()\nprint(secrets)\n')
        with Script(source, cloud, device, env=environment(other, **https(network.port))) as running:
            running.wait_line("go")
            connected(network)
            cloud.do("set", device=device["deviceName"], params={"a": 1})
            assert running.wait(20) == 0, running.errors
        assert network.connections == 1
    assert sorted(running.lines[1:]) == ["[]", "closed", "register -1"] and running.errors == ""
    assert ways(cloud, other) == []


def test_one_after_another(cloud, device, other):
    """Also from a callback, where it returns at once, and where another one has to wait."""
    names = [other["deviceName"], cloud.new_device()["deviceName"], cloud.new_device()["deviceName"]]
    body = f"""
names = {names}
for name in names[:2]:
    register(deviceName=name)

def asked(data):
    register(deviceName=names[2])
    attempt(device.register, dict(other, deviceName="x"), None)

device.on(Device.ON_PROPS, asked)
print("go")
wait(lambda: len(secrets) == 3)
print(len(set(secrets)))
device.end()
"""
    with Script(script(BODY + body), cloud, device, env=environment(other)) as running:
        running.wait_line("go")
        cloud.do("set", device=device["deviceName"], params={"a": 1})
        assert running.wait() == 0, running.errors
    busy = "OSError 106 already connected: call end() first (a registration is under way)"
    assert running.lines == ["register 0", "register 0", "go", "register 0", busy, "3", "closed"], running.lines
    assert running.errors == ""


def test_over_mqtt_the_device_must_be_off(cloud, device, other):
    body = 'attempt(device.register, dict(other, authType="register"), None)\nregister()\n' + AFTERWARDS
    ended = run(script(BODY + body), cloud, device, env=environment(other))
    assert ended.lines == ["OSError 106 already connected: call end() first", *ENDS_WELL] and ended.errors == ""


def test_a_refusal_is_reported_and_the_session_stays(cloud, device, other):
    cloud.do("http", mode="status", status=404)
    ended = run(script(BODY + "register()\nregister()\n" + AFTERWARDS), cloud, device, env=environment(other))
    assert ended.lines == ["error 404", "register -1", *ENDS_WELL] and ended.errors == ""
    assert logins(cloud, device) == 1


def test_ctrl_c_ends_the_registration_alone(cloud, device, other):
    with Network(cloud.https_port, [Fault("stall")]) as network:
        body = 'print("go")\ntry:\n    register()\nexcept KeyboardInterrupt:\n    print("interrupted")\nregister()\n'
        source = script(BODY + body + AFTERWARDS)
        with Script(source, cloud, device, env=environment(other, **https(network.port))) as running:
            running.wait_line("go")
            connected(network)
            running.interrupt()
            assert running.wait() == 0, running.errors
        assert network.connections == 2
    assert running.lines == ["go", "interrupted", *ENDS_WELL] and running.errors == ""
    assert logins(cloud, device) == 1
