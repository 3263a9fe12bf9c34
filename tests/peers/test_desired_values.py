"""Desired properties of the local cloud, over a real connection, with messages made by hand."""

import json

from paho_client import Client, S


def ask(client, device, what, params, message_id="1"):
    """Sends a request, and returns the reply."""
    topic = f"{S.format(**device)}/thing/property/desired/{what}"
    client.paho.publish(topic, json.dumps({"id": message_id, "version": "1.0", "params": params}), 1)
    message = client.get()
    assert message.topic == f"{topic}_reply"
    return json.loads(message.payload)


def desired(cloud, device, **params):
    return cloud.do("desired", device=device["deviceName"], params=params)


def test_values_wait_for_a_device_that_is_away(cloud, device):
    desired(cloud, device, switch=0, level={"high": [1, 2]})
    assert desired(cloud, device, switch=1)["desired"]["switch"] == {"value": 1, "version": 2}
    with Client(cloud, device) as client:
        reply = ask(client, device, "get", ["switch", "level", "unknown"])
        assert (reply["id"], reply["code"]) == ("1", 200)
        assert reply["data"] == {"switch": {"value": 1, "version": 2}, "level": {"value": {"high": [1, 2]}, "version": 1}}
        assert client.is_silent()
    [record] = cloud.seen(device=device["deviceName"], kind="desired_get")
    assert (record["params"], record["code"], record["answered"]) == (["switch", "level", "unknown"], 200, True)


def test_a_device_that_is_online_is_sent_a_property_set(cloud, device):
    with Client(cloud, device) as client:
        reply = desired(cloud, device, switch=1)
        message = client.get()
        assert message.topic == f"{S.format(**device)}/thing/service/property/set"
        body = json.loads(message.payload)
        assert (body["id"], body["params"]) == (reply["id"], {"switch": 1})
        assert ask(client, device, "get", ["switch"])["data"] == {"switch": {"value": 1, "version": 1}}


def test_only_the_latest_version_is_deleted(cloud, device):
    desired(cloud, device, switch=0, level=5)
    desired(cloud, device, switch=1)
    with Client(cloud, device) as client:
        assert ask(client, device, "delete", {"switch": {"version": 1}, "level": {}})["code"] == 200
        assert ask(client, device, "get", ["switch", "level"])["data"] == {"switch": {"value": 1, "version": 2}}
        assert ask(client, device, "delete", {"switch": {"version": 2}})["code"] == 200
        assert ask(client, device, "get", ["switch", "level"])["data"] == {}
    assert desired(cloud, device, switch=None)["desired"] == {}


def test_refusals(cloud, device):
    with Client(cloud, device) as client:
        for what, params in [("get", []), ("get", {"a": 1}), ("get", [1]), ("delete", {}), ("delete", ["a"]), ("delete", {"a": 1})]:
            assert ask(client, device, what, params)["code"] == 460, (what, params)
        cloud.do("reply", mode=6203, count=1)
        assert ask(client, device, "get", ["a"])["code"] == 6203
