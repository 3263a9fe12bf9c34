"""A native module that is cut short or changed, as an installation that was broken off leaves it: the import says so.

MicroPython itself waits for ever for the rest of such a file.
"""

import shutil

import pytest

from micropython import run
from test_natmod_refused import IMPORT

# From the beginning, from the end, and in between.
LENGTHS = [*range(12), 20, 100, 511, 512, 513, 4096, *(-length for length in (1, 2, 4, 7, 8, 9, 16, 511, 512, 513, 5000)), "half"]


def package(natmod, folder, arch, change):
    """The package for an architecture, its module changed."""
    at = folder / "packages" / "aliyunIoT"
    shutil.rmtree(at, ignore_errors=True)
    at.mkdir(parents=True)
    for name in ("__init__.mpy", "check.mpy"):
        shutil.copy(natmod / arch / "aliyunIoT" / name, at)
    name = f"native_{arch}.mpy"
    whole = (natmod / arch / "aliyunIoT" / name).read_bytes()
    (at / name).write_bytes(change(whole))
    return at.parent


def says(firmware, packages, program, monkeypatch):
    monkeypatch.setenv("MICROPYTHON", str(program(firmware, packages)))
    ended = run(IMPORT, limit=30)
    assert (ended.code, ended.errors) == (0, "")
    [line] = ended.lines
    return line


def cut(length):
    return lambda whole: whole[: len(whole) // 2 if length == "half" else length]


def test_cut_short(natmod, program, tmp_path, monkeypatch):
    for length in LENGTHS:
        line = says("unix", package(natmod, tmp_path, "x64", cut(length)), program, monkeypatch)
        assert line == "aliyunIoT: native_x64.mpy is cut short or damaged: install the package again", length


@pytest.mark.parametrize("length", [0, 513, "half", -1])
def test_cut_short_on_a_board(natmod, program, tmp_path, monkeypatch, length):
    line = says("MPS2_AN385", package(natmod, tmp_path, "armv7m", cut(length)), program, monkeypatch)
    assert line == "aliyunIoT: native_armv7m.mpy is cut short or damaged: install the package again"


@pytest.mark.parametrize("where", [0, 3, 100, 0.5, 0.9, -9, -5, -1])
def test_one_byte_is_another(natmod, program, tmp_path, monkeypatch, where):
    def change(whole):
        at = int(len(whole) * where) if isinstance(where, float) else where
        changed = bytearray(whole)
        changed[at] ^= 0x10
        return changed

    line = says("unix", package(natmod, tmp_path, "x64", change), program, monkeypatch)
    assert "native_x64.mpy is cut short or damaged" in line


def test_something_follows(natmod, program, tmp_path, monkeypatch):
    line = says("unix", package(natmod, tmp_path, "x64", lambda whole: whole + b"\0"), program, monkeypatch)
    assert "native_x64.mpy is cut short or damaged" in line


def test_firmware_without_crc32_sees_the_length(natmod, program, tmp_path, monkeypatch):
    """Firmware lacks `binascii.crc32` where it is short of flash."""
    packages = package(natmod, tmp_path, "x64", cut(-1))
    (packages / "binascii.py").write_text("a2b_base64 = 1\n")
    line = says("unix", packages, program, monkeypatch)
    assert "native_x64.mpy is cut short or damaged" in line
    packages = package(natmod, tmp_path, "x64", lambda whole: whole)
    assert says("unix", packages, program, monkeypatch) == "imported"
