"""The native module for x64 on a unix port that handles exceptions by the C library's setjmp: raised in callbacks, in files in
Python, by Ctrl-C, and by the module itself."""

import pytest
from test_callbacks import *  # noqa: F403
from test_hostile_scripts import *  # noqa: F403
from test_memory_errors import *  # noqa: F403
from test_wrong_callbacks import *  # noqa: F403

RUNS_ON = ("x64", "unix-setjmp")


@pytest.mark.parametrize(
    "built", ["unix{}/build/micropython", "MPS2_AN386{}/build/firmware.elf", "VIRT_RV32{}/build/firmware.elf"]
)
def test_the_firmware_uses_setjmp(natmod, built):
    """Else no test on it would show anything."""
    stock = natmod / "stock"
    assert b"longjmp" in (stock / built.format("-setjmp")).read_bytes()
    assert b"longjmp" not in (stock / built.format("")).read_bytes()
