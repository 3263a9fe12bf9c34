"""A native module with every service and every cloud left out that can be (`cargo xtask natmod x64 --without call --without
tencent …`): the rest works, and each method and each cloud that is left out says so."""

import re

import pytest

from micropython import ROOT, run
from scripts import script
from test_examples import example, test_connect  # noqa: F401  (a fixture, and a test)

# Those of Cargo.toml's list for bare metal come first.
LEFT_OUT = ("baidu", "desired", "huawei", "onenet", "plain", "tencent", "tlink", "tuya", "call", "ntp", "raw", "register", "upload")
RUNS_ON = ("-".join(["x64", *(f"without-{feature}" for feature in LEFT_OUT)]), "unix")

# What a script would call them with.
CALLS = {
    "call": ["onProps(print)", "onService(print)", "reply(1, {})"],
    "desired": ["getDesired(['a'], print)", "deleteDesired({'a': 1}, print)", "onDesired(['a'], print)"],
    "ntp": ["getNtpTime(print)", "setClock()"],
    "raw": ["postRaw({'param': b'x'}, print)"],
    "register": ["register({'productKey': 'a', 'deviceName': 'b', 'productSecret': 'c'}, print)"],
    "upload": ["uploadFile('/b', 'a', print)", "uploadContent('b', b'c', print)"],
}


def test_the_list_is_whole():
    source = (ROOT / "micropython" / "services" / "left_out.c").read_text()
    named = set(re.findall(r"LEFT_OUT_\w+\((\w+)\)$", source, re.M)) | set(re.findall(r'result_raise\("(\w+)"', source))
    assert {call.split("(")[0] for calls in CALLS.values() for call in calls} == named
    assert set(CALLS) == set(re.findall(r"#if ALIYUN_IOT_WITHOUT_(\w+)", source))
    clouds = (ROOT / "micropython" / "clouds" / "list.c").read_text()
    assert set(LEFT_OUT) == set(CALLS) | set(re.findall(r"#if ALIYUN_IOT_WITHOUT_(\w+)", clouds))


def test_a_cloud_that_is_left_out_says_so(device):
    """Whatever else the dictionary has. A cloud that no firmware has gives another error than one that this firmware leaves out."""
    clouds = [cloud for cloud in LEFT_OUT if cloud not in CALLS]
    body = f"""
for cloud in {clouds!r}:
    attempt(Device().connect, {{"cloud": cloud, "productId": "a", "deviceName": "b", "deviceSecret": "c", "host": "d"}})
attempt(Device().connect, {{"cloud": "aws"}})
attempt(Device().connect, {{"cloud": "aliyun", "productKey": "a", "deviceName": "b", "userName": "c"}})
"""
    ended = run(script(body), device=device)
    assert (ended.code, ended.errors) == (0, "")
    assert ended.lines[: len(clouds)] == [f"NotImplementedError connect(): cloud '{cloud}' is left out of this firmware" for cloud in clouds]
    assert ended.lines[-2].startswith("ValueError connect(): 'cloud' must be 'aliyun', 'tencent', ")
    assert ended.lines[-1] == "ValueError connect(): 'userName' is not known"


@pytest.mark.parametrize("call", [call for calls in CALLS.values() for call in calls])
def test_a_method_that_is_left_out_says_so(cloud, device, call):
    body = f"""
device = online()
attempt(lambda: device.{call})
replies = []
device.postProps({{"params": {{"a": 1}}}}, replies.append)
wait(lambda: replies)
print(replies[0]["code"], device.end())
"""
    ended = run(script(body), cloud, device)
    assert (ended.code, ended.errors) == (0, "")
    assert ended.lines == [f"NotImplementedError {call.split('(')[0]}(): left out of this firmware", "200 0"]
