"""The native module on firmware with an interpreter lock, as ESP32's: MicroPython's unix port with what ESP32's port has of
threads (variant/mpconfigvariant.h).

There any thread that waits runs what is scheduled. A watcher's stack is too small for callbacks, so it leaves them to the
thread of the script. Without TLS, which that firmware has not.
"""

import textwrap

import pytest

from micropython import Script, run
from scripts import script, user_topic

RUNS_ON = ("x64", "unix-esp32")
MESSAGES = 40

# Which thread each callback ran in.
NOTED = """
import _thread

# What ESP32 takes; here threads get what the system needs at least.
_thread.stack_size(5 * 1024)
here = _thread.get_ident()
ran = []

def noted(data):
    ran.append(_thread.get_ident() == here)
"""


@pytest.fixture
def plain(cloud):
    return {"ALIYUN_IOT_ENDPOINT": f"localhost:{cloud.tcp_port}"}


def noting(body):
    return script(NOTED + textwrap.dedent(body))


def test_callbacks_run_in_the_scripts_thread(cloud, device, plain):
    body = f"""
    device = Device()
    device.on(Device.ON_SUBCRIBE, noted)
    online(device, tls=False)
    device.subscribe({{"topic": USER + "get"}})
    print("ready")
    while len(ran) < {MESSAGES}:
        time.sleep_ms(5)
    print(set(ran), device.end())
    """
    with Script(noting(body), cloud, device, env=plain) as running:
        running.wait_line("ready")
        cloud.wait_seen(device=device["deviceName"], kind="subscribe")
        for _ in range(MESSAGES):
            cloud.do("publish", topic=user_topic(device, "get"), payload="x")
        assert running.wait() == 0, running.errors
    assert running.lines == ["ready", "{True} 0"]


def test_the_watcher_of_another_device_runs_none(cloud, device, plain):
    other = cloud.new_device()
    body = f"""
    devices = []
    for keys in ({{}}, {{key: {other!r}[key] for key in ("productKey", "deviceName", "deviceSecret")}}):
        device = Device()
        device.on(Device.ON_SUBCRIBE, noted)
        online(device, tls=False, **keys)
        devices.append(device)
    for device in devices:
        device.subscribe({{"topic": "/%s/%s/user/get" % (key_info["productKey"], device.getDeviceInfo()["deviceName"])}})
    print("ready")
    while len(ran) < {2 * MESSAGES}:
        time.sleep_ms(5)
    print(set(ran), [device.end() for device in devices])
    """
    with Script(noting(body), cloud, device, env=plain) as running:
        running.wait_line("ready")
        for one in (device, other):
            cloud.wait_seen(device=one["deviceName"], kind="subscribe")
        for _ in range(MESSAGES):
            for one in (device, other):
                cloud.do("publish", topic=user_topic(one, "get"), payload="x")
        assert running.wait() == 0, running.errors
    assert running.lines == ["ready", "{True} [0, 0]"]


def test_deadlines_and_a_link_that_is_lost(cloud, device, plain):
    body = """
    up = []
    device = Device()
    device.on(Device.ON_CONNECT, up.append)
    device.on(Device.ON_DISCONNECT, lambda data: print("lost"))
    device.on(Device.ON_ERROR, lambda error: None)
    device.connect(dict(key_info, tls=False))
    wait(lambda: up)
    print("ready")
    wait(lambda: len(up) == 2)
    print("again", device.end())
    """
    with Script(script(body), cloud, device, env=plain) as running:
        running.wait_line("ready")
        cloud.do("drop", device=device["deviceName"])
        assert running.wait() == 0, running.errors
    assert running.lines == ["ready", "lost", "again 0"]


def test_it_has_an_interpreter_lock():
    """Else the tests here would be about nothing: a thread that waits runs what it has scheduled itself."""
    body = """
    import _thread, micropython
    here = _thread.get_ident()
    ran = []

    def work():
        for _ in range(50):
            micropython.schedule(lambda _: ran.append(_thread.get_ident() == here), None)
            time.sleep_ms(1)

    _thread.start_new_thread(work, ())
    wait(lambda: len(ran) == 50)
    print(sys.platform, False in ran)
    """
    ended = run(script(body))
    assert ended.lines == ["esp32 True"], ended.errors
