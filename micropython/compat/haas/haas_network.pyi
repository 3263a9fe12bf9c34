# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""The class NetWorkClient of HaaS's 4G boards; boot.py imports this module to have it in network."""

from typing import Any, Callable

class NetWorkClient:
    """The board's network, as HaaS's 4G boards have it."""

    _stagecode: int
    """3, which firmware had when the network was up"""
    _subcode: int
    """1 if the board was connected when the object was made, else 0"""

    def __init__(self) -> None: ...
    def on(self, event: int, callback: Callable[[tuple[int, int]], object]) -> int:
        """Have a function called when the connection changes. A timer looks twice a second (see [`netmgr.on`](haas-netmgr.md#oncallback)). Returns 0."""
    def connect(self, data: dict[str, str] | None = None) -> int:
        """Connect. The callback gets `(1, 1)`, also if the board was connected before. The APN is not used here; it belongs to the modem's interface. Returns 0."""
    def disconnect(self) -> int:
        """Disconnect from the Wi-Fi. Returns 0."""
    def getStatus(self) -> int:
        """Get the state of the connection. HaaS506 has 3; for other states no source is known, so 0 is a convention. Returns 3 connected, 0 not connected."""
    def getType(self) -> int:
        """Get the kind of network. Returns 0 Wi-Fi, 1 mobile network, 2 Ethernet."""
    def getInfo(self) -> dict[str, Any]:
        """Get the addresses and the signal. Returns as [`netmgr.getInfo`](haas-netmgr.md#getinfo)."""
