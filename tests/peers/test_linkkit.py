"""Alibaba's own SDK against the local cloud, over TLS, unchanged but for endpoint and trust root.

This is how we know that the local cloud is not just our own misunderstanding played back.
"""

import json
import pathlib
import queue

import pytest
from linkkit import linkkit

# What the SDK asks of a thing: one property, one event, one service.
THING = {
    "properties": [{"identifier": "LightSwitch"}],
    "events": [
        {"identifier": "post", "outputData": [{"identifier": "LightSwitch"}]},
        {"identifier": "alarm"},
    ],
    "services": [
        {"identifier": "set", "inputData": [{"identifier": "LightSwitch"}]},
        {"identifier": "get", "outputData": [{"identifier": "LightSwitch"}]},
        {"identifier": "reboot"},
    ],
}


class Peer:
    """The SDK with each of its callbacks turned into a queue."""

    def __init__(self, cloud, device, tmp_path, secret=None):
        self.kit = linkkit.LinkKit(
            host_name="cn-shanghai",
            product_key=device["productKey"],
            device_name=device["deviceName"],
            device_secret=secret or device["deviceSecret"],
        )
        self.kit.config_mqtt(
            endpoint=cloud.host,
            port=cloud.tls_port,
            cadata=pathlib.Path(cloud.ca_file).read_text(),
        )
        thing = tmp_path / "thing.json"
        thing.write_text(json.dumps(THING))
        assert self.kit.thing_setup(str(thing)) == 0
        self.queues = {}
        for callback in (
            "on_connect",
            "on_thing_enable",
            "on_thing_prop_post",
            "on_thing_event_post",
            "on_thing_prop_changed",
            "on_thing_call_service",
            "on_thing_raw_data_post",
        ):
            self.queues[callback] = queue.Queue()
            setattr(self.kit, callback, self._into(callback))
        self.kit.connect_async()

    def _into(self, callback):
        return lambda *arguments: self.queues[callback].put(arguments[:-1])

    def get(self, callback, timeout=10):
        """The arguments of the callback's next call, without the user data."""
        return self.queues[callback].get(timeout=timeout)


@pytest.fixture
def peer(cloud, device, tmp_path):
    peer = Peer(cloud, device, tmp_path)
    _, code = peer.get("on_connect")
    assert code == 0
    peer.get("on_thing_enable")
    yield peer
    peer.kit.destruct()


def seen(cloud, device, kind):
    return cloud.wait_seen(device=device["deviceName"], kind=kind)


def test_logs_in_over_tls(cloud, device, peer):
    login = seen(cloud, device, "login")
    assert login["ok"] and login["tls"]
    assert (login["securemode"], login["signmethod"]) == ("2", "hmacsha1")


def test_posts_a_property_and_gets_the_reply(cloud, device, peer):
    code, request = peer.kit.thing_post_property({"LightSwitch": 1})
    assert code == 0
    reply_id, reply_code, data, message = peer.get("on_thing_prop_post")
    assert (reply_id, reply_code, data, message) == (request, 200, {}, "success")
    assert seen(cloud, device, "property_post")["params"] == {"LightSwitch": 1}


def test_posts_an_event_and_gets_the_reply(cloud, device, peer):
    code, request = peer.kit.thing_trigger_event(("alarm", {"level": 3}))
    assert code == 0
    event, reply_id, reply_code, *_ = peer.get("on_thing_event_post")
    assert (event, reply_id, reply_code) == ("alarm", request, 200)
    record = seen(cloud, device, "event_post")
    assert (record["event"], record["params"]) == ("alarm", {"value": {"level": 3}})


def test_is_told_of_a_failed_post(cloud, device, peer):
    cloud.do("reply", mode=429, count=1)
    peer.kit.thing_post_property({"LightSwitch": 1})
    _, reply_code, *_ = peer.get("on_thing_prop_post")
    assert reply_code == 429


def test_receives_a_property_set(cloud, device, peer):
    sent = cloud.do("set", device=device["deviceName"], params={"LightSwitch": 0})
    assert peer.get("on_thing_prop_changed") == ({"LightSwitch": 0},)
    reply = seen(cloud, device, "set_reply")
    assert (reply["id"], reply["code"]) == (sent["id"], 200)
    assert "fault" not in reply


def test_receives_a_service_call_and_answers(cloud, device, peer):
    sent = cloud.do("service", device=device["deviceName"], service="reboot", params={"delay": 2})
    service, request, params = peer.get("on_thing_call_service")
    assert (service, request, params) == ("reboot", sent["id"], {"delay": 2})
    peer.kit.thing_answer_service(service, request, 200, {"done": True})
    reply = seen(cloud, device, "service_reply")
    assert (reply["service"], reply["id"], reply["data"]) == ("reboot", sent["id"], {"done": True})


def test_answers_a_synchronous_service_call(cloud, device, peer):
    sent = cloud.do("rrpc", device=device["deviceName"], service="reboot", params={"delay": 0})
    service, request, params = peer.get("on_thing_call_service")
    assert (service, request, params) == ("reboot", sent["id"], {"delay": 0})
    peer.kit.thing_answer_service(service, request, 200, {"done": True})
    reply = seen(cloud, device, "rrpc_reply")
    assert (reply["rid"], reply["service"]) == (sent["rid"], "reboot")
    assert json.loads(reply["payload"])["data"] == {"done": True}


def test_sends_raw_data(cloud, device, peer):
    assert peer.kit.thing_raw_post_data(b"\x01\x00\xff") == 0
    assert peer.get("on_thing_raw_data_post") == (b"\x01\x00\xff",)
    assert seen(cloud, device, "raw_up")["hex"] == "0100ff"


def test_a_wrong_secret_is_refused(cloud, device, tmp_path):
    peer = Peer(cloud, device, tmp_path, secret="0" * 32)
    try:
        login = seen(cloud, device, "login")
        assert not login["ok"]
        assert login["code"] == 4
        assert "hmacsha1" in login["reason"]
        # The SDK says nothing of a refused login; it tries again later.
        assert peer.kit.check_state() is not linkkit.LinkKit.LinkKitState.CONNECTED
        assert peer.queues["on_connect"].empty()
    finally:
        peer.kit.destruct()
