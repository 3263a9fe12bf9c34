"""Wrong arguments of QuecPython's `aLiYun`: each call that is wrong raises, and names the argument as the script writes it."""

import pytest

from quec_scripts import BEGIN, PATH, ends_well
from micropython import run

MADE = [
    ("1, None, name, secret", "TypeError aLiYun(): productKey must be str or bytes, not int"),
    ("None, None, name, secret", "ValueError aLiYun(): productKey is missing"),
    ("'', None, name, secret", "ValueError aLiYun(): productKey must have 1 to 20 characters"),
    ("'k' * 21, None, name, secret", "ValueError aLiYun(): productKey must have 1 to 20 characters"),
    ("key, None, None, secret", "ValueError aLiYun(): DeviceName is missing"),
    ("key, None, b'\\xff', secret", "ValueError aLiYun(): DeviceName is not UTF-8"),
    ("key, None, 'n' * 33, secret", "ValueError aLiYun(): DeviceName must have 1 to 32 characters"),
    ("key, None, name, 's' * 65", "ValueError aLiYun(): DeviceSecret must have 1 to 64 characters"),
    ("key, None, name, ['s']", "TypeError aLiYun(): DeviceSecret must be str or bytes, not list"),
    ("key, 5, name", "TypeError aLiYun(): productSecret must be str or bytes, not int"),
    ("key, 's' * 65, name", "ValueError aLiYun(): productSecret must have 1 to 64 characters"),
    ("key, None, name, secret, 5", "TypeError aLiYun(): MqttServer must be str or bytes, not int"),
    ("key, None, name, secret, 'h', '1883'", "TypeError aLiYun(): MqttPort must be int, not str"),
    ("key, None, name, secret, 'h', 65536", "ValueError aLiYun(): MqttPort must be 1 to 65535 (65536)"),
    ("key, None, name, secret, 'h', 1883, 'no'", "TypeError aLiYun(): ssl must be bool, not str"),
    ("key, None, name, secret, 'h', 1883, True, 'ca'", "TypeError aLiYun(): ssl_params must be dict, not str"),
    ("key, None, name, secret, 'h', 1883, True, {'cert': 'a'}", "ValueError aLiYun(): ssl_params has no key 'cert'; there is 'ca'"),
]
CALLED = [
    ("setMqtt, 5", "TypeError setMqtt(): clientID must be str or bytes, not int"),
    ("setMqtt, 'c' * 65", "ValueError setMqtt(): clientID must have 1 to 64 characters"),
    ("setMqtt, 'a b'", "ValueError setMqtt(): clientID has a wrong length or a forbidden character"),
    ("setMqtt, name, 'no'", "TypeError setMqtt(): clean_session must be bool, not str"),
    ("setMqtt, name, True, '60'", "TypeError setMqtt(): keepAlive must be int, not str"),
    ("setMqtt, name, True, -1", "ValueError setMqtt(): keepAlive must be 0 to 65535 (-1)"),
    ("setMqtt, name, True, 60, None", "TypeError setMqtt(): reconn must be bool, not NoneType"),
    ("setCallback, 5", "TypeError setCallback(): the callback cannot be called"),
    ("error_register_cb, 'print'", "TypeError error_register_cb(): the callback cannot be called"),
    ("subscribe, 5", "TypeError subscribe(): topic must be str or bytes, not int"),
    ("subscribe, ''", "ValueError subscribe(): topic must have 1 to 255 characters"),
    ("subscribe, USER, 2", "ValueError subscribe(): qos must be 0 to 1 (2)"),
    ("subscribe, USER, '1'", "TypeError subscribe(): qos must be int, not str"),
    ("publish, None, 'a'", "ValueError publish(): topic is missing"),
    ("publish, USER, 5", "TypeError publish(): msg must be str or bytes, not int"),
    ("publish, USER, {}", "TypeError publish(): msg must be str or bytes, not dict"),
    ("publish, USER, 'a', True", "ValueError publish(): retain must be False; the platform keeps no messages"),
    ("publish, USER, 'a', 2", "ValueError publish(): qos must be 0 to 1 (2)"),
    ("publish, USER, 'a', False, '1'", "TypeError publish(): qos must be int, not str"),
]


def test_the_constructor_names_what_is_wrong(device):
    script = run(BEGIN + "".join(f"attempt(aLiYun, {arguments})\n" for arguments, _ in MADE), device=device, env=PATH)
    assert (script.code, script.errors) == (0, "")
    assert script.lines == [words for _, words in MADE]


@pytest.mark.parametrize("connected", [False, True])
def test_the_methods_name_what_is_wrong(cloud, device, start, connected):
    """Before setMqtt() as well, and a wrong call leaves the connection as it was."""
    calls = [(call, words) for call, words in CALLED if not connected or "setMqtt" not in call]
    text = "ali = aLiYun(key, None, name, secret)\n"
    text += "print(ali.setMqtt(name))\n" if connected else ""
    text += "".join(f"attempt(ali.{call})\n" for call, _ in calls)
    text += "print(ali.getAliyunSta())\nali.disconnect()\n"
    lines = ends_well(start(text).start())
    expected = [*(["0"] if connected else []), *(words for _, words in calls), "0" if connected else "-1"]
    assert len(lines) == len(expected)
    for line, words in zip(lines, expected, strict=True):
        assert line == words


TOPICS = [
    ("publish, USER + '#', 'a'", "ValueError publish(): "),
    ("subscribe, USER + 'a#'", "ValueError subscribe(): "),
]


def test_a_topic_that_mqtt_does_not_have_is_refused(start):
    text = "ali = aLiYun(key, None, name, secret)\nali.setMqtt(name)\n"
    text += "".join(f"attempt(ali.{call})\n" for call, _ in TOPICS)
    text += "print(ali.getAliyunSta())\nali.disconnect()\n"
    *lines, status = ends_well(start(text).start())
    assert status == "0" and len(lines) == len(TOPICS)
    for line, (call, words) in zip(lines, TOPICS, strict=True):
        assert line.startswith(words), (call, line)
