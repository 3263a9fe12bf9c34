"""`network.NetWorkClient` of HaaS's 4G boards. MicroPython's `network` is built in and hides a file of that name, so a
board's boot.py imports this module, which puts itself in its place, with all that the built-in one has:

    import haas_network
"""

import sys as _sys
import time as _time

import netmgr as _netmgr
import network as _network

_WAIT_MS = 30000


class NetWorkClient:
    def __init__(self):
        _netmgr.init()
        # Scripts go on only with 3 and 1, which firmware had after it had waited for the network.
        began = _time.ticks_ms()
        while _netmgr._status() in (2, 4) and _time.ticks_diff(_time.ticks_ms(), began) < _WAIT_MS:
            _time.sleep_ms(50)
        self._stagecode = 3
        self._subcode = 1 if _netmgr._status() == _netmgr.NET_IP_OBTAINED else 0

    def on(self, event, callback):
        if event != 1:
            raise ValueError("on(): 'event' must be 1, which is the connection, not %r" % (event,))
        if not callable(callback):
            raise TypeError("on(): 'callback' must be a function, not %s" % type(callback).__name__)

        def report(status):
            if status != _netmgr.NET_AP_CONNECTED:
                callback((1, 1 if status == _netmgr.NET_IP_OBTAINED else 0))

        _netmgr._listen("NetWorkClient", report)
        return 0

    def connect(self, data=None):
        if data is not None and not isinstance(data, dict):
            raise TypeError("connect(): 'data' must be dict or None, not %s" % type(data).__name__)
        if data and "ssid" in data:
            return _netmgr.connect(data)
        if data and "apn" not in data:
            raise ValueError("connect(): the key 'ssid' is missing; None uses the connection that the board has")
        _netmgr._renew()
        return 0

    def disconnect(self):
        return _netmgr.disconnect()

    def getType(self):
        return _netmgr.getType()

    def getStatus(self):
        return 3 if _netmgr.getStatus() == _netmgr.NET_IP_OBTAINED else 0

    def getInfo(self):
        return _netmgr.getInfo()


def _extend():
    try:
        _network.NetWorkClient = NetWorkClient
    except AttributeError:
        # Built in, so nothing can be added to it.
        for name in dir(_network):
            if not name.startswith("__"):
                globals()[name] = getattr(_network, name)
        _sys.modules["network"] = _sys.modules[__name__]


_extend()
