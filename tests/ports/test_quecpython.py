"""QuecPython's two SDKs, which are not at hand: the binding and ports/select compile against headers of their shape.

UniRTOS's module is a Cortex-M3 whose MicroPython has an interpreter lock and floats inside of objects. Names of Python come
from the emulated board's firmware, which has the same.
"""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

from micropython import ROOT, SOURCE

HERE = pathlib.Path(__file__).resolve().parent
WAKE = ROOT / "ports" / "select" / "wake.c"
SOURCES = [ROOT / "micropython" / name for name in (ROOT / "micropython" / "sources.txt").read_text(encoding="utf-8").split()]
SOURCES.append(ROOT / "ports" / "quecpython" / "port.c")
LIMIT = 300


@pytest.fixture(scope="module")
def compiler():
    """Compiles files for the SDK of a name, without a warning."""
    if not shutil.which("arm-none-eabi-gcc"):
        pytest.skip("there is no arm-none-eabi-gcc")
    named, boards = os.environ.get("MICROPYTHON_DIR"), os.environ.get("BOARDS")
    firmware = (pathlib.Path(boards) if boards else ROOT / "target" / "qemu") / "MPS2_AN385" / "build"
    if not named and not (SOURCE.exists() and (firmware / "genhdr" / "qstrdefs.generated.h").exists()):
        pytest.skip("there is no firmware: `cargo xtask firmware qemu` builds it")
    includes = [ROOT / "micropython", ROOT / "include", WAKE.parent, SOURCE, HERE / "lwip", SOURCE / "lib" / "lwip" / "src" / "include"]

    def run(sdk, files, *options):
        warnings = ["-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror"]
        command = ["arm-none-eabi-gcc", "-specs=picolibc.specs", "-mcpu=cortex-m3", "-mthumb", "-std=gnu99", "-Os", *warnings, *options]
        # MicroPython's settings are those on UniRTOS.
        shapes = dict.fromkeys([HERE / "shapes" / sdk, HERE / "shapes" / "unirtos"])
        command += [f"-I{folder}" for folder in (*shapes, *includes[:3])]
        # What is not ours is not to be warned of.
        command += [word for folder in (*includes[3:], firmware) for word in ("-isystem", folder)]
        done = subprocess.run([*command, *files], capture_output=True, text=True, timeout=LIMIT)
        assert done.returncode == 0, done.stderr

    return run


def calls(program):
    """What an object asks of others."""
    said = subprocess.run(["arm-none-eabi-nm", "-u", program], capture_output=True, text=True, check=True, timeout=LIMIT).stdout
    return set(re.findall(r"\bU (\w+)", said))


def test_the_binding_compiles_for_unirtos(compiler):
    compiler("unirtos", SOURCES, "-fsyntax-only")


@pytest.mark.parametrize(
    "sdk, names",
    [
        ("unirtos", ["qosa_mutex_create", "qosa_mutex_lock", "qosa_mutex_unlock", "qosa_task_create", "qosa_task_delete", "qosa_task_get_current_ref", "qosa_task_sleep_ms"]),
        ("helios", ["Helios_Mutex_Create", "Helios_Mutex_Lock", "Helios_Mutex_Unlock", "Helios_Thread_Create", "Helios_Thread_Exit", "Helios_msleep"]),
    ],
)
def test_the_wake_ups_are_the_sdks_own(compiler, tmp_path, sdk, names):
    compiler(sdk, [WAKE], "-c", "-o", tmp_path / "wake.o")
    wanted = calls(tmp_path / "wake.o")
    assert sorted(name for name in wanted if name.startswith(("qosa_", "Helios_"))) == names
    assert {"lwip_select", "lwip_socket", "lwip_close", "mp_sched_schedule"} <= wanted
    assert not {"select", "socket", "close", "xTaskCreate", "vTaskDelete"} & wanted
