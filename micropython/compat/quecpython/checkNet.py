"""QuecPython's `checkNet`: wait until the board is online.

    import checkNet

A module with a SIM card is asked as Quectel's firmware does it, another board's Wi-Fi or Ethernet for its connection.
"""

import sys
import time

_nic = None
_RULE = "=" * 50


def _of(module, name):
    """What the firmware's module has by this name; None without it. Other families have modules of the same names."""
    try:
        return getattr(__import__(module), name)
    except (ImportError, AttributeError):
        return None


def _sim():
    status = _of("sim", "getStatus")
    return status() if status else -1


class _Cellular:
    """The stages of a module with a SIM card; the last value of each says how far it is."""

    def __init__(self, state, info):
        self._state = state
        self._info = info

    def stage(self):
        status = _sim()
        if status != 1:
            # Of these three it may still become ready: SIM busy, being set up, or waiting.
            return 1, status, status in (18, 20, 21)
        state = self._state()
        state = -1 if state == -1 else state[1][0]
        # 5: registered while roaming.
        if state not in (1, 5):
            return 2, state, True
        for number in range(1, 8):
            call = self._info(number, 2)
            if call != -1 and 1 in (call[2][0], call[3][0]):
                return 3, 1, False
        return 3, 0, True


class _Interface:
    def __init__(self, interface):
        self._interface = interface

    def stage(self):
        return (3, 1, False) if self._interface.isconnected() else (2, -1, True)


class _Computer:
    """Its network is up before a script starts."""

    def stage(self):
        return 3, 1, False


def _network():
    """What says whether the board is online."""
    if _nic is not None:
        return _Interface(_nic)
    state, info = _of("net", "getState"), _of("dataCall", "getInfo")
    if state and info and _of("sim", "getStatus"):
        return _Cellular(state, info)
    wlan, lan = _of("network", "WLAN"), _of("network", "LAN")
    if wlan:
        return _Interface(wlan())
    if lan:
        interface = lan()
        # Only Wi-Fi needs more than that: a name and a password.
        interface.active(True)
        return _Interface(interface)
    return _Computer()


def setNic(nic):
    global _nic
    if nic is not None and not hasattr(nic, "isconnected"):
        raise TypeError("setNic(): nic must have a method isconnected(), as network.WLAN() has")
    _nic = nic


def wait_network_connected(timeout_s=60):
    if not isinstance(timeout_s, (int, float)):
        raise TypeError("wait_network_connected(): timeout_s must be int, not %s" % type(timeout_s).__name__)
    if not 1 <= timeout_s <= 3600:
        # Quectel's firmware raises this, not ValueError.
        raise OSError("wait_network_connected(): timeout_s must be 1 to 3600 seconds, not %s" % timeout_s)
    network = _network()
    began = time.ticks_ms()
    while True:
        stage, state, goes_on = network.stage()
        if not goes_on or time.ticks_diff(time.ticks_ms(), began) >= timeout_s * 1000:
            return stage, state
        time.sleep_ms(100)


waitNetworkReady = wait_network_connected


class CheckNetwork:
    def __init__(self, proj_name, proj_version):
        self.PROJECT_NAME = proj_name
        self.PROJECT_VERSION = proj_version
        version = _of("modem", "getDevFwVersion")
        self.FIRMWARE_VERSION = version() if version else sys.version
        power = _of("misc", "Power")
        reason = power.powerOnReason if power else _of("machine", "reset_cause")
        self.POWERON_REASON = reason() if reason else 0

    def poweron_print_once(self):
        print(_RULE)
        for name in ("PROJECT_NAME", "PROJECT_VERSION", "FIRMWARE_VERSION", "POWERON_REASON"):
            print("%-16s : %s" % (name, getattr(self, name)))
        print("%-16s : %s" % ("SIM_CARD_STATUS", _sim()))
        print(_RULE)

    wait_network_connected = staticmethod(wait_network_connected)
