# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""HaaS's driver: a board's hardware by the names in board.json."""

from typing import Any, Callable, Mapping

class GPIO:
    """A pin: an output, an input, or an input that interrupts."""

    RisingEdge: int = 1
    """for `on`: from 0 to 1"""
    FallingEdge: int = 2
    """for `on`: from 1 to 0"""

    def __init__(self) -> None: ...
    def open(self, name: str) -> int:
        """Open the node of board.json. An object that is open already is closed first. Returns 0."""
    def close(self) -> int:
        """Close the object. Returns 0."""
    def read(self) -> int:
        """Read the level of the pin. Returns the level, 0 or 1."""
    def write(self, value: int) -> int:
        """Set the level of an output. Returns 0."""
    def on(self, func: Callable[[Any], object] | None, edge: int | None = None) -> int:
        """Have a function called when the level changes. MicroPython's scheduler calls it in the main thread. Returns 0."""

class ADC:
    """A voltage."""

    def __init__(self) -> None: ...
    def open(self, name: str) -> int:
        """Open the node of board.json. An object that is open already is closed first. Returns 0."""
    def close(self) -> int:
        """Close the object. Returns 0."""
    def readVoltage(self) -> int:
        """Measure the voltage. `read` is the same. Returns millivolts."""
    def readRaw(self) -> int:
        """Measure, without scaling the number to volts. Returns the number that was measured, of 9 to 12 bits."""
    def getHwParam(self) -> dict[str, int] | Any:
        """Return the settings. Returns `{'ADC_WIDTH_BIT': int, 'ADC_ATTEN_DB': int}`, `width` and `atten` of the node."""

class PWM:
    """A signal with a frequency and a duty."""

    def __init__(self) -> None: ...
    def open(self, name: str) -> int:
        """Open the node of board.json. An object that is open already is closed first. Returns 0."""
    def close(self) -> int:
        """Close the object. Returns 0."""
    def setOption(self, option: Mapping[str, float]) -> int:
        """Set frequency and duty. Returns 0."""
    def getOption(self) -> dict[str, float] | Any:
        """Return frequency and duty. Returns `{'freq': …, 'duty': …}` as it was set; frequency 1000 and duty 100 before that."""

class I2C:
    """A chip on an I2C bus."""

    def __init__(self) -> None: ...
    def open(self, name: str) -> int:
        """Open the node of board.json. An object that is open already is closed first. Returns 0."""
    def close(self) -> int:
        """Close the object. Returns 0."""
    def read(self, buf: bytearray | memoryview) -> int:
        """Read bytes from the chip. Returns the number of bytes."""
    def write(self, buf: bytes | bytearray | memoryview) -> int:
        """Write bytes to the chip. Returns the number of bytes."""
    def memRead(self, buf: bytearray | memoryview, memaddr: int | bytes, addrsize: int = 8) -> int:
        """Read registers of the chip. `readReg(memaddr, buf)` is the same, with 8 bits. Returns the number of bytes."""
    def memWrite(self, buf: bytes | bytearray | memoryview, memaddr: int | bytes, addrsize: int = 8) -> int:
        """Write registers of the chip. `writeReg(memaddr, buf)` is the same, with 8 bits. Returns the number of bytes."""

class SPI:
    """A chip on an SPI bus."""

    def __init__(self) -> None: ...
    def open(self, name: str) -> int:
        """Open the node of board.json. An object that is open already is closed first. Returns 0."""
    def close(self) -> int:
        """Close the object. Returns 0."""
    def read(self, buf: bytearray | memoryview) -> int:
        """Read bytes. Returns the number of bytes."""
    def write(self, buf: bytes | bytearray | memoryview) -> int:
        """Write bytes. Returns the number of bytes."""
    def readAfterWrite(self, buf: bytearray | memoryview, data: int | bytes | bytearray | memoryview) -> int:
        """Write, then read, while the chip stays selected. Returns the number of bytes read."""

class UART:
    """A serial port."""

    def __init__(self) -> None: ...
    def open(self, name: str) -> int:
        """Open the node of board.json. An object that is open already is closed first. Returns 0."""
    def close(self) -> int:
        """Close the object. Returns 0."""
    def read(self, buf: bytearray | memoryview) -> int:
        """Take what has arrived. Returns the number of bytes, 0 if none has arrived."""
    def write(self, buf: str | bytes | bytearray | memoryview) -> int:
        """Send bytes. Returns the number of bytes."""
    def any(self) -> int:
        """Return how much has arrived. Returns the number of bytes that `read` would find."""
    def setBaudRate(self, baudRate: int) -> int:
        """Change the speed. Returns 0."""
    def on(self, func: Callable[[Any], object] | None) -> int:
        """Have a function called when bytes arrive. MicroPython's scheduler calls it in the main thread. Returns 0."""

class TIMER:
    """A timer."""

    ONE_SHOT: int = 0
    """the function is called once"""
    PERIODIC: int = 1
    """again and again"""

    def __init__(self, id: int) -> None: ...
    def open(self, period: int = 1000, mode: int = 1, callback: Callable[[TIMER], object] | None = None) -> int:
        """Open the timer and start it. MicroPython's scheduler calls the function in the main thread. Returns 0."""
    def close(self) -> int:
        """Close the object. Returns 0."""
    def start(self) -> int:
        """Start the timer, with its whole period. Returns 0."""
    def stop(self) -> int:
        """Stop the timer. It stays open. Returns 0."""
    def period(self, period: int) -> int:
        """Change the period, and start again. Returns 0."""
    def reload(self) -> int:
        """Start again, with the same settings. Returns 0."""

class WDT:
    """The watchdog."""

    def __init__(self) -> None: ...
    def open(self, name: str) -> int:
        """Open the node of board.json. An object that is open already is closed first. Returns 0."""
    def close(self) -> int:
        """Stop the watchdog. Most chips cannot do that: then it stays open, and has to be fed. Returns 0."""
    def feed(self) -> int:
        """Feed the watchdog: its time begins again. Returns 0."""

class RTC:
    """The clock."""

    def __init__(self) -> None: ...
    def open(self) -> int:
        """Open the clock. Returns 0."""
    def close(self) -> int:
        """Close the object. Returns 0."""
    def getTime(self) -> dict[str, int] | Any:
        """Read the clock. Returns a dictionary with `year` (two digits), `month`, `date`, `hr`, `min`, `sec`."""
    def setTime(self, year: int, month: int, date: int, hour: int, minute: int, second: int) -> int:
        """Set the clock. Returns 0."""
