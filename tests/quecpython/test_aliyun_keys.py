"""What `Device` gets of the arguments of QuecPython's `aLiYun`, in each way in which scripts give them."""

import pytest

from micropython import run
from quec_scripts import PATH

# A stand-in for the device: it says what it is asked for, and connects.
STAND_IN = """
import sys as _sys

class Device:
    ON_CONNECT, ON_DISCONNECT, ON_ERROR, ON_SUBCRIBE = range(4)

    def __init__(self):
        self.callbacks = {}

    def on(self, event, callback):
        self.callbacks[event] = callback

    def register(self, keys, callback):
        print("register", sorted(keys.items()))
        return 0

    def connect(self, keys):
        print("connect", sorted(keys.items()))
        self.callbacks[self.ON_CONNECT]({"code": 0})

    def end(self):
        return 0

class aliyunIoT:
    pass

aliyunIoT.Device = Device
_sys.modules["aliyunIoT"] = aliyunIoT
from aLiYun import aLiYun
"""
WHO = {"productKey": "k", "deviceName": "n"}
USUAL = {**WHO, "cleanSession": False, "keepaliveSec": 300, "services": False}
HOST = "iot-06a.mqtt.iothub.aliyuncs.com"
# The arguments of the constructor and of setMqtt(), what the device registers with, and what it connects with beside USUAL.
KEYS = [
    ("'k', None, 'n', 's'", "'n'", None, {"deviceSecret": "s", "clientId": "n"}),
    ("b'k', None, b'n', b's'", "b'id'", None, {"deviceSecret": "s", "clientId": "id"}),
    ("'k', None, 'n', 's', 'k.None'", "'n'", None, {"deviceSecret": "s", "clientId": "n"}),
    ("'k', 'x', 'n', 's'", "''", None, {"deviceSecret": "s"}),
    ("'k', None, 'n', 's'", "'n', True, 60, False, 3, True", None, {"deviceSecret": "s", "clientId": "n", "cleanSession": True, "keepaliveSec": 60}),
    ("'k', None, 'n', 's', 'h', 1883, False", "", None, {"deviceSecret": "s", "host": "h", "port": 1883, "tls": False}),
    ("'k', None, 'n', 's', b'h', 8883, True, {}", "", None, {"deviceSecret": "s", "host": "h", "port": 8883}),
    ("'k', None, 'n', 's', MqttServer='h', ssl=0", "", None, {"deviceSecret": "s", "host": "h", "tls": False}),
    (f"'k', None, 'n', 's', '{HOST}'", "", None, {"deviceSecret": "s", "host": HOST, "instanceId": "iot-06a"}),
    ("'k', '', 'n', 's', ''", "", None, {"deviceSecret": "s"}),
    ("'k', 'x', 'n', ''", "", {}, {}),
    ("'k', 'x', 'n'", "'n'", {}, {"clientId": "n"}),
    ("'k', b'x', 'n', None, 'h', 1883, False", "", {"host": "h", "port": 1883}, {"host": "h", "port": 1883, "tls": False}),
    (f"'k', 'x', 'n', None, '{HOST}', ssl_params={{'ca': 'r'}}", "", *[{"host": HOST, "instanceId": "iot-06a", "ca": "r"}] * 2),
]


@pytest.mark.parametrize(("made", "given", "registers", "connects"), KEYS)
def test_the_keys_of_each_call(made, given, registers, connects):
    text = f"ali = aLiYun({made})\nprint(ali.setMqtt({given}))\nali.disconnect()\n"
    script = run(STAND_IN + text, env=PATH)
    assert (script.code, script.errors) == (0, "")
    *registered, connected, result = script.lines
    assert result == "0"
    assert dict(eval(connected.removeprefix("connect "))) == {**USUAL, **connects}
    expected = [] if registers is None else [{**WHO, "productSecret": "x", "authType": "register", **registers}]
    assert [dict(eval(line.removeprefix("register "))) for line in registered] == expected
