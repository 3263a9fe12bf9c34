"""The fixtures of the tests on the emulated board: its runner in the place of MicroPython.

BOARD names the runner; else it is what `cargo xtask firmware qemu` leaves in target/. Without either these tests are skipped.
"""

import os
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
for folder in ("examples", "micropython"):
    sys.path.insert(0, str(TESTS / folder))

# The same tests that the unix port has to pass.
pytest.register_assert_rewrite("test_examples", "test_reconnect", "test_refusals")


@pytest.fixture(scope="session")
def board():
    """The program that runs a script on the board."""
    named = os.environ.get("BOARD")
    runner = pathlib.Path(named) if named else TESTS.parent / "target" / "qemu" / "MPS2_AN385" / "run"
    if not named and not runner.exists():
        pytest.skip("there is no firmware: `cargo xtask firmware qemu` builds it")
    return runner


@pytest.fixture(autouse=True)
def scripts_run_on_the_board(board, monkeypatch):
    monkeypatch.setenv("MICROPYTHON", str(board))
