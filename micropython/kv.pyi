# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""Texts by name, as on HaaS firmware."""

def get(key: str, /) -> str | None:
    """Return the text of this name. Returns the text; `None` if there is none of this name."""

def set(key: str, value: str, /) -> int:
    """Store a text under this name. Nothing is written if the same text is stored already. Returns 0."""

def remove(key: str, /) -> int:
    """Remove the text of this name. Returns 0."""
