"""Logins by what a script brings along: a client identifier of its own, and the token of an earlier registration. Messages say
with which QoS they were delivered."""

import pytest

from micropython import Script, run

LOGIN = """
import time
from aliyunIoT import Device

up = []
device = Device()
device.on(Device.ON_CONNECT, up.append)
device.connect(%r)
while not up:
    time.sleep_ms(5)
device.end()
"""


def login(cloud, device, **keys):
    """Connects on a board that has stored nothing; the client identifier that the cloud saw."""
    ran = run(LOGIN % {"productKey": device["productKey"], "deviceName": device["deviceName"], **keys}, cloud, device)
    assert (ran.code, ran.errors) == (0, "")
    return cloud.wait_seen(kind="login", device=device["deviceName"])["clientId"].split("|")[0]


@pytest.mark.parametrize("client_id", [None, "A", "862991234567890", "plant-7_lamp@north.hall:2", "x" * 64])
def test_the_client_identifier_is_the_scripts(cloud, client_id):
    device = cloud.new_device()
    keys = {} if client_id is None else {"clientId": client_id}
    expected = client_id or f"{device['productKey']}.{device['deviceName']}"
    assert login(cloud, device, deviceSecret=device["deviceSecret"], **keys) == expected


def test_a_token_of_an_earlier_registration(cloud):
    """With the client identifier that the platform gave with it, as `kv` shows both after `register()`."""
    product = cloud.do("product", productKey="anyNameAgain", unlisted=True)["product"]
    device = {**product, "deviceName": "lamp", "deviceSecret": None}
    text = """
import kv
from aliyunIoT import Device
from credentials import device_name, product_key, product_secret

keys = {"productKey": product_key, "deviceName": device_name, "productSecret": product_secret, "authType": "regnwl"}
Device().register(keys, print)
print(kv.get("%s/%s" % (product_key, device_name)))
print(kv.get("%s/%s/clientId" % (product_key, device_name)))
"""
    ran = run(text, cloud, device)
    assert (ran.code, ran.errors) == (0, "")
    given, token, client_id = ran.lines
    assert given == token
    assert login(cloud, device, deviceToken=token, clientId=client_id) == client_id


WRONG = """
from aliyunIoT import Device

try:
    Device().connect(dict(%r, productKey="a1", deviceName="lamp"))
except (TypeError, ValueError) as error:
    print(type(error).__name__, error)
"""
LENGTH = "has a wrong length or a forbidden character"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"deviceSecret": "s", "clientId": "a b"}, f"ValueError connect(): clientId {LENGTH}"),
        ({"deviceSecret": "s", "clientId": "x" * 65}, f"ValueError connect(): clientId {LENGTH}"),
        ({"deviceSecret": "s", "clientId": 7}, "TypeError 'clientId' must be str, not int"),
        ({"deviceToken": "t"}, f"ValueError connect(): clientId {LENGTH}"),
        ({"deviceToken": "t", "clientId": "a|b"}, f"ValueError connect(): clientId {LENGTH}"),
        ({"deviceToken": "x" * 129, "clientId": "a"}, "ValueError connect(): deviceToken must be 1 to 128 printable characters"),
    ],
)
def test_wrong_ones_are_named(keys, said):
    ran = run(WRONG % keys)
    assert (ran.lines, ran.errors) == ([said], "")


@pytest.mark.parametrize("qos", [0, 1])
def test_a_message_says_how_it_was_delivered(cloud, device, qos):
    topic = f"/{device['productKey']}/{device['deviceName']}/user/get"
    text = f"""
import time
from aliyunIoT import Device
from credentials import key_info

got = []
device = Device()
device.on(Device.ON_SUBCRIBE, got.append)
device.connect(key_info)
device.subscribe({{"topic": {topic!r}, "qos": {qos}}})
while not got:
    time.sleep_ms(5)
print(got[0]["payload"], got[0]["qos"])
device.end()
"""
    with Script(text, cloud, device) as script:
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        cloud.do("publish", topic=topic, payload="on")
        assert (script.wait(), script.lines, script.errors) == (0, [f"on {qos}"], "")
