"""`checkNet`: on a computer, on a board with Wi-Fi or Ethernet, and on a module with a SIM card, each of which is played here."""

import pytest

from micropython import family_path, run

PLAY = """
import sys, time

def module(name, **has):
    made = type(name, (), {})()
    for each in has:
        setattr(made, each, has[each])
    sys.modules[name] = made
"""

# The states come one after the other, the last one again and again.
SIM_CARD = """
def series(*states):
    left = list(states)
    return lambda *_: left.pop(0) if len(left) > 1 else left[0]

def cellular(sim, net, call):
    module("sim", getStatus=series(*sim))
    module("net", getState=series(*net))
    module("dataCall", getInfo=series(*call))

def registered(state):
    return [11, 26909, 232, 7, 0, 19], [state, 26909, 232, 7, 0, 19]

UP, DOWN = (1, 0, [1, 0, "10.0.0.2"], [0, 0, "::"]), (1, 0, [0, 0, "0.0.0.0"], [0, 0, "::"])
"""


def play(text):
    script = run(PLAY + SIM_CARD + text, env={"MICROPYPATH": family_path("quecpython")})
    assert (script.code, script.errors) == (0, "")
    return script.lines


def test_a_computer_is_online():
    text = """
import checkNet
print(checkNet.wait_network_connected(30) == (3, 1), checkNet.waitNetworkReady(), checkNet.CheckNetwork("a", "1").wait_network_connected())
"""
    assert play(text) == ["True (3, 1) (3, 1)"]


def test_what_it_prints_of_the_board():
    text = """
module("modem", getDevFwVersion=lambda: "EC600NCNLER01A01M08")
module("misc", Power=type("Power", (), {"powerOnReason": staticmethod(lambda: 1)}))
cellular([1], [-1], [-1])
import checkNet
checkNet.CheckNetwork("QuecPython", "1.0.0").poweron_print_once()
"""
    lines = play(text)
    assert lines[0] == lines[-1] == "=" * 50
    assert dict(map(str.strip, line.split(":", 1)) for line in lines[1:-1]) == {
        "PROJECT_NAME": "QuecPython",
        "PROJECT_VERSION": "1.0.0",
        "FIRMWARE_VERSION": "EC600NCNLER01A01M08",
        "POWERON_REASON": "1",
        "SIM_CARD_STATUS": "1",
    }


def test_what_it_prints_of_another_board():
    """Another family has modules of the same names, without these functions."""
    text = """
module("modem")
module("machine", reset_cause=lambda: 4)
import checkNet
checkNet.CheckNetwork("p", "v").poweron_print_once()
print(checkNet.CheckNetwork("p", "v").FIRMWARE_VERSION == sys.version)
"""
    lines = play(text)
    assert [line.split(": ")[-1] for line in lines[4:6]] == ["4", "-1"]
    assert lines[-1] == "True"


WLAN = """
class WLAN:
    def isconnected(self):
        states.append(1)
        return len(states) > {after}

states = []
"""


def test_wifi_that_connects_meanwhile():
    text = """
module("network", WLAN=WLAN, LAN=None)
import checkNet
print(checkNet.wait_network_connected(10), len(states))
"""
    assert play(WLAN.format(after=3) + text) == ["(3, 1) 4"]


def test_wifi_that_nobody_connects():
    text = """
module("network", WLAN=WLAN)
import checkNet
began = time.ticks_ms()
print(checkNet.wait_network_connected(1), time.ticks_diff(time.ticks_ms(), began) >= 1000)
"""
    assert play(WLAN.format(after=1000) + text) == ["(2, -1) True"]


def test_ethernet_is_switched_on():
    text = """
class LAN:
    on = False
    def active(self, on):
        LAN.on = on
    def isconnected(self):
        return LAN.on

module("network", LAN=LAN)
import checkNet
print(checkNet.wait_network_connected())
"""
    assert play(text) == ["(3, 1)"]


def test_an_interface_that_the_board_names():
    text = """
class PPP:
    def isconnected(self):
        return True

module("network", WLAN=WLAN)
import checkNet
checkNet.setNic(PPP())
print(checkNet.wait_network_connected(), states)
"""
    assert play(WLAN.format(after=1000) + text) == ["(3, 1) []"]


@pytest.mark.parametrize(
    ("states", "result"),
    [
        ("[1], [registered(1)], [UP]", "(3, 1)"),
        ("[20, 18, 1], [-1, registered(2), registered(5)], [-1, DOWN, UP]", "(3, 1)"),
        ("[0], [registered(1)], [UP]", "(1, 0)"),
        ("[2], [registered(1)], [UP]", "(1, 2)"),
        ("[21], [registered(1)], [UP]", "(1, 21)"),
        ("[1], [-1], [UP]", "(2, -1)"),
        ("[1], [registered(3)], [UP]", "(2, 3)"),
        ("[1], [registered(1)], [DOWN]", "(3, 0)"),
        ("[1], [registered(1)], [-1]", "(3, 0)"),
    ],
)
def test_a_sim_card(states, result):
    """A module of Quectel's may have Wi-Fi as well: its SIM card is what the scripts wait for."""
    text = f"""
module("network", WLAN=None)
cellular({states})
import checkNet
print(checkNet.wait_network_connected(1))
"""
    assert play(text) == [result]


def test_a_wrong_interface():
    text = """
import checkNet
try:
    checkNet.setNic("wlan")
except TypeError as error:
    print(error)
print(checkNet.setNic(None), checkNet.wait_network_connected())
"""
    assert play(text) == ["setNic(): nic must have a method isconnected(), as network.WLAN() has", "None (3, 1)"]


def test_a_wrong_timeout():
    text = """
import checkNet
for timeout in (0, 3601, -1, 0.5, "30", None):
    for wait in (checkNet.wait_network_connected, checkNet.CheckNetwork("a", "1").wait_network_connected):
        try:
            print(wait(timeout))
        except (OSError, TypeError) as error:
            print(type(error).__name__, error)
"""
    begin = "wait_network_connected(): timeout_s must be"
    wrong = [f"OSError {begin} 1 to 3600 seconds, not {value}" for value in ("0", "3601", "-1", "0.5")]
    wrong += [f"TypeError {begin} int, not {kind}" for kind in ("str", "NoneType")]
    assert play(text) == [line for line in wrong for _ in range(2)]
