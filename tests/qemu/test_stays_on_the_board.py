"""Does `run qemu` go on behind a script's end while a device is connected, as a board does?"""

import pytest

from micropython import Script
from scripts import STAYING, STAYS


def test_callbacks_go_on_until_the_device_ends(cloud, device):
    name = device["deviceName"]
    with Script(STAYING, cloud, device, options=["--stay"]) as running:
        running.wait_line(STAYS)
        running.wait_line("connected")
        cloud.do("set", device=name, params={"a": 1})
        running.wait_line('props {"a":1}')
        cloud.do("service", device=name, service="end")
        assert running.wait() == 0
    assert running.errors == ""


def test_ctrl_c_ends_it(cloud, device):
    with Script(STAYING, cloud, device, options=["--stay"]) as running:
        running.wait_line("connected")
        running.wait_line(STAYS)
        running.interrupt()
        assert running.wait() == 130
    assert running.errors == ""


@pytest.mark.parametrize(("text", "code"), [("raise ValueError('my own')", 1), ("sys.exit()", 0), ("device.end()", 0)])
def test_others_end_at_once(cloud, device, text, code):
    with Script(STAYING + text + "\n", cloud, device, options=["--stay"]) as running:
        assert running.wait() == code
    assert STAYS not in running.lines
