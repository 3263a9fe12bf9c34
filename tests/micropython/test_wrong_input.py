"""Does wrong input get what a user expects: an error that names what is wrong, or the promised number?"""

import pytest

from micropython import Script, run
from scripts import script

KIB_256 = 256 * 1024


@pytest.fixture(scope="module")
def results(cloud):
    """What every line of `CALLS` gives on one connected device."""
    device = cloud.new_device()
    body = "device = online()\n" + "".join(f"attempt({call})\n" for call in CALLS) + "print('over', device.end())\n"
    result = run(script(body), cloud, device)
    assert result.lines[-1:] == ["over 0"], result.lines + [result.errors]
    assert len(cloud.seen(device=device["deviceName"], kind="login")) == 1, "nothing of it cost the connection"
    assert not cloud.seen(device=device["deviceName"], kind="refused"), "nothing of it went out"
    return dict(zip(CALLS, result.lines))


JSON = "ValueError {}(): 'params' is not a JSON object: see byte {}"
OTHER = "topic must be of this device"
NAN = '{"a": float("nan")}'

# What is called on a connected device: how what comes of it begins.
CALLS = {
    # Keys.
    'device.publish, {"payload": "x"}': "ValueError publish(): 'topic' is missing",
    'device.publish, {"Topic": USER + "a", "payload": "x"}': "ValueError publish(): 'Topic' is not known; 'topic' is",
    'device.publish, {"topic": USER + "a", "Payload": "x"}': "ValueError publish(): 'Payload' is not known; 'payload' is",
    'device.publish, {"title": USER + "a", "payload": "x"}': "ValueError publish(): 'topic' is missing; 'title' is not known",
    'device.publish, {"topic": None}': "ValueError publish(): 'topic' is missing",
    "device.postProps, {}": "ValueError postProps(): 'params' is missing",
    'device.postProps, {"param": {}}': "ValueError postProps(): 'params' is missing; 'param' is not known",
    'device.postEvent, {"params": {}}': "ValueError postEvent(): 'id' is missing",
    'device.postEvent, {"id": "e"}': "ValueError postEvent(): 'params' is missing",
    'device.postEvent, {"ID": "e", "params": {}}': "ValueError postEvent(): 'ID' is not known; 'id' is",
    "device.postRaw, {}": "ValueError postRaw(): 'param' is missing",
    "device.subscribe, {}": "ValueError subscribe(): 'topic' is missing",
    "device.unsubscribe, {}": "ValueError unsubscribe(): 'topic' is missing",
    # Arguments that are no dictionaries, and the wrong number of them.
    'device.publish, "x"': "TypeError publish() takes a dict, not str",
    "device.postProps, [1]": "TypeError postProps() takes a dict, not list",
    "device.postEvent, None": "TypeError postEvent() takes a dict, not NoneType",
    'device.postRaw, b"x"': "TypeError postRaw() takes a dict, not bytes",
    "device.subscribe, 5": "TypeError subscribe() takes a dict, not int",
    "device.unsubscribe, ()": "TypeError unsubscribe() takes a dict, not tuple",
    "device.publish": "TypeError function missing 1 required positional arguments",
    "device.publish, {}, None, 1": "TypeError function expected at most 3 arguments, got 4",
    "Device, 1": "TypeError function takes 0 positional arguments but 1 were given",
    # Topics.
    'device.publish, {"topic": USER + "+"}': "ValueError publish(): topic must",
    'device.publish, {"topic": USER + "a/#"}': "ValueError publish(): topic must",
    'device.publish, {"topic": ""}': "ValueError publish(): topic must",
    'device.publish, {"topic": USER + "a\\0b"}': "ValueError publish(): topic must",
    'device.publish, {"topic": "x" * 70000}': "ValueError publish(): topic must",
    'device.publish, {"topic": 5}': "TypeError 'topic' must be str, not int",
    'device.publish, {"topic": b"x"}': "TypeError 'topic' must be str, not bytes",
    'device.subscribe, {"topic": USER + "a+"}': "ValueError subscribe(): topic must",
    'device.subscribe, {"topic": "#/a"}': "ValueError subscribe(): topic must",
    'device.subscribe, {"topic": ""}': "ValueError subscribe(): topic must",
    'device.subscribe, {"topic": "x" * 256}': "ValueError subscribe(): topic must have at most 255 bytes",
    # Topics that the platform would close the connection for.
    'device.publish, {"topic": USER + "x" * 128}': "ValueError publish(): topic must have at most 127 bytes, not 1",
    'device.publish, {"topic": USER + "1/2/3/4/5", "qos": 1}': "ValueError publish(): topic must have at most 7 levels, not 8",
    'device.publish, {"topic": USER.replace(key_info["deviceName"], "typo") + "update", "qos": 1}': f"ValueError publish(): {OTHER}",
    'device.publish, {"topic": USER.replace(key_info["productKey"], "typo") + "update"}': f"ValueError publish(): {OTHER}",
    'device.publish, {"topic": "/sys/%s/typo/thing/event/property/post" % key_info["productKey"]}': f"ValueError publish(): {OTHER}",
    'device.publish, {"topic": "/ext/ntp/typo/typo/request"}': f"ValueError publish(): {OTHER}",
    'device.publish, {"topic": USER[1:] + "update"}': f"ValueError publish(): {OTHER}",
    'device.publish, {"topic": "update"}': f"ValueError publish(): {OTHER}",
    'device.subscribe, {"topic": USER + "x" * 128}': "ValueError subscribe(): topic must have at most 127 bytes, not 1",
    'device.subscribe, {"topic": USER + "1/2/3/4/#"}': "ValueError subscribe(): topic must have at most 7 levels, not 8",
    'device.subscribe, {"topic": USER.replace(key_info["deviceName"], "typo") + "#"}': f"ValueError subscribe(): {OTHER}",
    'device.subscribe, {"topic": "/shadow/get/typo/typo"}': f"ValueError subscribe(): {OTHER}",
    # Quality of service.
    'device.publish, {"topic": USER + "a", "qos": 2}': "ValueError 'qos' must be 0 to 1",
    'device.publish, {"topic": USER + "a", "qos": -1}': "ValueError 'qos' must be 0 to 1",
    'device.publish, {"topic": USER + "a", "qos": "1"}': "TypeError 'qos' must be int, not str",
    'device.subscribe, {"topic": USER + "a", "qos": 2}': "ValueError 'qos' must be 0 to 1",
    # Payloads.
    'device.publish, {"topic": USER + "a", "payload": 5}': "TypeError 'payload' must be str or bytes, not int",
    'device.publish, {"topic": USER + "a", "payload": {}}': "TypeError 'payload' must be str or bytes, not dict",
    'device.postRaw, {"param": 5}': "TypeError 'param' must be str or bytes, not int",
    f'device.publish, {{"topic": USER + "a", "payload": bytes({KIB_256 + 1})}}': "ValueError publish(): the payload is over the limit of the cloud (Alibaba: 256 KiB)",
    f'device.publish, {{"topic": USER + "a", "payload": bytes({KIB_256 + 1}), "qos": 1}}': "ValueError publish(): the payload is over the limit of the cloud (Alibaba: 256 KiB)",
    f'device.publish, {{"topic": USER + "a", "payload": bytes({2 * KIB_256})}}': "ValueError publish(): the payload is over the limit of the cloud (Alibaba: 256 KiB)",
    f'device.postRaw, {{"param": bytes({KIB_256 + 1})}}': "ValueError postRaw(): the payload is over the limit of the cloud (Alibaba: 256 KiB)",
    f'device.postProps, {{"params": \'{{"a":"%s"}}\' % ("x" * {KIB_256})}}': "ValueError postProps(): the payload is over the limit of the cloud (Alibaba: 256 KiB)",
    f'device.postEvent, {{"id": "e", "params": \'{{"a":"%s"}}\' % ("x" * {KIB_256})}}': "ValueError postEvent(): the payload is over the limit of the cloud (Alibaba: 256 KiB)",
    # Parameters.
    'device.postProps, {"params": ""}': JSON.format("postProps", 0),
    'device.postProps, {"params": "temperature"}': JSON.format("postProps", 0),
    'device.postProps, {"params": "[1]"}': JSON.format("postProps", 0),
    'device.postProps, {"params": \'{"a":1\'}': JSON.format("postProps", 6),
    "device.postProps, {\"params\": \"{'a': 1}\"}": JSON.format("postProps", 1),
    'device.postProps, {"params": \'{"a":1} x\'}': JSON.format("postProps", 8),
    f'device.postProps, {{"params": {NAN}}}': "ValueError postProps(): 'params' cannot be sent as JSON: 'a' is nan",
    'device.postProps, {"params": 5}': "TypeError 'params' must be str (JSON) or dict, not int",
    'device.postProps, {"params": [1]}': "TypeError 'params' must be str (JSON) or dict, not list",
    'device.postProps, {"params": b"{}"}': "TypeError 'params' must be str (JSON) or dict, not bytes",
    'device.postEvent, {"id": "e", "params": "x"}': JSON.format("postEvent", 0),
    'device.postEvent, {"id": "e", "params": 1}': "TypeError 'params' must be str (JSON) or dict, not int",
    # Identifiers of events of the platform.
    'device.postEvent, {"id": "", "params": {}}': "ValueError postEvent(): id must be 1 to 64 of",
    'device.postEvent, {"id": "a/b", "params": {}}': "ValueError postEvent(): id must be 1 to 64 of",
    'device.postEvent, {"id": "x" * 65, "params": {}}': "ValueError postEvent(): id must be 1 to 64 of",
    'device.postEvent, {"id": 5, "params": {}}': "TypeError 'id' must be str, not int",
    # Callbacks.
    "device.on, 0, print": "ValueError on(): there is no event 0",
    "device.on, 4, print": "ValueError on(): there is no event 4",
    "device.on, 99, print": "ValueError on(): there is no event 99",
    'device.on, "1", print': "TypeError can't convert str to int",
    "device.on, 1, 5": "TypeError on(): int cannot be called",
    'device.on, 1, "print"': "TypeError on(): str cannot be called",
    "device.on, 1": "TypeError function takes 3 positional arguments but 2 were given",
    # And again.
    "device.connect, key_info": "OSError 106",
}


@pytest.mark.parametrize("call", CALLS)
def test_a_call(results, call):
    assert results[call].startswith(CALLS[call])


GOOD = '{"productKey": "a1b2c3", "deviceName": "lamp", "deviceSecret": "secret"}'
CONNECTS = {
    # Missing and misspelt.
    'dict(deviceName="n", deviceSecret="s")': "ValueError connect(): 'productKey' is missing",
    'dict(productKey="k", deviceSecret="s")': "ValueError connect(): 'deviceName' is missing",
    'dict(productKey="k", deviceName="n")': "ValueError connect(): 'deviceSecret' is missing",
    'dict(good, deviceSecret=None)': "ValueError connect(): 'deviceSecret' is missing",
    'dict(product_key="k", deviceName="n", deviceSecret="s")':
        "ValueError connect(): 'productKey' is missing; 'product_key' is not known",
    'dict(productkey="k", deviceName="n", deviceSecret="s")':
        "ValueError connect(): 'productkey' is not known; 'productKey' is",
    "dict(good, keepAliveSec=60)": "ValueError connect(): 'keepAliveSec' is not known; 'keepaliveSec' is",
    # Of another type.
    "dict(good, deviceSecret=12345)": "TypeError 'deviceSecret' must be str, not int",
    'dict(good, deviceSecret=b"12345")': "TypeError 'deviceSecret' must be str, not bytes",
    "dict(good, productKey=1)": "TypeError 'productKey' must be str, not int",
    "dict(good, deviceName=[])": "TypeError 'deviceName' must be str, not list",
    "dict(good, region=1)": "TypeError 'region' must be str, not int",
    'dict(good, keepaliveSec="60")': "TypeError 'keepaliveSec' must be int, not str",
    "dict(good, keepaliveSec=1.5)": "TypeError 'keepaliveSec' must be int, not float",
    'dict(good, port="1883")': "TypeError 'port' must be int, not str",
    "dict(good, host=1)": "TypeError 'host' must be str, not int",
    "dict(good, signMethod=1)": "TypeError 'signMethod' must be str, not int",
    "dict(good, ca=1)": "TypeError 'ca' must be str or bytes, not int",
    "dict(good, tls=1)": "TypeError 'tls' must be bool, not int",
    'dict(good, cleanSession="no")': "TypeError 'cleanSession' must be bool, not str",
    "None": "TypeError connect() takes a dict, not NoneType",
    '"a1b2c3"': "TypeError connect() takes a dict, not str",
    "[1, 2]": "TypeError connect() takes a dict, not list",
    # Of another shape.
    'dict(good, deviceSecret="")': "ValueError connect(): deviceSecret must be 1 to 64",
    'dict(good, deviceSecret="密")': "ValueError connect(): deviceSecret must be",
    'dict(good, deviceSecret="s" * 65)': "ValueError connect(): deviceSecret must be",
    'dict(good, productKey="a/b")': "ValueError connect(): productKey must be",
    'dict(good, productKey="k" * 21)': "ValueError connect(): productKey must be",
    'dict(good, deviceName="a/b")': "ValueError connect(): deviceName must be",
    'dict(good, deviceName="n" * 33)': "ValueError connect(): deviceName must be",
    'dict(good, region="cn shanghai")': "ValueError connect(): region must be",
    'dict(good, instanceId="")': "ValueError connect(): instanceId must be",
    'dict(good, host="")': "ValueError connect(): host must be",
    'dict(good, host="http://example.com")': "ValueError connect(): host must be",
    'dict(good, host="x" * 300)': "ValueError connect(): host must be",
    "dict(good, port=0)": "ValueError 'port' must be 1 to 65535",
    "dict(good, port=70000)": "ValueError 'port' must be 1 to 65535",
    "dict(good, port=-1)": "ValueError 'port' must be 1 to 65535",
    "dict(good, port=1 << 80)": "ValueError 'port' must be 1 to 65535",
    'dict(good, signMethod="")': "ValueError connect(): signMethod must be",
    'dict(good, signMethod="hmacsha512")': "ValueError connect(): signMethod must be",
    "dict(good, rxBuffer=255)": "ValueError 'rxBuffer' must be 256 to 307200",
    "dict(good, rxBuffer=307201)": "ValueError 'rxBuffer' must be 256 to 307200",
}


@pytest.fixture(scope="module")
def refusals():
    """What connect says to every line of `CONNECTS`, on one device, without the endpoint of a cloud."""
    body = f"good = {GOOD}\ndevice = Device()\n"
    body += "".join(f"attempt(device.connect, {data})\n" for data in CONNECTS) + "print(device.end(), device.getDeviceInfo())\n"
    result = run(script(body))
    taken = [data for data, said in zip(CONNECTS, result.lines) if said.startswith("returned")]
    assert taken == [] and result.lines[-1:] == ["-1 None"], result.errors
    return dict(zip(CONNECTS, result.lines))


@pytest.mark.parametrize("data", CONNECTS)
def test_connect(refusals, data):
    assert refusals[data].startswith(CONNECTS[data])


def test_calls_before_connect_and_after_end(cloud, device):
    body = """
    def everything(device):
        return (
            device.postProps({"params": {"a": 1}}),
            device.postEvent({"id": "e", "params": {}}),
            device.postRaw({"param": b"x"}),
            device.publish({"topic": USER + "a", "payload": "x"}),
            device.publish({"topic": USER + "a", "payload": "x", "qos": 1}),
            device.subscribe({"topic": USER + "a"}),
            device.unsubscribe({"topic": USER + "a"}),
            device.end(),
            device.poll(),
        )

    device = Device()
    print(everything(device), device.getDeviceInfo())
    online(device)
    device.end()
    print(everything(device), device.getDeviceInfo()["deviceName"] == key_info["deviceName"])
    """
    result = run(script(body), cloud, device)
    nothing = str((-1,) * 9)
    assert result.lines == [f"{nothing} None", f"{nothing} True"]


def test_a_post_while_connecting_says_so(cloud, device):
    body = """
    device = Device()
    device.connect(key_info)
    print(device.postProps({"params": {"a": 1}}), device.publish({"topic": USER + "a"}))
    attempt(device.connect, key_info)
    """
    assert run(script(body), cloud, device).lines == ["-1 -1", "OSError 106 already connected: call end() first"]


@pytest.mark.parametrize("given, used", [(0, 30), (29, 30), (-5, 30), (45, 45), (1201, 1200), (1 << 40, 1200)])
def test_keepalive_is_clamped(cloud, device, given, used):
    assert run(script(f"print(online(keepaliveSec={given}).end())"), cloud, device).lines == ["0"]
    assert [login["keepalive"] for login in cloud.seen(device=device["deviceName"], kind="login")] == [used]


@pytest.mark.parametrize("ca", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_trust_root_that_is_none(cloud, device, ca):
    body = f"""
    device = Device()
    device.on(Device.ON_ERROR, lambda error: print(error["code"], error["msg"]))
    print(device.connect(dict(key_info, ca={ca!r})))
    time.sleep(100)
    """
    with Script(script(body), cloud, device) as running:
        assert "'ca' is no certificate" in running.wait_line("-43 TLS: ").text
        assert running.lines[0] == "0"


def test_the_largest_payload_is_taken(cloud, device):
    body = f"""
    device = online()
    print(device.publish({{"topic": USER + "a", "payload": bytes({KIB_256}), "qos": 1}}), device.end())
    """
    assert run(script(body), cloud, device).lines == ["0 0"]
    record = cloud.wait_seen(device=device["deviceName"], kind="publish")
    assert record["payload"] == "\0" * KIB_256
