# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""HaaS's modem on boards without one."""

def getDevImei() -> str | None:
    """Get the number that names the device, in the place of an IMEI. Returns `machine.unique_id()` in hexadecimal digits; `None` if the firmware has none."""

def getDevModel() -> str:
    """Get the name of the board. Returns its name in MicroPython."""

def getDevFwVersion() -> str:
    """Get the version of the firmware. Returns `sys.version`."""

def getDevProductId() -> str:
    """Get the kind of board. Returns `sys.platform`."""
