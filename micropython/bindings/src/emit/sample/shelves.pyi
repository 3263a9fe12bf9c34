# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""Shelves of a store."""

from typing import Any, Callable, Literal, Mapping

from typing_extensions import NotRequired, TypedDict

Buffer = str | bytes | bytearray | memoryview

class ShelfPutData(TypedDict):
    name: str
    """its name"""
    label: NotRequired[Buffer]
    """its label"""
    data: NotRequired[Buffer]
    """its label"""
    count: NotRequired[int]
    """how many"""
    heavy: NotRequired[bool]
    """whether it is heavy"""

class ShelfPaintData(TypedDict):
    colour: NotRequired[Literal["red"]]
    """Red"""
    shade: int
    """how dark"""
    name: str
    """its name"""

class ShelfPaintBlueData(TypedDict):
    colour: Literal["blue"]
    """Blue"""
    shade: NotRequired[int]
    """how dark"""
    gloss: NotRequired[bool]
    """whether it shines"""
    name: str
    """its name"""

class Shelf:
    """A shelf."""

    ON_ALARM: int = 1
    """The alarm rings. The callback gets `None`."""
    ON_FULL: int = 3
    """The shelf is full. The callback gets `{'count': int | None}`."""
    LATER: int = -100
    """Put it there later."""
    colour: str
    """its colour"""

    def __init__(self, width: int, /) -> None: ...
    def __enter__(self) -> "Shelf": ...
    def __exit__(self, *exception: Any) -> None: ...
    def put(self, data: ShelfPutData | Mapping[str, Buffer | bool | int | str], callback: Callable[[dict[str, Any]], object] | None = None, /) -> int:
        """Put goods on the shelf. Returns 0."""
    def paint(self, data: ShelfPaintData | ShelfPaintBlueData | Mapping[str, bool | int | str], /) -> int:
        """Paint goods. Returns 0."""
    def swap(self, first: str, second: str, third: str, /) -> None:
        """Move three goods round. Returns nothing."""

class FindData(TypedDict):
    name: str
    """its name"""

def count() -> int:
    """Count the shelves. Returns the number."""

def find(data: FindData | Mapping[str, str], /) -> Shelf | None:
    """Find a shelf. Returns the shelf."""
