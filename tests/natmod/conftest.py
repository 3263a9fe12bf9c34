"""The native modules, on firmware without the module: the tests of the unix port and of the emulated boards, run again.

NATMOD names the folder with the packages and that firmware; else it is what `cargo xtask test natmod` leaves in target/.
A file of tests says in RUNS_ON which package it is about, and on which firmware.
"""

import os
import pathlib
import shlex
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
for folder in ("support", "examples", "micropython"):
    sys.path.insert(0, str(TESTS / folder))

# The same tests that the unix port has to pass.
SHARED = (
    "test_beside_callbacks",
    "test_blocking_calls",
    "test_callbacks",
    "test_clouds",
    "test_client_certificates",
    "test_examples",
    "test_hostile_scripts",
    "test_interrupted_bursts",
    "test_idle",
    "test_memory",
    "test_memory_errors",
    "test_reconnect",
    "test_nested_uploads",
    "test_queue",
    "test_refusals",
    "test_seven_clouds",
    "test_raw_replies",
    "test_register",
    "test_register_while_connected",
    "test_store_access",
    "test_store_shared",
    "test_thread_collector",
    "test_threads",
    "test_unheard_errors",
    "test_words",
    "test_wrong_callbacks",
)
pytest.register_assert_rewrite(*SHARED)


@pytest.fixture(scope="session")
def natmod():
    """The folder with the packages, and with the firmware in `stock/`."""
    named = os.environ.get("NATMOD")
    folder = pathlib.Path(named) if named else TESTS.parent / "target" / "natmod"
    if not named and not (folder / "stock" / "VIRT_RV32").exists():
        pytest.skip("there are no native modules: `cargo xtask test natmod` builds them")
    return folder


@pytest.fixture
def program(natmod, tmp_path):
    """Writes a program that runs scripts on some firmware, with the packages in a folder installed."""

    def on(firmware, packages):
        packages = shlex.quote(str(packages))
        if firmware.startswith("unix"):
            micropython = shlex.quote(str(natmod / "stock" / firmware / "build" / "micropython"))
            text = f'MICROPYPATH={packages}:"$MICROPYPATH" exec {micropython} "$@"'
        else:
            text = f'exec {shlex.quote(str(natmod / "stock" / firmware / "run"))} --package {packages} "$@"'
        path = tmp_path / f"on-{firmware}"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    return on


@pytest.fixture(autouse=True)
def scripts_run_there(request, natmod, program, monkeypatch):
    runs_on = getattr(request.module, "RUNS_ON", None)
    if runs_on:
        arch, firmware = runs_on
        monkeypatch.setenv("MICROPYTHON", str(program(firmware, natmod / arch)))
