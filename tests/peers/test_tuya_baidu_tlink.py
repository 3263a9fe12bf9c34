"""Tuya's, Baidu's and TLINK's clouds over real connections, with paho as the client and messages made by hand from what the
clouds' documents say."""

import json
import time

import pytest

from cloud import Cloud
from vendor_client import LOGINS, Client


@pytest.fixture(scope="module")
def cloud():
    with Cloud("--cloud", "tuya,baidu,tlink") as running:
        yield running


def now():
    return int(time.time())


class Tuya:
    post = "tylink/{deviceName}/thing/property/report"
    event = "tylink/{deviceName}/thing/event/trigger"
    down = "tylink/{deviceName}/channel/downlink/auto_subscribe"
    custom = "tylink/{deviceName}/channel/raw/up"

    @staticmethod
    def properties(values):
        data = {key: {"value": value, "time": now()} for key, value in values.items()}
        return {"msgId": "1", "time": now(), "sys": {"ack": 1}, "data": data}

    @staticmethod
    def happened(event, params):
        return {"msgId": "2", "time": now(), "data": {"eventCode": event, "eventTime": now(), "outputParams": params}}

    @staticmethod
    def answer(topic, body):
        data = {"outputParams": {"done": True}}
        return f"{topic}_response", {"msgId": body["msgId"], "time": now(), "code": 0, "data": data}


class Baidu:
    post = event = "$iot/{deviceName}/events"
    down = "$iot/{deviceName}/msg"
    custom = "$iot/{deviceName}/user/up"

    @staticmethod
    def properties(values):
        return {"requestId": "1", "reported": values}

    @staticmethod
    def happened(event, params):
        return {"requestId": "2", "event": event, "params": params}

    @staticmethod
    def answer(topic, body):
        named = {"service": body["service"]} if "service" in body else {}
        answer = {"requestId": body["requestId"], "code": 200, "data": {"done": True}, **named}
        return topic.replace("/msg", "/events"), answer


class Tlink:
    post = event = custom = "{deviceName}"
    down = "{deviceName}/+"

    @staticmethod
    def properties(values):
        return {"sensorDatas": [{"flag": key, "value": value} for key, value in values.items()]}

    @staticmethod
    def happened(event, params):
        return {"sensorDatas": [{"flag": event, "str": json.dumps(params)}]}


CLOUDS = {"tuya": Tuya, "baidu": Baidu, "tlink": Tlink}


class Link(Client):
    def __init__(self, cloud, device, **login):
        self.vendor, self.device = CLOUDS[device["cloud"]], device
        super().__init__(cloud, device, **login)

    def send(self, use, payload):
        self.publish(getattr(self.vendor, use).format(**self.device), payload)

    def listen(self):
        assert self.subscribe(self.vendor.down.format(**self.device)) == 1


@pytest.fixture(params=CLOUDS)
def name(request):
    return request.param


@pytest.fixture
def device(cloud, name):
    return cloud.new_device(cloud=name, device=f"{name}-{time.monotonic_ns()}")


def seen(cloud, device, kind):
    return cloud.wait_seen(device=device["deviceName"], kind=kind)


def test_logs_in_over_tls(cloud, name, device):
    with Link(cloud, device):
        login = seen(cloud, device, "login")
        assert (login["ok"], login["tls"], login["cloud"]) == (True, True, name)


@pytest.mark.parametrize(("name", "change"), [("tuya", {"method": "hmacSha1"}), ("baidu", {"method": "MD5"}), ("baidu", {"now": 0})])
def test_takes_each_way_to_sign(cloud, device, change):
    with Link(cloud, device, **change):
        assert seen(cloud, device, "login")["signmethod"] == change.get("method", "SHA256")


def test_logs_in_without_tls_where_the_cloud_has_that(cloud, name, device):
    assert Link(cloud, device, tls=False).code == (5 if name == "tuya" else 0)


def test_a_wrong_secret_is_refused(cloud, name, device):
    wrong = {key: "0" * 16 for key in ("deviceSecret", "password") if key in device}
    assert Link(cloud, device | wrong).code == 4
    assert "password" in seen(cloud, device, "login")["reason"]


@pytest.mark.parametrize("off", [-3600, 3600])
def test_a_wrong_clock_is_refused_where_the_login_has_a_time(cloud, name, device, off):
    if name == "tlink":
        assert Link(cloud, device, now=now() + off).code == 0
        return
    assert Link(cloud, device, now=now() + off).code == 5
    assert "the cloud's clock" in seen(cloud, device, "login")["reason"]


def test_the_clouds_own_clock_can_be_wrong(cloud, name, device):
    cloud.do("clock", cloud=name, seconds=3600)
    try:
        assert Link(cloud, device, now=now()).code == (0 if name == "tlink" else 5)
        assert Link(cloud, device, now=now() + 3600).code == 0
    finally:
        cloud.do("clock", cloud=name, seconds=0)


def test_a_second_login_ends_the_first(cloud, name, device):
    again = LOGINS[name](device, now())
    if name == "baidu":  # It leaves the client id free.
        again = ("another", *again[1:])
    with Link(cloud, device) as first, Link(cloud, device, login=again):
        assert first.is_closed()
        assert "second login" in seen(cloud, device, "disconnect")["reason"]


def test_posts_properties_and_an_event(cloud, name, device):
    with Link(cloud, device) as link:
        link.listen()
        link.send("post", link.vendor.properties({"a": 21.5}))
        assert seen(cloud, device, "property_post")["params"] == {"a": 21.5}
        if name == "tuya":
            topic, reply = link.get()
            assert topic.endswith("/thing/property/report_response")
            assert (reply["msgId"], reply["code"]) == ("1", 0)
        link.send("event", link.vendor.happened("low", {"v": 2}))
        record = seen(cloud, device, "event_post")
        assert (record["event"], record["params"]) == ("low", {"v": 2})
        assert link.is_silent()


def test_is_set_and_called(cloud, name, device):
    with Link(cloud, device) as link:
        link.listen()
        sent = cloud.do("set", cloud=name, device=device["deviceName"], params={"a": 1})
        topic, body = link.get()
        if name == "tlink":
            assert topic == f"{device['deviceName']}/a" == sent["topic"]
            assert body == {"sensorDatas": [{"flag": "a", "value": 1}]}
            return
        link.publish(*link.vendor.answer(topic, body))
        reply = seen(cloud, device, "set_reply")
        assert reply["id"] == sent["id"] and "fault" not in reply

        sent = cloud.do("service", cloud=name, device=device["deviceName"], service="open", params={"n": 1})
        link.publish(*link.vendor.answer(*link.get()))
        reply = seen(cloud, device, "service_reply")
        assert (reply["id"], reply["service"], reply["data"]) == (sent["id"], "open", {"done": True})
        assert "fault" not in reply


def test_custom_messages_go_up(cloud, name, device):
    with Link(cloud, device) as link:
        link.send("custom", "hello")
        assert seen(cloud, device, "publish")["payload"] == '"hello"'


def test_custom_messages_come_down(cloud, name, device):
    topics = {"tuya": "tylink/{}/channel/raw/down", "baidu": "$iot/{}/user/down", "tlink": "{}/7"}
    topic = topics[name].format(device["deviceName"])
    with Link(cloud, device) as link:
        assert link.subscribe(topic) == 1
        cloud.do("publish", cloud=name, topic=topic, payload='"there"')
        assert link.get() == (topic, "there")


def test_anothers_topic_ends_the_connection(cloud, name, device):
    with Link(cloud, device) as link:
        link.publish(link.vendor.post.format(deviceName="another"), {})
        assert link.is_closed()
    assert "another" in seen(cloud, device, "refused")["reason"]


def test_tuya_tells_the_time(cloud):
    device = cloud.vendors["tuya"]["devices"][0]
    with Link(cloud, device) as link:
        link.listen()
        ask = {"msgId": "9", "time": now(), "data": {"bizType": "NTP", "dst": now() * 1000}}
        link.publish("tylink/{deviceName}/ext/time/request".format(**device), ask)
        told = link.get()[1]["data"]
        assert (told["bizType"], told["dst"]) == ("NTP", ask["data"]["dst"])
        assert abs(told["sst"] - now() * 1000) < 60_000 and told["srt"] == told["sst"]
