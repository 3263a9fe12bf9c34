"""The scripts of these tests: each begins with the same few names."""

import pytest

from micropython import Script, family_path

PATH = {"MICROPYPATH": family_path("quecpython")}
# Both clouds' scripts have these.
HELPERS = """
got = []

def on_message(topic, msg):
    print(topic, msg)
    got.append(msg)

def until(done, seconds=30):
    end = time.ticks_add(time.ticks_ms(), seconds * 1000)
    while not done():
        if time.ticks_diff(end, time.ticks_ms()) < 0:
            raise Exception("waited in vain")
        time.sleep_ms(5)

def attempt(function, *arguments, **named):
    try:
        print(function(*arguments, **named))
    except Exception as error:
        print(type(error).__name__, error)
"""
BEGIN = (
    """
import gc, sys, time, _thread
from aLiYun import aLiYun
from credentials import device_name as name, device_secret as secret, product_key as key, product_secret

USER = "/%s/%s/user/" % (key, name)
"""
    + HELPERS
)


@pytest.fixture
def start(cloud, device):
    """A script on these modules."""

    def start(text, **options):
        env = {**PATH, **options.pop("env", {})}
        return Script(BEGIN + text, cloud, device, env=env, **options)

    return start


def own(device, end):
    return f"/{device['productKey']}/{device['deviceName']}/user/{end}"


def ends_well(script):
    code = script.wait()
    assert (code, script.errors) == (0, ""), script.lines
    return script.lines
