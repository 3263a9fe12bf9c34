"""Does a device stay connected while its script blocks?"""

import pytest

from micropython import run

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


@pytest.mark.slow
def test_keepalive_while_the_script_blocks(cloud, device):
    ended = run(BLOCKING, cloud, device)
    assert (ended.code, ended.lines, ended.errors) == (0, ["1 0"], "")
    name = device["deviceName"]
    cloud.wait_seen(kind="disconnect", device=name)
    assert [record["kind"] for record in cloud.seen(device=name)] == ["login", "property_post", "disconnect"]
