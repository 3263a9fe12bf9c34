"""`make` in micropython/natmod: what is missing is told in one line, before anything is built."""

import os
import pathlib
import subprocess
import sys

import pytest

from micropython import ROOT

TREE = pathlib.Path(os.environ.get("MICROPYTHON_DIR") or ROOT / "target" / "micropython" / "oldest")

pytestmark = pytest.mark.skipif(not (TREE / "py" / "dynruntime.mk").exists(), reason="no MicroPython source")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"ARCH": "armv9"}, "architecture 'armv9' not supported"),
        ({"PYTHON": f"{sys.executable} -S -I"}, "pip install pyelftools ar"),
        ({"ARCH": "armv7m", "CROSS": "no-such-compiler-"}, "there is no no-such-compiler-gcc, the compiler for armv7m: install it"),
        ({"ALIYUN_IOT_LIB": "nowhere.a"}, "set ALIYUN_IOT_LIB to the library for x64"),
    ],
)
def test_what_is_missing_is_told(tmp_path, settings, says):
    settings = {"ARCH": "x64", "MPY_DIR": TREE, "PYTHON": sys.executable, "BUILD": tmp_path / "build", **settings}
    words = [f"{name}={value}" for name, value in settings.items()]
    make = subprocess.run(["make", "-C", ROOT / "micropython" / "natmod", *words], capture_output=True, text=True)
    [line] = [line for line in make.stderr.splitlines() if "***" in line]
    assert make.returncode != 0 and says in line
    assert not (tmp_path / "build").exists()
