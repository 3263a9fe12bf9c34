"""A native module with every service left out that can be (`cargo xtask natmod x64 --without call --without raw …`): the rest
works, and each method that is left out says so."""

import re

import pytest

from micropython import ROOT, run
from scripts import script
from test_examples import example, test_connect  # noqa: F401  (a fixture, and a test)

SERVICES = ("desired", "call", "ntp", "raw", "register", "upload")
RUNS_ON = ("-".join(["x64", *(f"without-{service}" for service in SERVICES)]), "unix")

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
