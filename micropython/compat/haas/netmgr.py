"""HaaS's `netmgr` on MicroPython's `network`: Wi-Fi, or what else the board connects with.

    import netmgr
"""

import sys as _sys
import time as _time

import micropython as _micropython

NET_AP_DISCONNECTING = 0
NET_AP_DISCONNECTED = 1
NET_AP_CONNECTING = 2
NET_AP_CONNECTED = 3
NET_IP_OBTAINING = 4
NET_IP_OBTAINED = 5
NET_FAILED = 6

NET_TYPE_WIFI = 0
NET_TYPE_CELLULAR = 1
NET_TYPE_ETH = 2

# HaaS reports these changes.
_EVENTS = (NET_AP_DISCONNECTED, NET_IP_OBTAINED, NET_FAILED)
_STATES = {
    "STAT_CONNECTING": NET_AP_CONNECTING,
    "STAT_GOT_IP": NET_IP_OBTAINING,
    "STAT_WRONG_PASSWORD": NET_FAILED,
    "STAT_NO_AP_FOUND": NET_FAILED,
    "STAT_CONNECT_FAIL": NET_FAILED,
    "STAT_HANDSHAKE_TIMEOUT": NET_FAILED,
    "STAT_ASSOC_FAIL": NET_FAILED,
    "STAT_NO_AP_FOUND_IN_RSSI_THRESHOLD": NET_FAILED,
    "STAT_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD": NET_FAILED,
    "STAT_NO_AP_FOUND_W_COMPATIBLE_SECURITY": NET_FAILED,
}
_PERIOD_MS = 500
# Firmware without timers reports no changes, so there connect() waits.
_WAIT_MS = 30000

_nic = None
_type = NET_TYPE_WIFI
_listeners = {}  # By who listens: a function that gets the status.
_reported = NET_AP_DISCONNECTED
_timer = None  # False if the firmware has none.


def _text(value, name, most, call="connect"):
    if not isinstance(value, str):
        raise TypeError("%s(): '%s' must be str, not %s" % (call, name, type(value).__name__))
    if len(value.encode()) > most:
        raise ValueError("%s(): '%s' is longer than %d bytes" % (call, name, most))
    return value


def _key(given, name, call="connect"):
    if name not in given:
        raise ValueError("%s(): the key '%s' is missing" % (call, name))
    return given[name]


def use(nic, kind):
    """Boards that connect by other means, as over PPP: boot.py hands the interface over."""
    global _nic, _type
    if kind not in (NET_TYPE_WIFI, NET_TYPE_CELLULAR, NET_TYPE_ETH):
        raise ValueError("use(): 'kind' must be NET_TYPE_WIFI, NET_TYPE_CELLULAR or NET_TYPE_ETH, not %r" % (kind,))
    if not hasattr(nic, "isconnected"):
        raise TypeError("use(): 'nic' must be a network interface, not %s" % type(nic).__name__)
    _nic, _type = nic, kind


def _interface():
    global _nic, _type
    if _nic is None:
        import network

        if hasattr(network, "WLAN"):
            _nic, _type = network.WLAN(network.STA_IF), NET_TYPE_WIFI
        elif hasattr(network, "LAN"):
            _nic, _type = network.LAN(), NET_TYPE_ETH
        else:
            raise OSError("netmgr: this board has no network.WLAN and no network.LAN; call netmgr.use(interface, kind) first")
        _nic.active(True)
    return _nic


def init():
    _interface()
    return 0


def deinit():
    global _nic, _timer, _reported
    if _timer:
        _timer.deinit()
    _timer, _reported = None, NET_AP_DISCONNECTED
    _listeners.clear()
    if _nic:
        _nic.active(False)
    _nic = None
    return 0


def connect(ssid, password=""):
    global _reported
    if isinstance(ssid, dict):
        ssid, password = _key(ssid, "ssid"), _key(ssid, "password")
    if not _text(ssid, "ssid", 32):
        raise ValueError("connect(): 'ssid' is empty")
    password = "" if password is None else _text(password, "password", 64)
    if 0 < len(password) < 8:
        raise ValueError("connect(): 'password' has fewer than 8 characters; '' is for a network without one")
    nic = _interface()
    _reported = NET_AP_DISCONNECTED
    if _type == NET_TYPE_WIFI and not (nic.isconnected() and _of(nic, "ssid") == ssid):
        disconnect()  # An ESP32 that is joining refuses to join another one.
        try:
            nic.connect(ssid, password or None)
        except OSError:
            return -1
    _renew()
    return 0


def _of(nic, name):
    """What the interface says of itself, if it knows the name."""
    try:
        return nic.config(name)
    except (AttributeError, OSError, TypeError, ValueError):
        return None


def disconnect():
    nic = _interface()
    if hasattr(nic, "disconnect"):
        try:
            nic.disconnect()
        except OSError:
            pass  # It was not connected.
    _look_soon()
    return 0


def getType():
    _interface()
    return _type


def _status():
    nic = _interface()
    if nic.isconnected():
        return NET_IP_OBTAINED
    if _type != NET_TYPE_WIFI:
        return NET_IP_OBTAINING if nic.active() else NET_AP_DISCONNECTED
    import network

    status = nic.status()
    for name in _STATES:
        if getattr(network, name, None) == status:
            return _STATES[name]
    return NET_AP_DISCONNECTED


def getStatus():
    if _timer is False:
        _look_soon()
    return _status()


def _address(nic):
    return nic.ifconfig() if hasattr(nic, "ifconfig") else ("0.0.0.0",) * 4


def _mac(nic):
    return ":".join("%02x" % byte for byte in _of(nic, "mac") or b"")


def _rssi(nic):
    try:
        return nic.status("rssi")
    except (AttributeError, OSError, TypeError, ValueError):
        return 0


def getInfo():
    nic = _interface()
    info = {"ssid": _of(nic, "ssid") or "", "mac": _mac(nic), "ip": _address(nic)[0], "rssi": _rssi(nic)}
    # Early firmware had these names.
    info.update({name.upper(): info[name] for name in list(info)})
    return info


def getIfconfig():
    nic = _interface()
    address, mask, gateway, dns = _address(nic)
    return {"ip_addr": address, "mask": mask, "gateway": gateway, "dns": dns, "mac": _mac(nic), "rssi": _rssi(nic)}


def ifconfig(config):
    if not isinstance(config, dict):
        raise TypeError("ifconfig(): 'config' must be dict, not %s" % type(config).__name__)
    if config.get("dhcp_en"):
        address = "dhcp"
    else:
        names = ("ip_addr", "mask", "gw", "dns_server")
        address = tuple(_text(_key(config, name, "ifconfig"), name, 15, "ifconfig") for name in names)
    try:
        _interface().ifconfig(address)
    except OSError:
        return -1
    return 0


def on(callback):
    if callback is not None and not callable(callback):
        raise TypeError("on(): 'callback' must be a function, not %s" % type(callback).__name__)
    _listen("netmgr", callback)


def _listen(who, function):
    if function is None:
        _listeners.pop(who, None)
        return
    _listeners[who] = function
    _watch()
    _look_soon()


def _renew():
    """Report the next state even if it has not changed."""
    global _reported
    _reported = NET_AP_DISCONNECTED
    if _timer is False and _listeners:
        began = _time.ticks_ms()
        while not _interface().isconnected() and _time.ticks_diff(_time.ticks_ms(), began) < _WAIT_MS:
            _time.sleep_ms(50)
    _look_soon()


def _watch():
    """Look for changes from time to time: drivers of MicroPython report none."""
    global _timer
    if _timer is None:
        _timer = False
        try:
            from machine import Timer
        except ImportError:
            return
        # Boards have timers without a number, or hardware timers, of which the last is the least used.
        for number in (-1, 3, 1):
            try:
                timer = Timer(number)
                timer.init(period=_PERIOD_MS, mode=Timer.PERIODIC, callback=_look)
            except ValueError:
                continue
            _timer = timer
            return


def _look_soon():
    if _listeners:
        try:
            _micropython.schedule(_look, None)
        except RuntimeError:
            pass  # The queue is full: the next check reports it.


def _look(_):
    global _reported
    status = _status()
    if _reported == NET_IP_OBTAINED and status not in _EVENTS:
        status = NET_AP_DISCONNECTED  # The driver connects again.
    if status == _reported or status not in _EVENTS:
        return
    _reported = status
    for event in (NET_AP_CONNECTED, status) if status == NET_IP_OBTAINED else (status,):
        for function in list(_listeners.values()):
            try:
                function(event)
            except Exception as error:
                _sys.print_exception(error)
