"""HaaS's `netmgr` and `NetWorkClient`: on a computer, and on boards whose `network` and timer stand in for real ones."""

import pytest

from micropython import ROOT, family_path, run

HAAS = {"MICROPYPATH": family_path("haas")}

# What firmware has: `network`, whose Wi-Fi does what BOARD.air says, and one timer, which fires when the script says so.
BOARD = """
import sys, time

class Timers:
    PERIODIC = 1
    alive = []

    def __init__(self, number):
        if number not in NUMBERS:
            raise ValueError("no such timer")
        self.number = number

    def init(self, period, mode, callback):
        self.callback = callback
        Timers.alive.append(self)

    def deinit(self):
        Timers.alive.remove(self)

class machine:
    Timer = Timers

def pass_time():
    for timer in Timers.alive:
        timer.callback(timer)
    # The scheduler's turn.
    time.sleep_ms(1)

class WLAN:
    said = []
    up, joining, is_active = False, 1000, False

    def __init__(self, interface):
        assert interface == 0

    def active(self, on=None):
        if on is not None:
            WLAN.is_active = on
        return WLAN.is_active

    def connect(self, ssid, key):
        WLAN.said.append((ssid, key))
        if ssid == "refused":
            raise OSError("Wifi Internal Error")
        WLAN.joining = 1001

    def disconnect(self):
        WLAN.said.append("disconnect")
        WLAN.up, WLAN.joining = False, 1000

    def isconnected(self):
        return WLAN.up

    def status(self, what=None):
        if what == "rssi":
            return -55
        return 1010 if WLAN.up else WLAN.joining

    def config(self, name):
        if name == "mac":
            return b"\\x02\\x00\\x5e\\x10\\x00\\xff"
        if name == "ssid":
            return WLAN.said[-1][0] if WLAN.up and WLAN.said else ""
        raise ValueError("unknown config param")

    def ifconfig(self, config=None):
        if config:
            WLAN.said.append(config)
            return None
        return ("192.168.1.7", "255.255.255.0", "192.168.1.1", "192.168.1.1") if WLAN.up else ("0.0.0.0",) * 4

class network:
    STA_IF = 0
    STAT_IDLE, STAT_CONNECTING, STAT_GOT_IP = 1000, 1001, 1010
    STAT_WRONG_PASSWORD, STAT_NO_AP_FOUND = 202, 201
    WLAN = WLAN

sys.modules["machine"] = machine
sys.modules["network"] = network
import netmgr as nm
"""
WITH_TIMER = "NUMBERS = (-1,)\n" + BOARD


def lines(script, **options):
    """What it prints, to a good end."""
    ended = run(script, env=HAAS, **options)
    assert (ended.code, ended.errors) == (0, "")
    return ended.lines


def test_joining_a_wifi_step_by_step():
    script = """
print(nm.init(), nm.getStatus(), nm.getType(), WLAN.is_active)
print(nm.connect("home", "12345678"), WLAN.said, nm.getStatus())
WLAN.up = True
print(nm.getStatus(), nm.getInfo())
print(nm.getIfconfig())
print(nm.connect("home", "12345678"), WLAN.said)
print(nm.connect({"ssid": "other", "password": ""}), WLAN.said)
print(nm.disconnect(), nm.getStatus(), nm.getInfo()["ip"])
print(nm.connect("refused", None))
"""
    assert lines(WITH_TIMER + script) == [
        "0 1 0 True",
        "0 ['disconnect', ('home', '12345678')] 2",
        "5 {'ssid': 'home', 'SSID': 'home', 'mac': '02:00:5e:10:00:ff', 'MAC': '02:00:5e:10:00:ff', "
        "'ip': '192.168.1.7', 'IP': '192.168.1.7', 'rssi': -55, 'RSSI': -55}",
        "{'mac': '02:00:5e:10:00:ff', 'mask': '255.255.255.0', 'ip_addr': '192.168.1.7', 'gateway': '192.168.1.1', "
        "'dns': '192.168.1.1', 'rssi': -55}",
        # It is connected to that one: nothing to do.
        "0 ['disconnect', ('home', '12345678')]",
        "0 ['disconnect', ('home', '12345678'), 'disconnect', ('other', None)]",
        "0 1 0.0.0.0",
        "-1",
    ]


@pytest.mark.parametrize("numbers", ["(-1,)", "(0, 1, 2, 3)", "(0, 1)"])
def test_changes_are_reported_once(numbers):
    """By the timer that the board has; an exception of the callback does not end it."""
    script = """
events = []
def on_change(status):
    events.append(status)
    raise RuntimeError("of the script")

nm.on(on_change)
print(Timers.alive[0].number, len(Timers.alive))
pass_time()
print(events)
nm.connect("home", "12345678")
pass_time()
WLAN.up = True
pass_time()
pass_time()
print(events)
WLAN.up = False
WLAN.joining = 202
pass_time()
pass_time()
print(events)
nm.disconnect()
pass_time()
print(events)
nm.on(None)
WLAN.up = True
pass_time()
print(events)
print(nm.deinit(), Timers.alive, WLAN.is_active)
"""
    ended = run(f"NUMBERS = {numbers}\n" + BOARD + script, env=HAAS)
    number = {"(-1,)": -1, "(0, 1, 2, 3)": 3, "(0, 1)": 1}[numbers]
    expected = [f"{number} 1", "[]", "[3, 5]", "[3, 5, 6]", "[3, 5, 6, 1]", "[3, 5, 6, 1]", "0 [] False"]
    printed = [line for line in ended.lines if line[0] not in "T RW"]
    assert (ended.code, ended.errors, printed) == (0, "", expected)
    assert ended.lines.count("RuntimeError: of the script") == 4


def test_looking_for_changes_allocates_nothing():
    """It goes on twice a second for as long as the board runs."""
    script = """
import gc
nm.on(print)
nm.connect("home", "12345678")
timer = Timers.alive[0]

def look(times):
    before = gc.mem_alloc()
    for _ in range(times):
        timer.callback(timer)
    return gc.mem_alloc() - before

for WLAN.up in (False, True):
    look(3)
    gc.collect()
    gc.disable()
    print(look(100))
    gc.enable()
"""
    assert lines(WITH_TIMER + script) == ["0", "3", "5", "0"]


def test_without_a_timer_connect_waits():
    script = """
import micropython
del machine.Timer
looks = 0

class Slow(WLAN):
    def isconnected(self):
        global looks
        looks += 1
        WLAN.up = looks > 5
        return WLAN.up

network.WLAN = Slow
events = []
nm.on(events.append)
print(nm.connect("home", "12345678"))
pass_time()
print(events, looks > 5)
"""
    assert lines(WITH_TIMER + script) == ["0", "[3, 5] True"]


ONLY_LAN = """
class LAN(WLAN):
    def __init__(self):
        pass

    def active(self, on=None):
        if on is not None:
            WLAN.is_active = WLAN.up = on
        return WLAN.is_active

    connect = disconnect = status = None

del network.WLAN
network.LAN = LAN
"""


def test_a_board_with_ethernet_alone():
    """The script's Wi-Fi is not needed."""
    script = """
print(nm.init(), nm.getType(), nm.connect("home", "12345678"), nm.getStatus(), nm.getInfo()["ip"])
WLAN.up = False
print(nm.getStatus())
"""
    assert lines(WITH_TIMER + ONLY_LAN.replace("disconnect = ", "") + script) == ["0 2 0 5 192.168.1.7", "4"]


def test_a_board_that_connects_otherwise():
    script = """
class Modem:
    up = False
    def isconnected(self):
        return self.up
    def active(self, on=None):
        return True
    def ifconfig(self):
        return ("10.1.2.3", "255.255.255.255", "10.1.2.1", "223.5.5.5")

modem = Modem()
nm.use(modem, nm.NET_TYPE_CELLULAR)
import haas_network
client = network.NetWorkClient()
"""
    more = """
print(client._stagecode, client._subcode, client.getStatus(), client.getType())
got = []
print(client.on(1, got.append), client.connect({"apn": "CMNET"}))
pass_time()
print(got)
Modem.up = True
pass_time()
pass_time()
print(got, client.getStatus(), client.getInfo()["IP"])
Modem.up = False
pass_time()
print(got)
"""
    # The constructor waits for a network that is about to come.
    waits = script.replace("client = ", "Modem.up = True\nclient = ") + "Modem.up = False\n" + more
    assert lines(WITH_TIMER + waits) == [
        "3 1 0 1",
        "0 0",
        "[]",
        "[(1, 1)] 3 10.1.2.3",
        "[(1, 1), (1, 0)]",
    ]
    never = script.replace("client = ", "haas_network._WAIT_MS = 100\nclient = ") + "print(client._stagecode, client._subcode)\n"
    assert lines(WITH_TIMER + never) == ["3 0"]


def test_a_computer_is_connected():
    script = """
import network
import netmgr as nm
from network import NetWorkClient, WLAN

events = []
nm.init()
nm.on(events.append)
nm.disconnect()
print(nm.getStatus(), network.WLAN(network.STA_IF).isconnected())
nm.connect("home", "12345678")
import time
while 5 not in events:
    time.sleep_ms(1)
print(events, nm.getStatus(), nm.getType(), nm.getInfo()["ssid"])

wlan = network.WLAN(network.STA_IF)
wlan.active(True)
print(wlan.scan(), wlan.connect("home", "12345678"), wlan.isconnected(), wlan.ifconfig()[0])
nic = network.LAN()
nic.active(1)
print(nic.isconnected(), NetWorkClient is network.NetWorkClient)
"""
    assert lines(script) == ["1 False", "[3, 5, 1, 3, 5] 5 0 home", "[] None True 127.0.0.1", "True True"]


def test_a_builtin_network_keeps_what_it_has():
    """As on a board: the module cannot be changed, so another takes its place."""
    script = """
class Builtin:
    STA_IF = 0
    WLAN = WLAN

    def __setattr__(self, name, value):
        raise AttributeError(name)

sys.modules["network"] = Builtin()
import haas_network
import network
from network import NetWorkClient, WLAN as same
from network import *
print(network.STA_IF, network.WLAN is WLAN, same is WLAN, network.NetWorkClient is NetWorkClient, STA_IF)
"""
    assert lines(WITH_TIMER + script) == ["0 True True True 0"]


WRONG = {
    "nm.connect(5, '12345678')": "TypeError connect(): 'ssid' must be str, not int",
    "nm.connect('', '12345678')": "ValueError connect(): 'ssid' is empty",
    "nm.connect('x' * 33, '12345678')": "ValueError connect(): 'ssid' is longer than 32 bytes",
    "nm.connect('home', 12345678)": "TypeError connect(): 'password' must be str, not int",
    "nm.connect('home', 'short')": "ValueError connect(): 'password' has fewer than 8 characters; '' is for a network without one",
    "nm.connect('home', 'x' * 65)": "ValueError connect(): 'password' is longer than 64 bytes",
    "nm.connect({'password': '12345678'})": "ValueError connect(): the key 'ssid' is missing",
    "nm.connect({'ssid': 'home'})": "ValueError connect(): the key 'password' is missing",
    "nm.connect(None)": "TypeError connect(): 'ssid' must be str, not NoneType",
    "nm.on(5)": "TypeError on(): 'callback' must be a function, not int",
    "nm.use(None, 1)": "TypeError use(): 'nic' must be a network interface, not NoneType",
    "nm.use(network.WLAN(0), 7)": "ValueError use(): 'kind' must be NET_TYPE_WIFI, NET_TYPE_CELLULAR or NET_TYPE_ETH, not 7",
    "nm.ifconfig(None)": "TypeError ifconfig(): 'config' must be dict, not NoneType",
    "nm.ifconfig({'ip_addr': '10.0.0.1', 'mask': '255.0.0.0', 'gw': '10.0.0.2'})": "ValueError ifconfig(): the key 'dns_server' is missing",
    "nm.ifconfig({'ip_addr': 1, 'mask': '', 'gw': '', 'dns_server': ''})": "TypeError ifconfig(): 'ip_addr' must be str, not int",
    "client.on(2, print)": "ValueError on(): 'event' must be 1, which is the connection, not 2",
    "client.on(1, None)": "TypeError on(): 'callback' must be a function, not NoneType",
    "client.connect('home')": "TypeError connect(): 'data' must be dict or None, not str",
    "client.connect({'password': '12345678'})": "ValueError connect(): the key 'ssid' is missing; None uses the connection that the board has",
    "client.connect({'ssid': 'home'})": "ValueError connect(): the key 'password' is missing",
}


def test_wrong_calls_name_what_is_wrong():
    calls = "".join(f"attempt(lambda: {call})\n" for call in WRONG)
    script = """
import haas_network
client = network.NetWorkClient()

def attempt(call):
    try:
        print("done", call())
    except Exception as error:
        print(type(error).__name__, error)

"""
    assert lines(WITH_TIMER + script + calls) == list(WRONG.values())


def test_a_board_without_a_network_says_what_to_do():
    script = """
del network.WLAN
try:
    nm.init()
except OSError as error:
    print(error)
"""
    said = "netmgr: this board has no network.WLAN and no network.LAN; call netmgr.use(interface, kind) first"
    assert lines(WITH_TIMER + script) == [said]


def test_fixed_address():
    script = """
print(nm.ifconfig({"ip_addr": "10.0.0.1", "mask": "255.0.0.0", "gw": "10.0.0.2", "dns_server": "10.0.0.3", "dhcp_en": 0}))
print(nm.ifconfig({"dhcp_en": True}), WLAN.said)
"""
    assert lines(WITH_TIMER + script) == ["0", "0 [('10.0.0.1', '255.0.0.0', '10.0.0.2', '10.0.0.3'), 'dhcp']"]


def test_every_file_is_in_the_package():
    """And in the manifest, but for what only computers need."""
    import json

    folder = ROOT / "micropython" / "compat" / "haas"
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.py") if path.name != "manifest.py" and "computer" not in path.parts)
    assert sorted(name for name, _ in json.loads((folder / "package.json").read_text())["urls"]) == files
    manifest = (folder / "manifest.py").read_text()
    for name in files:
        stem = name.split("/")[0].removesuffix(".py")
        assert (f'"{stem}"' in manifest) == (stem not in ("network",)), name
