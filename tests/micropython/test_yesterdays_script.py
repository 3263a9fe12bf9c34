"""A script with its credentials as literals, and one that has registered, against a local cloud that was started again."""

import pytest

from cloud import Cloud
from micropython import run

BEGIN = """\
import sys, time
from aliyunIoT import Device

device = Device()
device.on(Device.ON_ERROR, lambda error: print("error", error["code"], error["msg"]))


def post(**info):
    up, replies = [], []
    device.on(Device.ON_CONNECT, up.append)
    device.connect(info)
    end = time.ticks_add(time.ticks_ms(), 30000)
    while not up and time.ticks_diff(end, time.ticks_ms()) > 0:
        time.sleep_ms(5)
    device.postProps({"params": {"a": 1}}, lambda reply: replies.append(reply["code"]))
    while up and not replies and time.ticks_diff(end, time.ticks_ms()) > 0:
        time.sleep_ms(5)
    print("posted", *replies)
    device.end()


"""


@pytest.fixture
def play(tmp_path):
    """Runs a script without credentials in its environment; its last line."""

    def play(cloud, body):
        without = {name: None for name in ("PRODUCT_KEY", "DEVICE_NAME", "DEVICE_SECRET", "PRODUCT_SECRET")}
        env = {f"ALIYUN_{name}": value for name, value in without.items()} | {"ALIYUN_IOT_STORE": str(tmp_path / "kv")}
        ended = run(BEGIN + body, cloud, env=env)
        return ended.lines[-1], ended.errors

    return play


def test_literals_filled_in_yesterday_work_today(play, tmp_path):
    with Cloud(folder=tmp_path / "cloud") as cloud:
        device = cloud.device
        script = "post(productKey={productKey!r}, deviceName={deviceName!r}, deviceSecret={deviceSecret!r})".format(**device)
        assert play(cloud, script) == ("posted 200", "")
    with Cloud(folder=tmp_path / "cloud") as cloud:
        assert play(cloud, script) == ("posted 200", "")
        assert cloud.seen(kind="property_post", device=device["deviceName"])


def test_literals_that_a_person_has_given_work(play, tmp_path):
    options = ["--product-key", "a1FromAScript", "--device-name", "lamp", "--device-secret", "0123456789abcdef"]
    script = "post(productKey='a1FromAScript', deviceName='lamp', deviceSecret='0123456789abcdef')"
    with Cloud(*options, folder=tmp_path / "cloud") as cloud:
        assert play(cloud, script) == ("posted 200", "")
    with Cloud(folder=tmp_path / "cloud") as cloud:
        assert play(cloud, script) == ("posted 200", "")


def test_what_was_registered_yesterday_works_today(play, tmp_path):
    with Cloud(folder=tmp_path / "cloud") as cloud:
        register = "print(device.register({{'productKey': {productKey!r}, 'deviceName': {deviceName!r}, 'productSecret': {productSecret!r}}}, print))"
        assert play(cloud, register.format(**cloud.device))[0] == "0"
        script = "post(productKey={productKey!r}, deviceName={deviceName!r})".format(**cloud.device)
        assert play(cloud, script)[0] == "posted 200"
    with Cloud(folder=tmp_path / "cloud") as cloud:
        assert play(cloud, script)[0] == "posted 200"
