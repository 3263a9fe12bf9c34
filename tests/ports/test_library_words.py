"""A library without words makes no firmware that is mute: the first device says how to build the library."""

import pathlib
import subprocess

import pytest

from micropython import ROOT
from micropython import program as built_program
from test_settings import built_again

REMEDY = "RuntimeError: the library has no words; build it with --with words"


@pytest.mark.slow
def test_firmware_without_words_names_the_remedy(tmp_path):
    command = ["cargo", "rustc", "--package", "aliyun-iot", "--profile", "hosted", "--lib", "--crate-type", "staticlib"]
    command += ["--no-default-features", "--features", "ffi,panic-handler,ntp,plain,register,upload"]
    subprocess.run([*command, "--target-dir", tmp_path / "target"], cwd=ROOT, check=True, timeout=600)
    library = tmp_path / "target" / "hosted" / "libaliyun_iot.a"
    program = built_again(pathlib.Path(built_program()), tmp_path, [f"ALIYUN_IOT_LIB={library}"])
    script = "import aliyunIoT\naliyunIoT.Device()\n"
    done = subprocess.run([program, "-c", script], capture_output=True, text=True, timeout=60)
    assert REMEDY in done.stdout + done.stderr and done.returncode != 0
