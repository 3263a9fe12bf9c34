"""Registration with Alibaba's own SDK against the local cloud, in the three ways that it knows, and what is refused."""

import http.client
import pathlib
import queue
import re
import ssl
import urllib.parse

import paho.mqtt.client as mqtt
import pytest
from linkkit import linkkit

from paho_client import first


def ca(cloud):
    return pathlib.Path(cloud.ca_file).read_text()


class Peer:
    """The SDK, and what its callbacks got."""

    def __init__(self, cloud, device, **more):
        self.kit = linkkit.LinkKit(
            host_name="cn-shanghai",
            product_key=device["productKey"],
            device_name=device["deviceName"],
            device_secret=more.pop("device_secret", ""),
            **more,
        )
        self.kit.config_mqtt(endpoint=cloud.host, port=cloud.tls_port, cadata=ca(cloud))
        self.queues = {}
        for callback in ("on_connect", "on_device_dynamic_register", "on_device_dynamic_register_nwl_reply"):
            self.queues[callback] = queue.Queue()
            setattr(self.kit, callback, self._into(callback))
        self.kit.connect_async()

    def _into(self, callback):
        return lambda *arguments: self.queues[callback].put(arguments)

    def get(self, callback):
        return self.queues[callback].get(timeout=10)


@pytest.fixture
def peer(cloud):
    peers = []

    def start(device, **more):
        peers.append(Peer(cloud, device, **more))
        return peers[-1]

    yield start
    for peer in peers:
        peer.kit.destruct()


@pytest.fixture
def https(cloud, monkeypatch):
    """Has the SDK's requests go to the cloud: it has no setting for that."""
    plain = urllib.request.urlopen

    def urlopen(url, *arguments, **more):
        here = re.sub(r"^https://iot-auth\.cn-shanghai\.aliyuncs\.com/", f"https://localhost:{cloud.https_port}/", url)
        assert here != url
        more["context"] = ssl.create_default_context(cadata=ca(cloud))
        return plain(here, *arguments, **more)

    monkeypatch.setattr(linkkit.urllib.request, "urlopen", urlopen)


def test_over_https_the_sdk_gets_a_secret_and_connects_with_it(cloud, device, peer, https):
    sdk = peer(device, product_secret=device["productSecret"])
    code, secret, _ = sdk.get("on_device_dynamic_register")
    assert code == 0 and len(secret) == 32 and secret != device["deviceSecret"]
    assert sdk.get("on_connect")[1] == 0
    assert cloud.wait_seen(kind="registration", device=device["deviceName"])["way"] == "https"


def test_over_mqtt_the_sdk_gets_a_secret(cloud, device, peer):
    sdk = peer(device, product_secret=device["productSecret"], auth_type="register")
    code, secret, _ = sdk.get("on_device_dynamic_register")
    assert code == 0 and len(secret) == 32
    assert peer(device, device_secret=secret).get("on_connect")[1] == 0


def test_an_unlisted_sdk_gets_a_token_and_connects_with_it(cloud, peer):
    product = cloud.do("product", productKey="unlistedSdk", unlisted=True)["product"]
    device = {"productKey": product["productKey"], "deviceName": "found-on-the-way"}
    sdk = peer(device, product_secret=product["productSecret"], auth_type="regnwl")
    code, client_id, user_name, token = sdk.get("on_device_dynamic_register_nwl_reply")
    assert code == 0
    with_token = peer(device, client_id=client_id, username=user_name, password=token)
    assert with_token.get("on_connect")[1] == 0
    login = cloud.wait_seen(kind="login", device=device["deviceName"])
    assert (login["securemode"], login["signmethod"]) == ("-2", "token")


def connack(cloud, client_id, user_name, password):
    """The return code that a login gets."""
    client = mqtt.Client(client_id=client_id, protocol=mqtt.MQTTv311)
    client.username_pw_set(user_name, password)
    return first(cloud, client, "on_connect")[3]


@pytest.mark.parametrize("kind", ["register", "regnwl"])
def test_a_bad_signature_is_refused_over_mqtt(cloud, device, kind):
    client_id = f"me|random=1,authType={kind},securemode=2,signmethod=hmacsha256|"
    assert connack(cloud, client_id, f"{device['deviceName']}&{device['productKey']}", "00" * 32) == 4
    assert cloud.wait_seen(kind="registration", device=device["deviceName"])["code"] == 6600


def test_what_is_no_request_is_refused_over_https(cloud):
    for method, path, headers, status in [
        ("GET", "/auth/register/device", {}, 405),
        ("POST", "/elsewhere", {}, 404),
        ("POST", "/auth/register/device", {"Content-Type": "text/plain"}, 415),
    ]:
        context = ssl.create_default_context(cafile=cloud.ca_file)
        connection = http.client.HTTPSConnection("localhost", cloud.https_port, context=context, timeout=10)
        connection.request(method, path, headers=headers)
        assert connection.getresponse().status == status
        connection.close()
