"""Scripts of `examples/haas/` on the emulated board, which has HaaS's modules frozen in, beside the same board.json: a
sensor, a lamp, a timer and a watchdog that qemu emulates. And what else `machine` has there."""

import contextlib

import pytest

from emulated import Hardware
from micropython import ROOT, Script, run
from scripts import script

# What a board says at its start.
RESTARTED = "MicroPython v"
EXAMPLES = ROOT / "examples" / "haas"


@contextlib.contextmanager
def plays(name, cloud, device, folder):
    """An example with a device of its own, and the hardware of its board."""
    qmp = folder / "qmp"
    with Script(EXAMPLES / name, cloud, device, options=["--qmp", str(qmp)]) as running:
        with contextlib.closing(Hardware(qmp)) as hardware:
            yield running, hardware
        assert running.errors == ""


def posted(cloud, device, **params):
    return cloud.wait_seen(lambda record: record["params"] == params, kind="property_post", device=device["deviceName"])


def sets(cloud, device, **params):
    cloud.do("set", device=device["deviceName"], params=params)


def test_thermometer(cloud, device, tmp_path):
    # The sensor begins with a resolution of half a degree.
    with plays("thermometer.py", cloud, device, tmp_path) as (running, hardware):
        running.wait_line("物联网平台连接成功")
        posted(cloud, device, temperature=0)
        hardware.set_temperature(-12.5)
        posted(cloud, device, temperature=-12.5)
        sets(cloud, device, limit=25)
        running.wait_line("温度上限： 25")
        assert hardware.led(0) == 0
        hardware.set_temperature(25.5)
        posted(cloud, device, temperature=25.5)
        event = cloud.wait_seen(kind="event_post", device=device["deviceName"])
        assert (event["event"], event["params"]) == ("tooHot", {"temperature": 25.5})
        hardware.wait_led(0, 1)
        hardware.set_temperature(24)
        hardware.wait_led(0, 0)


def test_led(cloud, device, tmp_path):
    with plays("led.py", cloud, device, tmp_path) as (running, hardware):
        running.wait_line("物联网平台连接成功")
        posted(cloud, device, LightSwitch=0)
        for value, line in ((1, "开灯"), (0, "关灯")):
            sets(cloud, device, LightSwitch=value)
            running.wait_line(line)
            hardware.wait_led(0, value)
            posted(cloud, device, LightSwitch=value)


def test_feeder(cloud, device, tmp_path):
    with plays("feeder.py", cloud, device, tmp_path) as (running, hardware):
        running.wait_line("物联网平台连接成功")
        sets(cloud, device, feeding_cmd=1)
        running.wait_line("手动投喂： 1")
        posted(cloud, device, feeding_times=1)
        sets(cloud, device, auto_feeding=1)
        running.wait_line("自动投喂： 3")
        sets(cloud, device, auto_feeding=0)
        running.wait_line("自动投喂： 关闭")
        hardware.wait_led(0, 0)


@pytest.mark.slow
def test_watchdog(cloud, device, tmp_path):
    """When the device can connect no more, the board restarts."""
    with plays("watchdog.py", cloud, device, tmp_path) as (running, _):
        running.wait_line("已连接")
        posted(cloud, device, heartbeat=3)
        cloud.do("refuse", code=3, count=100)
        try:
            cloud.do("drop", device=device["deviceName"])
            running.wait_line("连接断开")
            running.wait_line(RESTARTED)
        finally:
            cloud.do("refuse", code=3, count=0)


def test_the_watchdog_restarts_the_board():
    body = """
    import machine
    wdt = machine.WDT(0, 3000)
    for _ in range(40):
        wdt.feed()
        time.sleep_ms(100)
    print("fed")
    time.sleep(100)
    """
    with Script(script(body)) as running:
        running.wait_line(RESTARTED)
    assert running.lines[0] == "fed"


def test_i2c():
    """The bus by its number, by its lines, and without a device."""
    body = """
    from machine import I2C, Pin, SoftI2C, WDT
    print([I2C(bus, freq=100000).scan() for bus in range(4)])
    bus = SoftI2C(scl=Pin(10), sda=Pin(11))
    print(bus.scan(), bus.readfrom_mem(0x48, 1, 1))
    bus.writeto_mem(0x48, 1, b"\\x60")
    print(I2C(0).readfrom_mem(0x48, 1, 1))
    attempt(I2C(0).readfrom, 0x49, 1)
    attempt(I2C, 4)
    attempt(Pin, 4)
    attempt(WDT, 1)
    attempt(WDT, 0, 0)
    """
    ended = run(script(body))
    assert ended.lines == [
        "[[72], [], [], []]",
        "[72] b'\\x00'",
        "b'`'",
        "OSError 19",
        "ValueError I2C doesn't exist",
        "ValueError invalid pin",
        "ValueError WDT doesn't exist",
        "ValueError invalid timeout",
    ]


def test_what_the_board_lacks():
    """ports/qemu/README.md says so."""
    ended = run('import machine\nprint([name for name in ("ADC", "PWM", "RTC", "SPI", "UART") if hasattr(machine, name)])\n')
    assert ended.lines == ["[]"]
