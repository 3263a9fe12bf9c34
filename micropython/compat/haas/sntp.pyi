# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""HaaS's sntp: sets the board's clock by a time server."""

def setTime(zone: str = 'CST-8', server: str | None = None) -> int | None:
    """Set the clock, as HaaS's Wi-Fi boards do it. Returns `None`: the clock is set."""

def settime(server: str | None = None) -> int:
    """Set the clock, as HaaS's 4G boards do it. Returns 1: the clock is set."""
