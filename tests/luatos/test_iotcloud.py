"""LuatOS's `iotcloud` on the local cloud: its events, each once, and what becomes of wrong input."""

import re

import pytest

from cloud import Cloud
from micropython import ROOT, WITH_A_NUMBER, Script, run

BEGIN = """
import gc, time
from luatos import iotcloud, sys
from credentials import device_name as name, device_secret as secret, product_key as key, product_secret

TOPIC = "/%s/%s/user/" % (key, name)
CONFIG = {"product_id": key, "device_name": name, "device_secret": secret}
events = []

def told(cloud, event, data, payload):
    print(event, data, payload)
    events.append(event)

def until(event, count=1):
    while events.count(event) < count:
        time.sleep_ms(5)

def attempt(function, *arguments):
    try:
        print(function(*arguments))
    except Exception as error:
        print(type(error).__name__, error)
"""

CONNECTED = """
cloud = iotcloud.new(iotcloud.ALIYUN, CONFIG, %s, told)
cloud.connect()
until("connect")
"""


@pytest.fixture
def start(cloud, device):
    """A script that prints each event."""

    def start(text, connect_config=None, **options):
        return Script(BEGIN + CONNECTED % connect_config + text, cloud, device, **options)

    return start


def ends_well(script):
    assert script.wait() == 0
    assert script.errors == ""
    return script.lines


def own(device, end):
    return f"/{device['productKey']}/{device['deviceName']}/user/{end}"


@pytest.mark.parametrize("listen", ['sys.subscribe("iotcloud", told)', "cloud.on(told)"])
def test_each_event_comes_once(cloud, device, listen):
    text = f"""
cloud = iotcloud.new(iotcloud.ALIYUN, {{"produt_id": key, "device_name": name, "key": secret}})
{listen}
results = cloud.product_id == key, cloud.device_name == name, cloud.connect(), cloud.connect()
until("connect")
print(*results)
number = cloud.publish(TOPIC + "update", "at least once", 1)
until("SEND")
number = number, cloud.publish(TOPIC + "update", b"at most once")
until("SEND", 2)
print(*number)
cloud.subscribe(TOPIC + "get", 1)
until("receive", 2)
result = cloud.disconnect()
until("disconnect")
print(result, cloud.disconnect())
cloud.close()
"""
    get = own(device, "get")
    with Script(BEGIN + text, cloud, device) as script:
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        cloud.do("publish", topic=get, payload="开灯")
        cloud.do("publish", topic=get, hex="ff00")
        assert ends_well(script) == [
            "connect 0 None",
            "True True 0 0",
            "SEND 1 None",
            "SEND 0 None",
            "1 0",
            f"receive {get} 开灯",
            f"receive {get} b'\\xff\\x00'",
            "disconnect disconnect() was called None",
            "0 -1",
        ]
    publishes = cloud.seen(kind="publish", device=device["deviceName"])
    assert [(record["payload"], record["qos"]) for record in publishes] == [("at least once", 1), ("at most once", 0)]


def test_several_objects_work_side_by_side(cloud):
    first, second = cloud.new_device(), cloud.new_device()
    logins = [{"product_id": one["productKey"], "device_name": one["deviceName"], "key": one["deviceSecret"]} for one in (first, second)]
    text = f"""
names = []

def told(cloud, event, data, payload):
    if event == iotcloud.RECEIVE:
        names.append((cloud.device_name, payload))

sys.subscribe("iotcloud", told)
clouds = [iotcloud.new(iotcloud.ALIYUN, config) for config in {logins}]
for cloud in clouds:
    cloud.subscribe("/%s/%s/user/get" % (cloud.product_id, cloud.device_name))
    cloud.connect()
while len(names) < 2:
    time.sleep_ms(5)
print(sorted(names))
for cloud in clouds:
    cloud.close()
"""
    with Script(BEGIN + text, cloud, first) as script:
        for number, one in enumerate((first, second)):
            cloud.wait_seen(kind="subscribe", device=one["deviceName"])
            cloud.do("publish", topic=own(one, "get"), payload=str(number))
        expected = sorted([(first["deviceName"], "0"), (second["deviceName"], "1")])
        assert ends_well(script) == [str(expected)]


def test_it_reconnects_by_itself(cloud, device, start):
    """A loss is reported once; the subscription lasts; what was published meanwhile arrives."""
    name = device["deviceName"]
    with start('cloud.subscribe(TOPIC + "get", 1)\nuntil("receive", 2)\ncloud.close()\n', {"autoreconn": 3000}) as script:
        subscribed = cloud.wait_seen(kind="subscribe", device=name)
        cloud.do("publish", topic=own(device, "get"), payload="1")
        script.wait_line("receive")
        cloud.do("drop", device=name)
        script.wait_line("connect 1")
        cloud.wait_seen(kind="subscribe", device=name, since=subscribed["n"])
        cloud.do("publish", topic=own(device, "get"), payload="2")
        lines = ends_well(script)
    assert [line.split()[0] for line in lines] == ["connect", "receive", "disconnect", "connect", "receive"]


def test_messages_wait_while_it_is_offline(cloud, device, start):
    text = """
until("disconnect")
numbers = [cloud.publish(TOPIC + "update", str(number), 1) for number in range(3)]
lost = cloud.publish(TOPIC + "update", "at most once")
until("connect", 2)
until("SEND", 3)
print(numbers, lost)
cloud.close()
"""
    with start(text) as script:
        script.wait_line("connect 0")
        cloud.do("refuse", code=3, count=1)
        cloud.do("drop", device=device["deviceName"])
        lines = ends_well(script)
    assert [line.split()[0] for line in lines[:3]] == ["connect", "disconnect", "error"]
    assert sorted(lines[3:-1]) == ["SEND 1 None", "SEND 2 None", "SEND 3 None", "connect 1 None"]
    assert lines[-1] == "[1, 2, 3] -1"
    payloads = [record["payload"] for record in cloud.seen(kind="publish", device=device["deviceName"])]
    assert payloads == ["0", "1", "2"]


def test_without_autoreconn_the_script_reconnects(cloud, device, start):
    """A loss is reported once, and so is each connection that could not be made; a handler may connect at once."""
    text = """
def told_and_again(cloud, event, data, payload):
    told(cloud, event, data, payload)
    if event == iotcloud.DISCONNECT:
        cloud.connect()

cloud.on(told_and_again)
cloud.subscribe(TOPIC + "get")
until("connect", 2)
until("receive")
cloud.close()
"""
    name = device["deviceName"]
    with start(text, {"autoreconn": False}) as script:
        subscribed = cloud.wait_seen(kind="subscribe", device=name)
        cloud.do("refuse", code=3, count=2)
        cloud.do("drop", device=name)
        script.wait_line(lambda line: line == "connect 0 None", after=1)
        cloud.wait_seen(kind="subscribe", device=name, since=subscribed["n"])
        cloud.do("publish", topic=own(device, "get"), payload="1")
        lines = ends_well(script)
    words = [line.split()[0] for line in lines]
    assert words == ["connect", "disconnect", *["error", "disconnect"] * 2, "connect", "receive"]


def test_without_autoreconn_it_stays_away(cloud, device, start):
    """A message that is not acknowledged by then is reported."""
    text = """
until("disconnect")
print(cloud.publish(TOPIC + "update", "lost", 1), cloud.disconnect())
sys.publish("done")
cloud.close()
"""
    with start(text, {"autoreconn": False}) as script:
        script.wait_line("connect 0")
        cloud.do("drop", device=device["deviceName"])
        lines = ends_well(script)
    assert [line.split()[0] for line in lines] == ["connect", "disconnect", "-1"]
    assert len(cloud.seen(kind="login", device=device["deviceName"])) == 1


def test_subscriptions(cloud, device):
    """As text or table, before and after connect(), with any QoS; unsubscribed by one or several."""
    text = """
cloud = iotcloud.new(iotcloud.ALIYUN, CONFIG, None, told)
print(cloud.subscribe({TOPIC + "a": 1, TOPIC + "b": 0}))
cloud.connect()
until("connect")
print(cloud.subscribe(TOPIC + "c"), cloud.subscribe(TOPIC + "d", 2), cloud.unsubscribe(TOPIC + "a"))
print(cloud.unsubscribe([TOPIC + "b", TOPIC + "c"]))
cloud.close()
"""
    script = run(BEGIN + text, cloud, device)
    assert (script.code, script.lines, script.errors) == (0, ["0", "connect 0 None", "0 0 0", "0"], "")
    records = cloud.seen(device=device["deviceName"])
    subscribed = {record["topic"].rsplit("/")[-1]: record["qos"] for record in records if record["kind"] == "subscribe"}
    assert subscribed == {"a": 1, "b": 0, "c": 0, "d": 1}
    unsubscribed = [record["topic"].rsplit("/")[-1] for record in records if record["kind"] == "unsubscribe"]
    assert sorted(unsubscribed) == ["a", "b", "c"]


def test_closed_is_closed(cloud, device, start):
    text = """
print(cloud.close(), cloud.close())
for function, arguments in (
    (cloud.connect, ()), (cloud.disconnect, ()), (cloud.publish, ("a", "b")), (cloud.subscribe, ("a",)), (cloud.unsubscribe, ("a",)),
):
    attempt(function, *arguments)
"""
    lines = ends_well(start(text).start())
    methods = ("connect", "disconnect", "publish", "subscribe", "unsubscribe")
    assert lines == ["connect 0 None", "0 0", *(f"OSError {method}(): closed; make another one with new()" for method in methods)]
    assert cloud.wait_seen(kind="disconnect", device=device["deviceName"])


@pytest.mark.parametrize("callback", [None, "lambda *event: None"])
def test_a_refused_login_is_told(cloud, device, callback):
    """As an event; and on the console, once, where only functions of LuatOS's kind listen."""
    text = f"""
sys.subscribe("iotcloud", told)
cloud = iotcloud.new(iotcloud.ALIYUN, CONFIG, None, {callback})
cloud.connect()
until("connect")
cloud.close()
"""
    cloud.do("refuse", code=3, count=2)
    script = run(BEGIN + text, cloud, device)
    assert (script.code, script.errors) == (0, "")
    told = [line for line in script.lines if line.startswith("error 3 ")]
    printed = [line for line in script.lines if line.startswith("iotcloud: error 3: ")]
    assert len(told) == 2 and len(printed) == (0 if callback else 1)
    assert all(line.endswith(f"(aliyun, device {device['deviceName']})") for line in printed)


@pytest.mark.parametrize(("tls", "came"), [("own", "connect 0 None"), (False, "connect 0 None"), (True, "error -43 ")])
def test_the_server_is_the_scripts_and_is_verified(cloud, device, tls, came):
    """With its root, without TLS, and with the built-in roots, by which this server is a stranger."""
    port = cloud.tcp_port if tls is False else cloud.tls_port
    text = f"""
tls = {{"server_cert": open("{cloud.ca_file}").read()}} if {tls!r} == "own" else {tls!r}
cloud = iotcloud.new(iotcloud.ALIYUN, CONFIG, {{"host": "localhost", "ip": {port}, "tls": tls, "keepalive": 300}}, told)
cloud.connect()
while not events:
    time.sleep_ms(5)
cloud.close()
"""
    script = run(BEGIN + text, cloud, device, env={"ALIYUN_IOT_ENDPOINT": None, "SSL_CERT_FILE": None})
    assert (script.code, script.errors) == (0, "")
    assert script.lines[0].startswith(came)
    logins = [(record["tls"], record["keepalive"]) for record in cloud.seen(kind="login", device=device["deviceName"])]
    assert logins == ([] if tls is True else [(tls == "own", 300)])


def test_a_wrong_secret_is_told(cloud, device):
    text = """
cloud = iotcloud.new(iotcloud.ALIYUN, dict(CONFIG, device_secret="0" * 32), None, told)
cloud.connect()
until("error")
cloud.close()
"""
    [line] = run(BEGIN + text, cloud, device).lines
    assert line == "error 4 refused: bad user name or password; check product_id, device_name and secret"


def test_a_refused_subscription_is_told(cloud, device, start):
    lines = ends_well(start('cloud.subscribe("/a/b/user/get")\nuntil("error")\ncloud.close()\n').start())
    assert lines[1:] == ["error -45 the server refused the subscription to /a/b/user/get"]


def test_subscriptions_that_find_no_room_are_told(cloud, device):
    """The device has memory for some: those before connect(), of which an event comes, and those behind it."""
    text = """
cloud = iotcloud.new(iotcloud.ALIYUN, CONFIG, None, told)
for number in range(12):
    cloud.subscribe(TOPIC + "a" * 60 + str(number))
cloud.connect()
until("connect")
print(cloud.subscribe(TOPIC + "a" * 60 + "more"))
cloud.close()
"""
    script = run(BEGIN + text, cloud, device)
    assert (script.code, script.errors, script.lines[-1]) == (0, "", "-3")
    errors = [line for line in script.lines if line.startswith("error")]
    assert errors and all(line.startswith("error -3 ") and line.endswith(" was not subscribed to") for line in errors)


def test_an_exception_of_a_listener_stops_nobody(cloud, device):
    text = """
def wrong(*arguments):
    raise ValueError("wrong")

sys.subscribe("iotcloud", wrong)
sys.subscribe("iotcloud", told)
cloud = iotcloud.new(iotcloud.ALIYUN, CONFIG, None, wrong)
cloud.connect()
until("connect")
sys.unsubscribe("iotcloud", wrong)
cloud.on(None)
cloud.close()
"""
    script = run(BEGIN + text, cloud, device)
    assert script.code == 0 and script.lines[-1] == "connect 0 None"
    assert (script.errors + "\n".join(script.lines)).count("ValueError: wrong") == 2


WRONG = [
    ('"qcould", {}', "ValueError new(): there is no cloud 'qcould'; there are aliyun, baidu, huawei, onenet, tencent, tlink, tuya"),
    ("iotcloud.ALIYUN, []", "TypeError config of aliyun must be dict, not list"),
    ("iotcloud.ALIYUN, CONFIG, 1", "TypeError connect_config must be dict, not int"),
    ("iotcloud.ALIYUN, {'produkt_id': 'a'}", "ValueError new(): config of aliyun has no key 'produkt_id'; there are "),
    ("iotcloud.TENCENT, {'product_id': 'a', 'key': 'b'}", "ValueError new(): config of tencent has no key 'key'; there are "),
    ("iotcloud.TUYA, {'product_id': 'a'}", "ValueError new(): config of tuya has no key 'product_id'; there are "),
    ("iotcloud.ALIYUN, {'product_id': 5}", "TypeError new(): 'product_id' must be str, not int"),
    ("iotcloud.ALIYUN, {'device_name': 'a'}", "ValueError new(): 'product_id' is missing"),
    ("iotcloud.BAIDU, {'product_id': 'a', 'device_name': 'b'}", "ValueError new(): 'device_secret' is missing"),
    ("iotcloud.TUYA, {'device_secret': 'a'}", "ValueError new(): 'device_name' is missing"),
    ("iotcloud.HUAWEI, {'product_id': 'a', 'device_secret': 'b'}", "ValueError new(): 'endpoint' is missing"),
    ("iotcloud.TLINK, {'product_id': 'a', 'device_name': 'b'}", "ValueError new(): 'product_secret' is missing"),
    ("iotcloud.ONENET, {'product_id': 'a', 'userid': 'b'}", "ValueError new(): 'userkey' is missing"),
    ("iotcloud.ALIYUN, CONFIG, {'port': 1}", "ValueError new(): connect_config has no key 'port'; there are autoreconn, host, ip, keepalive, tls"),
    ("iotcloud.ALIYUN, CONFIG, {'ip': '1'}", "TypeError new(): 'ip' must be int, not str"),
    ("iotcloud.ALIYUN, CONFIG, {'tls': 1}", "TypeError new(): 'tls' must be bool or dict, not int"),
    ("iotcloud.ALIYUN, CONFIG, {'tls': {'ca': ''}}", "ValueError new(): tls has no key 'ca'; there are client_cert, client_key, server_cert"),
    ("iotcloud.TENCENT, {'product_id': 'a', 'device_name': 'b'}, {'tls': {'client_cert': ''}}", "ValueError new(): tls needs both 'client_cert' and 'client_key'"),
    ("iotcloud.ALIYUN, CONFIG, None, 5", "TypeError on(): the callback cannot be called"),
    ("iotcloud.ALIYUN, {'product_id': 'a', 'device_secret': 'b'}", "ValueError new(): 'device_name' is missing, and this firmware has no machine.unique_id()"),
]


def test_wrong_arguments_of_new_are_named(device):
    script = run(BEGIN + "".join(f"attempt(iotcloud.new, {arguments})\n" for arguments, _ in WRONG), device=device)
    assert script.code == 0
    for line, (arguments, words) in zip(script.lines, WRONG, strict=True):
        assert line.startswith(words), arguments
        assert words.endswith(" ") or line == words


def test_wrong_arguments_of_methods_are_named(start):
    text = """
for arguments in ((1, "a"), ("a/b", 1), (TOPIC, None), (TOPIC, "a", 2), (TOPIC, "a", 0, 1), (TOPIC + "#", "a")):
    attempt(cloud.publish, *arguments)
for arguments in ((1,), ({TOPIC: "1"},), (TOPIC, 3), (TOPIC + "a#",)):
    attempt(cloud.subscribe, *arguments)
attempt(cloud.unsubscribe, 1)
attempt(cloud.unsubscribe, [1])
attempt(cloud.on, 1)
cloud.close()
long = iotcloud.new(iotcloud.ALIYUN, dict(CONFIG, device_secret="x" * 65, method="HmacSha256"))
attempt(long.connect)
print(long.publish(TOPIC, "a"), long.unsubscribe(TOPIC), long.disconnect())
"""
    lines = ends_well(start(text).start())[1:]
    raised = [line.split()[0] for line in lines]
    assert raised == [*["TypeError"] * 3, *["ValueError"] * 3, "TypeError", *["ValueError"] * 3, *["TypeError"] * 3, "ValueError", "-1"]
    assert lines[1] == "TypeError publish(): data must be str or bytes or bytearray or memoryview, not int"
    assert lines[4] == "ValueError publish(): retain must be 0; these clouds keep no messages"
    assert lines[8] == "ValueError subscribe(): qos must be 0, 1 or 2"
    assert lines[-2].startswith("ValueError connect(): device_secret must be 1 to 64"), "as the script spells it"
    assert lines[-1] == "-1 0 -1"


@pytest.mark.parametrize("listed", [True, False])
def test_registration(cloud, device, tmp_path, listed):
    """The first new() registers, the next one finds the secret; each device has its own."""
    product = cloud.do("product", productKey="a1Unlisted", unlisted=True)["product"]
    about = device if listed else {**device, **product}
    config = {"product_id": about["productKey"], "product_secret": about["productSecret"]}
    if listed:
        config["device_name"] = device["deviceName"]
    else:
        config["instance_id"] = "iot-instance"
    text = f"""
cloud = iotcloud.new(iotcloud.ALIYUN, {config}, None, told)
print(cloud.device_name)
cloud.connect()
until("connect")
cloud.close()
"""
    for _ in range(2):
        script = run(WITH_A_NUMBER + BEGIN + text, cloud, device, env={"ALIYUN_IOT_STORE": str(tmp_path / "kv")})
        name = device["deviceName"] if listed else "01ab"
        assert (script.code, script.lines, script.errors) == (0, [name, "connect 0 None"], "")
    kinds = [record["kind"] for record in cloud.seen(device=name) if record["kind"] in ("registration", "login") and record["ok"]]
    assert kinds == ["registration", "login", "login"]


def test_a_registration_that_fails_is_told(cloud, device):
    config = {"product_id": device["productKey"], "device_name": device["deviceName"], "product_secret": "wrong"}
    script = run(BEGIN + f"print(iotcloud.new(iotcloud.ALIYUN, {config}, None, told))\n", cloud, device)
    assert script.code == 0
    assert re.match(r"error 6600 ", script.lines[0]) and script.lines[1:] == ["None"]


def test_an_order_to_update_is_a_message(cloud, device, start):
    order = f"/ota/device/upgrade/{device['productKey']}/{device['deviceName']}"
    with start(f'print(cloud.subscribe("{order}"))\nuntil("receive")\ncloud.close()\n') as script:
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        cloud.do("publish", topic=order, payload='{"code":"1000","data":{"version":"2"}}')
        lines = ends_well(script)
    assert lines[1:] == ["0", f'receive {order} {{"code":"1000","data":{{"version":"2"}}}}']


def test_what_a_publish_allocates_is_on_the_page(start, figure):
    text = """
sent = 0

def count(cloud, event, data, payload):
    global sent
    sent += 1

def publish(qos):
    global sent
    sent = 0
    gc.collect()
    before = gc.mem_alloc()
    cloud.publish(TOPIC, "x", qos)
    while not sent:
        time.sleep_ms(1)
    return gc.mem_alloc() - before

cloud.on(count)
TOPIC += "update"
used = [publish(qos) for qos in (0, 1, 0, 1)]
print(*used[2:])
cloud.close()
"""
    lines = ends_well(start(text).start())
    used = [int(number) for number in lines[-1].split()]
    figure(f"iotcloud: a publish allocates {used[0]} bytes at QoS 0, {used[1]} at QoS 1 (64-bit)")
    page = (ROOT / "docs" / "iotcloud.md").read_text(encoding="utf-8")
    stated = re.search(r"allocates (\d+) bytes at QoS 0 and (\d+) at QoS 1", page)
    assert stated and used == [int(number) for number in stated.groups()]


# A stand-in for the device: what it is asked for.
STAND_IN = """
import sys as _sys

class Device:
    ON_CONNECT = ON_DISCONNECT = ON_CLOSE = ON_ERROR = ON_SUBCRIBE = 1

    def on(self, event, callback):
        pass

    def register(self, keys, callback):
        print("register", sorted(keys.items()))
        return 0

    def connect(self, keys):
        print("connect", sorted(keys.items()))

class aliyunIoT:
    pass

aliyunIoT.Device = Device
_sys.modules["aliyunIoT"] = aliyunIoT
from luatos import iotcloud
"""
ID = {"product_id": "p", "device_name": "n"}
# The rest of what `new` takes, what the device registers with, and what it connects with beside the same keys.
LOGINS = [
    ("TENCENT", {**ID, "device_secret": "s", "method": "HMACSHA1"}, None, None, {"productId": "p", "deviceName": "n", "deviceSecret": "s", "signMethod": "hmacsha1"}),
    ("TENCENT", {**ID, "product_secret": "x", "method": "hmacsha1"}, None, {"productSecret": "x"}, {"productId": "p", "deviceName": "n", "signMethod": "hmacsha1"}),
    ("TENCENT", ID, {"tls": {"client_cert": "c", "client_key": "k"}}, None, {"productId": "p", "deviceName": "n", "cert": "c", "key": "k"}),
    ("ALIYUN", {**ID, "key": "s"}, {"tls": False}, None, {"productKey": "p", "deviceName": "n", "deviceSecret": "s", "tls": False}),
    ("ALIYUN", {**ID, "instance_id": "i", "device_secret": "s"}, {"keepalive": 60}, None, {"productKey": "p", "deviceName": "n", "deviceSecret": "s", "instanceId": "i", "keepaliveSec": 60}),
    ("ALIYUN", {**ID, "product_secret": "x"}, {"host": "h", "ip": 5}, {"productSecret": "x"}, {"productKey": "p", "deviceName": "n", "host": "h", "port": 5}),
    (
        "ALIYUN",
        {"product_id": "p", "instance_id": "i", "product_secret": "x"},
        {"host": "h", "tls": {"server_cert": "r"}},
        {"productSecret": "x", "authType": "regnwl", "host": "h", "ca": "r"},
        {"productKey": "p", "deviceName": "01ab", "instanceId": "i", "host": "h", "ca": "r"},
    ),
    ("ONENET", {**ID, "userid": "u", "userkey": "v"}, None, {"userId": "u", "userKey": "v"}, {"productId": "p", "deviceName": "n"}),
    ("ONENET", {**ID, "product_secret": "x"}, None, None, {"productId": "p", "deviceName": "n", "productSecret": "x"}),
    ("ONENET", {**ID, "device_secret": "s"}, {"autoreconn": 3000}, None, {"productId": "p", "deviceName": "n", "deviceSecret": "s"}),
    (
        "HUAWEI",
        {**ID, "endpoint": "e", "project_id": "j", "iam_username": "u", "iam_password": "v", "iam_domain": "d"},
        None,
        {"projectId": "j", "iamUser": "u", "iamPassword": "v", "iamDomain": "d"},
        {"productId": "p", "deviceName": "n", "endpoint": "e"},
    ),
    ("HUAWEI", {**ID, "endpoint": "e", "device_secret": "s", "region": "r"}, None, None, {"productId": "p", "deviceName": "n", "endpoint": "e", "deviceSecret": "s", "region": "r"}),
    ("TUYA", {"device_name": "n", "device_secret": "s"}, None, None, {"deviceName": "n", "deviceSecret": "s"}),
    ("BAIDU", {**ID, "device_secret": "s", "method": "MD5"}, None, None, {"instanceId": "p", "deviceName": "n", "deviceSecret": "s", "signMethod": "md5"}),
    ("BAIDU", ID, {"tls": {"server_cert": b"r", "client_cert": b"c", "client_key": b"k"}}, None, {"instanceId": "p", "deviceName": "n", "ca": b"r", "cert": b"c", "key": b"k"}),
    ("TLINK", {**ID, "product_secret": "x"}, None, None, {"userName": "p", "deviceName": "n", "password": "x"}),
    ("TLINK", {**ID, "product_secret": "x"}, {"tls": {"client_cert": "c", "client_key": "k"}}, None, {"userName": "p", "deviceName": "n", "password": "x", "cert": "c", "key": "k"}),
]


@pytest.mark.parametrize(("cloud_name", "config", "connect_config", "registers", "connects"), LOGINS)
def test_the_keys_of_each_example(cloud_name, config, connect_config, registers, connects):
    """The device gets its own keys for those of LuatOS, in each way in which its page logs in."""
    text = f"""
made = iotcloud.new(iotcloud.{cloud_name}, {config!r}, {connect_config!r})
print(made.product_id, made.device_name)
made.connect()
"""
    script = run(STAND_IN + WITH_A_NUMBER + text)
    assert (script.code, script.errors) == (0, "")
    *registered, names, connected = script.lines
    of_cloud = {"cloud": cloud_name.lower()}
    assert names == f"{config.get('product_id')} {connects['deviceName']}"
    assert dict(eval(connected.removeprefix("connect "))) == {"keepaliveSec": 240, **of_cloud, "services": False, **connects}
    given = {key: value for key, value in connects.items() if key not in ("host", "port", "ca", "cert", "key", "signMethod")}
    expected = [{**given, **of_cloud, **registers}] if registers else []
    assert [dict(eval(line.removeprefix("register "))) for line in registered] == expected


def test_each_device_of_a_vendor_keeps_its_own_secret(tmp_path):
    """LuatOS keeps one secret for a cloud, which the next product or device gets as well."""
    with Cloud("--cloud", "tencent") as cloud:
        port, registration = cloud.vendors["tencent"]["tls_port"], cloud.vendors["tencent"]["registration"]
        config = {"product_id": registration["productId"], "product_secret": registration["productSecret"]}
        text = f"""
for name in ("first", "second"):
    cloud = iotcloud.new(iotcloud.TENCENT, dict({config}, device_name=name), None, told)
    cloud.connect()
    until("connect")
    events.clear()
    cloud.close()
"""
        env = {"ALIYUN_IOT_ENDPOINT": f"localhost:{port}", "ALIYUN_IOT_STORE": str(tmp_path / "kv")}
        for _ in range(2):
            script = run(BEGIN + text, cloud, env=env)
            assert (script.code, script.lines, script.errors) == (0, ["connect 0 None"] * 2, "")
        for name in ("first", "second"):
            kinds = [record["kind"] for record in cloud.seen(cloud="tencent", device=name)]
            assert [kind for kind in kinds if kind in ("registration", "login")] == ["registration", "login", "login"]
