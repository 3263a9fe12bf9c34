"""QuecPython's `aLiYun` on the local cloud: each method as its page says."""

import pytest

from micropython import Script, family_path

PATH = {"MICROPYPATH": family_path("quecpython")}
BEGIN = """
import gc, sys, time, _thread
from aLiYun import aLiYun
from credentials import device_name as name, device_secret as secret, product_key as key, product_secret

USER = "/%s/%s/user/" % (key, name)
got = []

def on_message(topic, msg):
    print(topic, msg)
    got.append(msg)

def until(done, seconds=30):
    end = time.ticks_add(time.ticks_ms(), seconds * 1000)
    while not done():
        if time.ticks_diff(end, time.ticks_ms()) < 0:
            raise Exception("waited in vain")
        time.sleep_ms(5)

def attempt(function, *arguments, **named):
    try:
        print(function(*arguments, **named))
    except Exception as error:
        print(type(error).__name__, error)
"""


def own(device, end):
    return f"/{device['productKey']}/{device['deviceName']}/user/{end}"


@pytest.fixture
def start(cloud, device):
    """A script on these modules."""

    def start(text, **options):
        env = {**PATH, **options.pop("env", {})}
        return Script(BEGIN + text, cloud, device, env=env, **options)

    return start


def ends_well(script):
    assert script.wait() == 0
    assert script.errors == ""
    return script.lines


def test_from_the_first_call_to_the_last(cloud, device, start):
    """With text and bytes, and with the third argument of publish() as the documents and as the firmware have it."""
    text = """
ali = aLiYun(key, None, name, secret)
print(ali.getAliyunSta(), ali.subscribe(USER + "get", qos=1))
print(ali.setMqtt(b"clientID", clean_session=False, keepAlive=60, reconn=True), ali.getAliyunSta())
print(ali.setCallback(on_message), ali.subscribe((USER + "more").encode()))
print(ali.publish(USER + "update", "text"), ali.publish((USER + "update").encode(), b"bytes", qos=1))
print(ali.publish(USER + "update", "third", 1), ali.publish(USER + "update", bytearray(b"fourth"), False, 1))
print(ali.start(), ali.ping())
until(lambda: len(got) == 2)
print(ali.disconnect(), ali.getAliyunSta(), ali.close())
"""
    name = device["deviceName"]
    with start(text) as script:
        script.wait_line("None None")
        cloud.do("publish", topic=own(device, "get"), payload="开灯")
        cloud.do("publish", topic=own(device, "more"), hex="ff00")
        lines = ends_well(script)
    assert lines == [
        "-1 0",
        "0 0",
        "None 0",
        "True True",
        "True True",
        "None None",
        f"{own(device, 'get').encode()} {'开灯'.encode()}",
        f"{own(device, 'more').encode()} {bytes([255, 0])}",
        "None -1 None",
    ]
    publishes = [(record["payload"], record["qos"]) for record in cloud.seen(kind="publish", device=name)]
    assert publishes == [("text", 0), ("bytes", 1), ("third", 1), ("fourth", 1)]
    assert [(record["keepalive"], record["clean"], record["tls"]) for record in cloud.seen(kind="login", device=name)] == [(60, False, True)]


def test_the_platform_sets_properties_without_a_subscription(cloud, device, start):
    text = """
ali = aLiYun(key, None, name, secret)
ali.setMqtt(name)
ali.setCallback(on_message)
ali.start()
until(lambda: got)
ali.disconnect()
"""
    with start(text) as script:
        cloud.wait_seen(kind="login", device=device["deviceName"])
        cloud.do("set", device=device["deviceName"], params={"LightSwitch": 1})
        [line] = ends_well(script)
    assert "/thing/service/property/set" in line and '"LightSwitch":1' in line
