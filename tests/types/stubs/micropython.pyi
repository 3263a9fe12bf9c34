"""What scripts use of MicroPython's own module."""

from typing import Any, Callable

def schedule(function: Callable[[Any], object], argument: Any, /) -> None: ...
