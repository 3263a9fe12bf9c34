"""The platform's time: for callbacks, and for the board's clock."""

import datetime
from ast import literal_eval

from micropython import Script, run
from scripts import script

# How far the time that is told may be from that of the cloud, which is on this machine: whole seconds are told, and the
# answer takes a while where much else is going on.
OFF_S = 2


def asked(cloud, device):
    """When the cloud was asked, by its own clock."""
    [record] = cloud.seen(device=device["deviceName"], kind="ntp")
    return record["at"] / 1000


def test_the_time_is_told_in_eight_numbers(cloud, device):
    ended = run(
        script("""
        device = online()
        times = []
        print(device.getNtpTime(times.append))
        wait(lambda: times)
        print(times[0])
        print(all(type(value) is int for value in times[0].values()))
        time.sleep_ms(200)
        print(len(times))
        """),
        cloud,
        device,
    )
    assert (ended.code, ended.errors) == (0, "")
    returned, told, all_int, count = ended.lines
    assert (returned, all_int, count) == ("0", "True", "1")
    told = literal_eval(told)
    assert abs(told["timestamp"] - asked(cloud, device)) < OFF_S
    china = datetime.timezone(datetime.timedelta(hours=8))
    there = datetime.datetime.fromtimestamp(told["timestamp"], china)
    fields = ("year", "month", "day", "hour", "minute", "second")
    assert [told[name] for name in fields] == [getattr(there, name) for name in fields]
    assert 0 <= told["msecond"] < 1000 and len(told) == 8


def test_what_is_asked_before_the_session_waits_for_it(cloud, device):
    ended = run(
        script("""
        device = Device()
        times = []
        print(device.getNtpTime(times.append))
        device.connect(key_info)
        print(device.getNtpTime(times.append), device.getNtpTime(lambda now: times.append(now)))
        wait(lambda: len(times) == 2)
        print(times[0] == times[1])
        device.end()
        print(device.getNtpTime(times.append), device.setClock())
        """),
        cloud,
        device,
    )
    assert (ended.lines, ended.errors) == (["-1", "0 0", "True", "-1 -1"], "")
    assert len(cloud.seen(device=device["deviceName"], kind="ntp")) == 1


def test_a_lost_link_asks_again(cloud, device):
    cloud.do("reply", mode="silent", count=1)
    body = """
    device = online()
    times = []
    device.getNtpTime(times.append)
    print("asked")
    wait(lambda: times)
    print("told", len(times))
    """
    with Script(script(body), cloud, device) as running:
        cloud.wait_seen(kind="ntp", device=device["deviceName"])
        cloud.do("drop", device=device["deviceName"])
        running.wait_line("told 1")
        assert running.wait() == 0


def test_wrong_callbacks_are_told(cloud, device):
    ended = run(
        script("""
        attempt(Device().getNtpTime, None)
        attempt(Device().getNtpTime, 5)
        device = online()
        device.getNtpTime(lambda: None)
        times = []
        device.getNtpTime(times.append)
        wait(lambda: times)
        """),
        cloud,
        device,
    )
    wrong = "TypeError getNtpTime(): %s cannot be called"
    assert ended.lines == [wrong % "NoneType", wrong % "int"]
    assert "TypeError: getNtpTime() callback '<lambda>' takes 0 arguments, but is called with 1 (data)" in ended.errors


CLOCK = """
class RTC:
    def datetime(self, fields):
        clock.append(fields)


class machine:
    pass


clock = []
machine.RTC = RTC
sys.modules["machine"] = machine
"""


def test_the_clock_is_set_in_utc(cloud, device):
    ended = run(script(CLOCK + "device = online()\nprint(device.setClock())\nwait(lambda: clock)\nprint(clock)\n"), cloud, device)
    assert (ended.lines[0], ended.errors) == ("0", "")
    ((year, month, day, weekday, hour, minute, second, fraction),) = literal_eval(ended.lines[1])
    there = datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.timezone.utc)
    assert abs(there.timestamp() - asked(cloud, device)) < OFF_S
    assert (weekday, fraction) == (there.isoweekday(), 0)


def test_a_firmware_without_a_clock_says_so(cloud, device):
    with Script(script("device = online()\ndevice.setClock()\ntime.sleep(100)\n"), cloud, device) as running:
        running.wait_line("error -48 setClock(): this firmware has no machine.RTC to set")
