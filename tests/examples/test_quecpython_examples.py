"""Each script of `examples/quecpython/`: what it prints, what its cloud saw, and what scripts of its kind rely on."""

import json

import pytest

from micropython import ROOT, Script, family_path

EXAMPLES = ROOT / "examples" / "quecpython"
# The played module of Quectel's.
BOARD = ROOT / "tests" / "quecpython" / "fakes"


class Example:
    """A script on a device of its own."""

    OPTIONS = ()

    def __init__(self, cloud, device):
        self.cloud = cloud
        self.device = device
        self.name = device["deviceName"]
        self.own = f"{device['productKey']}/{self.name}"

    def start(self, name, on_a_module=False, **settings):
        """The script as it is, but for the numbers at its top that `settings` names."""
        path, env = EXAMPLES / f"{name}.py", {"MICROPYPATH": f"{family_path('quecpython')}:{BOARD}"}
        text = path.read_text(encoding="utf-8")
        for setting, value in settings.items():
            [line] = [line for line in text.splitlines() if line.startswith(f"{setting} = ")]
            text = text.replace(line, f"{setting} = {value}")
        return Script("import quec_board\n" * on_a_module + text, self.cloud, self.device, env=env, options=self.OPTIONS)

    def user(self, name):
        return f"/{self.own}/user/{name}"

    def thing(self, path):
        return f"/sys/{self.own}/thing/{path}"

    def seen(self, *kinds):
        return [record for record in self.cloud.seen(device=self.name) if record["kind"] in kinds]

    def wait_seen(self, kind, predicate=None, **filters):
        return self.cloud.wait_seen(predicate, kind=kind, device=self.name, **filters)

    def subscribed(self, topic):
        return self.wait_seen("subscribe", lambda record: record["topic"] == topic)

    def send(self, topic, payload):
        """On a topic that the device has subscribed to."""
        self.subscribed(topic)
        self.cloud.do("publish", topic=topic, payload=payload)

    def push(self, topic, **message):
        """On a system topic."""
        self.cloud.do("publish", device=self.name, direct=True, topic=topic, payload=json.dumps(message))

    def is_called(self):
        """The platform makes a synchronous call, which the script answers by hand."""
        self.do("rrpc", service="any", params={})
        answer = self.wait_seen("rrpc_reply")
        assert "fault" not in answer and json.loads(answer["payload"]) == {"code": 200, "data": {}}

    def do(self, command, **fields):
        return self.cloud.do(command, device=self.name, **fields)


@pytest.fixture
def example(cloud, device):
    return Example(cloud, device)


def test_quick_start(example):
    """The main program waits without a sleep for what the callback says, and ends."""
    with example.start("quick_start") as script:
        assert script.wait() == 0
    said = f"INFO:aLiYun:收到消息：Topic={example.user('update')}，Msg=hello world"
    assert script.errors.splitlines() == ["INFO:aLiYun:联网成功", said, "INFO:aLiYun:已断开"]
    # Subscribed and published before start().
    kinds = [record["kind"] for record in example.cloud.seen(device=example.name)]
    assert kinds == ["login", "subscribe", "publish", "disconnect"]
    [login] = example.seen("login")
    assert (login["tls"], login["clean"], login["keepalive"]) == (True, False, 300)


def test_sms_bridge(example):
    """It registers in setMqtt(); its callback takes long, and no message is lost meanwhile."""
    with example.start("sms_bridge", on_a_module=True, HOURS="4 / 3600") as script:
        for number in range(3):
            example.send(example.user("get"), f"at{number}")
        assert script.wait() == 0
    assert script.errors == ""
    assert script.lines[0] == "联网： 3 1" and script.lines[-1] == "已断开"
    for number in range(3):
        assert [line for line in script.lines if line.endswith(f"at{number}")] == [f"uart: at{number}", f"sms: 10086 at{number}"]
    [registration, login] = example.seen("registration", "login")
    assert registration["ok"] and login["clientId"].startswith(example.own.replace("/", ".") + "|")
    assert "".join(record["payload"] for record in example.seen("publish")) == "AT0AT1AT2"


def test_stress(example):
    """Each method again and again on one object; each round has the logins of its calls of setMqtt() and its own message."""
    with example.start("stress", ROUNDS=5) as script:
        assert (script.wait(), script.errors) == (0, "")
    assert script.lines == [f"第 {number} 轮完成" for number in range(1, 6)]
    assert [login["clean"] for login in example.seen("login")] == [True, False, False] * 5
    assert [record["payload"] for record in example.seen("publish")] == [f"round {number}" for number in range(1, 6)]


def test_bus_demo(example):
    """The main program has ended; a thread publishes, the callback hands on by topic, and so does a synchronous call."""
    with example.start("bus_demo") as script:
        script.wait_line("the main program has ended")
        script.wait_line(f"收到消息：{example.user('update')} hello world")
        [login] = example.seen("login")
        assert login["clientId"].startswith("clientID|")
        example.is_called()
        example.push(f"/ota/device/upgrade/{example.own}", code="1000", id="1", data={"version": "2.0"})
        script.wait_line('收到升级通知：{"code": "1000"')
        example.wait_seen("publish", lambda record: record["payload"] == "upgrade seen")
        before = len(script.lines)
        example.do("drop")
        script.wait_line("connection lost", after=before)
        script.wait_line("hello world", after=len(script.lines))


def test_collar(example):
    """Five threads, each with a property; the platform takes an id that is the same for every message."""
    with example.start("collar", on_a_module=True, PERIOD_MS=300) as script:
        expected = {"GeoLocation", "Steps", "Temperature", "Battery", "MotionAlarmState"}
        for name in expected:
            for _ in range(2):
                record = example.wait_seen("property_post", lambda record, name=name: name in record["params"])
                assert record["code"] == 200
        example.do("set", params={"Period": 60})
        script.wait_line("平台设置属性： {")
        assert "失败" not in "".join(script.lines)
    posts = [json.loads(record["payload"]) for record in example.seen("property_post") if "payload" in record]
    assert {post["id"] for post in posts} <= {"123"}
    [position] = {json.dumps(record["params"]["GeoLocation"]) for record in example.seen("property_post") if "GeoLocation" in record["params"]}
    assert json.loads(position)["value"]["Longitude"] == 117.1305


@pytest.mark.parametrize("module", ["app", "firmware"])
def test_collar_ota(example, module):
    """Bytes everywhere; when the board restarts, in a callback or in a thread, the progress message has left."""
    with example.start("collar_ota", on_a_module=True) as script:
        gets = lambda record: record["topic"].endswith("/firmware/get")  # noqa: E731
        example.wait_seen("unserved", lambda record: gets(record) and json.loads(record["payload"])["params"] == {"module": "firmware"})
        data = {"module": module, "version": "2.0.0", "url": "https://localhost/a.bin", "extData": {"key": "value"}}
        example.push(example.thing("ota/firmware/get_reply"), id="3", code=200, data={})
        example.push(f"/ota/device/upgrade/{example.own}", id="1", code="1000", data=data)
        script.wait_line("restart")
        example.wait_seen("disconnect")
    assert f"升级： {module} 2.0.0 {{'key': 'value'}}" in script.lines
    assert ("update flag" in script.lines) == (module == "app")
    sent = [(record["topic"], record["qos"], json.loads(record["payload"])) for record in example.seen("unserved")]
    assert [(topic, qos) for topic, qos, _ in sent] == [
        *[(f"/ota/device/inform/{example.own}", 1)] * 2,
        *[(example.thing("ota/firmware/get"), 1)] * 2,
        (f"/ota/device/progress/{example.own}", 1),
    ]
    assert [message["id"] for _, _, message in sent] == [1, 2, 3, 4, 5]
    assert sent[-1][2]["params"] == {"step": 100, "desc": "", "module": module}
    assert {record["qos"] for record in example.seen("subscribe")} == {1}


def test_street_lamp(example):
    """Property sets arrive without any subscription; the platform takes an id that is no number, and a key with a blank."""
    with example.start("street_lamp") as script:
        post = example.wait_seen("property_post")
        assert (post["params"], post["code"]) == ({"LightSwitch": 0, " Brightness": 50}, 200)
        example.do("set", params={"LightSwitch": 1})
        script.wait_line("平台设置属性： {'LightSwitch': 1}")
        example.wait_seen("property_post", lambda record: record["params"]["LightSwitch"] == 1)
        assert script.errors == ""
    assert example.seen("subscribe") == []


def test_dtu(example):
    """The thread that publishes waits for the reply, which the callback takes; the other orders of the platform."""
    with example.start("dtu", on_a_module=True) as script:
        script.wait_line("透传： True")
        example.is_called()
        example.push(f"/ota/device/upgrade/{example.own}", id="1", code=1000, data={"module": "default", "version": "2.0"})
        script.wait_line("升级通知： default 2.0")
        example.send(example.user("get"), "down")
        script.wait_line(f"透传数据： {example.user('get')} b'down'")
    assert script.lines[:5] == ["连接： True", *["上报： True"] * 3, "透传： True"]
    assert [post["code"] for post in example.seen("property_post")] == [200] * 3


def test_dtu_whose_posts_are_refused(example):
    """A reply with another code than 200 counts as a failure."""
    example.cloud.do("reply", mode=460)
    try:
        with example.start("dtu", on_a_module=True) as script:
            script.wait_line("透传： True")
    finally:
        example.cloud.do("reply", mode="normal")
    assert script.lines[1:4] == ["上报： False"] * 3


def test_ali_iot(example):
    """`publish(...) is True`, though no host was given in full; replies to two kinds of posts; answers of its own."""
    with example.start("ali_iot") as script:
        script.wait_line("上报事件：")
        example.do("set", params={"switch": 0})
        answer = example.wait_seen("set_reply")
        assert answer["code"] == 200
        example.is_called()
        script.wait_line("同步服务：")
    assert script.lines[:3] == ["连接： True True True", "上报属性： True", "上报事件： True"]
    assert "平台设置属性： {'switch': 0} True" in script.lines and "同步服务： True" in script.lines
    [post] = example.seen("property_post")
    assert post["params"]["temperature"]["value"] == 21 and post["params"]["temperature"]["time"].endswith("000")
    topics = {record["topic"] for record in example.seen("subscribe")}
    assert example.thing("event/property/post") in topics and f"/sys/{example.own}/rrpc/request/+" in topics


def test_every_script_is_tested():
    scripts = {path.stem for path in EXAMPLES.glob("*.py")}
    assert len(scripts) >= 9 and scripts <= {name.removeprefix("test_") for name in globals()}
