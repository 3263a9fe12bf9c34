"""A split native module: core_x64.mpy, the library, and native_x64.mpy, the binding. Both halves must be there, whole, and of
one build."""

import importlib.util
import re
import shutil

import pytest

from micropython import ROOT, run
from test_natmod_damaged import cut
from test_natmod_refused import IMPORT, says

ARCH, SPLIT = "x64", "x64-split"
HALVES = ("core", "native")
AGAIN = "install the package again"

LOADED = f"""{IMPORT}
import sys
print(sorted(name for name in sys.modules if name.startswith("aliyunIoT.")))
"""


def file(half):
    return f"{half}_{ARCH}.mpy"


@pytest.fixture
def halves(natmod, tmp_path):
    """A copy of the package: the folder with its files."""
    return shutil.copytree(natmod / SPLIT / "aliyunIoT", tmp_path / "packages" / "aliyunIoT")


@pytest.fixture
def said(halves, program, monkeypatch):
    return lambda: says("unix", halves.parent, program, monkeypatch)


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("length", [0, 8, 9, 513, "half", -1])
def test_a_half_is_cut_short(halves, said, half, length):
    path = halves / file(half)
    path.write_bytes(cut(length)(path.read_bytes()))
    assert said() == f"aliyunIoT: {file(half)} is cut short or damaged: {AGAIN}"


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("where", [3, 0.5, -9, -5, -1])
def test_a_byte_of_a_half_is_another(halves, said, half, where):
    path = halves / file(half)
    data = bytearray(path.read_bytes())
    data[int(len(data) * where) if isinstance(where, float) else where] ^= 1
    path.write_bytes(data)
    assert said() == f"aliyunIoT: {file(half)} is cut short or damaged: {AGAIN}"


@pytest.mark.parametrize("half", HALVES)
def test_a_half_is_missing(halves, said, half):
    (halves / file(half)).unlink()
    assert said() == f"aliyunIoT: {file(half)} is missing: {AGAIN}"


def test_no_half_is_there(halves, said):
    for half in HALVES:
        (halves / file(half)).unlink()
    assert said() == "aliyunIoT: this firmware takes the package for x64, which is not installed"


def test_halves_of_two_builds(halves, said):
    """The other build differs in the number that stands for the C ABI."""
    header = (ROOT / "micropython" / "generated" / "core_calls.h").read_text(encoding="utf-8")
    [build] = re.findall(r"^#define CORE_CALLS_BUILD (0x\w+)u$", header, re.M)
    number = int(build, 16).to_bytes(4, "little")
    path = halves / file("core")
    module = path.read_bytes()[: -seal().SEAL]
    assert module.count(number) == 1
    path.write_bytes(seal().sealed(module.replace(number, bytes(4)), len(HALVES)))
    assert said() == f"aliyunIoT: {file('core')} and {file('native')} are of different builds: {AGAIN}"


def seal():
    spec = importlib.util.spec_from_file_location("seal", ROOT / "micropython" / "natmod" / "seal.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_library_is_left_beside_a_whole_module(natmod, halves, program, monkeypatch):
    """By a split package that was installed before: `mip` removes nothing. Its memory would be wasted."""
    shutil.copy(natmod / ARCH / "aliyunIoT" / file("native"), halves)
    monkeypatch.setenv("MICROPYTHON", str(program("unix", halves.parent)))
    ended = run(LOADED)
    assert (ended.lines, ended.errors) == (["imported", "['aliyunIoT.native_x64']"], "")


def test_both_halves_are_loaded(halves, program, monkeypatch):
    monkeypatch.setenv("MICROPYTHON", str(program("unix", halves.parent)))
    ended = run(LOADED)
    assert (ended.lines, ended.errors) == (["imported", "['aliyunIoT.core_x64', 'aliyunIoT.native_x64']"], "")
