"""The local cloud over real connections, with paho as the client: what unit tests cannot see."""

import hmac
import json
import os
import queue
import signal
import socket
import ssl
import threading
import time

import paho.mqtt.client as mqtt
import pytest

from cloud import Cloud, CloudError

S = "/sys/{productKey}/{deviceName}"
OWN = "/{productKey}/{deviceName}/user"


class Client:
    """One connection of a device, made by hand from what the documents say."""

    def __init__(
        self, cloud, device, tls=True, *, keepalive=60, clean=True, secret=None, will=False, protocol=mqtt.MQTTv311, **change
    ):
        options = {"securemode": 2 if tls else 3, "signmethod": "hmacsha256", "_ss": 1, "ext": 1, **change}
        product, name = device["productKey"], device["deviceName"]
        bare = f"{product}.{name}"
        text = f"clientId{bare}deviceName{name}productKey{product}"
        if "timestamp" in options:
            text += f"timestamp{options['timestamp']}"
        method = options["signmethod"].removeprefix("hmac")
        suffix = ",".join(f"{key}={value}" for key, value in options.items())
        self.paho = mqtt.Client(f"{bare}|{suffix}|", clean_session=clean, protocol=protocol)
        password = hmac.new((secret or device["deviceSecret"]).encode(), text.encode(), method).hexdigest()
        self.paho.username_pw_set(f"{name}&{product}", password)
        if tls:
            self.paho.tls_set_context(ssl.create_default_context(cafile=cloud.ca_file))
        if will:
            self.paho.will_set(OWN.format(**device) + "/will", "gone")
        self.codes, self.grants, self.messages, self.ends = (queue.Queue() for _ in range(4))
        self.paho.on_connect = lambda _, __, flags, code: self.codes.put(code)
        self.paho.on_subscribe = lambda _, __, ___, grants: self.grants.put(grants)
        self.paho.on_message = lambda _, __, message: self.messages.put(message)
        self.paho.on_disconnect = lambda *_: self.ends.put(True)
        self.paho.connect(cloud.host, cloud.tls_port if tls else cloud.tcp_port, keepalive)
        # No reconnecting: each connection is looked at by itself.
        self._loop = threading.Thread(target=self._run, daemon=True)
        self._loop.start()
        self.code = self.codes.get(timeout=10)

    def _run(self):
        try:
            while self.paho.loop(0.1) == mqtt.MQTT_ERR_SUCCESS:
                pass
        except OSError:
            pass  # closed under its hands by `disconnect`

    def __enter__(self):
        assert self.code == 0
        return self

    def __exit__(self, *_):
        self.paho.disconnect()
        self._loop.join()

    def subscribe(self, topic, qos=1):
        self.paho.subscribe(topic, qos)
        return self.grants.get(timeout=5)[0]

    def get(self):
        return self.messages.get(timeout=5)

    def is_silent(self, seconds=0.4):
        time.sleep(seconds)
        return self.messages.empty()

    def is_closed(self):
        try:
            return self.ends.get(timeout=5)
        except queue.Empty:
            return False


@pytest.mark.parametrize("tls", [True, False])
@pytest.mark.parametrize("change", [{}, {"timestamp": "2524608000000"}, {"signmethod": "hmacmd5"}, {"signmethod": "hmacsha1"}])
def test_takes_each_way_to_sign(cloud, device, tls, change):
    with Client(cloud, device, tls, **change):
        assert device["deviceName"] in [entry["device"] for entry in cloud.do("online")["devices"]]


@pytest.mark.parametrize("tls", [True, False])
@pytest.mark.parametrize(
    ("code", "word", "change"),
    [
        (4, "password", {"secret": "0" * 32}),
        (3, "keepalive", {"keepalive": 29}),
        (3, "keepalive", {"keepalive": 1201}),
        (5, "will", {"will": True}),
        (1, "protocol", {"protocol": mqtt.MQTTv31}),
        (5, "authType", {"authType": "x509"}),
    ],
)
def test_refuses_with_a_code_and_a_reason(cloud, device, tls, code, word, change):
    assert Client(cloud, device, tls, **change).code == code
    record = cloud.wait_seen(device=device["deviceName"], kind="login")
    assert (record["ok"], record["code"]) == (False, code)
    assert word in record["reason"]


@pytest.mark.parametrize(("tls", "mode"), [(True, 3), (False, 2)])
def test_securemode_belongs_to_a_port(cloud, device, tls, mode):
    assert Client(cloud, device, tls, securemode=mode).code == 5


def test_unknown_devices_are_not_authorised(cloud, device):
    assert Client(cloud, {**device, "deviceName": "nobody"}).code == 5
    assert Client(cloud, {**device, "productKey": "nothing"}).code == 5


def test_refuses_on_command(cloud, device):
    cloud.do("refuse", code=3, count=2)
    assert [Client(cloud, device).code for _ in range(2)] == [3, 3]
    with Client(cloud, device):
        pass


@pytest.mark.parametrize("change", [{}, {"_v": "another-client-id"}])
def test_a_second_login_ends_the_first(cloud, device, change):
    with Client(cloud, device) as first, Client(cloud, device, **change):
        assert first.is_closed()
        reason = cloud.wait_seen(device=device["deviceName"], kind="disconnect")["reason"]
        assert "second login" in reason
        assert len([d for d in cloud.do("online")["devices"] if d["device"] == device["deviceName"]]) == 1


def test_posts_are_answered_without_a_subscription(cloud, device):
    with Client(cloud, device) as client:
        topic = S.format(**device) + "/thing/event/property/post"
        client.paho.publish(topic, json.dumps({"id": "7", "params": {"a": 1}}), 1)
        message = client.get()
        assert message.topic == topic + "_reply"
        assert json.loads(message.payload)["code"] == 200
        client.paho.publish(topic, json.dumps({"id": "8", "params": "a"}), 0)
        assert json.loads(client.get().payload)["code"] == 460
        client.paho.publish(topic, json.dumps({"id": "9", "params": {}, "sys": {"ack": 0}}), 1)
        assert client.is_silent()


def test_without_ss_a_reply_needs_a_subscription(cloud, device):
    with Client(cloud, device, _ss=0) as client:
        topic = S.format(**device) + "/thing/event/property/post"
        post = json.dumps({"id": "7", "params": {}})
        client.paho.publish(topic, post, 1)
        assert client.is_silent()
        assert client.subscribe(topic + "_reply") == 1
        client.paho.publish(topic, post, 1)
        assert client.get().topic == topic + "_reply"


def test_what_a_device_posts_is_for_the_platform_alone(cloud, device):
    with Client(cloud, device) as client:
        topic = S.format(**device) + "/thing/event/property/post"
        assert client.subscribe(S.format(**device) + "/#") == 1
        client.paho.publish(topic, json.dumps({"id": "1", "params": {}}), 1)
        assert client.get().topic == topic + "_reply"
        assert client.is_silent()


def test_custom_topics_go_both_ways(cloud, device):
    with Client(cloud, device) as client:
        own = OWN.format(**device)
        assert client.subscribe(own + "/down") == 1
        cloud.do("publish", topic=own + "/down", hex="00ff", qos=1)
        message = client.get()
        assert (message.payload, message.qos) == (b"\x00\xff", 1)
        cloud.do("publish", topic=own + "/elsewhere", payload="nobody subscribed")
        assert client.is_silent()
        cloud.do("publish", device=device["deviceName"], topic=own + "/elsewhere", payload="direct", direct=True)
        assert client.get().payload == b"direct"
        client.paho.publish(own + "/up", "hello", 1)
        record = cloud.wait_seen(device=device["deviceName"], kind="publish")
        assert (record["topic"], record["payload"], record["qos"]) == (own + "/up", "hello", 1)


def test_subscriptions_stay_within_its_own(cloud, device):
    with Client(cloud, device) as client:
        assert client.subscribe(OWN.format(**device) + "/#") == 1
        assert client.subscribe("/broadcast/{productKey}/+".format(**device)) == 1
        for topic in ("#", "/sys/#", f"/{device['productKey']}/dev01/user/x"):
            assert client.subscribe(topic) == 0x80
        assert client.subscribe(OWN.format(**device) + "/x", qos=2) == 0x80
        # Refused subscriptions leave the connection as it is.
        cloud.do("set", device=device["deviceName"], params={})
        assert client.get().topic.endswith("/property/set")


@pytest.mark.parametrize(
    ("topic", "payload", "options", "word"),
    [
        ("/sys/{productKey}/dev01/thing/event/property/post", "{}", {}, "not a topic"),
        (OWN + "/x", "x", {"qos": 2}, "QoS 2"),
        (OWN + "/x", "x", {"retain": True}, "retained"),
        (OWN + "/x", b"x" * (256 * 1024 + 1), {}, "payload"),
        (OWN + "/4/5/6/7/8", "x", {}, "levels"),
        (OWN + "/" + "x" * 120, "x", {}, "128"),
    ],
)
def test_what_is_not_allowed_ends_the_connection(cloud, device, topic, payload, options, word):
    with Client(cloud, device) as client:
        client.paho.publish(topic.format(**device), payload, **options)
        assert client.is_closed()
        assert word in cloud.wait_seen(device=device["deviceName"], kind="refused")["reason"]


def test_a_payload_at_the_limit_is_taken(cloud, device):
    with Client(cloud, device) as client:
        client.paho.publish(OWN.format(**device) + "/x", b"x" * (256 * 1024), 1)
        record = cloud.wait_seen(device=device["deviceName"], kind="publish")
        assert len(record["payload"]) == 256 * 1024


def test_drops_a_connection(cloud, device):
    with Client(cloud, device) as client:
        cloud.do("drop", device=device["deviceName"])
        assert client.is_closed()


def test_a_synchronous_call_times_out(cloud, device):
    with Client(cloud, device, ext=0) as client:
        sent = cloud.do("rrpc", device=device["deviceName"], service="reboot", wait_ms=200)
        assert client.get().topic == f"{S.format(**device)}/rrpc/request/{sent['rid']}"
        record = cloud.wait_seen(device=device["deviceName"], kind="rrpc_timeout")
        assert record["rid"] == sent["rid"]
        assert 200 <= record["waited_ms"] < 600


def test_a_kept_session_gets_what_came_while_it_was_away(cloud, device):
    with Client(cloud, device, clean=False):
        pass
    cloud.wait_seen(device=device["deviceName"], kind="disconnect")
    sent = cloud.do("set", device=device["deviceName"], params={"a": 1}, qos=1)
    with Client(cloud, device, clean=False) as client:
        assert json.loads(client.get().payload)["id"] == sent["id"]
    # A clean session forgets it.
    with Client(cloud, device):
        pass
    cloud.wait_seen(lambda record: record["clean"], device=device["deviceName"], kind="login")
    with pytest.raises(CloudError, match="no kept session"):
        while cloud.do("set", device=device["deviceName"]):
            time.sleep(0.01)


def test_silence_on_command(cloud, device):
    with Client(cloud, device) as client:
        topic = S.format(**device) + "/thing/event/property/post"
        cloud.do("reply", mode="silent", count=1)
        client.paho.publish(topic, json.dumps({"id": "1", "params": {}}), 1)
        assert client.is_silent()
        client.paho.publish(topic, json.dumps({"id": "2", "params": {}}), 1)
        assert json.loads(client.get().payload)["id"] == "2"


def test_a_watcher_gets_each_record_at_once(cloud, device):
    with socket.create_connection(("127.0.0.1", cloud.control_port), timeout=5) as watcher:
        lines = watcher.makefile("rw")
        lines.write('{"do":"watch"}\n')
        lines.flush()
        assert json.loads(lines.readline()) == {"ok": True}
        with Client(cloud, device):
            record = json.loads(lines.readline())
        assert (record["kind"], record["device"]) == ("login", device["deviceName"])
        assert abs(record["at"] - time.time() * 1000) < 5000


def test_bad_commands_are_told_what_is_wrong(cloud, device):
    with pytest.raises(CloudError, match="nobody"):
        cloud.do("set", device="nobody")
    with pytest.raises(CloudError, match="not connected"):
        cloud.do("rrpc", device=device["deviceName"], service="x")
    cloud.do("online")


def handshake(cloud, certificate, trust):
    """A TLS client with this trust against a server that shows this certificate: what the client says."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cloud.dir / f"{certificate}.pem", cloud.dir / f"{certificate}.key")
    near, far = socket.socketpair()

    def serve():
        try:
            server.wrap_socket(far, server_side=True).close()
        except OSError:
            far.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with ssl.create_default_context(cafile=trust).wrap_socket(near, server_hostname="localhost"):
            return "trusted"
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    finally:
        near.close()
        thread.join()


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ("server", "trusted"),
        ("other-name", "Hostname mismatch"),
        ("expired", "certificate has expired"),
        ("stranger", "unable to get local issuer certificate"),
    ],
)
def test_certificates_to_refuse(cloud, certificate, words):
    assert words in handshake(cloud, certificate, cloud.ca_file)


def test_old_tls_is_refused(cloud):
    context = ssl.create_default_context(cafile=cloud.ca_file)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.deprecated_call():
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection((cloud.host, cloud.tls_port)) as plain:
        # The alert is the server's: this client would go on.
        with pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"):
            context.wrap_socket(plain, server_hostname="localhost")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_broker_ends_with_its_launcher(how):
    with Cloud() as cloud:
        card = json.loads((cloud.dir / "cloud.json").read_text())
        os.kill(card["pid"], how)
        end = time.monotonic() + 5
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", cloud.tcp_port)).close()
            except ConnectionRefusedError:
                return
            time.sleep(0.05)
        raise AssertionError("the broker still listens")
