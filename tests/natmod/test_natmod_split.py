"""A split native module: core_x64.mpy, the library, native_x64.mpy, the binding, and roots.bin, the trust roots. All must be
there, undamaged, and the modules of one build."""

import importlib.util
import re
import shutil

import pytest

from micropython import ROOT, run
from test_natmod_damaged import cut
from test_natmod_refused import IMPORT, says

ARCH, SPLIT = "x64", "x64-split"
FILES = ("core_x64.mpy", "native_x64.mpy", "roots.bin")
CORE, NATIVE, ROOTS = FILES
AGAIN = "install the package again"

LOADED = f"""{IMPORT}
import sys
print(sorted(name for name in sys.modules if name.startswith("aliyunIoT.")))
"""


@pytest.fixture
def package(natmod, tmp_path):
    """A copy of the package: the folder with its files."""
    return shutil.copytree(natmod / SPLIT / "aliyunIoT", tmp_path / "packages" / "aliyunIoT")


@pytest.fixture
def said(package, program, monkeypatch):
    return lambda: says("unix", package.parent, program, monkeypatch)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("length", [0, 8, 9, 513, "half", -1])
def test_cut_short(package, said, file, length):
    path = package / file
    path.write_bytes(cut(length)(path.read_bytes()))
    assert said() == f"aliyunIoT: {file} is cut short or damaged: {AGAIN}"


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("where", [3, 0.5, -9, -5, -1])
def test_one_byte_is_another(package, said, file, where):
    path = package / file
    data = bytearray(path.read_bytes())
    data[int(len(data) * where) if isinstance(where, float) else where] ^= 1
    path.write_bytes(data)
    assert said() == f"aliyunIoT: {file} is cut short or damaged: {AGAIN}"


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_missing(package, said, file):
    (package / file).unlink()
    assert said() == f"aliyunIoT: {file} is missing: {AGAIN}"


def test_no_file_is_there(package, said):
    for file in FILES:
        (package / file).unlink()
    assert said() == "aliyunIoT: this firmware takes the package for x64, which is not installed"


def test_modules_of_two_builds(package, said):
    """The other build differs in the number that stands for the C ABI."""
    header = (ROOT / "micropython" / "generated" / "core_calls.h").read_text(encoding="utf-8")
    [build] = re.findall(r"^#define CORE_CALLS_BUILD (0x\w+)u$", header, re.M)
    number = int(build, 16).to_bytes(4, "little")
    path = package / CORE
    module = path.read_bytes()[: -seal().SEAL]
    assert module.count(number) == 1
    path.write_bytes(seal().sealed(module.replace(number, bytes(4)), 2))
    assert said() == f"aliyunIoT: {CORE} and {NATIVE} are of different builds: {AGAIN}"


def seal():
    spec = importlib.util.spec_from_file_location("seal", ROOT / "micropython" / "natmod" / "seal.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def of_another_architecture(module):
    """A module that MicroPython refuses for its header; the seal is right."""
    return seal().sealed(module[:2] + bytes([module[2] ^ 1 << 2]) + module[3 : -seal().SEAL], 2)


def test_a_library_is_left_beside_a_whole_module(natmod, package, program, monkeypatch):
    """By a split package that was installed before: `mip` removes nothing. Its memory would be wasted."""
    shutil.copy(natmod / ARCH / "aliyunIoT" / NATIVE, package)
    monkeypatch.setenv("MICROPYTHON", str(program("unix", package.parent)))
    ended = run(LOADED)
    assert (ended.lines, ended.errors) == (["imported", "['aliyunIoT.native_x64']"], "")


def test_both_package_are_loaded(package, program, monkeypatch):
    monkeypatch.setenv("MICROPYTHON", str(program("unix", package.parent)))
    ended = run(LOADED)
    assert (ended.lines, ended.errors) == (["imported", "['aliyunIoT.core_x64', 'aliyunIoT.native_x64']"], "")


def test_an_import_that_failed_is_tried_again(package, program, monkeypatch):
    """A module that MicroPython refuses, then a good one: the checks run both times."""
    good = (package / CORE).read_bytes()
    (package / CORE).write_bytes(of_another_architecture(good))
    (package / "good").write_bytes(good)
    monkeypatch.setenv("MICROPYTHON", str(program("unix", package.parent)))
    put = f"open({str(package / CORE)!r}, 'wb').write(open({str(package / 'good')!r}, 'rb').read())\n"
    ended = run(IMPORT + IMPORT + put + IMPORT)
    assert (ended.code, ended.errors) == (0, "")
    first, second, third = ended.lines
    assert first == second and first.startswith(f"aliyunIoT: {CORE} is not for this firmware") and third == "imported"


def test_an_import_that_failed_leaves_the_collector_as_it_was(package, program, monkeypatch):
    """While modules are loaded, it runs more often."""
    (package / CORE).write_bytes(of_another_architecture((package / CORE).read_bytes()))
    monkeypatch.setenv("MICROPYTHON", str(program("unix", package.parent)))
    ended = run(f"import gc\ngc.threshold(100000)\n{IMPORT}print(gc.threshold())\n")
    assert (ended.code, ended.errors) == (0, "")
    assert ended.lines[0].startswith(f"aliyunIoT: {CORE} is not for this firmware") and ended.lines[1:] == ["100000"]
