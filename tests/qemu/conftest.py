"""The fixtures of the tests on the emulated boards: a board's runner in the place of MicroPython.

BOARDS names the folder with the runners (`<board>/run`); else it is where `cargo xtask firmware qemu` leaves them. Where
there is none these tests are skipped. A file of tests may say in RUNS_ON which board it is about, if not the first.
"""

import os
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
for folder in ("examples", "micropython", "pages", "quecpython"):
    sys.path.insert(0, str(TESTS / folder))

# The same tests that the unix port has to pass.
pytest.register_assert_rewrite("emulated", "quec_scripts", "test_aliyun_links", "test_clouds", "test_examples", "test_flood_turns", "test_luatos_examples", "test_online", "test_quecpython_examples", "test_quecpython_guide", "test_queue", "test_reconnect", "test_refusals", "test_register_while_connected", "test_seven_clouds", "test_thread_collector", "test_threads")


@pytest.fixture(scope="module")
def board(request):
    """The program that runs a script on the board."""
    named = os.environ.get("BOARDS")
    folder = pathlib.Path(named) if named else TESTS.parent / "target" / "qemu"
    runner = folder / getattr(request.module, "RUNS_ON", "MPS2_AN385") / "run"
    if not named and not runner.exists():
        pytest.skip("there is no firmware: `cargo xtask firmware qemu` builds it")
    return runner


@pytest.fixture(autouse=True)
def scripts_run_on_the_board(board, monkeypatch):
    monkeypatch.setenv("MICROPYTHON", str(board))
