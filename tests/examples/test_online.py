"""`examples/online.py`, which every package has: Wi-Fi, clock and platform, with each failure in words.

The radio and the time server are stand-ins, with the numbers of MicroPython's esp32 and rp2 ports; the cloud and TLS are real.
"""

import subprocess

import pytest

from micropython import ROOT, Script, run

PATH = f".frozen:{ROOT / 'examples'}"
PASSWORD = "password-of-the-wifi"

# A radio without hardware: `plan` has for each attempt to join what status() says from which millisecond on.
# Time passes by sleeping, so that no test waits.
STAND_INS = """
import sys, time as _time

class Time:
    now, year = 0, 2026
    def ticks_ms(self): return self.now
    def ticks_diff(self, a, b): return a - b
    def sleep_ms(self, ms): self.now += ms
    def localtime(self): return (self.year, 11, 30, 1, 2, 3, 0, 334)

time = Time()

class WLAN:
    made = []
    def __init__(self):
        self.joins, self.began, self.said = 0, 0, []
        WLAN.made.append(self)
    def active(self, on): assert on is True
    def disconnect(self): raise OSError("Wifi Not Connected")
    def connect(self, ssid, password):
        self.joins += 1
        self.began = online.time.ticks_ms()
        self.said.append((ssid, password))
    def status(self):
        if not self.joins: return IDLE
        status = CONNECTING
        for at, then in PLAN[min(self.joins, len(PLAN)) - 1]:
            if online.time.ticks_ms() - self.began >= at: status = then
        return status
    def isconnected(self): return self.status() == UP
    def ifconfig(self): return ("192.168.1.23", "255.255.255.0", "192.168.1.1", "192.168.1.1")

class network:
    countries = []
    country = countries.append

network.WLAN = WLAN
sys.modules["network"] = network
import online
online.time = time

def attempt(function, *arguments, **named):
    try:
        return function(*arguments, **named)
    except Exception as error:
        print(type(error).__name__, error)
"""

# What the constants of `network` are on each port (extmod/network_cyw43.c, ports/esp32/modnetwork_globals.h).
RP2 = """
IDLE, CONNECTING, UP = 0, 1, 3
network.STAT_IDLE, network.STAT_CONNECTING, network.STAT_GOT_IP = IDLE, CONNECTING, UP
network.STAT_CONNECT_FAIL, network.STAT_NO_AP_FOUND, network.STAT_WRONG_PASSWORD = -1, -2, -3
"""
ESP32 = """
IDLE, CONNECTING, UP = 1000, 1001, 1010
network.STAT_IDLE, network.STAT_CONNECTING, network.STAT_GOT_IP = IDLE, CONNECTING, UP
network.STAT_BEACON_TIMEOUT, network.STAT_NO_AP_FOUND, network.STAT_WRONG_PASSWORD = 200, 201, 202
network.STAT_ASSOC_FAIL = network.STAT_CONNECT_FAIL = 203
network.STAT_HANDSHAKE_TIMEOUT = 204
network.STAT_NO_AP_FOUND_W_COMPATIBLE_SECURITY, network.STAT_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD = 210, 211
network.STAT_NO_AP_FOUND_IN_RSSI_THRESHOLD = 212
"""


def said(script, port=ESP32, plan="[[(0, CONNECTING)]]", cloud=None, device=None, **options):
    text = f"{STAND_INS}\n{port}\nPLAN = {plan}\nPASSWORD = {PASSWORD!r}\n{script}"
    ended = run(text, cloud, device, env={"MICROPYPATH": PATH, **options})
    assert (ended.code, ended.errors) == (0, "")
    assert PASSWORD not in str(ended.lines)
    return ended.lines


WIFI = "wlan = attempt(online.wifi, 'home', PASSWORD)\nprint(WLAN.made[0].joins, time.now // 1000)\n"


@pytest.mark.parametrize("port", [RP2, ESP32], ids=["rp2", "esp32"])
def test_wifi_connects(port):
    script = WIFI + "print(wlan is WLAN.made[0], wlan.said == [('home', PASSWORD)], network.countries)"
    lines = said(script, port, "[[(0, CONNECTING), (1500, 2), (2100, UP)]]")
    assert lines == ["Wi-Fi: connected to home as 192.168.1.23", "1 2", "True True []"]


def test_wifi_that_is_connected_is_left_alone():
    """So a script can call it again and again."""
    script = "WLAN.joins = 1\nWLAN.__init__ = lambda self: (setattr(self, 'began', 0), WLAN.made.append(self), None)[2]\n" + WIFI
    assert said(script, plan="[[(0, UP)]]") == ["1 0"]


@pytest.mark.parametrize("port", [RP2, ESP32], ids=["rp2", "esp32"])
def test_a_lost_wifi_is_joined_again(port):
    again = "\nonline.wifi('home', PASSWORD)\ntime.sleep_ms(6000)\nwlan = online.wifi('home', PASSWORD)\nprint(WLAN.made[-1].joins)"
    # `network.WLAN()` is the same interface each time.
    one = "\nonly = WLAN()\nnetwork.WLAN = lambda: only"
    lines = said(one + again, port, "[[(100, UP), (5000, IDLE)], [(100, UP)]]")
    assert lines == ["Wi-Fi: connected to home as 192.168.1.23"] * 2 + ["2"]


@pytest.mark.parametrize(
    "port, plan, words, joins",
    [
        (RP2, "[[(900, -3)]]", "wrong password", 2),
        (ESP32, "[[(900, 202)]]", "wrong password", 2),
        (RP2, "[[(900, -2)]]", "no access point of this name", 4),
        (ESP32, "[[(900, 201)]]", "no access point of this name", 4),
        (RP2, "[[(900, -1)]]", "the access point refused", 4),
        (ESP32, "[[(900, 203)]]", "the access point refused", 4),
        (ESP32, "[[(900, 204)]]", "no end of the login; the password may be wrong", 4),
        (ESP32, "[[(900, 200)]]", "the access point went silent", 4),
        (ESP32, "[[(900, 210)]]", "the access point's security is none that the board knows", 4),
        (ESP32, "[[(900, 211)]]", "the access point's security is weaker than the board accepts", 4),
        (ESP32, "[[(900, 212)]]", "the access point is too far away", 4),
        (RP2, "[[(900, 2)]]", "no connection in 20 s (status 2)", 1),
        (ESP32, "[[(0, CONNECTING)]]", "no connection in 20 s (status 1001)", 1),
    ],
)
def test_each_failure_of_wifi_has_words(port, plan, words, joins):
    error, attempts = said(WIFI, port, plan)
    assert error.startswith(f"OSError Wi-Fi home: {words}"), error
    # The second refusal of a password ends it; all else is tried again until the time is over.
    assert attempts == f"{joins} {10 if words == 'wrong password' else 20}"


@pytest.mark.parametrize("port, wrong, none", [(RP2, -3, -2), (ESP32, 202, 201)], ids=["rp2", "esp32"])
def test_one_failure_is_an_accident(port, wrong, none):
    for failures in ([wrong], [none, wrong], [none, none, none]):
        plan = str([[(900, failure)] for failure in failures])[:-1] + ", [(2000, UP)]]"
        lines = said(WIFI, port, plan)
        assert lines == ["Wi-Fi: connected to home as 192.168.1.23", f"{len(failures) + 1} {5 * len(failures) + 2}"]


def test_what_wifi_is_given():
    short = "attempt(online.wifi, 'home', 'short')\nprint(len(WLAN.made))"
    assert said(short) == ["ValueError wifi(): a Wi-Fi password has 8 characters or more", "0"]
    opened = "online.wifi('cafe', '', country='CN')\nprint(WLAN.made[0].said, network.countries)"
    assert said(opened, plan="[[(0, UP)]]")[1:] == ["[('cafe', None)] ['CN']"]


LAN = """
class LAN: pass
LAN.active = lambda self, on: None
LAN.isconnected = lambda self: time.now >= UP_AT
LAN.ifconfig = lambda self: ("10.0.2.15", "", "", "")
network.LAN = LAN
attempt(online.boot, None, None, {})
print(time.now // 1000)
"""


def test_ethernet():
    stop = "online.clock = lambda: 1 // 0\n"
    assert said("UP_AT = 3000\n" + stop + LAN) == ["Ethernet: connected as 10.0.2.15", "ZeroDivisionError divide by zero", "3"]
    assert said("UP_AT = 30000\n" + LAN) == ["OSError Ethernet: no address in 20 s; check the cable, and that the network has DHCP", "20"]


def test_no_wifi_where_there_is_none():
    assert said("del network.WLAN\nprint(online.wifi('home', PASSWORD), online.lan())") == ["None None"]
    bare = run("import online\nprint(online.wifi('home', 'x'), online.lan(), online.clock())", env={"MICROPYPATH": PATH})
    assert (bare.code, bare.lines, bare.errors) == (0, ["None None None"], ""), "the unix port has neither network nor ntptime"


# A time server of each kind: what `ntptime.settime()` does at each call.
NTP = """
class ntptime:
    asked = []
    def settime():
        ntptime.asked.append(ntptime.host)
        answer = ANSWERS[min(len(ntptime.asked), len(ANSWERS)) - 1]
        if isinstance(answer, Exception): raise answer
        time.year = answer
sys.modules["ntptime"] = ntptime
time.year = 2000
attempt(online.clock)
print(len(ntptime.asked), ntptime.asked[-1:], ntptime.asked and ntptime.timeout)
"""


@pytest.mark.parametrize(
    "answers, lines",
    [
        ("[2026]", ["clock: 2026-11-30 01:02:03 UTC", "1 ['ntp.aliyun.com'] 3"]),
        ("[OSError(110), 2027]", ["clock: 2027-11-30 01:02:03 UTC", "2 ['cn.pool.ntp.org'] 3"]),
        ("[IndexError(), OSError(-2), 2026]", ["clock: 2026-11-30 01:02:03 UTC", "3 ['ntp.aliyun.com'] 3"]),
        ("[OSError(110)]", ["OSError clock: not set (cn.pool.ntp.org: [Errno 110] ETIMEDOUT); is UDP port 123 open?", "6 ['cn.pool.ntp.org'] 3"]),
        ("[2021]", ["OSError clock: not set (cn.pool.ntp.org: the year is still 2021); is UDP port 123 open?", "6 ['cn.pool.ntp.org'] 3"]),
    ],
)
def test_the_clock(answers, lines):
    assert said(f"ANSWERS = {answers}\n{NTP}") == lines


def test_a_clock_that_is_right_asks_nobody():
    assert said("ANSWERS = []\n" + NTP.replace("time.year = 2000", "")) == ["0 [] []"]


def test_firmware_without_ntptime():
    lines = said("time.year = 2015\nattempt(online.clock)")
    assert lines == ["OSError clock: this firmware has no ntptime; install it: mpremote mip install ntptime"]


# ---- With the platform ----

# The process's clock is the text of a file, in seconds, while there is one.
CLOCK = """
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static int real(clockid_t id, struct timespec *now) { return syscall(SYS_clock_gettime, id, now); }
int clock_gettime(clockid_t id, struct timespec *now) {
    FILE *file = id == CLOCK_REALTIME ? fopen(getenv("CLOCK"), "r") : NULL;
    long seconds = 0;
    if (file == NULL) return real(id, now);
    if (fscanf(file, "%ld", &seconds) != 1) abort();
    fclose(file);
    *now = (struct timespec) { seconds, 0 };
    return 0;
}
time_t time(time_t *at) { struct timespec now; clock_gettime(CLOCK_REALTIME, &now); if (at) *at = now.tv_sec; return now.tv_sec; }
int gettimeofday(struct timeval *restrict at, void *restrict zone) { (void)zone; *at = (struct timeval) { time(NULL), 0 }; return 0; }
"""
YEARS = {2000: 946684800, 2021: 1609459200}

# As a board's: a radio that connects at once, and a time server that sets the process's clock.
BOARD = """
class ntptime:
    def settime(): os.remove(os.getenv("CLOCK"))

import os, time
sys.modules["ntptime"] = ntptime
online.time = time
WLAN.status = lambda self: UP if self.joins else IDLE
from credentials import key_info
"""
WHOLE_WAY = """
from aliyunIoT import Device
props = []
device = online.boot("home", PASSWORD, key_info, {Device.ON_PROPS: props.append}, country="CN")
print(device.postProps({"params": {"temperature": 21}}))
while not props:
    time.sleep_ms(10)
device.end()
"""
WITHOUT_CLOCK = """
from aliyunIoT import Device
errors = []
online.wifi("home", PASSWORD)
online.clock = None  # It is not called.
attempt(online.connect, key_info, {Device.ON_ERROR: lambda error: print(error["code"], error["msg"])}, seconds=1)
"""


@pytest.fixture
def at(tmp_path):
    """The settings that start a process in some year."""

    def settings(year):
        source, library, clock = (tmp_path / name for name in ("clock.c", "clock.so", "clock"))
        source.write_text(CLOCK)
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
        clock.write_text(str(YEARS[year]))
        return {"LD_PRELOAD": str(library), "CLOCK": str(clock)}

    return settings


@pytest.mark.bare
@pytest.mark.parametrize("year", YEARS)
def test_the_whole_way(cloud, device, at, year):
    """Of a board that starts in 2000 (esp32) or 2021 (rp2): Wi-Fi, clock, verified TLS, login, a property up and one down."""
    text = f"{STAND_INS}\n{ESP32}\nPASSWORD = {PASSWORD!r}\n{BOARD}\n{WHOLE_WAY}"
    with Script(text, cloud, device, env={"MICROPYPATH": PATH, **at(year)}) as script:
        name = device["deviceName"]
        assert cloud.wait_seen(kind="property_post", device=name)["params"] == {"temperature": 21}
        cloud.do("set", device=name, params={"LightSwitch": 1})
        assert script.wait() == 0
    assert script.errors == ""
    wifi, clock, *lines = script.lines
    assert wifi == "Wi-Fi: connected to home as 192.168.1.23"
    assert clock.startswith("clock: 20") and clock.endswith(" UTC")
    assert lines == [f"cloud: connected as {name}", "0"]
    assert PASSWORD not in str(script.lines) and device["deviceSecret"] not in str(script.lines)


@pytest.mark.bare
@pytest.mark.parametrize("year", YEARS)
def test_what_happens_without_the_clock(cloud, device, at, year):
    lines = said(BOARD + WITHOUT_CLOCK, cloud=cloud, device=device, **at(year))
    told = f"-43 TLS: The certificate validity starts in the future (this board's clock says {year}: set it first)"
    assert lines[:2] == ["Wi-Fi: connected to home as 192.168.1.23", told]
    assert lines[-1] == "OSError cloud: not connected in 1 s; ON_ERROR has the reason"
    assert cloud.seen(kind="login", device=device["deviceName"]) == []


CONNECT = """
import online
from credentials import key_info
from aliyunIoT import Device
"""


def test_callbacks_stay_those_of_the_script(cloud, device):
    text = CONNECT + (
        "device = online.connect(key_info, {Device.ON_CONNECT: lambda data: print('up', data['code'])})\n"
        "import time\n"
        "print('ready')\n"
        "while True: time.sleep_ms(20)\n"
    )
    with Script(text, cloud, device, env={"MICROPYPATH": PATH}) as script:
        script.wait_line("ready")
        cloud.do("drop", device=device["deviceName"])
        script.wait_line("up 1")
    assert script.lines[:3] == ["up 0", f"cloud: connected as {device['deviceName']}", "ready"]


def test_a_wrong_secret_ends_the_attempt(cloud, device):
    """The device that could not connect is ended: the next attempt's would fight with it for the session."""
    text = CONNECT + (
        "try:\n"
        "    online.connect(key_info, {Device.ON_ERROR: lambda error: print(error['code'])}, seconds=5)\n"
        "except OSError as error:\n"
        "    print(error)\n"
    )
    wrong = {**device, "deviceSecret": "0" * 32}
    with Script(text, cloud, wrong, env={"MICROPYPATH": PATH}) as script:
        assert script.wait() == 0, "a device that goes on would keep the program"
    assert script.lines[0] == "4" and script.lines[-1] == "cloud: not connected in 5 s; ON_ERROR has the reason"
    assert "0" * 32 not in str(script.lines)
