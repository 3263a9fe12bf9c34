"""Where lwIP and mbedTLS are (in the sources of MicroPython that the other tests have fetched), and FreeRTOS's kernel."""

import os
import pathlib

import pytest

from micropython import ROOT, SOURCE


@pytest.fixture(scope="module")
def library_sources():
    """The folder of MicroPython's tree that has lwIP and mbedTLS."""
    folder = SOURCE / "lib"
    if not (folder / "lwip" / "src" / "api").exists():
        pytest.skip("there is no source of lwIP: `cargo xtask firmware qemu` fetches it")
    return folder


@pytest.fixture(scope="module")
def freertos_sources():
    """The folder of FreeRTOS's kernel."""
    named = os.environ.get("FREERTOS")
    folder = pathlib.Path(named) if named else ROOT / "target" / "freertos" / "vendor" / "freertos-next" / "FreeRTOS-Kernel"
    if not (folder / "tasks.c").exists():
        pytest.skip("there is no source of FreeRTOS: `cargo xtask test python` fetches it")
    return folder
