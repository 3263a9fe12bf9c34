# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""QuecPython's sys_bus: messages between the parts of a script, by topic."""

from typing import Any, Callable

THREADS: int = 8
"""how many threads run calls; a script can set it"""

WAITING: int = 64
"""how many calls can wait; a script can set it"""

def subscribe(topic: Any, cb: Callable[[Any, Any], object]) -> None:
    """Have a function called for each message of a topic. A function that subscribes twice is called twice. Returns nothing."""

def unsubscribe(topic: Any, cb: Callable[[Any, Any], object] | None = None) -> bool:
    """Cancel a subscription. Calls that wait are still made. Returns `True`; `False` if it had not subscribed."""

def sub_table(topic: Any = None) -> Any:
    """Show who has subscribed. Returns a list of the topic's functions; without a topic, a dict of such lists."""

def publish(topic: Any, msg: Any) -> None:
    """Have the topic's functions called in threads, without waiting for them. A callback can call it. An exception of a function is printed. Returns nothing."""

def publish_async(topic: Any, msg: Any) -> None:
    """The same as `publish`. Returns nothing."""

def publish_sync(topic: Any, msg: Any) -> None:
    """Call the topic's functions one after the other, and return when the last one has. Returns nothing."""
