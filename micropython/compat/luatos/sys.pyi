# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""LuatOS's sys on asyncio: tasks, timers, and messages between them."""

from typing import Any, Awaitable, Callable

def taskInit(function: Callable[..., object], *arguments: Any) -> None:
    """Start a task. It begins when `run()` runs, or another loop of asyncio. asyncio prints an exception in a task; the other tasks continue. Returns nothing."""

def wait(ms: int) -> Awaitable[None]:
    """Wait in a task: `await sys.wait(1000)`. Returns what `await` needs."""

def run() -> None:
    """Run the tasks and timers for ever, as the last line of the script. A script that runs asyncio by itself does not need it. Returns nothing."""

def publish(topic: str, *arguments: Any) -> None:
    """Call the functions that have subscribed, at once, and wake the tasks that wait in `waitUntil`. An exception of a function is printed; the others are still called. Returns nothing."""

def subscribe(topic: str | list[str], function: Callable[..., object]) -> None:
    """Have a function called for each message. The same function counts once. Returns nothing."""

def unsubscribe(topic: str | list[str], function: Callable[..., object]) -> None:
    """Cancel a subscription. Returns nothing."""

def waitUntil(topic: str, timeout: int | None = None) -> Awaitable[tuple[Any, ...]]:
    """Wait for a message in a task. Returns `(True, argument, …)` with the arguments of `publish()`, `(True, None)` if there were none, and `(False, None)` after the timeout."""

def timerStart(function: Callable[..., object], ms: int, *arguments: Any) -> int:
    """Call a function once, in a task. A timer of the same function with the same arguments is started again. Returns the timer's number."""

def timerLoopStart(function: Callable[..., object], ms: int, *arguments: Any) -> int:
    """Call a function again and again. Returns the timer's number."""

def timerStop(timer: int | Callable[..., object], *arguments: Any) -> None:
    """Stop a timer. A call that has begun goes on. Returns nothing."""

def timerStopAll(function: Callable[..., object]) -> None:
    """Stop the timers of a function, whatever their arguments. Returns nothing."""

def timerIsActive(timer: int | Callable[..., object], *arguments: Any) -> bool:
    """Say whether a timer is active. A timer that calls its function once is not, once its time has come. Returns whether the timer is started and not stopped yet."""
