"""QuecPython's `aLiYun` on the local cloud: each method as its page says."""

import pytest

from quec_scripts import ends_well, own


def test_from_the_first_call_to_the_last(cloud, device, start):
    """With text and bytes, and with the third argument of publish() as the documents and as the firmware have it."""
    text = """
ali = aLiYun(key, None, name, secret)
print(ali.getAliyunSta(), ali.subscribe(USER + "get", qos=1))
print(ali.setMqtt(b"clientID", clean_session=False, keepAlive=60, reconn=True), ali.getAliyunSta())
print(ali.setCallback(on_message), ali.subscribe((USER + "more").encode()))
print(ali.publish(USER + "update", "text"), ali.publish((USER + "update").encode(), b"bytes", qos=1))
print(ali.publish(USER + "update", "third", 1), ali.publish(USER + "update", bytearray(b"fourth"), False, 1))
print(ali.start(), ali.ping())
until(lambda: len(got) == 2)
print(ali.disconnect(), ali.getAliyunSta(), ali.close())
"""
    name = device["deviceName"]
    with start(text) as script:
        script.wait_line("None None")
        cloud.wait_seen(lambda record: record["topic"] == own(device, "more"), kind="subscribe", device=name)
        cloud.do("publish", topic=own(device, "get"), payload="开灯")
        cloud.do("publish", topic=own(device, "more"), hex="ff00")
        lines = ends_well(script)
    assert lines == [
        "-1 0",
        "0 0",
        "None 0",
        "True True",
        "True True",
        "None None",
        f"{own(device, 'get').encode()} {'开灯'.encode()}",
        f"{own(device, 'more').encode()} {bytes([255, 0])}",
        "None -1 None",
    ]
    publishes = [(record["payload"], record["qos"]) for record in cloud.seen(kind="publish", device=name)]
    assert publishes == [("text", 0), ("bytes", 1), ("third", 1), ("fourth", 1)]
    assert [(record["keepalive"], record["clean"], record["tls"]) for record in cloud.seen(kind="login", device=name)] == [(60, False, True)]


def test_the_platform_sets_properties_without_a_subscription(cloud, device, start):
    text = """
ali = aLiYun(key, None, name, secret)
ali.setMqtt(name)
ali.setCallback(on_message)
ali.start()
until(lambda: got)
ali.disconnect()
"""
    with start(text) as script:
        cloud.wait_seen(kind="login", device=device["deviceName"])
        cloud.do("set", device=device["deviceName"], params={"LightSwitch": 1})
        [line] = ends_well(script)
    assert "/thing/service/property/set" in line and '"LightSwitch":1' in line


def test_a_synchronous_call_is_answered_by_hand(cloud, device, start):
    """As scripts do it: the topic says that it is one, and which."""
    text = """
def on_call(topic, msg):
    topic = topic.decode()
    if topic.find("/rrpc/request/") != -1:
        ali.publish(topic.replace("request", "response"), b'{"id":"1","code":200,"data":{}}', qos=0)
        got.append(msg)

ali = aLiYun(key, None, name, secret)
ali.setMqtt(name)
ali.setCallback(on_call)
ali.start()
until(lambda: got)
ali.disconnect()
"""
    with start(text) as script:
        cloud.wait_seen(kind="login", device=device["deviceName"])
        cloud.do("rrpc", device=device["deviceName"], service="open", params={})
        assert ends_well(script) == []
    [reply] = cloud.seen(kind="rrpc_reply", device=device["deviceName"])
    assert "fault" not in reply


@pytest.mark.parametrize("given", ['"12345"', 'b"clientID"', '"PK.DN-1_@:"', '""', "None"])
def test_the_client_id_is_the_scripts(cloud, device, start, given):
    ends_well(start(f"ali = aLiYun(key, None, name, secret)\nprint(ali.setMqtt({given}))\nali.disconnect()\n").start())
    [login] = cloud.seen(kind="login", device=device["deviceName"])
    expected = eval(given) or f"{device['productKey']}.{device['deviceName']}"
    assert login["clientId"].split("|")[0] == (expected.decode() if isinstance(expected, bytes) else expected)


def test_publish_can_return_numbers(device, start):
    text = """
ali = aLiYun(key, None, name, secret)
before = ali.publish(USER + "update", "a")
ali.setMqtt(name)
print(before, ali.publish(USER + "update", "a"))
ali.publish_returns_code = True
print(ali.publish(USER + "update", "a", qos=1))
ali.disconnect()
print(ali.publish(USER + "update", "a", qos=1))
"""
    assert ends_well(start(text).start()) == ["False True", "0", "-1"]


# What comes before setCallback() and start(), and what then is behind it.
ORDERS = ["ali.setCallback(on_message)\nali.start()", "ali.start()\nali.setCallback(on_message)"]


@pytest.mark.parametrize("order", ORDERS)
def test_what_comes_early_waits_for_callback_and_start(cloud, device, start, order):
    first, second = order.split("\n")
    text = f"""
ali = aLiYun(key, None, name, secret)
ali.subscribe(USER + "get", 1)
ali.setMqtt(name)
sys.stdin.readline()
{first}
time.sleep_ms(50)
print(len(got))
{second}
until(lambda: len(got) == 3)
ali.setCallback(None)
print("nobody listens")
sys.stdin.readline()
ali.setCallback(on_message)
print("somebody listens")
until(lambda: len(got) == 4)
ali.disconnect()
"""
    get = own(device, "get")
    name = device["deviceName"]
    with start(text) as script:
        cloud.wait_seen(kind="subscribe", device=name)
        for number in range(3):
            cloud.do("publish", topic=get, payload=str(number))
        script.say("")
        script.wait_line("nobody listens")
        cloud.do("publish", topic=get, payload="for nobody")
        # What follows is larger than the receive buffer, which is said.
        cloud.do("publish", topic=get, payload="." * 70_000)
        script.wait_line("error -46")
        script.say("")
        script.wait_line("somebody listens")
        cloud.do("publish", topic=get, payload="again")
        lines = ends_well(script)
    early = [f"{get.encode()} b'{number}'" for number in range(3)]
    assert lines[:5] == ["0", *early, "nobody listens"] and "error -46" in lines[5]
    assert lines[6:] == ["somebody listens", f"{get.encode()} b'again'"]


def test_what_waits_is_bounded_and_it_says_so(cloud, device, start):
    text = """
ali = aLiYun(key, None, name, secret)
ali.subscribe(USER + "get", 1)
ali.setMqtt(name)
sys.stdin.readline()
ali.setCallback(on_message)
ali.start()
until(lambda: len(got) == 20)
ali.disconnect()
"""
    with start(text) as script:
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        for number in range(21):
            cloud.do("publish", topic=own(device, "get"), payload=str(number))
        script.wait_line("a message was dropped")
        script.say("")
        lines = ends_well(script)
    assert lines[0] == f"aLiYun: error -46: a message was dropped; call setCallback() and start() earlier (device {device['deviceName']})"
    assert [line.split()[1] for line in lines[1:]] == [f"b'{number}'" for number in range(20)]


def test_an_exception_of_the_callback_is_printed_and_it_goes_on(cloud, device, start):
    text = """
def wrong(topic, msg):
    got.append(msg)
    raise ValueError("wrong")

ali = aLiYun(key, None, name, secret)
ali.setMqtt(name)
ali.subscribe(USER + "get")
ali.setCallback(wrong)
ali.start()
until(lambda: len(got) == 2)
ali.disconnect()
"""
    with start(text) as script:
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        for number in range(2):
            cloud.do("publish", topic=own(device, "get"), payload=str(number))
        assert script.wait() == 0
    assert ("\n".join(script.lines) + script.errors).count("ValueError: wrong") == 2


def test_without_an_end_the_program_stays(cloud, device, start):
    """As on QuecPython, where threads of the module go on behind the end of the main program."""
    text = """
ali = aLiYun(key, None, name, secret)
ali.setMqtt(name)
ali.subscribe(USER + "get")
ali.setCallback(lambda topic, msg: (print(msg), ali.disconnect()))
ali.start()
"""
    with start(text) as script:
        script.wait_line("the main program has ended")
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        cloud.do("publish", topic=own(device, "get"), payload="behind the end")
        assert script.wait() == 0
    assert script.lines == ["b'behind the end'"]


def test_what_was_published_has_left_when_the_callback_goes_on(cloud, device, start):
    """A script that restarts the board in the callback has sent its progress before."""
    text = """
import os

def on_order(topic, msg):
    ali.publish(USER + "update", "100", qos=1)
    os.system("kill -9 $PPID")

ali = aLiYun(key, None, name, secret)
ali.setMqtt(name)
ali.subscribe(USER + "get")
ali.setCallback(on_order)
ali.start()
until(lambda: False)
"""
    with start(text) as script:
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        cloud.do("publish", topic=own(device, "get"), payload="go")
        assert script.wait() == -9
    assert [record["payload"] for record in cloud.seen(kind="publish", device=device["deviceName"])] == ["100"]


@pytest.mark.parametrize(("given", "tls"), [("", True), ("ssl=False", False), ("ssl=True", True)])
def test_tls_unless_the_script_says_no(cloud, device, start, given, tls):
    """Over TLS with a root of the script's own; plain TCP only for ssl=False."""
    port = cloud.tls_port if tls else cloud.tcp_port
    params = f', ssl_params={{"ca": open("{cloud.ca_file}").read()}}' if tls else ""
    text = f"""
ali = aLiYun(key, None, name, secret, b"localhost", {port}{", " + given if given else ""}{params})
print(ali.setMqtt(name))
ali.disconnect()
"""
    env = {"ALIYUN_IOT_ENDPOINT": None, "SSL_CERT_FILE": None}
    assert ends_well(start(text, env=env).start()) == ["0"]
    assert [record["tls"] for record in cloud.seen(kind="login", device=device["deviceName"])] == [tls]
