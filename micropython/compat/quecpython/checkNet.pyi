# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""QuecPython's checkNet: wait until the board is online."""

from typing import Any, Callable

def wait_network_connected(timeout_s: int = 60) -> tuple[int, int]:
    """Wait until the board is online. It returns earlier if waiting cannot help, for example without a SIM card. Returns the stage and its state, `(3, 1)` if the board is online."""

def waitNetworkReady(timeout_s: int = 60) -> tuple[int, int]:
    """The same, by the name that newer firmware has. Returns the stage and its state, `(3, 1)` if the board is online."""

def setNic(nic: Any) -> None:
    """Set the interface that the other functions wait for. QuecPython does not have this function. Returns nothing."""

class CheckNetwork:
    """What the board is, and whether it is online."""

    PROJECT_NAME: str
    """as it was passed"""
    PROJECT_VERSION: str
    """as it was passed"""
    FIRMWARE_VERSION: str
    """the firmware's version"""
    POWERON_REASON: int
    """why the board has started: `misc.Power.powerOnReason()`, else `machine.reset_cause()`, else 0"""
    wait_network_connected: Callable[..., tuple[int, int]]
    """the function `wait_network_connected`"""

    def __init__(self, proj_name: str, proj_version: str) -> None: ...
    def poweron_print_once(self) -> None:
        """Print name and version of the script, the firmware's version, the reason of the start, and the SIM card's state, -1 without one. Returns nothing."""
