# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""HaaS's netmgr on MicroPython's network."""

from typing import Any, Callable

NET_AP_DISCONNECTING: int = 0
"""disconnecting; not reported here"""

NET_AP_DISCONNECTED: int = 1
"""not connected"""

NET_AP_CONNECTING: int = 2
"""joining the access point"""

NET_AP_CONNECTED: int = 3
"""connected to the access point; only as an event, before 5"""

NET_IP_OBTAINING: int = 4
"""waiting for an address"""

NET_IP_OBTAINED: int = 5
"""connected, with an address"""

NET_FAILED: int = 6
"""wrong password, no such access point, or refused"""

NET_TYPE_WIFI: int = 0
"""Wi-Fi"""

NET_TYPE_CELLULAR: int = 1
"""mobile network"""

NET_TYPE_ETH: int = 2
"""Ethernet"""

def init() -> int:
    """Switch the network interface on. The other functions do it too. Returns 0."""

def connect(ssid: str | dict[str, str], password: str | None = '') -> int:
    """Connect to a Wi-Fi. It returns at once. `getStatus` and the callback of `on` report the result. On firmware without `machine.Timer`, it waits for up to 30 s if there is a callback. Returns 0: joining in the background; or connected to this Wi-Fi already."""

def disconnect() -> int:
    """Disconnect from the Wi-Fi. On a computer, only the status here changes; the computer stays connected. Returns 0."""

def on(callback: Callable[[int], object] | None) -> None:
    """Have a function called when the connection changes, and now if there is one. A timer looks twice a second: `machine.Timer(-1)`, or on boards with hardware timers alone number 3 or 1, which the script must then not use. Returns nothing."""

def deinit() -> int:
    """Switch the network interface off, and forget the callback. Returns 0."""

def use(nic: Any, kind: int) -> None:
    """Have another interface used, such as `network.PPP` for a modem, or a `network.LAN` that needs arguments. boot.py calls it. Not in HaaS. Returns nothing."""

def getStatus() -> int:
    """Get the state of the connection. 5 means connected. Returns 1, 2, 4, 5 or 6 (see the constants)."""

def getType() -> int:
    """Get the kind of network. Returns 0 Wi-Fi, 1 mobile network, 2 Ethernet."""

def getInfo() -> dict[str, Any]:
    """Get the addresses and the signal. Returns `ssid`, `mac`, `ip`: text; `rssi`: dBm, 0 if it is not known. The same in capitals, as early firmware had it."""

def ifconfig(config: dict[str, Any]) -> int:
    """Set a fixed address, or have DHCP get one. Returns 0."""

def getIfconfig() -> dict[str, Any]:
    """Get all addresses. Returns `ip_addr`, `mask`, `gateway`, `dns`, `mac`: text; `rssi`: dBm."""
