"""The local clouds of other vendors, on the wire: paho logs in with logins that this file's neighbour computes, gets its own
topics and no others, and is answered in the cloud's own envelope."""

import queue
import time

import pytest
from cloud import Cloud, CloudError
from vendor_client import LOGINS, Client


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


@pytest.mark.parametrize("tls", [True, False])
@pytest.mark.parametrize("method", ["md5", "sha1", "sha256"])
def test_onenet_login(cloud, tls, method):
    onenet = device(cloud, "onenet")
    with Client(cloud, onenet, tls, method=method):
        assert cloud.wait_seen(kind="login", device=onenet["deviceName"])["signmethod"] == method


def test_onenet_refusals(cloud):
    onenet = device(cloud, "onenet")
    other = device(cloud, "onenet")
    assert refused(cloud, onenet | {"deviceSecret": other["deviceSecret"]})[0] == 4
    assert refused(cloud, onenet | {"deviceName": "nobody"})[0] == 5
    code, reason = refused(cloud, onenet, expires=-5)
    assert code == 5 and "expired" in reason
    cloud.do("clock", cloud="onenet", seconds=7200)
    try:
        assert "expired" in refused(cloud, onenet)[1]
    finally:
        cloud.do("clock", cloud="onenet", seconds=0)


def test_onenet_model(cloud):
    onenet = device(cloud, "onenet")
    thing = f"$sys/{onenet['productId']}/{onenet['deviceName']}/thing"
    about = {"cloud": "onenet", "device": onenet["deviceName"]}
    with Client(cloud, onenet) as client:
        for topic in ("property/post/reply", "event/post/reply", "property/set", "property/get", "service/+/invoke"):
            assert client.subscribe(f"{thing}/{topic}") == 1
        client.publish(f"{thing}/property/post", {"id": "1", "version": "1.0", "params": {"power": {"value": 1}}})
        assert client.get() == (f"{thing}/property/post/reply", {"id": "1", "code": 200, "msg": "success"})
        client.publish(f"{thing}/event/post", {"id": "2", "version": "1.0", "params": {"low": {"value": {"v": 2}}}})
        assert client.get()[1] == {"id": "2", "code": 200, "msg": "success"}
        client.publish(f"{thing}/property/post", {"id": "3", "params": {"power": {"value": 1}}})
        assert client.get()[1]["code"] == 400

        cloud.do("set", **about, params={"power": 0})
        topic, request = client.get()
        assert (topic, request["params"]) == (f"{thing}/property/set", {"power": 0})
        client.publish(f"{thing}/property/set_reply", {"id": request["id"], "code": 200, "msg": "success"})
        assert "fault" not in cloud.wait_seen(kind="set_reply", **about)
        cloud.do("service", **about, service="open", params={"speed": 3})
        topic, request = client.get()
        assert (topic, request["params"]) == (f"{thing}/service/open/invoke", {"speed": 3})
        answer = {"id": request["id"], "code": 200, "msg": "success", "data": {"done": 1}}
        client.publish(f"{thing}/service/open/invoke_reply", answer)
        record = cloud.wait_seen(kind="service_reply", **about)
        assert (record["service"], record["data"]) == ("open", {"done": 1}) and "fault" not in record


@pytest.mark.parametrize("tls", [True, False])
@pytest.mark.parametrize("check", [0, 1])
def test_huawei_login(cloud, tls, check):
    with Client(cloud, device(cloud, "huawei"), tls, check=check) as client:
        assert client.code == 0


def test_huawei_refusals(cloud):
    huawei = device(cloud, "huawei")
    assert refused(cloud, huawei | {"deviceSecret": "another"})[0] == 4
    assert refused(cloud, huawei | {"deviceName": "nobody"})[0] == 4
    code, reason = refused(cloud, huawei, now=time.time() - 3 * 3600)
    assert code == 5 and "hours off" in reason
    assert refused(cloud, huawei, keepalive=20)[0] == 2
    with Client(cloud, huawei, check=0, now=time.time() - 3 * 3600) as client:
        assert client.code == 0


def test_huawei_model(cloud):
    huawei = device(cloud, "huawei")
    own = f"$oc/devices/{huawei['productId']}_{huawei['deviceName']}"
    about = {"cloud": "huawei", "device": huawei["deviceName"]}
    with Client(cloud, huawei) as client:
        services = [{"service_id": huawei["serviceId"], "properties": {"power": 1}}]
        client.publish(f"{own}/sys/properties/report", {"services": services})
        assert cloud.wait_seen(kind="property_post", **about)["params"] == {"power": 1}

        # It comes at QoS 0 to a device that has not subscribed, at QoS 1 to one that has, once in both cases.
        for qos in (0, 1):
            cloud.do("set", **about, params={"power": qos})
            topic, request = client.get()
            assert client.qos == qos
            assert request == {"services": [{"service_id": huawei["serviceId"], "properties": {"power": qos}}]}
            request_id = topic.removeprefix(f"{own}/sys/properties/set/request_id=")
            client.publish(f"{own}/sys/properties/set/response/request_id={request_id}", {"result_code": 0})
            assert "fault" not in cloud.wait_seen(kind="set_reply", **about)
            assert client.subscribe(f"{own}/sys/properties/set/#") == 1
        cloud.do("service", **about, service="open", params={"speed": 3})
        topic, request = client.get()
        assert (request["command_name"], request["paras"]) == ("open", {"speed": 3})
        request_id = topic.removeprefix(f"{own}/sys/commands/request_id=")
        answer = {"result_code": 0, "response_name": "open", "paras": {"done": 1}}
        client.publish(f"{own}/sys/commands/response/request_id={request_id}", answer)
        record = cloud.wait_seen(kind="service_reply", **about)
        assert (record["service"], record["data"]) == ("open", {"done": 1}) and "fault" not in record

        paras = {"device_send_time": 5}
        services = [{"service_id": "$time_sync", "event_type": "time_sync_request", "paras": paras}]
        client.publish(f"{own}/sys/events/up", {"services": services})
        topic, reply = client.get()
        assert topic == f"{own}/sys/events/down"
        assert abs(reply["services"][0]["paras"]["server_send_time"] / 1000 - time.time()) < 60
        assert client.messages.empty()


@pytest.mark.parametrize("name", ["tencent", "huawei", "baidu"])
def test_certificate(cloud, name):
    """A device's own certificate is its login; another's, or none, is refused with the reason."""
    certified = cloud.new_device(cloud=name, certificate=True)
    assert "deviceSecret" not in certified
    with Client(cloud, certified):
        record = cloud.wait_seen(kind="login", cloud=name, device=certified["deviceName"])
        assert record["signmethod"] == "certificate"
    other = cloud.new_device(cloud=name, certificate=True)
    code, reason = refused(cloud, certified | {"cert": other["cert"], "key": other["key"]})
    assert code == 5 and "another device's" in reason
    client_id, user_name, _ = LOGINS[name](certified, time.time())
    bare = {key: value for key, value in certified.items() if key not in ("cert", "key")}
    code, reason = refused(cloud, bare, login=(client_id, user_name, None))
    assert code == 5 and "showed none" in reason
    assert cloud.vendors[name]["devices"][2]["cert"].startswith("-----BEGIN CERTIFICATE")


@pytest.mark.parametrize(
    ("file", "words"), [("device-stranger", "unable to get local issuer"), ("device-expired", "expired")]
)
def test_a_certificate_that_no_cloud_accepts(cloud, file, words):
    certified = cloud.new_device(cloud="tencent", certificate=True)
    since = cloud.do("seen")["last"]
    files = [str(cloud.dir / f"{file}{end}") for end in (".pem", ".key")]
    with pytest.raises((OSError, queue.Empty)):
        Client(cloud, certified, cert=files, wait=2)
    record = cloud.wait_seen(kind="tls_failure", since=since)
    assert words in record["reason"] and record["port"] == cloud.vendors["tencent"]["tls_port"]


def test_a_certificate_at_a_cloud_without(cloud):
    with pytest.raises(CloudError, match="no logins with a certificate"):
        cloud.new_device(cloud="onenet", certificate=True)


@pytest.mark.parametrize("name", ["tencent", "onenet", "huawei"])
def test_a_second_login_ends_the_first(cloud, name):
    twice = device(cloud, name)
    # Huawei's client ids differ by the hour, the others' are the same.
    hour = {"now": time.time() - 3600} if name == "huawei" else {}
    with Client(cloud, twice, **hour) as first, Client(cloud, twice):
        assert first.is_closed()
        record = cloud.wait_seen(kind="disconnect", cloud=name, device=twice["deviceName"])
        assert "second login" in record["reason"]


@pytest.mark.parametrize("name", ["tencent", "onenet", "huawei"])
def test_commands_at_another_cloud(cloud, name):
    """What a test can have Alibaba's cloud do, the others do as well: refuse, drop, publish."""
    one = device(cloud, name)
    about = {"cloud": name, "device": one["deviceName"]}
    cloud.do("refuse", cloud=name, code=3)
    assert refused(cloud, one) == (3, "told to refuse")
    with Client(cloud, one) as client:
        cloud.do("publish", **about, direct=True, topic="a/b", payload='{"a":1}')
        assert client.get() == ("a/b", {"a": 1})
        cloud.do("drop", **about)
        assert client.is_closed()


def test_replies_can_fail_or_stay_away(cloud):
    tencent = device(cloud, "tencent")
    own = f"{tencent['productId']}/{tencent['deviceName']}"
    with Client(cloud, tencent) as client:
        assert client.subscribe(f"$thing/down/property/{own}") == 1
        for mode, code in ((406, 406), ("silent", None), ("normal", 0)):
            cloud.do("reply", cloud="tencent", mode=mode)
            client.publish(f"$thing/up/property/{own}", {"method": "report", "clientToken": str(mode), "params": {}})
            cloud.wait_seen(lambda record: record["id"] == str(mode), kind="property_post", cloud="tencent")
            if code is not None:
                reply = client.get()[1]
                # The silent one was not answered: this is the reply to this post.
                assert (reply["clientToken"], reply["code"]) == (str(mode), code)
