"""Firmware for a board signs with SHA-256 alone, unless it was built with more: it says so when a script asks for another."""

from micropython import run
from scripts import script


def test_a_method_that_was_left_out(device):
    asked = ["hmacsha1", "HmacMD5", "hmacsha512"]
    body = "".join(f"attempt(Device().connect, dict(key_info, signMethod={method!r}))\n" for method in asked)
    said = run(script(body), device=device).lines
    words = "ValueError connect(): signMethod must be hmacsha256; this firmware leaves hmacsha1 and hmacmd5 out"
    assert said == [words] * len(asked)
