"""`network` on a computer, whose own connection counts as the Wi-Fi or the Ethernet of a board. Firmware with a `network` of
its own does not see this file."""

STA_IF = 0
AP_IF = 1
STAT_IDLE = 1000
STAT_GOT_IP = 1010


class LAN:
    _is_up = True  # As the connection, it is shared by all.
    _is_active = True

    def __init__(self, *_, **__):
        pass

    def active(self, is_active=None):
        if is_active is None:
            return LAN._is_active
        LAN._is_active = bool(is_active)
        return None

    def isconnected(self):
        return LAN._is_up and LAN._is_active

    def status(self, what=None):
        if what == "rssi":
            return 0
        return STAT_GOT_IP if self.isconnected() else STAT_IDLE

    def ifconfig(self, config=None):
        return None if config else ("127.0.0.1", "255.0.0.0", "127.0.0.1", "127.0.0.1")

    def config(self, name=None, **values):
        if name is not None:
            return {"mac": b"\2\0\0\0\0\1", "ssid": WLAN._ssid}[name]
        return None


class WLAN(LAN):
    _ssid = ""

    def connect(self, ssid=None, key=None, **_):
        WLAN._ssid = ssid or ""
        LAN._is_up = True

    def disconnect(self):
        WLAN._ssid = ""
        LAN._is_up = False

    def scan(self):
        return []


def country(code=None):
    return "XX" if code is None else None


def hostname(name=None):
    return "computer" if name is None else None


import haas_network  # noqa: E402, F401  (It adds NetWorkClient, for which this module has to be there.)
