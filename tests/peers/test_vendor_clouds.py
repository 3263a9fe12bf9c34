"""The local clouds of other vendors, on the wire: paho logs in with logins that this file's neighbour computes, gets its own
topics and no others, and is answered in the cloud's own envelope."""

import time

import pytest
from cloud import Cloud
from vendor_client import Client


@pytest.fixture(scope="module")
def cloud():
    with Cloud("--cloud", "all") as cloud:
        yield cloud


def device(cloud, name):
    return cloud.new_device(cloud=name)


def refused(cloud, device, **login):
    """The CONNACK code and the reason that the journal has for a refused login."""
    since = cloud.do("seen")["last"]
    client = Client(cloud, device, **login)
    client.paho.disconnect()
    record = cloud.wait_seen(kind="login", cloud=device["cloud"], since=since)
    assert record["ok"] is False and record["code"] == client.code
    return client.code, record["reason"]


@pytest.mark.parametrize("tls", [True, False])
@pytest.mark.parametrize("method", ["hmacsha256", "hmacsha1"])
def test_tencent_login(cloud, tls, method):
    tencent = device(cloud, "tencent")
    with Client(cloud, tencent, tls, method=method):
        [about] = [about for about in cloud.do("online")["devices"] if about["device"] == tencent["deviceName"]]
    assert (about["cloud"], about["signmethod"]) == ("tencent", method)


def test_tencent_refusals(cloud):
    tencent = device(cloud, "tencent")
    other = device(cloud, "tencent")
    assert refused(cloud, tencent | {"deviceSecret": other["deviceSecret"]})[0] == 4
    assert refused(cloud, tencent | {"deviceName": "nobody"})[0] == 2
    code, reason = refused(cloud, tencent, expires=-5)
    assert code == 5 and "expired" in reason
    cloud.do("clock", cloud="tencent", seconds=7200)
    try:
        code, reason = refused(cloud, tencent)
        assert code == 5 and "expired" in reason
    finally:
        cloud.do("clock", cloud="tencent", seconds=0)


def test_tencent_model(cloud):
    tencent = device(cloud, "tencent")
    own = f"{tencent['productId']}/{tencent['deviceName']}"
    with Client(cloud, tencent) as client:
        for topic in ("$thing/down/property/", "$thing/down/event/", "$thing/down/action/", "$sys/operation/result/"):
            assert client.subscribe(topic + own) == 1
        client.publish(f"$thing/up/property/{own}", {"method": "report", "clientToken": "1", "params": {"power": 1}})
        topic, reply = client.get()
        assert topic == f"$thing/down/property/{own}"
        assert reply == {"method": "report_reply", "clientToken": "1", "code": 0, "status": "success"}
        event = {"method": "event_post", "clientToken": "2", "eventId": "low", "type": "alert", "params": {"v": 2.8}}
        client.publish(f"$thing/up/event/{own}", event)
        assert client.get()[1]["code"] == 0

        about = {"cloud": "tencent", "device": tencent["deviceName"]}
        cloud.do("set", **about, params={"power": 0})
        _, request = client.get()
        assert (request["method"], request["params"]) == ("control", {"power": 0})
        answer = {"method": "control_reply", "clientToken": request["clientToken"], "code": 0, "status": ""}
        client.publish(f"$thing/up/property/{own}", answer)
        assert "fault" not in cloud.wait_seen(kind="set_reply", **about)
        cloud.do("service", **about, service="open", params={"speed": 3})
        _, request = client.get()
        assert (request["method"], request["actionId"], request["params"]) == ("action", "open", {"speed": 3})
        answer = {"method": "action_reply", "clientToken": request["clientToken"], "code": 0, "response": {"done": 1}}
        client.publish(f"$thing/up/action/{own}", answer)
        record = cloud.wait_seen(kind="service_reply", **about)
        assert (record["service"], record["data"]) == ("open", {"done": 1}) and "fault" not in record

        client.publish(f"$sys/operation/{own}", {"type": "get", "resource": ["time"]})
        assert abs(client.get()[1]["ntptime1"] / 1000 - time.time()) < 60


def test_tencent_topics(cloud):
    tencent = device(cloud, "tencent")
    own = f"{tencent['productId']}/{tencent['deviceName']}"
    with Client(cloud, tencent) as client:
        assert client.subscribe(f"{own}/data") == 1
        assert client.subscribe(f"{tencent['productId']}/tencent01/data") == 0x80
        client.publish(f"{own}/data", {"a": 1})
        assert client.get() == (f"{own}/data", {"a": 1})
        client.publish(f"{own}/data", "x" * (16 << 10))
        assert client.is_closed()
