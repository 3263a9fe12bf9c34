"""How QuecPython's `aLiYun` gets its secret: from the script, from QuecPython's own file, from the store, by registration."""

import pytest

from quec_scripts import BEGIN, PATH, ends_well
from micropython import run

REGISTER = """
ali = aLiYun(key, product_secret, name, None)
print(ali.setMqtt(name, clean_session=True, keepAlive=120), ali.getAliyunSta())
ali.disconnect()
"""
# A file system at /usr as QuecPython has one: with the file that its firmware has stored secrets in.
USR = """
import io, vfs

class Usr:
    def mount(self, readonly, mkfs):
        pass

    def umount(self):
        pass

    def open(self, path, mode):
        if path != "/secret.json" or mode not in ("r", "rt"):
            raise OSError(2)
        return io.StringIO(CONTENT)

vfs.mount(Usr(), "/usr")
"""


def logins(cloud, device):
    records = cloud.seen(device=device["deviceName"])
    return [(record["kind"], record["ok"]) for record in records if record["kind"] in ("registration", "login")]


def test_the_first_setmqtt_registers_and_the_secret_is_kept(cloud, device, tmp_path):
    """Over MQTT, as on QuecPython, and only once; the caller's settings hold for the login behind it."""
    env = {**PATH, "ALIYUN_IOT_STORE": str(tmp_path / "kv")}
    for _ in range(2):
        script = run(BEGIN + REGISTER, cloud, device, env=env)
        assert (script.code, script.lines, script.errors) == (0, ["0 0"], "")
    assert logins(cloud, device) == [("registration", True), ("login", True), ("login", True)]
    assert [record["way"] for record in cloud.seen(kind="registration", device=device["deviceName"])] == ["register"]
    sessions = cloud.seen(kind="login", device=device["deviceName"])
    assert [(record["clean"], record["keepalive"]) for record in sessions] == [(True, 120)] * 2


def test_the_secret_that_quecpython_has_stored_is_used(cloud, device):
    text = f'CONTENT = \'{{"another": "x", "{device["deviceName"]}": "{device["deviceSecret"]}"}}\'\n'
    script = run(text + USR + BEGIN + REGISTER, cloud, device, env=PATH)
    assert (script.code, script.lines, script.errors) == (0, ["0 0"], "")
    assert logins(cloud, device) == [("login", True)]


def test_the_scripts_own_secret_goes_first(cloud, device):
    text = f'CONTENT = \'{{"{device["deviceName"]}": "wrong"}}\'\n'
    own = REGISTER.replace("None", "secret")
    script = run(text + USR + BEGIN + own, cloud, device, env=PATH)
    assert (script.code, script.lines, script.errors) == (0, ["0 0"], "")
    assert logins(cloud, device) == [("login", True)]


@pytest.mark.parametrize("content", ["", "[]", "secrets", '{"another": "x"}', "{}"])
def test_a_file_without_the_secret_is_as_none(cloud, device, content):
    script = run(f"CONTENT = {content!r}\n" + USR + BEGIN + REGISTER, cloud, device, env=PATH)
    said = "/usr/secret.json is not a JSON object of secrets by device name; it is not used"
    assert (script.code, script.errors) == (0, "")
    assert script.lines == ([] if content.startswith('{"') or content == "{}" else [said]) + ["0 0"]
    assert logins(cloud, device) == [("registration", True), ("login", True)]


def test_a_registration_that_is_refused_is_said_once(cloud, device):
    text = REGISTER.replace("product_secret", '"wrong"')
    script = run(BEGIN + text + text, cloud, device, env=PATH)
    assert (script.code, script.errors) == (0, "")
    first, result, *again = script.lines
    assert first.startswith("aLiYun: error 4: ") and first.endswith(f"(device {device['deviceName']})")
    assert result == "-1 -1" and again == [first, result], "each setMqtt() says it"


def test_a_registration_in_a_callback(cloud, device):
    """It needs no other thread: the callback waits for it."""
    other = cloud.new_device(productKey=device["productKey"])
    text = f"""
def on_order(topic, msg):
    second = aLiYun(key, product_secret, "{other["deviceName"]}")
    got.append(second.setMqtt("second"))
    second.disconnect()

ali = aLiYun(key, None, name, secret)
ali.setCallback(on_order)
ali.subscribe(USER + "get")
ali.setMqtt(name)
ali.start()
ali.publish(USER + "get", "register")
until(lambda: got)
print(got)
ali.disconnect()
"""
    script = run(BEGIN + text, cloud, device, env=PATH)
    assert (script.code, script.lines, script.errors) == (0, ["[0]"], "")
    assert logins(cloud, other) == [("registration", True), ("login", True)]


def test_without_any_secret_the_constructor_says_so(device):
    script = run(BEGIN + "attempt(aLiYun, key, None, name, None)\n", None, device, env=PATH)
    assert script.lines == ["ValueError aLiYun(): give productSecret or DeviceSecret"]
