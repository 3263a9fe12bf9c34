"""The local cloud over real connections, with paho as the client: what unit tests cannot see."""

import json
import os
import signal
import socket
import ssl
import threading
import time

import paho.mqtt.client as mqtt
import pytest

from cloud import Cloud, CloudError
from paho_client import OWN, Client, S


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


@pytest.mark.parametrize("ext", [0, 1])
def test_a_synchronous_call_is_answered_where_it_came(cloud, device, ext):
    with Client(cloud, device, ext=ext) as client:
        sent = cloud.do("rrpc", device=device["deviceName"], service="reboot", params={"delay": 2})
        call = client.get()
        own, rid = S.format(**device), sent["rid"]
        topic, answer = (
            (f"/ext/rrpc/{rid}{own}/thing/service/reboot",) * 2
            if ext
            else (f"{own}/rrpc/request/{rid}", f"{own}/rrpc/response/{rid}")
        )
        assert (call.topic, call.qos) == (topic, 0)
        request = json.loads(call.payload)
        assert (request["id"], request["params"]) == (sent["id"], {"delay": 2})
        client.paho.publish(answer, json.dumps({"id": request["id"], "code": 200, "data": {"done": True}}), 0)
        record = cloud.wait_seen(device=device["deviceName"], kind="rrpc_reply")
        assert (record["rid"], record["service"]) == (rid, "reboot")
        assert record["took_ms"] < 8000 and "fault" not in record


def test_the_time_is_told_in_three_stamps(cloud, device):
    topic = "/ext/ntp/{productKey}/{deviceName}/".format(**device)
    with Client(cloud, device) as client:
        sent = time.time() * 1000
        client.paho.publish(topic + "request", json.dumps({"deviceSendTime": f"{sent:.0f}"}), 0)
        message = client.get()
        received = time.time() * 1000
        told = json.loads(message.payload)
        assert message.topic == topic + "response"
        assert set(told) == {"deviceSendTime", "serverRecvTime", "serverSendTime"}
        assert all(isinstance(stamp, str) and stamp.isdecimal() for stamp in told.values())
        assert told["deviceSendTime"] == f"{sent:.0f}"
        # The cloud's clock is this machine's, so its stamps lie between the device's, but for the millisecond rounded off.
        stamps = [sent - 1, int(told["serverRecvTime"]), int(told["serverSendTime"]), received + 1]
        assert stamps == sorted(stamps)


@pytest.mark.parametrize("question", [b"", b"{}", b'{"deviceSendTime": null}', b'{"deviceSendTime": "soon"}'])
def test_who_does_not_say_when_is_not_told_the_time(cloud, device, question):
    with Client(cloud, device) as client:
        client.paho.publish("/ext/ntp/{productKey}/{deviceName}/request".format(**device), question, 0)
        assert not cloud.wait_seen(device=device["deviceName"], kind="ntp")["answered"]
        assert client.is_silent()


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
    watcher, lines = cloud.open_control()
    with watcher:
        lines.write(json.dumps({"do": "watch", "token": cloud.control_token}) + "\n")
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
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", cloud.tcp_port)).close()
            except ConnectionRefusedError:
                return
            except ConnectionResetError:
                pass  # it is just going
            time.sleep(0.05)
        raise AssertionError("the broker still listens")
