"""Each script of `examples/luatos-aliyun/`: what it prints, what the cloud saw of it, and what the scripts of LuatOS that have the same
shape rely on."""

import collections
import http.server
import json
import re
import threading

import pytest

from micropython import ROOT, Script, family_path, run

EXAMPLES = ROOT / "examples" / "luatos-aliyun"
# The product whose devices may register under any name.
UNLISTED = "a1Unlisted"

# A light sleep in which nothing runs: no callback, and none of the module's own work.
MACHINE = """
import os as _os, sys as _sys

class machine:
    @staticmethod
    def lightsleep(ms):
        _os.system("sleep %f" % (ms / 1000))

_sys.modules["machine"] = machine
"""


class Example:
    """A script with a device of its own, and with what it stores from one start to the next."""

    def __init__(self, cloud, device, folder, **settings):
        self.cloud = cloud
        self.device = device
        self.name = device["deviceName"]
        self.mine = f"/{device['productKey']}/{self.name}/user/"
        self.env = {
            "MICROPYPATH": f"{family_path()}:{EXAMPLES}",
            "ALIYUN_IOT_STORE": str(folder / "kv"),
            "ALIYUN_INTERVAL_MS": "200",
            "ALIYUN_STEP_MS": "1000",
            **{f"ALIYUN_{name}": value for name, value in settings.items()},
        }

    def start(self, what):
        return Script(EXAMPLES / f"{what}.py" if what.isidentifier() else what, self.cloud, self.device, env=self.env)

    def seen(self, **filters):
        return self.cloud.seen(device=self.name, **filters)

    def wait_seen(self, predicate=None, **filters):
        return self.cloud.wait_seen(predicate, device=self.name, **filters)

    def drop(self):
        self.cloud.do("drop", device=self.name)

    def send(self, topic, payload, qos=1):
        """A message on a topic that the device has subscribed to, since it was connected last."""
        login = self.seen(kind="login")[-1]["n"]
        self.wait_seen(lambda record: record["topic"] == topic, kind="subscribe", since=login)
        self.cloud.do("publish", topic=topic, payload=payload, qos=qos)

    def registrations(self):
        return [(record["ok"], record["way"]) for record in self.seen(kind="registration")]


@pytest.fixture
def example(cloud, device, tmp_path):
    return Example(cloud, device, tmp_path)


def results(script, word="发布结果"):
    """What the callbacks of `publish` have got so far."""
    found = (re.search(rf"{word} (\w+) (.*)", line) for line in script.lines)
    return [(match[1], match[2]) for match in found if match]


def connects_again(script, example, word="连接结果 True"):
    """After a loss; how many lines there were before."""
    before = len(script.lines)
    example.drop()
    script.wait_line(word, after=before)
    return before


def test_one_secret(example):
    """L1: the chain of messages goes on, each armed by the result of the one before, also after a cut."""
    with example.start("one_secret") as script:
        script.wait_line("发布结果 True publish_test_3")
        before = connects_again(script, example)
        script.wait_line("发布结果 True", after=before)
        after = len(script.lines)
        for _ in range(3):
            script.wait_line("发布结果 True", after=after)
            after = len(script.lines)
        example.send(example.mine + "get", "hello")
        script.wait_line(f"收到消息 {example.mine}get hello 1")
        assert script.errors == ""
    done = results(script)
    published = [line.split()[-1] for line in script.lines if "上行数据" in line]
    # One callback for each message; the last ones may be under way. A reconnect begins one more chain, with the same number.
    missing = collections.Counter(published) - collections.Counter(para.rsplit("_", 1)[1] for _, para in done)
    assert len(published) - len(done) == missing.total() <= 2
    arrived = {record["payload"] for record in example.seen(kind="publish")}
    assert arrived >= {f"message {para.rsplit('_', 1)[1]}" for result, para in done if result == "True"}
    assert {record["topic"] for record in example.seen(kind="publish")} == {example.mine + "update"}


@pytest.mark.parametrize("unlisted", [False, True])
def test_one_product(cloud, tmp_path, unlisted):
    """L2: registered at the first run, not at the second; for another device what is stored is wiped."""
    if unlisted:
        product = cloud.do("product", productKey=UNLISTED, unlisted=True)["product"]
        devices = [{"deviceName": f"board{number}", "deviceSecret": None, **product} for number in (1, 2)]
        settings = {"UNLISTED": "True", "INSTANCE_ID": "iot-060a0bcd"}
    else:
        devices = [cloud.new_device(), cloud.new_device()]
        settings = {}
    way = "regnwl" if unlisted else "register"
    for device, begins in ((devices[0], True), (devices[0], False), (devices[1], True)):
        example = Example(cloud, device, tmp_path, **settings)
        before = example.registrations()
        with example.start("one_product") as script:
            script.wait_line("开始动态注册" if begins else "使用已有的注册信息")
            script.wait_line("发布结果 True publish_test_1")
            assert ("I/user.aliyun 没有该设备的注册信息" in script.lines) == begins
            assert script.errors == ""
        assert example.registrations() == before + [(True, way)] * begins
        cloud.wait_offline(example.name)
    stored = run("import kv\nprint([kv.get(name) for name in ('DeviceName', 'deviceSecret', 'deviceToken')])\n", env=example.env)
    [name, secret, token] = json.loads(stored.lines[0].replace("'", '"').replace("None", "null"))
    assert name == devices[1]["deviceName"]
    assert (secret is None, token is None) == ((True, False) if unlisted else (False, True))


def test_light_sleep(example):
    """L3: the connection lives on through a sleep in which nothing runs, and what came meanwhile arrives."""
    text = MACHINE + (EXAMPLES / "light_sleep.py").read_text(encoding="utf-8")
    with example.start(text) as script:
        script.wait_line("进入低功耗模式")
        before = len(results(script))
        example.send(example.mine + "get", "during the sleep")
        script.wait_line("唤醒，连接状态 True")
        script.wait_line(f"收到消息 {example.mine}get during the sleep 1")
        script.wait_line(lambda _: len(results(script)) > before + 3)
        assert {result for result, _ in results(script)} == {"True"}
        assert script.errors == ""
    assert len(example.seen(kind="login")) == 1


@pytest.mark.parametrize("unlisted", [False, True])
def test_sensor(cloud, tmp_path, unlisted):
    """L4: with a stored secret or token by `clientGetDirectDataTask`; messages without a callback; the OTA topic."""
    settings = {}
    if unlisted:
        product = cloud.do("product", productKey=UNLISTED, unlisted=True)["product"]
        device = {"deviceName": "sensor", "deviceSecret": None, **product}
        settings = {"UNLISTED": "True", "INSTANCE_ID": "iot-060a0bcd"}
    else:
        device = cloud.new_device()
    example = Example(cloud, device, tmp_path, **settings)
    with example.start("sensor") as script:
        script.wait_line("I/user.aliyun 动态注册")
        script.wait_line("已保存 " + ("deviceToken" if unlisted else "deviceSecret"))
        example.wait_seen(kind="property_post")
        assert script.errors == ""
    cloud.wait_offline(example.name)
    with example.start("sensor") as script:
        script.wait_line("用保存的密钥连接")
        script.wait_line("连接结果 True")
        assert not [line for line in script.lines if "已保存" in line]
        upgrade = {"code": "1000", "data": {"version": "1.0.1", "url": "https://example.com/1.0.1.bin"}, "id": 1}
        topic = f"/ota/device/upgrade/{device['productKey']}/{example.name}"
        connects_again(script, example)
        example.send(topic, json.dumps(upgrade))
        script.wait_line("有新固件 1.0.1 https://example.com/1.0.1.bin")
        assert script.errors == ""
    assert example.registrations() == [(True, "regnwl" if unlisted else "register")]
    posts = example.seen(kind="property_post")
    assert {json.dumps(record["params"], sort_keys=True) for record in posts} == {'{"humidity": 55, "temperature": 21}'}
    versions = [record for record in example.seen(kind="unserved") if record["topic"].startswith("/ota/device/inform/")]
    assert {json.loads(record["payload"])["params"]["version"] for record in versions} == {"1.0.0"}


def test_device_2023(example):
    """L5: `publish(topic, qos, payload)`; the subscription of the callback is there again after a cut."""
    with example.start("device_2023") as script:
        script.wait_line("aliyun.connect True")
        example.send(example.mine + "get", "hello")
        script.wait_line(f"aliyun.receive {example.mine}get 1 hello")
        before = connects_again(script, example, "aliyun.connect True")
        example.send(example.mine + "get", "again")
        script.wait_line(f"aliyun.receive {example.mine}get 1 again", after=before)
        assert script.lines.count("I/user.aliyun.connect True") == 2
        assert script.lines.count("I/user.aliyun.connect False") == 1
        assert script.errors == ""
    sent = [(record["topic"], record["qos"], record["payload"]) for record in example.seen(kind="publish")]
    assert sent == [(example.mine + "update", 0, "hello")] * 2


@pytest.mark.parametrize("unlisted", [False, True])
def test_product_2023(cloud, tmp_path, unlisted):
    """Several topics with a QoS each, and each of the four events, once."""
    settings = {}
    if unlisted:
        product = cloud.do("product", productKey=UNLISTED, unlisted=True)["product"]
        device = {"deviceName": "meter", "deviceSecret": None, **product}
        settings = {"UNLISTED": "True", "INSTANCE_ID": "iot-060a0bcd"}
    else:
        device = cloud.new_device()
    example = Example(cloud, device, tmp_path, **settings)
    with example.start("product_2023") as script:
        script.wait_line("aliyun.connect True")
        for topic, qos in (("get", 0), ("error", 1)):
            example.send(example.mine + topic, "hello")
            script.wait_line(f"aliyun.receive {example.mine}{topic} {qos} hello")
        before = connects_again(script, example, "aliyun.connect True")
        lines = [line for line in script.lines[before:] if "receive" not in line]
        assert lines == ["I/user.aliyun.connect False", "I/user.aliyun.reconnect", "I/user.aliyun.connect True"]
        assert script.lines.count("I/user.aliyun.auth True") == 1
        assert script.errors == ""
    assert example.wait_seen(kind="publish")["payload"] == "hello"


class Secrets(http.server.BaseHTTPRequestHandler):
    """Gives each device its secret, as a maker's server does."""

    def do_GET(self):  # noqa: N802
        body = json.dumps({"sn": self.server.secrets[self.path.split("id=")[1]]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("stored", [None, "another-secret"])
def test_tracker_air(cloud, device, tmp_path, stored):
    """L6: without a secret, or with one that is refused, the script gets it by HTTP; the delivered QoS says where a message
    goes; no callback's argument."""
    with http.server.ThreadingHTTPServer(("localhost", 0), Secrets) as server:
        server.secrets = {device["deviceName"]: device["deviceSecret"]}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        example = Example(cloud, device, tmp_path, SECRETS_AT=f"localhost:{server.server_port}")
        if stored:
            run(f"import kv\nkv.set('sn', {stored!r})\n", env=example.env)
        with example.start("tracker_air") as script:
            script.wait_line("认证结果 False")
            script.wait_line("已获取密钥")
            script.wait_line("认证结果 True")
            script.wait_line("连接结果 True")
            for topic, payload, line in (("get", "AT+LED", "I/user.uart AT+LED"), ("error", "1", "I/user.gpio 1")):
                example.send(example.mine + topic, payload)
                script.wait_line(line)
            # The topic of QoS 1 can deliver QoS 0.
            example.send(example.mine + "error", "at qos 0", qos=0)
            script.wait_line("I/user.uart at qos 0")
            before = connects_again(script, example)
            script.wait_line("发布结果 True None", after=before)
            example.wait_seen(lambda record: json.loads(record["payload"])["count"] > 3, kind="publish")
            assert script.errors == ""
        server.shutdown()
    logins = example.seen(kind="login")
    assert [login["ok"] for login in logins] == [False] * (stored is not None) + [True, True]
    assert {login["keepalive"] for login in logins} == {120}
    counts = [json.loads(record["payload"])["count"] for record in example.seen(kind="publish")]
    assert counts == sorted(set(counts))


def test_messages_air(example):
    """L7: two messages back to back at QoS 0 and 1, each with its callback, once; `reconnect`; asleep and awake by turns."""
    with example.start("messages_air") as script:
        script.wait_line("发布结果 True publish_1_1")
        script.wait_line("休眠 True")
        assert "I/user.aLiYun 认证结果 True" in script.lines
        asleep = len(script.lines)
        script.wait_line("唤醒 False", after=asleep)
        script.wait_line("连接结果 True", after=asleep)
        awake = len(script.lines)
        script.wait_line("发布结果 True", after=awake)
        before = connects_again(script, example)
        script.wait_line("开始重连", after=before)
        script.wait_line("发布结果 True publish_1", after=before)
        assert script.errors == ""
    done = results(script)
    # The last ones may still be under way.
    last = int(done[-1][1].rsplit("_", 1)[1])
    for number in range(1, last):
        assert [result for result, para in done if para == f"publish_0_{number}"] == ["True"]
        assert len([result for result, para in done if para == f"publish_1_{number}"]) == 1
    sent = [(record["payload"], record["qos"]) for record in example.seen(kind="publish")]
    assert sent[:4] == [("qos 0, 1", 0), ("qos 1, 1", 1), ("qos 0, 2", 0), ("qos 1, 2", 1)]


def test_product_air(example):
    """The guide's setRegion and setConnectMode: the script stores the secret, and the second run logs in with it."""
    for registers in (True, False):
        with example.start("product_air") as script:
            script.wait_line("发布结果 True 2")
            assert ("I/user.aLiYun 保存设备密钥" in script.lines) == registers
            example.send(example.mine + "get", "hello", qos=0)
            script.wait_line(f"收到消息 {example.mine}get 0 hello")
            before = connects_again(script, example)
            script.wait_line("发布结果 True", after=before)
            assert script.errors == ""
        example.cloud.wait_offline(example.name)
    assert example.registrations() == [(True, "register")]


def test_the_task_of_the_page():
    """The Python of docs/from-luatos.md runs as it stands."""
    page = (ROOT / "docs" / "from-luatos.md").read_text(encoding="utf-8")
    [code] = re.findall(r"^```python\n(.*?)^```$", page, flags=re.M | re.S)
    with Script(code) as script:
        script.wait_line("I/user.task count 2")
        assert script.lines[0] == "I/user.task count 1"
        assert script.errors == ""


def test_every_script_is_tested():
    scripts = {path.stem for path in EXAMPLES.glob("*.py")} - {"options", "netready", "messages"}
    assert scripts <= {name.removeprefix("test_") for name in globals()}
