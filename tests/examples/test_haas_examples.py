"""Each script of `examples/haas/`, on a board that the computer pretends to be: what it prints, what the cloud saw, and what the
hardware did.

A script runs as it is. What is connected to its board is moved and looked at through the script's standard input.
"""

import time

import pytest

from micropython import ROOT, Script, family_path

EXAMPLES = ROOT / "examples" / "haas"
PATH = family_path("haas", "haas/computer")

# Before the script: each line of the input is carried out, in the main thread, where `simulated` is the hardware.
AROUND = """
import select, sys, simulated
_input = select.poll()
_input.register(sys.stdin, select.POLLIN)
_names = {{"simulated": simulated}}
def _obey(_):
    while _input.poll(0):
        exec(sys.stdin.readline(), _names)
simulated.Alarm(10, 10, _obey, None)
sys.argv[0] = {path!r}
{setup}
with open({path!r}) as _file:
    _script = _file.read()
exec(_script, {{"__name__": "__main__"}})
"""


class Board(Script):
    """A script of examples/haas on a board, beside its board.json, with a device of its own; `setup` runs before it."""

    def __init__(self, name, cloud, device, setup="", **options):
        self.cloud = cloud
        self.name = device["deviceName"]
        self.device = device
        env = {"MICROPYPATH": PATH, **options.pop("env", {})}
        text = AROUND.format(path=str(EXAMPLES / name), setup=setup)
        super().__init__(text, cloud, device, env=env, **options)

    def does(self, code):
        """Carries out a line of Python with the hardware."""
        self.say(code)

    def measure(self, expression):
        """The value of an expression about the hardware."""
        before = len(self.lines)
        self.say(f"print('measured', repr({expression}))")
        return self.wait_line(lambda line: line.startswith("measured "), after=before).text.removeprefix("measured ")

    def wait_until(self, expression, value):
        """The hardware gets there while the script runs."""
        end = time.monotonic() + 30
        while (now := self.measure(expression)) != value:
            assert time.monotonic() < end, (expression, now, value)

    def set(self, **params):
        self.cloud.do("set", device=self.name, params=params)

    def wait_post(self, **params):
        """The cloud has seen a property post with these values, and no others."""
        return self.cloud.wait_seen(lambda record: record["params"] == params, kind="property_post", device=self.name)

    def own(self, topic):
        return f"/{self.device['productKey']}/{self.name}/user/{topic}"

    def __exit__(self, kind, *rest):
        super().__exit__(kind, *rest)
        assert kind is not None or self.errors == ""


def test_led(cloud, device):
    with Board("led.py", cloud, device) as board:
        board.wait_line("物联网平台连接成功")
        assert board.lines[0].startswith("Wi-Fi 已连接： ")
        board.wait_post(LightSwitch=0)
        for value, line in ((1, "开灯"), (0, "关灯")):
            board.set(LightSwitch=value)
            board.wait_line(line)
            board.wait_post(LightSwitch=value)
            assert board.measure("simulated.pin(2).level") == str(value)


def test_gas(cloud, device):
    with Board("gas.py", cloud, device, "simulated.millivolts[0] = 700") as board:
        board.wait_line("物联网平台连接成功")
        board.wait_post(gasVoltage=700, alarmLight=0)
        board.does("simulated.millivolts[0] = 2600")
        board.wait_line("开始报警： 2600")
        event = cloud.wait_seen(kind="event_post", device=board.name)
        assert (event["event"], event["params"]) == ("gasAlarm", {"gasVoltage": 2600})
        assert board.measure("simulated.pin(2).level") == "1"
        board.wait_post(gasVoltage=2600, alarmLight=1)
        board.does("simulated.millivolts[0] = 700")
        board.wait_line("结束报警： 700")
        assert board.measure("simulated.pin(2).level") == "0"


def test_fan(cloud, device):
    with Board("fan.py", cloud, device) as board:
        board.wait_line("物联网平台连接成功")
        board.set(speed=40)
        board.wait_line("风扇转速： 40")
        board.wait_post(speed=40)
        assert board.measure("simulated.pwm[12]") == str((25000, int(40 * 65535 / 100)))
        board.set(speed=140)
        board.wait_line("转速超出范围： 140")
        assert [record["params"] for record in cloud.seen(kind="property_post", device=board.name)] == [{"speed": 40}]


def test_climate(cloud, device):
    with Board("climate.py", cloud, device, "simulated.i2c[0x44].temperature = 21.5") as board:
        board.wait_line("温度： 21.5 湿度： 50.0")
        board.wait_post(CurrentTemperature=21.5, CurrentHumidity=50.0)
        board.does("simulated.i2c[0x44].temperature, simulated.i2c[0x44].humidity = -7.0, 81.5")
        board.wait_post(CurrentTemperature=-7.0, CurrentHumidity=81.5)


def test_bridge(cloud, device):
    """Bytes of the port that are no text come through as they are."""
    with Board("bridge.py", cloud, device, "sent = []\nsimulated.uart(1).peer = sent.append\nsimulated.sent = sent") as board:
        board.wait_line("物联网平台连接成功")
        cloud.wait_seen(kind="subscribe", device=board.name)
        cloud.do("publish", topic=board.own("get"), payload="你好")
        board.wait_until("b''.join(simulated.sent)", repr("你好".encode()))
        board.does("simulated.uart(1).feed(bytes((0, 255, 65)))")
        seen = cloud.wait_seen(kind="publish", device=board.name)
        assert (seen["topic"], seen["qos"], seen["hex"]) == (board.own("update"), 1, "00ff41")
        assert board.measure("simulated.uart(1).baudrate") == "9600"


def test_feeder(cloud, device):
    with Board("feeder.py", cloud, device) as board:
        board.wait_line("物联网平台连接成功")
        board.set(feeding_cmd=1)
        board.wait_line("手动投喂： 1")
        board.wait_post(feeding_times=1)
        # On and off again.
        assert board.measure("simulated.pin(2).changes") == "2"
        board.set(auto_feeding=1)
        board.wait_line("自动投喂： 3")
        board.set(auto_feeding=0)
        board.wait_line("自动投喂： 关闭")
        changes = board.measure("simulated.pin(2).changes")
        time.sleep(1.2)
        assert board.measure("simulated.pin(2).changes") == changes


def test_clock(cloud, device):
    """The RTC of the board is an hour late until the platform says the time."""
    late = "import machine\nnow = machine.RTC().datetime()\nmachine.RTC().datetime(now[:4] + ((now[4] + 23) % 24,) + now[5:])"
    with Board("clock.py", cloud, device, late) as board:
        begun = board.wait_line("平台时间（北京）： ").at
        post = cloud.wait_seen(lambda record: record["at"] > begun * 1000, kind="property_post", device=board.name)
        told = int(begun // 86400) * 86400 + sum(int(part) * of for part, of in zip(post["params"]["time"].split(":"), (3600, 60, 1)))
        away = abs(told - post["at"] / 1000)
        assert min(away, 86400 - away) < 10, post


def test_watchdog(cloud, device):
    with Board("watchdog.py", cloud, device, "simulated.fed = []\nimport machine\n" + FED) as board:
        board.wait_line("已连接")
        board.wait_post(heartbeat=2)
        cloud.do("drop", device=board.name)
        board.wait_line("连接断开")
        board.wait_line("已重新连接")
        beats = int(board.measure("len(simulated.fed)"))
        board.wait_post(heartbeat=beats + 1)


FED = """
class _Counted(machine.WDT):
    def feed(self):
        simulated.fed.append(1)
        super().feed()

machine.WDT = _Counted
"""


def test_door(cloud):
    """The device whose name is the board's number registers."""
    name = "01ab00000001"
    device = cloud.new_device(device=name)
    with Board("door.py", cloud, device) as board:
        board.wait_line("网络连接成功")
        board.wait_line(f"动态注册成功： {name}")
        board.wait_line("物联网平台连接成功")
        board.does("simulated.pin(4).set(0)")
        board.wait_line("开门 1")
        board.wait_post(person_count=1)
        assert board.measure("simulated.pwm[13]") == str((50, int(12 * 65535 / 100)))
        board.does("simulated.pin(4).set(1)")
        board.wait_line("关门 1")
        assert board.measure("simulated.pwm[13]") == str((50, int(5 * 65535 / 100)))
    kinds = [record["kind"] for record in cloud.seen(device=name)]
    assert kinds[:2] == ["registration", "login"]


def test_doorbell(cloud, device):
    with Board("doorbell.py", cloud, device) as board:
        board.wait_line("物联网平台连接成功")
        for presses in (1, 2):
            board.does("simulated.pin(3).set(0)")
            board.wait_line(f"按键： {presses}")
            board.does("simulated.pin(3).set(1)")
        cloud.wait_seen(lambda record: record["params"] == {"presses": 2}, kind="event_post", device=board.name)
        cloud.do("service", device=board.name, service="ring", params={"times": 3})
        board.wait_line("服务： ring 3")
        assert board.measure("simulated.pin(2).changes") == "6"
        answer = cloud.wait_seen(kind="service_reply", device=board.name)
        assert (answer["code"], answer["data"]) == (200, {"presses": 2})


def test_light(cloud, device):
    with Board("light.py", cloud, device) as board:
        board.wait_line("光照： 350")
        assert board.lines[0].startswith("本机地址： ")
        board.wait_line("平台已收到： 200")
        board.does("simulated.i2c[0x1E].light = 360")
        board.does("simulated.i2c[0x1E].light = 700")
        board.wait_line("光照： 700")
        board.wait_post(LightLux=700)
        assert board.measure("simulated.i2c[0x1E].values[0]") == "1"


def test_thermometer(cloud, device):
    """Also below zero."""
    with Board("thermometer.py", cloud, device, "simulated.i2c[72].temperature = -12.5") as board:
        board.wait_line("物联网平台连接成功")
        board.wait_post(temperature=-12.5)
        board.set(limit=25)
        board.wait_line("温度上限： 25")
        board.does("simulated.i2c[72].temperature = 25.0625")
        board.wait_post(temperature=25.0625)
        event = cloud.wait_seen(kind="event_post", device=board.name)
        assert (event["event"], event["params"]) == ("tooHot", {"temperature": 25.0625})
        assert board.measure("simulated.pin(2).level") == "1"
        board.does("simulated.i2c[72].temperature = 24")
        board.wait_post(temperature=24)
        board.wait_until("simulated.pin(2).level", "0")


def test_digits(cloud, device, tmp_path):
    """The number is still there after a restart."""
    setup = """
class Shown:
    def write(self, data):
        self.data = data
    def read(self, count):
        return bytes(count)

simulated.shown = Shown()
simulated.connect_spi(1, simulated.shown)
"""
    env = {"ALIYUN_IOT_STORE": str(tmp_path / "kv")}
    with Board("digits.py", cloud, device, setup, env=env) as board:
        board.wait_line("显示： 0")
        board.wait_line("物联网平台连接成功")
        board.set(number=42)
        board.wait_line("显示： 42")
        board.wait_post(number=42)
        # The strokes of 2, then those of 4.
        assert board.measure("simulated.shown.data") == repr(bytes((0x5B, 0x66)))
        assert board.measure("simulated.pin(5).level") == "1"
    with Board("digits.py", cloud, device, setup, env=env) as board:
        board.wait_line("显示： 42")


def test_every_script_is_tested():
    scripts = {path.stem for path in EXAMPLES.glob("*.py")}
    assert len(scripts) == 13
    assert scripts == {name.removeprefix("test_") for name in globals() if name.startswith("test_")} - {"every_script_is_tested"}
