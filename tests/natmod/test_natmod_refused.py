"""Firmware that a native module is not for: an ImportError that says what is missing and what to do, never a crash."""

import shutil
import subprocess
import sys

import pytest

from micropython import ROOT, run

IMPORT = """
try:
    from aliyunIoT import Device
    print("imported")
except ImportError as error:
    print(error)
"""


def says(firmware, packages, program, monkeypatch):
    """What an attempt to import the packages' module on some firmware prints."""
    monkeypatch.setenv("MICROPYTHON", str(program(firmware, packages)))
    ended = run(IMPORT)
    assert (ended.code, ended.errors) == (0, "")
    [line] = ended.lines
    return line


def renamed(natmod, folder, arch, to):
    """The package for one architecture under the name of another, as no `mip` would install it."""
    package = folder / "packages" / "aliyunIoT"
    package.mkdir(parents=True)
    for file in (natmod / arch / "aliyunIoT").iterdir():
        shutil.copy(file, package / file.name.replace(f"_{arch.removesuffix('-whole')}.", f"_{to}."))
    return package.parent


@pytest.mark.parametrize(
    ("firmware", "installed", "wanted"),
    [("unix", "armv7m", "x64"), ("MPS2_AN386", "armv7m", "armv7emsp"), ("MPS2_AN385", "armv7emsp", "armv7m")],
)
def test_the_package_for_another_architecture(natmod, program, monkeypatch, firmware, installed, wanted):
    line = says(firmware, natmod / installed, program, monkeypatch)
    assert line == f"aliyunIoT: this firmware takes the package for {wanted}, which is not installed"


def test_soft_floats_on_firmware_with_hard_floats(natmod, program, tmp_path, monkeypatch):
    """MicroPython would run it, and save more registers than it has room for."""
    line = says("MPS2_AN386", renamed(natmod, tmp_path, "armv7m", "armv7emsp"), program, monkeypatch)
    assert line.startswith("aliyunIoT: this firmware uses the floating-point unit") and "armv7emsp" in line


@pytest.mark.parametrize(
    ("firmware", "arch", "name"), [("unix", "rv32imc-whole", "x64"), ("MPS2_AN385", "armv7emsp", "armv7m")]
)
def test_a_module_that_micropython_refuses(natmod, program, tmp_path, monkeypatch, firmware, arch, name):
    line = says(firmware, renamed(natmod, tmp_path, arch, name), program, monkeypatch)
    assert line.startswith(f"aliyunIoT: native_{name}.mpy is not for this firmware") and "install" in line


def test_firmware_without_a_network(natmod, program, monkeypatch):
    line = says("VIRT_RV32", natmod / "rv32imc", program, monkeypatch)
    assert line.startswith("aliyunIoT: this firmware lacks (parts of) the modules socket, time;")
    assert "firmware that has a network" in line


@pytest.mark.parametrize(
    ("mpy", "reason"),
    [
        (None, "MicroPython 1.25 or newer"),
        (6 | 2 << 8 | 2 << 10, "MicroPython 1.25 or newer"),
        (6 | 3 << 8, "no package for what this firmware runs as native code"),
        (6 | 3 << 8 | 9 << 10, "no package for what this firmware runs as native code"),
    ],
)
def test_firmware_that_no_package_is_for(tmp_path, mpy, reason):
    """As MicroPython tells its version and architecture; here CPython stands in for such firmware, with the package's source."""
    # CPython's collector has no threshold().
    code = f"import gc, sys; gc.threshold = lambda *_: 0; mpy = {mpy}\nif mpy: sys.implementation._mpy = mpy\n{IMPORT}"
    shutil.copytree(ROOT / "micropython" / "natmod" / "package", tmp_path / "aliyunIoT")
    env = {"PYTHONPATH": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert reason in ended.stdout and ended.stdout.startswith("aliyunIoT: ")
