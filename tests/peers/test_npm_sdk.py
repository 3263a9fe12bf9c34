"""Alibaba's SDK for Node.js against the local cloud, over TLS, unchanged but for endpoint and trust root.

`cargo xtask setup` installs it from `npm/package-lock.json`, which holds the hash of each package.
"""

import json
import os
import pathlib
import shutil

import pytest

from peer_process import PeerProcess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODULES = pathlib.Path(os.environ.get("NODE_PATH") or ROOT / "target" / "npm" / "node_modules")

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and (MODULES / "alibabacloud-iot-device-sdk").is_dir()),
    reason="Node.js or the SDK is not installed: cargo xtask setup",
)


class Peer(PeerProcess):
    def __init__(self, ca_file):
        super().__init__("node", HERE / "npm" / "peer.js", NODE_PATH=str(MODULES), NODE_EXTRA_CA_CERTS=str(ca_file))

    def connect(self, cloud, device, **more):
        keys = ("productKey", "deviceName", "deviceSecret")
        config = {key: device[key] for key in keys} | {"brokerUrl": f"mqtts://localhost:{cloud.tls_port}/"} | more
        self.do("connect", config=config)


@pytest.fixture
def start():
    peers = []

    def start(ca_file):
        peers.append(Peer(ca_file))
        return peers[-1]

    yield start
    for peer in peers:
        peer.end()


@pytest.fixture
def peer(cloud, device, start):
    peer = start(cloud.ca_file)
    peer.connect(cloud, device)
    peer.get("connect")
    # It subscribes by itself to what it waits for; sets and calls come there.
    for word in ("property/set", "rrpc/request"):
        cloud.wait_seen(lambda record: word in record["topic"], kind="subscribe", device=device["deviceName"])
    return peer


def seen(cloud, device, kind):
    return cloud.wait_seen(device=device["deviceName"], kind=kind)


def test_the_lockfile_has_a_hash_for_each_package_and_no_host():
    text = (HERE / "npm" / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    for name, package in packages.items():
        assert not name or package["integrity"].startswith("sha"), name
    assert '"resolved"' not in text and "://" not in text
    installed = json.loads((MODULES / "alibabacloud-iot-device-sdk" / "package.json").read_text())
    assert installed["version"] == packages["node_modules/alibabacloud-iot-device-sdk"]["version"]


def test_logs_in_over_tls(cloud, device, peer):
    login = seen(cloud, device, "login")
    assert login["ok"] and login["tls"]
    assert (login["securemode"], login["signmethod"]) == ("2", "hmacsha1")
    assert all(record["ok"] for record in cloud.seen(kind="subscribe", device=device["deviceName"]))


def test_posts_properties_and_gets_the_reply(cloud, device, peer):
    for value in (1, 2):
        peer.do("postProps", params={"LightSwitch": value, "Name": "灯"})
        reply = peer.get("postProps")
        assert (reply["code"], reply["data"], reply["message"]) == (200, {}, "success")
        # It only tells a reply with the very id that it sent.
        assert "|exp-topic|/sys/" in reply["id"]
    records = cloud.seen(kind="property_post", device=device["deviceName"])
    assert [record["params"]["LightSwitch"] for record in records] == [1, 2]
    assert [record["code"] for record in records] == [200, 200]


def test_posts_an_event_and_gets_the_reply(cloud, device, peer):
    peer.do("postEvent", name="alarm", params={"level": 3})
    reply = peer.get("postEvent")
    assert (reply["code"], reply["method"]) == (200, "thing.event.alarm.post")
    record = seen(cloud, device, "event_post")
    assert (record["event"], record["params"]) == ("alarm", {"level": 3})


def test_is_told_of_a_failed_post(cloud, device, peer):
    cloud.do("reply", mode=460, count=1)
    peer.do("postProps", params={"LightSwitch": 1})
    assert peer.get("postProps")["code"] == 460


def test_is_set(cloud, device, peer):
    sent = cloud.do("set", device=device["deviceName"], params={"LightSwitch": 0})
    request = peer.get("props")
    assert (request["id"], request["params"]) == (sent["id"], {"LightSwitch": 0})
    reply = seen(cloud, device, "set_reply")
    assert (reply["id"], reply["code"]) == (sent["id"], 200) and "fault" not in reply


def serve(cloud, device, peer, how):
    """Has it answer the service `reboot`, and waits until it does: it subscribes then."""
    peer.do("onService", name="reboot", how=how, data={"done": True})
    cloud.wait_seen(lambda record: record["topic"].endswith("/reboot"), kind="subscribe", device=device["deviceName"])


def test_is_called_and_answers(cloud, device, peer):
    serve(cloud, device, peer, "async")
    sent = cloud.do("service", device=device["deviceName"], service="reboot", params={"delay": 2})
    request = peer.get("service")
    assert (request["id"], request["params"]) == (sent["id"], {"delay": 2})
    reply = seen(cloud, device, "service_reply")
    assert (reply["service"], reply["id"], reply["data"]) == ("reboot", sent["id"], {"done": True})


def test_answers_a_synchronous_call(cloud, device, peer):
    serve(cloud, device, peer, "sync")
    sent = cloud.do("rrpc", device=device["deviceName"], service="reboot", params={"delay": 0})
    assert peer.get("service")["params"] == {"delay": 0}
    reply = seen(cloud, device, "rrpc_reply")
    assert (reply["rid"], reply["service"]) == (sent["rid"], "reboot") and "fault" not in reply
    assert json.loads(reply["payload"])["data"] == {"done": True}


def test_custom_topics_go_both_ways(cloud, device, peer):
    own = "/{productKey}/{deviceName}/user/".format(**device)
    peer.do("subscribe", topic=own + "down")
    assert peer.get("subscribe")[0]["qos"] == 1
    cloud.do("publish", topic=own + "down", payload="hello")
    assert peer.get("message") == {"topic": own + "down", "payload": "hello"}
    peer.do("publish", topic=own + "up", payload="there")
    assert peer.get("publish") is None
    assert seen(cloud, device, "publish")["payload"] == "there"


def test_registers_over_https_and_connects(cloud, device, start):
    peer = start(cloud.ca_file)
    config = {key: device[key] for key in ("productKey", "productSecret", "deviceName")}
    peer.do("register", config={**config, "registerURL": f"https://localhost:{cloud.https_port}/auth/register/device"})
    answer = peer.get("register")
    assert answer["code"] == 200 and answer["data"]["deviceSecret"] != device["deviceSecret"]
    peer.connect(cloud, {**device, **answer["data"]})
    peer.get("connect")


def test_a_wrong_secret_is_refused(cloud, device, start):
    peer = start(cloud.ca_file)
    peer.connect(cloud, {**device, "deviceSecret": "0" * 32})
    assert "Connection refused" in peer.get("error")
    assert seen(cloud, device, "login")["code"] == 4


def test_without_the_clouds_root_it_does_not_connect(cloud, device, start):
    since = cloud.do("seen", kind="none")["last"]
    peer = start(cloud.dir / "stranger-ca.pem")
    peer.connect(cloud, device)
    assert "certificate" in peer.get("error")
    assert not peer.heard("connect")
    assert cloud.wait_seen(kind="tls_failure", since=since)["reason"]
