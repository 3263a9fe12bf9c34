"""MicroPython's client for NTP."""

host: str
timeout: int

def settime() -> None: ...
