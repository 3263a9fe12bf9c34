"""Native modules on an emulated board with an FPU whose firmware handles exceptions by the C library's setjmp.

MicroPython lets such firmware load modules for soft floats too. They run there: nothing of theirs passes floats, and setjmp saves
no more registers than they have space for.
"""

import shutil

import pytest
from test_examples import example  # noqa: F401  (a fixture)
from test_examples import test_events, test_subscribe  # noqa: F401
from test_wrong_callbacks import test_callbacks_of_what_the_platform_sends  # noqa: F401


@pytest.fixture(autouse=True, params=["armv7emsp", "armv7m"])
def on_the_board(natmod, program, tmp_path, monkeypatch, request):
    arch = request.param
    package = tmp_path / "packages" / "aliyunIoT"
    package.mkdir(parents=True)
    shutil.copy(natmod / arch / "aliyunIoT" / "__init__.py", package)
    shutil.copy(natmod / arch / "aliyunIoT" / f"native_{arch}.mpy", package / "native_armv7emsp.mpy")
    monkeypatch.setenv("MICROPYTHON", str(program("MPS2_AN386-setjmp", package.parent)))
