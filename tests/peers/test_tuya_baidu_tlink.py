"""Tuya's, Baidu's and TLINK's clouds over real connections, with paho as the client and messages made by hand from what the
clouds' documents say."""

import hashlib
import hmac
import json
import time

import paho.mqtt.client as mqtt
import pytest

from cloud import Cloud
from paho_client import Connection


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
    def login(device, at=None, secret=None):
        name, signed = device["deviceName"], f"timestamp={at or now()},secureMode=1,accessType=1"
        key = (secret or device["deviceSecret"]).encode()
        password = hmac.new(key, f"deviceId={name},{signed}".encode(), hashlib.sha256).hexdigest()
        return f"tuyalink_{name}", f"{name}|signMethod=hmacSha256,{signed}", password

    @staticmethod
    def properties(values):
        data = {key: {"value": value, "time": now()} for key, value in values.items()}
        return {"msgId": "1", "time": now(), "sys": {"ack": 1}, "data": data}

    @staticmethod
    def happened(event, params):
        return {"msgId": "2", "time": now(), "data": {"eventCode": event, "eventTime": now(), "outputParams": params}}

    @staticmethod
    def answer(device, told):
        body = json.loads(told.payload)
        data = {"outputParams": {"done": True}}
        return f"{told.topic}_response", {"msgId": body["msgId"], "time": now(), "code": 0, "data": data}


class Baidu:
    post = event = "$iot/{deviceName}/events"
    down = "$iot/{deviceName}/msg"
    custom = "$iot/{deviceName}/user/up"

    @staticmethod
    def login(device, at=0, secret=None):
        name = device["deviceName"]
        password = hashlib.sha256(f"{name}&{at}&SHA256{secret or device['deviceSecret']}".encode()).hexdigest()
        return f"any-{name}", f"thingidp@{device['instanceId']}|{name}|{at}|SHA256", password

    @staticmethod
    def properties(values):
        return {"requestId": "1", "reported": values}

    @staticmethod
    def happened(event, params):
        return {"requestId": "2", "event": event, "params": params}

    @staticmethod
    def answer(device, told):
        body = json.loads(told.payload)
        named = {"service": body["service"]} if "service" in body else {}
        answer = {"requestId": body["requestId"], "code": 200, "data": {"done": True}, **named}
        return f"$iot/{device['deviceName']}/events", answer


class Tlink:
    post = event = custom = "{deviceName}"
    down = "{deviceName}/+"

    @staticmethod
    def login(device, at=None, secret=None):
        return device["deviceName"], device["userName"], secret or device["password"]

    @staticmethod
    def properties(values):
        return {"sensorDatas": [{"flag": key, "value": value} for key, value in values.items()]}

    @staticmethod
    def happened(event, params):
        return {"sensorDatas": [{"flag": event, "str": json.dumps(params)}]}


CLOUDS = {"tuya": Tuya, "baidu": Baidu, "tlink": Tlink}


class Link(Connection):
    def __init__(self, cloud, name, device, tls=True, keepalive=60, client_id=None, **login):
        self.vendor, self.device, place = CLOUDS[name], device, cloud.vendors[name]
        own_id, user, password = self.vendor.login(device, **login)
        client = mqtt.Client(client_id or own_id)
        client.username_pw_set(user, password)
        port = place["tls_port"] if tls else place["tcp_port"]
        super().__init__(client, place["host"], port, keepalive, cloud.ca_file if tls else None)

    def publish(self, use, payload, qos=1):
        text = payload if isinstance(payload, str) else json.dumps(payload)
        self.paho.publish(getattr(self.vendor, use).format(**self.device), text, qos)

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
    with Link(cloud, name, device):
        login = seen(cloud, device, "login")
        assert (login["ok"], login["tls"], login["cloud"]) == (True, True, name)


def test_logs_in_without_tls_where_the_cloud_has_that(cloud, name, device):
    assert Link(cloud, name, device, tls=False).code == (5 if name == "tuya" else 0)


def test_a_wrong_secret_is_refused(cloud, name, device):
    assert Link(cloud, name, device, secret="0" * 16).code == 4
    assert "password" in seen(cloud, device, "login")["reason"]


@pytest.mark.parametrize("off", [-3600, 3600])
def test_a_wrong_clock_is_refused_where_the_login_has_a_time(cloud, name, device, off):
    if name == "tlink":
        assert Link(cloud, name, device, at=now() + off).code == 0
        return
    assert Link(cloud, name, device, at=now() + off).code == 5
    assert "the cloud's clock" in seen(cloud, device, "login")["reason"]


def test_the_clouds_own_clock_can_be_wrong(cloud, name, device):
    cloud.do("clock", cloud=name, seconds=3600)
    try:
        assert Link(cloud, name, device, at=now()).code == (0 if name == "tlink" else 5)
        assert Link(cloud, name, device, at=now() + 3600).code == 0
    finally:
        cloud.do("clock", cloud=name, seconds=0)


def test_a_second_login_ends_the_first(cloud, name, device):
    # Baidu leaves the client id free.
    other = {"client_id": "another"} if name == "baidu" else {}
    with Link(cloud, name, device) as first, Link(cloud, name, device, **other):
        assert first.is_closed()
        assert "second login" in seen(cloud, device, "disconnect")["reason"]


def test_posts_properties_and_an_event(cloud, name, device):
    with Link(cloud, name, device) as link:
        link.listen()
        link.publish("post", link.vendor.properties({"a": 21.5}))
        assert seen(cloud, device, "property_post")["params"] == {"a": 21.5}
        if name == "tuya":
            reply = link.get()
            assert reply.topic.endswith("/thing/property/report_response")
            assert (json.loads(reply.payload)["msgId"], json.loads(reply.payload)["code"]) == ("1", 0)
        link.publish("event", link.vendor.happened("low", {"v": 2}))
        record = seen(cloud, device, "event_post")
        assert (record["event"], record["params"]) == ("low", {"v": 2})
        assert link.is_silent()


def test_is_set_and_called(cloud, name, device):
    with Link(cloud, name, device) as link:
        link.listen()
        sent = cloud.do("set", cloud=name, device=device["deviceName"], params={"a": 1})
        told = link.get()
        if name == "tlink":
            assert told.topic == f"{device['deviceName']}/a" == sent["topic"]
            assert json.loads(told.payload) == {"sensorDatas": [{"flag": "a", "value": 1}]}
            return
        topic, answer = link.vendor.answer(device, told)
        link.paho.publish(topic, json.dumps(answer), 1)
        reply = seen(cloud, device, "set_reply")
        assert reply["id"] == sent["id"] and "fault" not in reply

        sent = cloud.do("service", cloud=name, device=device["deviceName"], service="open", params={"n": 1})
        topic, answer = link.vendor.answer(device, link.get())
        link.paho.publish(topic, json.dumps(answer), 1)
        reply = seen(cloud, device, "service_reply")
        assert (reply["id"], reply["service"], reply["data"]) == (sent["id"], "open", {"done": True})
        assert "fault" not in reply


def test_custom_messages_go_up(cloud, name, device):
    with Link(cloud, name, device) as link:
        link.publish("custom", "hello")
        assert seen(cloud, device, "publish")["payload"] == "hello"


def test_custom_messages_come_down(cloud, name, device):
    topics = {"tuya": "tylink/{}/channel/raw/down", "baidu": "$iot/{}/user/down", "tlink": "{}/7"}
    topic = topics[name].format(device["deviceName"])
    with Link(cloud, name, device) as link:
        assert link.subscribe(topic) == 1
        cloud.do("publish", cloud=name, topic=topic, payload="there")
        message = link.get()
        assert (message.topic, message.payload) == (topic, b"there")


def test_anothers_topic_ends_the_connection(cloud, name, device):
    with Link(cloud, name, device) as link:
        link.paho.publish(link.vendor.post.format(deviceName="another"), "{}", 1)
        assert link.is_closed()
    assert "another" in seen(cloud, device, "refused")["reason"]


def test_tuya_tells_the_time(cloud):
    device = cloud.vendors["tuya"]["devices"][0]
    with Link(cloud, "tuya", device) as link:
        link.listen()
        ask = {"msgId": "9", "time": now(), "data": {"bizType": "NTP", "dst": now() * 1000}}
        link.paho.publish("tylink/{deviceName}/ext/time/request".format(**device), json.dumps(ask), 1)
        told = json.loads(link.get().payload)["data"]
        assert (told["bizType"], told["dst"]) == ("NTP", ask["data"]["dst"])
        assert abs(told["sst"] - now() * 1000) < 60_000 and told["srt"] == told["sst"]
