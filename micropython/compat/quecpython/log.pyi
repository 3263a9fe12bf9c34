# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""QuecPython's log: lines with a level and the logger's name on the console."""

from typing import Any

CRITICAL: int = 50
"""lines of `critical`"""

ERROR: int = 40
"""lines of `error`"""

WARNING: int = 30
"""lines of `warning`"""

INFO: int = 20
"""lines of `info`; the default"""

DEBUG: int = 10
"""lines of `debug`"""

NOTSET: int = 0
"""the logger uses the level of `basicConfig`"""

def basicConfig(level: int = INFO, stream: Any = None) -> None:
    """Set the lowest level that is written, of all loggers without a level of their own. Returns nothing."""

def getLogger(name: str = "root") -> Logger:
    """Return the logger of this name; the same one each time. Returns the logger."""

class Logger:
    """Writes lines with a name, made by `getLogger()`."""

    name: str
    """its name"""
    level: int
    """its level; `NOTSET`: that of `basicConfig`"""

    def __init__(self) -> None: ...
    def debug(self, msg: Any, *args: Any) -> None:
        """Write a line of the level `DEBUG`. Returns nothing."""
    def info(self, msg: Any, *args: Any) -> None:
        """Write a line of the level `INFO`. Returns nothing."""
    def warning(self, msg: Any, *args: Any) -> None:
        """Write a line of the level `WARNING`. Returns nothing."""
    def error(self, msg: Any, *args: Any) -> None:
        """Write a line of the level `ERROR`. Returns nothing."""
    def critical(self, msg: Any, *args: Any) -> None:
        """Write a line of the level `CRITICAL`. Returns nothing."""
    def log(self, level: int, msg: Any, *args: Any) -> None:
        """Write a line of any level. Returns nothing."""
    def setLevel(self, level: int) -> None:
        """Set the lowest level of this logger. Returns nothing."""
    def isEnabledFor(self, level: int) -> bool:
        """Ask whether the logger writes lines of this level. Returns `True` if it does."""
