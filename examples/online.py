"""Bring a board online: Wi-Fi, the clock, the platform. Each failure is an OSError with words for a person.

    import online
    device = online.boot("ssid", "password", key_info)

Over Ethernet (`network.LAN` without arguments) the ssid is None. A computer, whose network is up, skips this step.
No password or secret is printed.
"""

import time

# An earlier year means that the clock has not been set: boards start in 2000, 2015 or 2021.
_YEAR = 2026
_SERVERS = ("ntp.aliyun.com", "cn.pool.ntp.org")
# A scan of all channels and a login take less.
_ATTEMPT_MS = 5000
_REASONS = {
    "STAT_WRONG_PASSWORD": "wrong password",
    "STAT_HANDSHAKE_TIMEOUT": "no end of the login; the password may be wrong",
    "STAT_NO_AP_FOUND": "no access point of this name; check the name, the distance, and that it has 2.4 GHz",
    "STAT_NO_AP_FOUND_IN_RSSI_THRESHOLD": "the access point is too far away",
    "STAT_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD": "the access point's security is weaker than the board accepts",
    "STAT_NO_AP_FOUND_W_COMPATIBLE_SECURITY": "the access point's security is none that the board knows",
    "STAT_BEACON_TIMEOUT": "the access point went silent",
    "STAT_CONNECT_FAIL": "the access point refused",
}


def _reason(network, status):
    for name in _REASONS:
        if getattr(network, name, None) == status:
            return _REASONS[name]
    return None


def _join(wlan, ssid, password):
    try:
        wlan.disconnect()
    except OSError:
        pass  # It was not connected.
    wlan.connect(ssid, password or None)
    return time.ticks_ms()


def wifi(ssid, password, seconds=20, country=None):
    """Connect to Wi-Fi and return the WLAN object; at once if it is connected. None where there is no Wi-Fi."""
    try:
        import network
    except ImportError:
        return None
    if not hasattr(network, "WLAN"):
        return None
    if password and len(password) < 8:
        raise ValueError("wifi(): a Wi-Fi password has 8 characters or more")
    if country:
        network.country(country)
    wlan = network.WLAN()
    wlan.active(True)
    if wlan.isconnected():
        return wlan
    began = joined = _join(wlan, ssid, password)
    reason = before = None
    while not wlan.isconnected():
        status = wlan.status()
        reason = _reason(network, status) or reason
        now = time.ticks_ms()
        if time.ticks_diff(now, began) >= seconds * 1000:
            raise OSError("Wi-Fi %s: %s" % (ssid, reason or "no connection in %d s (status %s)" % (seconds, status)))
        if reason and time.ticks_diff(now, joined) >= _ATTEMPT_MS:
            # One refusal can be an accident of the radio; a second one is not.
            if reason == before == _REASONS["STAT_WRONG_PASSWORD"]:
                raise OSError("Wi-Fi %s: %s" % (ssid, reason))
            before, reason = reason, None
            # Not every driver tries again by itself.
            joined = _join(wlan, ssid, password)
        time.sleep_ms(50)
    print("Wi-Fi: connected to", ssid, "as", wlan.ifconfig()[0])
    return wlan


def lan(seconds=20):
    """Wait for Ethernet and return the LAN object. None where there is no Ethernet."""
    try:
        import network
    except ImportError:
        return None
    if not hasattr(network, "LAN"):
        return None
    lan = network.LAN()
    lan.active(True)
    began = time.ticks_ms()
    while not lan.isconnected():
        if time.ticks_diff(time.ticks_ms(), began) >= seconds * 1000:
            raise OSError("Ethernet: no address in %d s; check the cable, and that the network has DHCP" % seconds)
        time.sleep_ms(50)
    print("Ethernet: connected as", lan.ifconfig()[0])
    return lan


def clock(servers=_SERVERS, rounds=3):
    """Set the clock by NTP, unless it is right already. TLS refuses every certificate while the clock is wrong."""
    if time.localtime()[0] >= _YEAR:
        return
    try:
        import ntptime
    except ImportError:
        raise OSError("clock: this firmware has no ntptime; install it: mpremote mip install ntptime")
    ntptime.timeout = 3
    why = ""
    for attempt in range(rounds * len(servers)):
        ntptime.host = servers[attempt % len(servers)]
        try:
            ntptime.settime()
        except (OSError, IndexError) as error:
            why = "%s: %s" % (ntptime.host, error)
            time.sleep_ms(500)
            continue
        if time.localtime()[0] >= _YEAR:
            print("clock: %04d-%02d-%02d %02d:%02d:%02d UTC" % time.localtime()[:6])
            return
        why = "%s: the year is still %d" % (ntptime.host, time.localtime()[0])
    raise OSError("clock: not set (%s); is UDP port 123 open?" % why)


def connect(keys, on=None, seconds=60):
    """Connect a new device and return it. `on` maps events to callbacks: {Device.ON_PROPS: on_props}."""
    from aliyunIoT import Device

    on = on or {}
    up = []

    def on_connect(data):
        up.append(data)
        if on.get(Device.ON_CONNECT):
            on[Device.ON_CONNECT](data)

    device = Device()
    for event in on:
        device.on(event, on[event])
    device.on(Device.ON_CONNECT, on_connect)
    device.connect(keys)
    began = time.ticks_ms()
    while not up:
        if time.ticks_diff(time.ticks_ms(), began) >= seconds * 1000:
            device.end()
            raise OSError("cloud: not connected in %d s; ON_ERROR has the reason" % seconds)
        time.sleep_ms(50)
    device.on(Device.ON_CONNECT, on.get(Device.ON_CONNECT))
    print("cloud: connected as", keys["deviceName"])
    return device


def boot(ssid, password, keys, on=None, country=None):
    """Wi-Fi or Ethernet, the clock, the platform: returns a connected device, or raises OSError with the reason."""
    if ssid is None:
        lan()
    else:
        wifi(ssid, password, country=country)
    clock()
    return connect(keys, on)
