"""The signing methods: on a computer all of them log in; firmware that leaves some out says so."""

import pytest

from micropython import run
from scripts import script

METHODS = ["hmacsha256", "hmacsha1", "hmacmd5", "HmacSHA1"]


@pytest.mark.parametrize("method", METHODS)
def test_a_login(cloud, device, method):
    result = run(script(f"device = online(signMethod={method!r})\nprint('online', device.end())"), cloud, device)
    assert result.lines == ["online 0"], result.lines + [result.errors]
    assert cloud.seen(device=device["deviceName"], kind="login")[-1]["signmethod"] == method.lower()


def test_another_one_is_refused_with_those_that_there_are(device):
    body = "attempt(Device().connect, dict(key_info, signMethod='hmacsha512'))"
    said = run(script(body), device=device).lines
    assert said == ["ValueError connect(): signMethod must be hmacsha256, hmacsha1 or hmacmd5"]
