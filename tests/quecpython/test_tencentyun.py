"""QuecPython's `TenCentYun` on the local cloud: logins, registration, and what of the shared base a script sees."""

import json

import pytest

from cloud import Cloud
from micropython import Script, run
from network import Fault, Network
from quec_scripts import HELPERS, PATH, ends_well
from vendors import CLOCK, Vendor

BEGIN = """
import json, os, sys, time
import TenCentYun
from TenCentYun import TXyun

info = json.loads(os.getenv("ALIYUN_KEY_INFO"))
product, name, psk = info["productId"], info["deviceName"], info.get("deviceSecret")
product_secret = info.get("productSecret")
"""
BEGIN += HELPERS + CLOCK


@pytest.fixture(scope="module")
def cloud():
    with Cloud("--cloud", "tencent") as running:
        yield running


@pytest.fixture
def vendor(cloud):
    return Vendor(cloud, "tencent")


class New:
    """A device that registers; what it stores is kept from one script to the next."""

    numbers = iter(range(1_000))

    def __init__(self, cloud, folder):
        self.cloud = cloud
        self.card = cloud.vendors["tencent"]
        self.device = f"quec{next(self.numbers)}"
        self.keys = {**self.card["registration"], "deviceName": self.device}
        self.env = {
            "ALIYUN_IOT_STORE": str(folder / "kv"),
            "ALIYUN_IOT_ENDPOINT": f"localhost:{self.card['tls_port']}",
            "ALIYUN_IOT_HTTPS_ENDPOINT": f"localhost:{cloud.https_port}",
            "SSL_CERT_FILE": str(cloud.ca_file),
            "ALIYUN_KEY_INFO": json.dumps(self.keys),
        }

    def kinds(self):
        return [record["kind"] for record in self.cloud.seen(cloud="tencent", device=self.device)]


@pytest.fixture
def new(cloud, tmp_path):
    return New(cloud, tmp_path)


def play(of, text, errors=""):
    ended = run(BEGIN + text, env={**of.env, **PATH})
    assert (ended.code, ended.errors) == (0, errors)
    return ended.lines


def test_from_the_first_call_to_the_last(vendor):
    text = """
tencent = TXyun(product, name, psk)
print(tencent.getTXyunsta(), tencent.setMqtt(clean_session=False, keepAlive=120, reconn=True), tencent.getTXyunsta())
print(tencent.setCallback(on_message), tencent.subscribe("%s/%s/data" % (product, name), 1))
print(tencent.publish(("%s/%s/data" % (product, name)).encode(), b"one", qos=1), tencent.start(), tencent.ping())
until(lambda: len(got) == 2)
print(tencent.setMqtt(), tencent.disconnect(), tencent.getTXyunsta(), tencent.close())
"""
    with Script(BEGIN + text, env={**vendor.env, **PATH}) as script:
        topic = f"{vendor.key_info['productId']}/{vendor.device}/data"
        script.wait_line("b'one'")
        vendor.cloud.do("publish", cloud="tencent", topic=topic, payload="关灯")
        ends_well(script)
    # The first message may come before the results of the calls around it are printed.
    messages = [line for line in script.lines if line.startswith("b'")]
    assert messages == [f"b'{topic}' b'one'", f"b'{topic}' {'关灯'.encode()!r}"]
    assert [line for line in script.lines if line not in messages] == ["-1 0 0", "None 0", "True None None", "0 None -1 None"]
    first, second = vendor.seen("login")
    assert (first["tls"], first["clean"], first["keepalive"]) == (True, False, 120)
    assert (second["tls"], second["clean"], second["keepalive"]) == (True, False, 300)


def test_it_registers_once(new):
    text = """
tencent = TXyun(product, name, None, product_secret)
print(tencent.setMqtt(), tencent.getTXyunsta())
tencent.disconnect()
"""
    assert play(new, text) == ["0 0"]
    assert play(new, text.replace("None, product_secret", '"", product_secret')) == ["0 0"]
    assert [kind for kind in new.kinds() if kind != "disconnect"] == ["registration", "login", "login"]


def test_it_registers_on_its_own_account(new):
    """As the DTU does, before setMqtt()."""
    text = """
tencent = TXyun(product, name, None, product_secret)
print(tencent.DynamicConnectInfo(), tencent.DynamicConnectInfo(), tencent.setMqtt())
tencent.disconnect()
print(TXyun(product, name, "cHNr").DynamicConnectInfo())
"""
    assert play(new, text) == ["0 0 0", "0"]
    assert new.kinds() == ["registration", "login", "disconnect"]


def test_a_refused_registration(new):
    text = """
tencent = TXyun(product, name, None, "wrongwrongwrongwrong")
print(tencent.setMqtt(), tencent.getTXyunsta(), tencent.publish("%s/%s/event" % (product, name), "x"))
print(tencent.DynamicConnectInfo())
"""
    said, result, again = play(new, text)
    assert said.startswith("TXyun: error ") and said.endswith(f"(device {new.device})")
    assert (result, again) == ("-1 -1 False", "-1")
    assert set(new.kinds()) == {"registration"}


def test_the_file_of_the_firmware(vendor, tmp_path):
    """Its secret is used, if the script gives none; of another device it has none."""
    path = tmp_path / "tx_secret.json"
    path.write_text(json.dumps({vendor.device: vendor.key_info["deviceSecret"], "other": "cHNr"}))
    text = f"""
TenCentYun.SECRETS = {str(path)!r}
tencent = TXyun(product, name, None, "never used, since a secret is there")
print(tencent.setMqtt())
tencent.disconnect()
print(TXyun(product, "third", None, "product secret").devicePsk)
"""
    assert play(vendor, text) == ["0", "None"]
    assert [record["kind"] for record in vendor.cloud.seen(cloud="tencent", device=vendor.device)] == ["login", "disconnect"]


def test_a_wrong_key_ends_at_once(vendor):
    text = """
print(TXyun(product, name, "d3Jvbmc=").setMqtt())
"""
    said, result = play(vendor, text)
    assert said.startswith("TXyun: error 4: ") and result == "-1"


def test_losses_are_reported(vendor):
    """With reconn, both ways; without, once, and the script connects again by itself."""
    text = """
def told(words):
    print(words)

tencent = TXyun(product, name, psk)
tencent.error_register_cb(told)
tencent.setMqtt(reconn=True)
print("up")
until(lambda: sys.stdin.readline())
tencent.setMqtt(reconn=False)
print("up once")
until(lambda: tencent.getTXyunsta() == 2)
print(tencent.setMqtt(), tencent.getTXyunsta())
tencent.disconnect()
"""
    with Script(BEGIN + text, env={**vendor.env, **PATH}) as script:
        script.wait_line("up")
        vendor.do("drop")
        script.wait_line("reconnect_success")
        script.say("go on")
        script.wait_line("up once")
        vendor.do("drop")
        ends_well(script)
    lines = script.lines
    assert lines[:4] == ["up", "reconnect_start", "reconnect_success", "up once"]
    assert len(lines) == 6 and lines[5] == "0 0", lines


# Three losses right after a login count as a second device with the same identity: each round has two.
ROUNDS, CUTS, MESSAGES = 10, 2, 16
# After the handshakes of TLS and MQTT, in the midst of the messages.
AFTER = 6_000


@pytest.mark.slow
def test_twenty_cuts_lose_nothing(vendor):
    text = f"""
events = []
topic = "%s/%s/data" % (product, name)
tencent = TXyun(product, name, psk)
tencent.error_register_cb(events.append)
tencent.subscribe(topic, 1)
tencent.setCallback(lambda topic, msg: got.append(msg[:4]))
tencent.start()
for turn in range({ROUNDS}):
    results = [tencent.setMqtt()]
    for number in range({MESSAGES}):
        results.append(tencent.publish(topic, "%04d%s" % (turn * {MESSAGES} + number, "." * 700), qos=1))
        time.sleep_ms(2)
    until(lambda: len(set(got)) == (turn + 1) * {MESSAGES}, 100)
    tencent.disconnect()
    if results != [0] + [True] * {MESSAGES}:
        print(results)
print(events.count("reconnect_start"), events.count("reconnect_success"), len(events))
"""
    faults = ([Fault("cut", AFTER)] * CUTS + [Fault("cut", 1 << 40)]) * ROUNDS
    with Network(vendor.tls_port, faults) as network:
        env = {**vendor.env_at(network.port), **PATH}
        ended = run(BEGIN + text, env=env)
        assert network.struck == ROUNDS * CUTS
    cuts = ROUNDS * CUTS
    assert (ended.lines, ended.errors) == ([f"{cuts} {cuts} {2 * cuts}"], "")
    sent = [int(record["payload"][:4]) for record in vendor.seen("publish")]
    assert list(dict.fromkeys(sent)) == list(range(ROUNDS * MESSAGES))


def test_wrong_input_is_named(vendor):
    text = """
attempt(TXyun, None, name, psk)
attempt(TXyun, product, 5, psk)
attempt(TXyun, product, name, None)
attempt(TXyun, product, name, "not base64!")
attempt(TXyun, product, name, psk, ProductSecret=5)
tencent = TXyun(product, name, psk)
attempt(tencent.setMqtt, keepAlive="60")
attempt(tencent.setMqtt, clean_session="no")
attempt(tencent.subscribe, "a/+/b", 2)
attempt(tencent.setCallback, 1)
attempt(TXyun(product, name, "not base64!").setMqtt)
"""
    lines = play(vendor, text)
    wrong = lines.pop(3)
    assert wrong == "<TXyun object>" or wrong.startswith("<TXyun")
    assert lines == [
        "ValueError TXyun(): productID is missing",
        "TypeError TXyun(): devicename must be str or bytes, not int",
        "ValueError TXyun(): give devicePsk or ProductSecret",
        "TypeError TXyun(): ProductSecret must be str or bytes, not int",
        "TypeError setMqtt(): keepAlive must be int, not str",
        "TypeError setMqtt(): clean_session must be bool, not str",
        "ValueError subscribe(): qos must be 0 to 1 (2)",
        "TypeError setCallback(): the callback cannot be called",
        lines[-1],
    ]
    assert lines[-1].startswith("ValueError setMqtt(): devicePsk")


def test_a_clock_that_is_not_set(vendor):
    text = """
clock.unset = True
attempt(TXyun(product, name, psk).setMqtt)
"""
    [line] = play(vendor, text)
    assert line.startswith("OSError") and "the clock says 1970: set it first" in line
