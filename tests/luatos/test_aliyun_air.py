"""What only LuatOS-Air's `aLiYun` has: functions that give the login, sleep, and a watchdog."""

import hashlib
import hmac
import socket

import pytest

from generations import ends_well, own, result, start


def air(cloud, device, body, **options):
    return result(cloud, device, "Air", body, connected=False, **options)


# A script that fetches its secret when it learns that it has none, or a wrong one; and quick timers.
FETCHES = """
from luatos import aliyun_air, aliyun_link
aliyun_air.READ_AGAIN_MS = aliyun_link.READ_AGAIN_MS = 50
kept = {"secret": SECRET}

async def fetch():
    await sys.wait(WAIT)
    kept["secret"] = secret

def on_auth(result):
    note("auth")(result)
    if result is False and said.count("auth") == 1:
        if WAIT:
            sys.taskInit(fetch)
        else:
            kept["secret"] = secret

device = aliyun.Air()
device.on("error", lambda code, message: print("error", code))
device.setup(key, None, lambda: name, lambda: kept["secret"])
device.on("auth", on_auth)
device.on("connect", note("connect"))
run(lambda: later("connect", 2))
"""


@pytest.mark.parametrize("wait", [0, 200])
@pytest.mark.parametrize("missing", [None, "0" * 32])
def test_a_secret_that_is_fetched_after_a_refusal(cloud, device, missing, wait):
    """In the callback, or a while later; callbacks are set behind `setup`, as the tracker has it."""
    lines = air(cloud, device, FETCHES.replace("SECRET", repr(missing)).replace("WAIT", str(wait)))
    if missing:
        assert lines.pop(0) == "error 4"
        assert lines == ["auth False", "connect False", "auth True", "connect True"]
    else:
        # Each login without a secret is reported, until there is a secret.
        assert lines[:2] == ["auth False", "connect False"] and lines[-2:] == ["auth True", "connect True"]
        assert set(lines[2:-2]) <= {"auth False"}
    logins = [record["ok"] for record in cloud.seen(kind="login", device=device["deviceName"])]
    assert logins == [False] * bool(missing) + [True]


def test_sleep_and_wakeup(cloud, device):
    """What is published meanwhile waits; subscriptions last."""
    body = """
device = aliyun.Air()
listen(device)
device.subscribe(USER + "get")
print(device.sleepStatus(), device.sleep(), device.sleepStatus())
device.setup(key, None, lambda: name, lambda: secret)
time.sleep_ms(50)
device.publish(USER + "update", "first", 0, note("sent"), 1)
print(device.wakeup(), device.sleepStatus())
until("sent")
device.sleep()
until("connect", 2)
device.sleep()
device.publish(USER + "update", "second", 1, note("sent"), 2)
device.wakeup()
until("sent", 2)
until("receive")
device.close()
"""
    name = device["deviceName"]
    with start(cloud, device, "Air", body, connected=False) as script:
        script.wait_line("sent True 2")
        subscribed = [record["n"] for record in cloud.seen(kind="subscribe", device=name)]
        assert len(subscribed) == 2
        cloud.do("publish", topic=own(device, "get"), payload="x", qos=0)
        lines = ends_well(script)
    assert lines[:2] == ["False None True", "None False"]
    assert lines[2:5] == ["auth True", "connect True", "sent True 1"]
    assert lines[5:] == ["connect False", "connect True", "sent True 2", f"receive {own(device, 'get')} 0 x"]
    kinds = [record["kind"] for record in cloud.seen(device=name) if record["kind"] in ("login", "publish")]
    assert kinds == ["login", "publish", "login", "publish"]


def test_both_kinds_of_sleep_have_to_end(cloud, device):
    """Also in callbacks, where the connection ends later."""
    body = """
def awake(result):
    note("connect")(result)
    if result and said.count("connect") == 1:
        device.sleep()
        device.Authsleep()
        device.wakeup()

device = aliyun.Air()
device.on("connect", awake)
device.setup(key, None, lambda: name, lambda: secret)
until("connect", 2)
time.sleep_ms(100)
print(device.sleepStatus(), device.AuthSleepStatus())
device.Authwakeup()
until("connect", 3)
device.Authsleep()
device.Authwakeup()
until("connect", 5)
device.close()
"""
    lines = air(cloud, device, body)
    assert lines == ["connect True", "connect False", "False True", "connect True", "connect False", "connect True"]


def test_the_watchdog_barks_while_there_is_no_connection(cloud, device):
    """Again and again, but not while the device is connected, or sleeps."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        body = f"""
device = aliyun.Air()
device.on("connect", note("connect"))
device.on("error", lambda *error: None)

async def all():
    device.setErrHandle(note("late"), 1)
    device._handler = device._handler[0], 60
    device.setConnectMode("direct", "127.0.0.1", {nobody.getsockname()[1]})
    device.setup(key, None, lambda: name, lambda: secret)
    await later("late", 2)
    device.sleep()
    count = said.count("late")
    await sys.wait(200)
    print("asleep", said.count("late") - count)
    device.wakeup()
    await later("late", count + 1)
    device.setConnectMode("direct", "localhost", {cloud.tls_port})
    device.setup(key, None, lambda: name, lambda: secret)
    while not device._up:
        await sys.wait(5)
    count = said.count("late")
    await sys.wait(200)
    print("connected", said.count("late") - count)
    device.close()

run(all)
"""
        lines = air(cloud, device, body, env={"ALIYUN_IOT_ENDPOINT": None})
    assert "asleep 0" in lines and lines[-1] == "connected 0"
    assert lines.count("late") >= 3


def test_session_keys(cloud, device):
    body = """
device = aliyun.Air()
device.setMqtt(0, None, 600)
device.setRegion("cn-beijing")
device.setConnectMode("direct", getClientId=lambda: "my-board:1")
device.on("connect", note("connect"))
device.setup(key, None, lambda: name, lambda: secret)
until("connect")
device.close()
"""
    assert air(cloud, device, body) == ["connect True"]
    [login] = cloud.seen(kind="login", device=device["deviceName"])
    assert (login["keepalive"], login["clean"], login["tls"]) == (600, False, True)
    assert login["clientId"].startswith("my-board:1|")


@pytest.mark.parametrize("tls", [True, False])
def test_a_password_that_the_script_has_signed(cloud, device, tls):
    content = f"clientIdboarddeviceName{device['deviceName']}productKey{device['productKey']}timestamp2524608000000"
    password = hmac.new(device["deviceSecret"].encode(), content.encode(), hashlib.sha1).hexdigest()
    port = cloud.tls_port if tls else cloud.tcp_port
    body = f"""
device = aliyun.Air()
device.setConnectMode(
    "direct", "localhost", {port}, lambda: "board", lambda: name + "&" + key, lambda: "{password}", {{"server_cert": open("{cloud.ca_file}").read()}} if {tls} else False
)
listen(device)
device.subscribe(USER + "get")
device.setup(key, None, lambda: name, lambda: None)
until("connect")
device.publish(USER + "update", "hello", 1, note("sent"), 1)
until("sent")
device.close()
"""
    lines = air(cloud, device, body, env={"ALIYUN_IOT_ENDPOINT": None, "SSL_CERT_FILE": None})
    assert lines == ["auth True", "connect True", "sent True 1"]
    [login] = cloud.seen(kind="login", device=device["deviceName"])
    mode = 2 if tls else 3
    assert login["clientId"] == f"board|securemode={mode},timestamp=2524608000000,signmethod=hmacsha1|"
    assert (login["tls"], login["keepalive"]) == (tls, 240)
