# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""LuatOS's log: lines with a level and a tag on the console."""

from typing import Any

def debug(tag: str, *values: Any) -> None:
    """Write a line of the level DEBUG. Returns nothing."""

def info(tag: str, *values: Any) -> None:
    """Write a line of the level INFO. Returns nothing."""

def warn(tag: str, *values: Any) -> None:
    """Write a line of the level WARN. Returns nothing."""

def error(tag: str, *values: Any) -> None:
    """Write a line of the level ERROR. Returns nothing."""

def setLevel(level: str | int) -> None:
    """Write lines of this level and above only. At the start, all lines are written. Returns nothing."""

def getLevel() -> int:
    """Return the level that `setLevel` has set. Returns the number of the level."""
