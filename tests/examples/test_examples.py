"""Each script of `examples/`: what it prints, what the cloud saw, and that it ends well."""

import json
import re

import pytest

from micropython import ROOT, Script, run

EXAMPLES = ROOT / "examples"


class Example:
    """The scripts on one device, and what the cloud has seen of it."""

    def __init__(self, cloud, device):
        self.cloud = cloud
        self.device = device
        self.name = device["deviceName"]
        self.product = device["productKey"]

    def start(self, script):
        return Script(EXAMPLES / script, self.cloud, self.device)

    def run(self, script):
        """Runs it to a good end and returns the lines that it printed."""
        ended = run(EXAMPLES / script, self.cloud, self.device)
        assert (ended.code, ended.errors) == (0, "")
        return ended.lines

    def own(self, topic):
        return f"/{self.product}/{self.name}/user/{topic}"

    def wait_seen(self, kind, predicate=None):
        return self.cloud.wait_seen(predicate, kind=kind, device=self.name)

    def kinds(self, connections=1):
        """What the cloud saw, in order, to the end of the last connection."""
        last = 0
        for _ in range(connections):
            last = self.cloud.wait_seen(kind="disconnect", device=self.name, since=last)["n"]
        return [record["kind"] for record in self.cloud.seen(device=self.name)]


@pytest.fixture
def example(cloud, device):
    return Example(cloud, device)


def ends_well(script):
    assert script.wait() == 0
    assert script.errors == ""


def test_connect(example):
    assert example.run("connect.py") == ["物联网平台连接成功"]
    login = example.wait_seen("login")
    assert login["ok"] and login["tls"] and login["keepalive"] == 60
    assert example.kinds() == ["login", "disconnect"]


def test_connect_tells_a_wrong_secret(cloud, device):
    with Script(EXAMPLES / "connect.py", cloud, {**device, "deviceSecret": "0" * 32}) as script:
        assert script.wait_line("错误").text.startswith("错误： 4 ")


REGISTERED = ["密钥长度： 32", "物联网平台连接成功"]


def test_register(example):
    assert example.run("register.py") == REGISTERED
    assert example.kinds() == ["registration", "login", "disconnect"]


def test_register_once_for_all(example, tmp_path):
    for _ in range(2):
        ended = run(EXAMPLES / "register.py", example.cloud, example.device, env={"ALIYUN_IOT_STORE": str(tmp_path / "kv")})
        assert (ended.code, ended.errors, ended.lines) == (0, "", REGISTERED)
    assert example.kinds(connections=2) == ["registration", "login", "disconnect", "login", "disconnect"]


def test_post_props(example):
    with example.start("post_props.py") as script:
        script.wait_line("属性上报成功")
        example.wait_seen("property_post")
        example.cloud.do("set", device=example.name, params={"LightSwitch": 1})
        ends_well(script)
    assert script.lines == ["物联网平台连接成功", "属性上报成功", "平台设置属性： {'LightSwitch': 1}"]
    assert example.wait_seen("property_post")["params"] == {"test_prop": 100}
    assert example.wait_seen("set_reply")["code"] == 200
    assert example.kinds() == ["login", "property_post", "set_reply", "disconnect"]


def test_post_event(example):
    assert example.run("post_event.py") == ["事件上报成功"]
    record = example.wait_seen("event_post")
    assert (record["event"], record["params"], record["code"]) == ("overheat", {"temperature": 90}, 200)
    assert example.kinds() == ["login", "event_post", "disconnect"]


def test_post_raw(example):
    with example.start("post_raw.py") as script:
        script.wait_line("透传/自定义数据上报成功")
        example.cloud.do("raw", device=example.name, hex="c0ff")
        ends_well(script)
    assert script.lines == ["透传/自定义数据上报成功", "平台下发： 2 字节 c0ff"]
    assert example.wait_seen("raw_up")["hex"] == "0100d7"


def test_subscribe(example):
    topic = example.own("get")
    with example.start("subscribe.py") as script:
        script.wait_line("Topic订阅成功")
        record = example.wait_seen("subscribe")
        assert (record["topic"], record["qos"], record["ok"]) == (topic, 1, True)
        example.cloud.do("publish", topic=topic, payload="开灯")
        ends_well(script)
    assert script.lines == ["Topic订阅成功", f"收到消息： {topic} 开灯"]


def test_publish(example):
    assert example.run("publish.py") == ["Topic发布成功"]
    assert example.kinds() == ["login", "publish", "publish", "disconnect"]
    text, data = example.cloud.seen(device=example.name, kind="publish")
    assert (text["topic"], text["payload"], text["qos"]) == (example.own("update"), "温度 21 度", 0)
    assert (data["topic"], data["payload"], data["qos"]) == (example.own("update"), "\0\x15", 1)


def test_unsubscribe(example):
    assert example.run("unsubscribe.py") == ["收到消息： 第一条", "Topic取消订阅成功"]
    assert example.kinds() == ["login", "subscribe", "publish", "unsubscribe", "publish", "disconnect"]
    assert example.wait_seen("unsubscribe")["topic"] == example.own("echo")


def test_device_info(example):
    lines = example.run("device_info.py")
    assert lines == [
        "连接之前： None",
        "地域： cn-shanghai",
        f"产品： {example.product}",
        f"设备： {example.name}",
        f"密钥长度： {len(example.device['deviceSecret'])}",
    ]


def test_device_handle(example):
    assert example.run("device_handle.py") == ["获取句柄成功", "同一设备句柄不变： True", "不同设备句柄不同： True"]
    assert example.cloud.seen(device=example.name) == []


def test_events(example):
    cloud, name = example.cloud, example.name

    def reports(state):
        """The cloud sees this state of the lamp reported, after what it has seen before."""
        record = cloud.wait_seen(kind="property_post", device=name, since=reports.last)
        reports.last = record["n"]
        assert record["params"] == {"LightSwitch": state}

    reports.last = 0
    with example.start("events.py") as script:
        reports(0)
        cloud.do("set", device=name, params={"LightSwitch": 1})
        reports(1)
        cloud.do("service", device=name, service="Toggle", params={})
        reports(0)
        cloud.do("rrpc", device=name, service="Toggle", params={"by": "hand"})
        reports(1)
        # With something unread the connection would be reset, which has other words.
        example.wait_seen("rrpc_reply")
        cloud.do("drop", device=name)
        script.wait_line("已重新连接")
        reports(1)
        script.interrupt()
        ends_well(script)
    lost = next(line for line in script.lines if line.startswith("连接断开"))
    # The answer to the synchronous call was sent last, so it may be named as what the link was lost behind.
    assert re.fullmatch("连接断开： the server closed the connection( right after a publish to /ext/rrpc/.*/Toggle)?", lost)
    assert script.lines == [
        "已连接",
        "属性设置： {'LightSwitch': 1}",
        "服务调用： Toggle {}",
        "服务调用： Toggle {'by': 'hand'}",
        lost,
        "已重新连接",
        "再见",
        "已关闭",
    ]
    for kind in ("set_reply", "service_reply", "rrpc_reply"):
        record = example.wait_seen(kind)
        assert "fault" not in record and json.loads(record["payload"])["code"] == 200


def test_answers(example):
    cloud, name = example.cloud, example.name
    with example.start("answers.py") as script:
        script.wait_line("上报结果")
        cloud.do("service", device=name, service="GetState", params={})
        assert example.wait_seen("service_reply")["data"]["LightSwitch"] == 1
        cloud.do("rrpc", device=name, service="Measure", params={})
        answer = json.loads(example.wait_seen("rrpc_reply")["payload"])
        assert (answer["code"], answer["data"]) == (200, {"temperature": 21})
        cloud.do("service", device=name, service="Dance", params={})
        refusal = example.wait_seen("service_reply", lambda record: record["service"] == "Dance")
        assert (refusal["code"], refusal["data"]) == (100001, {"reason": "no such service"})
        script.interrupt()
        ends_well(script)
    assert script.lines == [
        "上报结果： 200 success",
        "服务调用： GetState {}",
        "服务调用： Measure {}",
        "响应： 0",
        "服务调用： Dance {}",
        "再见",
    ]


def test_end(example):
    once = ["物联网平台连接成功", "连接已关闭", "结束： 0"]
    assert example.run("end.py") == [*once, *once, "结束之后上报： -1"]
    assert example.kinds(connections=2) == ["login", "property_post", "disconnect"] * 2


def test_network_time(example):
    *_, china, stamp = example.run("network_time.py")
    [record] = example.cloud.seen(kind="ntp", device=example.name)
    assert record["answered"] and china.startswith("北京时间： 20")
    assert abs(int(stamp.split("：")[1]) - record["at"] / 1000) < 2, "by the cloud's clock"


def test_desired_properties(example):
    def desired(**params):
        return example.cloud.do("desired", device=example.name, params=params)["desired"]

    desired(LightSwitch=0, Brightness=70)
    desired(LightSwitch=1)
    lines = example.run("desired_properties.py")
    assert lines == ["期望值: Brightness = 70 版本 1", "期望值: LightSwitch = 1 版本 2", "清除期望值: 200 success"]
    assert example.wait_seen("property_post")["params"] == {"LightSwitch": 1, "Brightness": 70}
    assert desired() == {}


def test_upload_file(example, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = example.run("upload_file.py")
    written = "".join(f"line {number}\n" for number in range(1000)).encode()
    assert lines[-2:] == [f"已上传： {len(written)} / {len(written)}", "文件上传成功"]
    file = example.cloud.do("file", device=example.name, name="log.txt")
    assert bytes.fromhex(file["hex"]) == written
    assert example.wait_seen("event_post")["params"] == {"fileId": file["upload"]}


def test_on_a_board(example):
    """On a computer it skips what only boards have; test_online.py has the rest."""
    with example.start("on_a_board.py") as script:
        assert example.wait_seen("property_post")["params"] == {"temperature": 21}
        example.cloud.do("set", device=example.name, params={"LightSwitch": 1})
        script.wait_line("平台设置属性")
        script.interrupt()
        script.wait()
    assert script.lines == [f"cloud: connected as {example.name}", '平台设置属性： {"LightSwitch":1}']


def test_every_script_is_tested():
    # These have files of tests of their own.
    scripts = {path.stem for path in EXAMPLES.glob("*.py")} - {"credentials", "online", "seven_clouds"}
    assert scripts <= {name.removeprefix("test_") for name in globals()}


def test_with_asyncio(example):
    with example.start("with_asyncio.py") as script:
        script.wait_line("物联网平台连接成功")
        for value in (1, 0):
            example.cloud.do("set", device=example.name, params={"LightSwitch": value})
            example.wait_seen("property_post", lambda record, value=value: record["params"] == {"LightSwitch": value})
        ends_well(script)
    assert script.lines == ["物联网平台连接成功", *(f"平台设置属性： {{'LightSwitch': {value}}}" for value in (1, 0))]
    measured = example.wait_seen("property_post", lambda record: "temperature" in record["params"])
    assert measured["params"] == {"temperature": 20}
