"""HaaS's `sntp`: sets the board's clock by a time server.

    import sntp
"""

import socket as _socket
import sys as _sys
import time as _time

_SERVERS = ("ntp.aliyun.com", "cn.pool.ntp.org")
_TIMEOUT_S = 2
_PAUSE_MS = 1000  # Where the resolver fails at once, the network may not be ready.
_ATTEMPTS = 5
# Seconds between 1900, where NTP begins, and 1970; and 2000, where most boards begin.
_1970 = 2208988800
_2000 = 3155673600


def _checked(value, name, call):
    if not isinstance(value, str):
        raise TypeError("%s(): '%s' must be str, not %s" % (call, name, type(value).__name__))
    if not value:
        raise ValueError("%s(): '%s' is empty" % (call, name))


def _checked_server(value, call):
    if value is None:
        return
    _checked(value, "server", call)
    host, colon, port = value.partition(":")
    if not host or (colon and not (port.isdigit() and 0 < int(port) < 65536)):
        raise ValueError("%s(): 'server' must be a name, or name:port (%s)" % (call, value))


def _ask(server):
    """The seconds since 1900 that the server says."""
    host, _, port = server.partition(":")
    # Boards know no more arguments.
    address = _socket.getaddrinfo(host, int(port or 123))[0][-1]
    asking = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
    try:
        asking.settimeout(_TIMEOUT_S)
        asking.connect(address)
        asking.send(b"\x1b" + bytes(47))
        answer = asking.recv(48)
    finally:
        asking.close()
    # Of a server (4) that has the time itself (its stratum).
    if len(answer) < 48 or answer[0] & 7 != 4 or not answer[1]:
        raise OSError("no time in the answer")
    seconds = int.from_bytes(answer[40:44], "big")
    # The counter starts again at 0 in 2036.
    return seconds if seconds & 0x80000000 else seconds + (1 << 32)


def _set(server):
    if server is None and _sys.platform in ("linux", "darwin", "win32"):
        return True  # A computer, whose clock is right.
    from machine import RTC

    servers = (server,) if server else _SERVERS
    for attempt in range(_ATTEMPTS):
        try:
            seconds = _ask(servers[attempt % len(servers)])
        except OSError:
            if attempt < _ATTEMPTS - 1:
                _time.sleep_ms(_PAUSE_MS)
            continue
        now = _time.gmtime(seconds - (_1970 if _time.gmtime(0)[0] == 1970 else _2000))
        RTC().datetime((now[0], now[1], now[2], now[6], now[3], now[4], now[5], 0))
        return True
    return False


def setTime(zone="CST-8", server=None):
    _checked(zone, "zone", "setTime")
    _checked_server(server, "setTime")
    return None if _set(server) else -1


def settime(server=None):
    _checked_server(server, "settime")
    return 1 if _set(server) else -1
