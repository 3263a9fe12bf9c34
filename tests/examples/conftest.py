"""The fixtures of the example tests: a local cloud for the whole run, and a device of its own for each test."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from cloud import Cloud  # noqa: E402
from micropython import Script  # noqa: E402

# Blocks the main thread, half of the time asleep and half of it busy, for longer than the platform waits for a sign
# of life: one and a half times the keepalive.
BLOCKING = """
import time
from aliyunIoT import Device
from credentials import key_info

key_info["keepaliveSec"] = 30
device = Device()
for event in (Device.ON_DISCONNECT, Device.ON_ERROR):
    device.on(event, print)
connects = []
device.on(Device.ON_CONNECT, connects.append)
device.connect(key_info)
while not connects:
    pass
for _ in range(2):
    time.sleep(12)
    start = time.ticks_ms()
    while time.ticks_diff(time.ticks_ms(), start) < 12000:
        pass
print(len(connects), device.postProps({"params": {"alive": 1}}))
device.end()
"""


@pytest.fixture(scope="session")
def cloud():
    with Cloud() as running:
        yield running


@pytest.fixture
def device(cloud):
    return cloud.new_device()


@pytest.fixture(scope="session", autouse=True)
def blocking(request, cloud):
    """A script that takes 50 seconds, started before the first test if a later one asks for it."""
    if "test_keepalive_while_the_script_blocks" not in [item.name for item in request.session.items]:
        yield None
        return
    device = cloud.new_device()
    with Script(BLOCKING, cloud, device, limit=90) as script:
        yield script, device["deviceName"]
