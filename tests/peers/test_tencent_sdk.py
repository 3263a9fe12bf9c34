"""Tencent's SDK for Python against the local cloud, over TLS, unchanged but for endpoint and trust root.

This is how we know that the local cloud's Tencent is not just our own misunderstanding played back.
"""

import json
import pathlib
import sys

import pytest

from cloud import Cloud
from peer_process import PeerProcess

HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def cloud():
    with Cloud("--cloud", "tencent") as running:
        yield running


@pytest.fixture
def device(cloud, request):
    return cloud.new_device(cloud="tencent", device=f"sdk-{abs(hash(request.node.nodeid)) % 10**8}")


@pytest.fixture
def start(cloud, tmp_path):
    peers = []

    def start(device, secret=None, ca_file=None, product_secret="none"):
        config = tmp_path / f"device-{len(peers)}.json"
        config.write_text(
            json.dumps(
                {
                    "auth_mode": "KEY",
                    "productId": device["productId"],
                    "productSecret": product_secret,
                    "deviceName": device["deviceName"],
                    "key_deviceinfo": {"deviceSecret": secret or device["deviceSecret"]},
                    "cert_deviceinfo": {"devCaFile": "", "devCertFile": "", "devPrivateKeyFile": ""},
                    "region": "china",
                }
            )
        )
        place = cloud.vendors["tencent"]
        peer = PeerProcess(sys.executable, HERE / "tencent_peer.py")
        peers.append(peer)
        peer.do(
            "start",
            config=str(config),
            host=place["host"],
            port=place["tls_port"],
            https_port=cloud.https_port,
            ca_file=str(ca_file or cloud.ca_file),
        )
        return peer

    yield start
    for peer in peers:
        peer.end()


@pytest.fixture
def peer(cloud, device, start):
    peer = start(device)
    peer.do("connect")
    assert peer.get("connect")[1] == 0
    peer.do("init")
    for _ in range(4):
        assert peer.get("subscribe")[0] == 0
    return peer


def seen(cloud, device, kind):
    return cloud.wait_seen(device=device["deviceName"], kind=kind)


def test_logs_in_over_tls(cloud, device, peer):
    login = seen(cloud, device, "login")
    assert (login["ok"], login["tls"], login["cloud"]) == (True, True, "tencent")
    refused = [record for record in cloud.seen(kind="subscribe", device=device["deviceName"]) if not record["ok"]]
    assert refused == []


def test_reports_properties_and_gets_the_reply(cloud, device, peer):
    peer.do("report", params={"power_switch": 1})
    token = peer.get("report")
    topic, _, reply = peer.get("property")
    assert topic == "$thing/down/property/{productId}/{deviceName}".format(**device)
    assert (reply["method"], reply["clientToken"], reply["code"]) == ("report_reply", token, 0)
    assert seen(cloud, device, "property_post")["params"] == {"power_switch": 1}


def test_posts_events_and_gets_the_reply(cloud, device, peer):
    events = [
        {"eventId": "low", "type": "alert", "timestamp": 1700000000, "params": {"v": 2.8}},
        {"eventId": "hot", "type": "fault", "timestamp": 1700000000, "params": {"t": 90}},
    ]
    peer.do("events", events=events)
    _, _, reply = peer.get("event")
    assert reply["code"] == 0
    assert "low" in json.dumps(seen(cloud, device, "event_post"))


def test_is_told_of_a_failed_report(cloud, device, peer):
    cloud.do("reply", cloud="tencent", mode=405, count=1)
    peer.do("report", params={"power_switch": 1})
    assert peer.get("property")[2]["code"] == 405


def test_is_controlled_and_answers(cloud, device, peer):
    sent = cloud.do("set", cloud="tencent", device=device["deviceName"], params={"power_switch": 0})
    _, _, told = peer.get("property")
    assert (told["method"], told["clientToken"], told["params"]) == ("control", sent["id"], {"power_switch": 0})
    peer.do("answer_control", code=0, status="done")
    reply = seen(cloud, device, "set_reply")
    assert (reply["id"], reply["code"]) == (sent["id"], 0) and "fault" not in reply


def test_is_called_and_answers(cloud, device, peer):
    sent = cloud.do("service", cloud="tencent", device=device["deviceName"], service="open", params={"n": 1})
    _, _, told = peer.get("action")
    assert (told["method"], told["actionId"], told["params"]) == ("action", "open", {"n": 1})
    peer.do("answer_action", token=told["clientToken"], response={"done": 1}, code=0, status="done")
    reply = seen(cloud, device, "service_reply")
    assert (reply["id"], reply["service"], reply["data"]) == (sent["id"], "open", {"done": 1})
    assert "fault" not in reply


def test_custom_topics_go_both_ways(cloud, device, peer):
    own = "{productId}/{deviceName}/".format(**device)
    peer.do("subscribe", topic=own + "control")
    assert peer.get("subscribe")[0] == 1
    cloud.do("publish", cloud="tencent", topic=own + "control", payload='{"a":1}')
    assert peer.get("custom")[::2] == [own + "control", {"a": 1}]
    peer.do("publish", topic=own + "event", payload={"b": 2})
    assert json.loads(seen(cloud, device, "publish")["payload"]) == {"b": 2}


def test_is_told_the_time(cloud, device, peer):
    cloud.do("clock", cloud="tencent", seconds=-86400)
    try:
        peer.do("time")
        told = peer.get("time")
        at = seen(cloud, device, "ntp")["at"]
        # The SDK takes the middle of the cloud's time and of what passed on the way.
        assert abs(told - (at - 86_400_000)) < 60_000
    finally:
        cloud.do("clock", cloud="tencent", seconds=0)


def test_registers_and_connects(cloud, start):
    about = cloud.vendors["tencent"]["registration"]
    device = {"productId": about["productId"], "deviceName": "sdk-new"}
    # The SDK puts the secret that it gets in place of these words in its configuration.
    peer = start(device, secret="YOUR_DEVICE_SECRET", product_secret=about["productSecret"])
    peer.do("register")
    code, secret = peer.get("register")
    assert code == 0 and secret
    peer.do("connect")
    assert seen(cloud, device, "login")["ok"]


def test_a_registration_with_a_wrong_secret_is_refused(cloud, start):
    about = cloud.vendors["tencent"]["registration"]
    device = {"productId": about["productId"], "deviceName": "sdk-refused"}
    peer = start(device, secret="YOUR_DEVICE_SECRET", product_secret="x" * len(about["productSecret"]))
    peer.do("register")
    code, _ = peer.get("register")
    assert code == -1
    assert seen(cloud, device, "registration")["ok"] is False


def test_a_wrong_secret_is_refused(cloud, device, start):
    peer = start(device, secret="d3Jvbmcgc2VjcmV0IQ==")
    peer.do("connect")
    login = seen(cloud, device, "login")
    assert (login["ok"], login["code"]) == (False, 4)
    assert "hmacsha1" in login["reason"]
    assert not peer.heard("connect")


def test_an_expired_login_is_refused(cloud, device, start):
    # The SDK's logins end at a time that is the present in milliseconds, and is read in seconds: the year 55000 or so.
    cloud.do("clock", cloud="tencent", seconds=2_000_000_000_000)
    try:
        start(device).do("connect")
        login = seen(cloud, device, "login")
        assert (login["ok"], login["code"]) == (False, 5) and "expired" in login["reason"]
    finally:
        cloud.do("clock", cloud="tencent", seconds=0)


def test_without_the_clouds_root_it_does_not_connect(cloud, device, start):
    since = cloud.do("seen", kind="none")["last"]
    peer = start(device, ca_file=cloud.dir / "stranger-ca.pem")
    peer.do("connect")
    assert cloud.wait_seen(kind="tls_failure", since=since)["reason"]
    assert not peer.heard("connect")
