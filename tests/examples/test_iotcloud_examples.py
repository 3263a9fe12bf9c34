"""Each script of `examples/iotcloud/`, by each way in which it logs in: what it prints, and what its cloud saw."""

import json

import pytest

from cloud import Cloud
from micropython import ROOT, WITH_A_NUMBER, Script

EXAMPLES = ROOT / "examples" / "iotcloud"
# The settings of a script, by the keys that `Device.connect` has for them.
SETTINGS = {
    "PRODUCT_ID": ("productId", "productKey", "instanceId", "userName"),
    "DEVICE_NAME": ("deviceName",),
    "DEVICE_SECRET": ("deviceSecret",),
    "PRODUCT_SECRET": ("productSecret", "password"),
    "ENDPOINT": ("endpoint",),
    "USER_ID": ("userId",),
    "USER_KEY": ("userKey",),
    "PROJECT_ID": ("projectId",),
    "IAM_USERNAME": ("iamUser",),
    "IAM_PASSWORD": ("iamPassword",),
    "IAM_DOMAIN": ("iamDomain",),
}
# The product of Alibaba's local cloud whose devices may register under any name.
UNLISTED = "a1Unlisted"

@pytest.fixture(scope="module")
def cloud():
    with Cloud("--cloud", "all") as running:
        yield running


class Example:
    """A script of a cloud, with a device of its own."""

    def __init__(self, cloud, vendor, device, way="key", **settings):
        self.cloud = cloud
        self.vendor = vendor
        self.name = device["deviceName"]
        self.product = next((device[key] for key in SETTINGS["PRODUCT_ID"] if key in device), None)
        port = cloud.tls_port if vendor == "aliyun" else cloud.vendors[vendor]["tls_port"]
        env = {"ALIYUN_IOT_ENDPOINT": f"localhost:{port}", "IOTCLOUD_WAY": way}
        for setting, keys in SETTINGS.items():
            env |= {f"IOTCLOUD_{setting}": device[key] for key in keys if device.get(key)}
        env |= {f"IOTCLOUD_{setting}": str(value) for setting, value in settings.items()}
        self.what = EXAMPLES / f"{vendor}.py"
        self.env = env

    def start(self):
        env = {"MICROPYPATH": f".frozen:{EXAMPLES}:{ROOT / 'micropython' / 'compat'}", **self.env}
        return Script(self.what, self.cloud, env=env)

    def filters(self, **filters):
        return {"device": self.name, **({} if self.vendor == "aliyun" else {"cloud": self.vendor}), **filters}

    def do(self, command, **fields):
        return self.cloud.do(command, **self.filters(**fields))

    def wait_seen(self, predicate=None, **filters):
        return self.cloud.wait_seen(predicate, **self.filters(**filters))

    def send(self, topic, payload):
        """A message on a topic that the device has subscribed to."""
        self.wait_seen(lambda record: record["topic"] == topic, kind="subscribe")
        of = {} if self.vendor == "aliyun" else {"cloud": self.vendor}
        self.cloud.do("publish", topic=topic, payload=payload, **of)


def connects_again(script, example, before):
    """After a loss; how often the line about it came."""
    example.do("drop")
    script.wait_line("云平台断开")
    script.wait_line("云平台连接成功", after=before)


def example_of(cloud, vendor, way, folder, **settings):
    """A script whose device logs in that way."""
    if way == "register":
        device = {"deviceName": f"{vendor}-new", **cloud.vendors[vendor]["registration"]}
    elif way == "certificate":
        device = cloud.new_device(cloud=vendor, certificate=True)
        for setting, key in (("CLIENT_CERT", "cert"), ("CLIENT_KEY", "key")):
            settings[setting] = folder / key
            settings[setting].write_text(device[key])
    else:
        device = cloud.new_device(cloud=vendor)
    if way == "product":
        device |= cloud.vendors[vendor]["product"]
    return Example(cloud, vendor, device, way, **settings)


@pytest.mark.parametrize("way", ["key", "register", "certificate"])
def test_tencent(cloud, tmp_path, way):
    example = example_of(cloud, "tencent", way, tmp_path)
    with example.start() as script:
        script.wait_line("发送成功： 1")
        assert example.wait_seen(kind="property_post")["params"] == {"switch": 0}
        example.do("set", params={"switch": 1})
        script.wait_line("开灯")
        script.wait_line("发送成功： 2")
        example.do("set", params={"switch": 0})
        script.wait_line("关灯")
        script.wait_line("发送成功： 3")
        connects_again(script, example, len(script.lines))
        assert script.errors == ""
    posts = [record["params"] for record in cloud.seen(**example.filters(kind="property_post"))]
    assert posts[:3] == [{"switch": 0}, {"switch": 1}, {"switch": 0}]


@pytest.mark.parametrize("way", ["key", "key, instance", "register", "register, instance", "unlisted", "unlisted, instance"])
def test_aliyun(cloud, way):
    """A message every two seconds at QoS 1 arrives also if it was published while the device was offline."""
    device = cloud.new_device()
    if way.startswith("unlisted"):
        product = cloud.do("product", productKey=UNLISTED, unlisted=True)["product"]
        # A token is given once: each way is a board of its own.
        name = {"unlisted": "01ab", "unlisted, instance": "01ac"}[way]
        device = {**product, "deviceName": name}
    example = Example(cloud, "aliyun", device, way, INSTANCE_ID="iot-instance")
    if way.startswith("unlisted"):
        board = WITH_A_NUMBER.replace("\\xab", "\\x" + device["deviceName"][-2:])
        example.what = board + example.what.read_text(encoding="utf-8")
    with example.start() as script:
        script.wait_line(f"云平台连接成功： {example.name}")
        topic = f"/{example.product}/{example.name}/user/get"
        example.send(topic, "hello")
        script.wait_line(f"收到消息： {topic} hello")
        assert example.wait_seen(kind="publish")["payload"] == "hello world"
        connects_again(script, example, len(script.lines))
        assert script.errors == ""
    kinds = [record["kind"] for record in cloud.seen(**example.filters()) if record["kind"] in ("registration", "login")]
    assert kinds == [*["registration"] * ("key" not in way), "login", "login"]


@pytest.mark.parametrize("way", ["key", "product", "register"])
def test_onenet(cloud, tmp_path, way):
    """It reconnects by a timer of its own, also if the cloud refuses it for a while."""
    example = example_of(cloud, "onenet", way, tmp_path, RETRY_MS=50)
    with example.start() as script:
        script.wait_line("发送数据成功")
        script.wait_line("收到消息： reply 200")
        example.do("set", params={"temperature": 30})
        script.wait_line("收到消息： set None")
        cloud.do("refuse", cloud="onenet", code=3, count=2)
        connects_again(script, example, len(script.lines))
        assert script.errors == ""
    lines = script.lines
    assert lines.count("云平台断开") >= 3, "one for the loss, and one for each refused login"
    assert example.wait_seen(kind="property_post")["params"] == {"temperature": 20}


@pytest.mark.parametrize("way", ["key", "certificate", "register"])
def test_huawei(cloud, tmp_path, way):
    example = example_of(cloud, "huawei", way, tmp_path)
    with example.start() as script:
        script.wait_line("发送成功： 1")
        for value, line in ((1, "开灯"), (0, "关灯")):
            example.send(f"$oc/devices/{example.product}_{example.name}/user/down", json.dumps({"content": {"switch": value}}))
            script.wait_line(line)
        connects_again(script, example, len(script.lines))
        assert script.errors == ""
    assert example.wait_seen(kind="publish")["payload"] == "hello world!"


def test_tuya(cloud, tmp_path):
    example = example_of(cloud, "tuya", "key", tmp_path)
    with example.start() as script:
        script.wait_line("发送成功： 1")
        assert example.wait_seen(kind="property_post")["params"] == {"switch": True}
        example.do("set", params={"switch": False})
        script.wait_line("平台设置属性： {'switch': False}")
        connects_again(script, example, len(script.lines))
        assert script.errors == ""


@pytest.mark.parametrize("way", ["key", "certificate"])
def test_baidu(cloud, tmp_path, way):
    example = example_of(cloud, "baidu", way, tmp_path)
    with example.start() as script:
        script.wait_line("发送成功： 1")
        for value, line in (("open", "开灯"), ("close", "关灯")):
            example.send(f"$iot/{example.name}/user/fortest", value)
            script.wait_line(line)
        connects_again(script, example, len(script.lines))
        assert script.errors == ""


def test_tlink(cloud, tmp_path):
    example = example_of(cloud, "tlink", "key", tmp_path)
    with example.start() as script:
        script.wait_line("发送成功： 1")
        example.do("set", params={"200017493": 1})
        script.wait_line("收到消息： [{")
        connects_again(script, example, len(script.lines))
        assert script.errors == ""


def test_every_script_is_tested():
    scripts = {path.stem for path in EXAMPLES.glob("*.py")} - {"settings"}
    assert scripts <= {name.removeprefix("test_") for name in globals()}
