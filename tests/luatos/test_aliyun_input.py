"""What becomes of wrong input to LuatOS's `aliyun`: the exception comes in the call that is wrong, and names the argument."""

import pytest

from generations import BEGIN, OBJECTS, own
from micropython import run

NAME = "lambda: 'n'"
WRONG = {
    "Air": [
        ("setup(1, None, %s, %s)" % (NAME, NAME), "TypeError setup(): productKey must be str, not int"),
        ("setup('p', 1, %s, %s)" % (NAME, NAME), "TypeError setup(): productSecret must be str, not int"),
        ("setup('p', None, 'n', %s)" % NAME, "TypeError setup(): getDeviceName cannot be called"),
        ("setup('p', None, %s, 's')" % NAME, "TypeError setup(): getDeviceSecret cannot be called"),
        ("setup('p', 's', %s, %s, 1)" % (NAME, NAME), "TypeError setup(): setDeviceSecret cannot be called"),
        ("setup('p', None, lambda: None, %s)" % NAME, "TypeError getDeviceName() must be str, not NoneType"),
        ("setup('p', None, %s, lambda: 5)" % NAME, "TypeError getDeviceSecret() must be str, not int"),
        ("setup('p', None, lambda: 'x' * 33, %s)" % NAME, "ValueError setup(): getDeviceName() must be 1 to 32 "),
        ("setup('p', None, %s, lambda: 'x' * 65)" % NAME, "ValueError setup(): getDeviceSecret() must be 1 to 64 "),
        ("setup('p' * 21, None, %s, %s)" % (NAME, NAME), "ValueError setup(): productKey must be 1 to 20 "),
        ("setMqtt(2)", "ValueError setMqtt(): cleanSession must be 0 or 1 (2)"),
        ("setMqtt(None, {'qos': 0})", "ValueError setMqtt(): will must be None; the platform takes no will"),
        ("setMqtt(None, None, '240')", "TypeError setMqtt(): keepAlive must be int, not str"),
        ("setRegion(1)", "TypeError setRegion(): region must be str, not int"),
        ("setInstanceId(1)", "TypeError setInstanceId(): instanceId must be str, not int"),
        ("setConnectMode(None)", "TypeError setConnectMode(): mode must be str, not NoneType"),
        ("setConnectMode('direct', 1)", "TypeError setConnectMode(): the host must be str, not int"),
        ("setConnectMode('direct', 'h', 'x')", "ValueError setConnectMode(): the port must be a number ('x')"),
        ("setConnectMode('direct', 'h', 1, 'c')", "TypeError setConnectMode(): getClientId cannot be called"),
        ("setConnectMode('direct', 'h', 1, None, %s)" % NAME, "ValueError setConnectMode(): getUserName needs getPassword"),
        ("setConnectMode('direct', 'h', 1, isssl=1)", "TypeError setConnectMode(): isssl must be bool or dict, not int"),
        ("setErrHandle(None)", "TypeError setErrHandle(): the callback cannot be called"),
        ("setErrHandle(print, '1')", "TypeError setErrHandle(): tmout must be int, not str"),
        ("setErrHandle(print, 0)", "ValueError setErrHandle(): tmout must be 1 to 524287 (0)"),
        ("publish(1, 'x')", "TypeError publish(): topic must be str, not int"),
        ("publish('/p/n/user/a', 1)", "TypeError publish(): payload must be str or bytes or bytearray or memoryview, not int"),
        ("publish('/p/n/user/a', 'x', 2)", "ValueError publish(): qos must be 0 or 1 (2)"),
        ("publish('/p/n/user/a', 'x', 0, 1)", "TypeError publish(): the callback cannot be called"),
        ("on('publish', print)", "ValueError on(): there is no event 'publish'; there are auth, connect, reconnect, receive, error"),
        ("on('auth', 1)", "TypeError on(): the callback cannot be called"),
        ("subscribe(1)", "TypeError subscribe(): topic must be str, not int"),
        ("subscribe('/p/n/user/a', 3)", "ValueError subscribe(): qos must be 0, 1 or 2"),
        ("subscribe({'/p/n/user/a': '1'})", "ValueError subscribe(): qos must be 0, 1 or 2"),
    ],
    "2023": [
        ("operation(False, 1, 'p', 's')", "TypeError operation(): DeviceName must be str, not int"),
        ("operation(False, 'n', None, 's')", "TypeError operation(): ProductKey must be str, not NoneType"),
        ("operation(False, 'n', 'p', None)", "TypeError operation(): ProductSecret must be str, not NoneType"),
        ("operation(False, 'n', 'p', 's', 1)", "TypeError operation(): InstanceId must be str, not int"),
        ("operation(False, 'n', 'p', 's' * 65)", "ValueError operation(): ProductSecret must be 1 to 64 "),
        ("confiDentialTask(None, 'p', 's')", "TypeError confiDentialTask(): DeviceName must be str, not NoneType"),
        ("confiDentialTask('n', 1, 's')", "TypeError confiDentialTask(): ProductKey must be str, not int"),
        ("confiDentialTask('n', 'p', None)", "TypeError confiDentialTask(): DeviceSecret must be str, not NoneType"),
        ("confiDentialTask('x' * 33, 'p', 's')", "ValueError confiDentialTask(): DeviceName must be 1 to 32 "),
        ("confiDentialTask('n', 'p', 's', 'h', 70000)", "ValueError confiDentialTask(): the port must be 1 to 65535 (70000)"),
        ("confiDentialTask('n', 'p', 's', 'h', None, {'client_cert': ''})", "ValueError confiDentialTask(): isssl has no key 'client_cert'; there are server_cert"),
        ("subscriber(1)", "TypeError subscriber(): topic must be str, not int"),
        ("publish('/p/n/user/a', 0, None)", "TypeError publish(): payload must be str or bytes or bytearray or memoryview, not NoneType"),
        ("publish('/p/n/user/a', 'x', 0)", "TypeError publish(): payload must be str or bytes or bytearray or memoryview, not int"),
        ("publish('/p/n/user/a', 0, 'x', 1)", "ValueError publish(): retain must be 0; the platform keeps no messages"),
        ("on('reg', print)", "ValueError on(): there is no event 'reg'; there are auth, connect, reconnect, receive, error"),
    ],
    "2024": [
        ("setup([])", "TypeError setup(): tPara must be dict, not list"),
        ("setup({'ProductKye': 'p'})", "ValueError setup(): there is no key 'ProductKye'; there are DeviceName, "),
        ("setup({'ProductKey': 'p'})", "TypeError setup(): DeviceName must be str, not NoneType"),
        ("setup({'DeviceName': 'n'})", "TypeError setup(): ProductKey must be str, not NoneType"),
        ("setup({'DeviceName': 5})", "TypeError setup(): 'DeviceName' must be str, not int"),
        ("setup({'DeviceName': 'n', 'ProductKey': 'p'})", "TypeError setup(): DeviceSecret must be str, not NoneType"),
        ("setup({'DeviceName': 'n', 'ProductKey': 'p', 'DeviceSecret': 's', 'mqtt_isssl': 1})", "TypeError setup(): 'mqtt_isssl' must be bool or dict, not int"),
        ("setup({'DeviceName': 'n', 'ProductKey': 'p', 'DeviceSecret': 's', 'mqtt_port': 'x'})", "ValueError setup(): the port must be a number ('x')"),
        ("setup({'DeviceName': 'n', 'ProductKey': 'p', 'ProductSecret': 's', 'reginfo': True})", "TypeError setup(): deviceSecret must be str, not NoneType"),
        (
            "setup({'DeviceName': 'n', 'ProductKey': 'p', 'ProductSecret': 's', 'reginfo': True, 'Registration': True})",
            "TypeError setup(): deviceToken must be str, not NoneType",
        ),
        ("setup({'DeviceName': 'n', 'ProductKey': 'p p', 'DeviceSecret': 's'})", "ValueError setup(): ProductKey must be "),
        ("clientGetDirectDataTask('n', 'p')", "TypeError clientGetDirectDataTask(): deviceSecret must be str, not NoneType"),
        ("clientGetDirectDataTask('n', 'p', Registration=True, deviceToken='t')", "TypeError clientGetDirectDataTask(): clientid must be str, not NoneType"),
        ("publish('/p/n/user/a', '1', 'x')", "ValueError publish(): qos must be 0 or 1 ('1')"),
        ("store(1)", "TypeError store(): result must be dict, not int"),
        ("on('offline', print)", "ValueError on(): there is no event 'offline'; there are auth, connect, reconnect, receive, error, publish, reg, ota"),
    ],
}


@pytest.mark.parametrize("generation", WRONG)
def test_wrong_arguments_are_named(device, generation):
    text = BEGIN + OBJECTS[generation] + "device = Its.make()\n"
    text += "".join(f"attempt(lambda: device.{call})\n" for call, _ in WRONG[generation])
    script = run(text, None, device)
    assert (script.code, script.errors) == (0, "")
    for line, (call, words) in zip(script.lines, WRONG[generation], strict=True):
        assert line.startswith(words) if words.endswith(" ") else line == words, call


@pytest.mark.parametrize("generation", WRONG)
def test_wrong_topics_are_named_while_it_is_connected(cloud, device, generation):
    subscribe = "subscriber" if generation == "2023" else "subscribe"
    text = f"""
attempt(Its.send, device, USER + "#", "x", 1)
attempt(Its.send, device, USER + "a/+", "x", 0)
attempt(device.{subscribe}, USER + "a#")
device.{subscribe}(USER + "get")
Its.send(device, USER + "update", "x", 1)
device.close()
"""
    begin = 'device = Its.make()\nIts.start(device)\nwhile not device._up:\n    time.sleep_ms(5)\n'
    script = run(BEGIN + OBJECTS[generation] + begin + text, cloud, device)
    assert (script.code, script.errors) == (0, "")
    assert [line.split("(")[0] for line in script.lines] == ["ValueError publish", "ValueError publish", f"ValueError {subscribe}"]
    [publish] = cloud.seen(kind="publish", device=device["deviceName"])
    assert publish["payload"] == "x"


def test_what_was_wrong_while_it_waited_is_told(cloud, device):
    """The platform's rules for topics are known when the device connects."""
    text = """
device = aliyun.Air()
device.on("error", lambda code, message: print(code, message))
device.publish(USER + "+", "x", 1, note("sent"), 1)
device.publish(USER + "update", "x", 1, note("sent"), 2)
device.subscribe(USER + "a#")
device.setup(key, None, lambda: name, lambda: secret)
until("sent", 2)
device.close()
"""
    script = run(BEGIN + text, cloud, device)
    assert (script.code, script.errors) == (0, "")
    assert script.lines[0].startswith(f"-45 {own(device, 'a#')}: subscribe(): ")
    assert sorted(script.lines[1:]) == ["sent False 1", "sent True 2"]


def test_functions_of_the_module_go_to_the_last_entry_point(cloud):
    """What comes before any is kept; what only one generation has is that one's; objects are not touched."""
    devices = [cloud.new_device() for _ in range(2)]
    first, second = ((one["deviceName"], one["deviceSecret"]) for one in devices)
    text = f"""
print(aliyun.opts, aliyun.ready(), aliyun.sleepStatus(), aliyun.getDeviceSecret())
attempt(lambda: aliyun.nonsense)
attempt(lambda: aliyun.setup())
own = aliyun.Air()
own.on("connect", note("own"))
aliyun.on("connect", note("first"))
aliyun.setMqtt(1, None, 100)
aliyun.publish("/%s/{first[0]}/user/update" % key, "payload", 1)
aliyun.setup(key, None, lambda: "{first[0]}", lambda: "{first[1]}")
until("first")
aliyun.setup({{"ProductKey": key, "DeviceName": "{second[0]}", "DeviceSecret": "{second[1]}"}})
aliyun.on("connect", note("second"))
until("second")
print(aliyun.opts["DeviceName"] == "{second[0]}", aliyun.opts["RegionId"], aliyun.ready())
aliyun.publish("/%s/{second[0]}/user/update" % key, 1, "payload")
aliyun.close()
aliyun.sleep()
until("first", 2)
print(aliyun.ready(), aliyun.sleepStatus(), own.sleepStatus())
"""
    script = run(BEGIN + text, cloud, devices[0])
    assert (script.code, script.errors) == (0, "")
    assert script.lines[:2] == ["{} False False None", "AttributeError nonsense"]
    assert script.lines[2].startswith("TypeError ")
    assert script.lines[3:] == ["first True", "second True", "True None True", "first False", "False True False"]
    for one in devices:
        [publish] = cloud.seen(kind="publish", device=one["deviceName"])
        assert (publish["payload"], publish["qos"]) == ("payload", 1)
    [login] = cloud.seen(kind="login", device=first[0])
    assert login["keepalive"] == 100
