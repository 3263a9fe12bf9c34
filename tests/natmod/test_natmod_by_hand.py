"""`make` in micropython/natmod: what is missing is told in one line, before anything is built; and it compiles with headers
of MicroPython as newer versions have them."""

import os
import subprocess
import sys

import pytest

from micropython import ROOT, SOURCE

pytestmark = pytest.mark.skipif(not (SOURCE / "py" / "dynruntime.mk").exists(), reason="no MicroPython source")


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
    settings = {"ARCH": "x64", "MPY_DIR": SOURCE, "PYTHON": sys.executable, "BUILD": tmp_path / "build", **settings}
    words = [f"{name}={value}" for name, value in settings.items()]
    make = subprocess.run(["make", "-C", ROOT / "micropython" / "natmod", *words], capture_output=True, text=True)
    [line] = [line for line in make.stderr.splitlines() if "***" in line]
    assert make.returncode != 0 and says in line
    assert not (tmp_path / "build").exists()


# MicroPython 1.28 has such a function in the place of one that is only declared; the header comes with py/mpstate.h.
INLINE = """
static inline void mp_obj_list_store(mp_obj_t list, mp_obj_t index, mp_obj_t value) {
    mp_obj_list_t *self = MP_OBJ_TO_PTR(list);
    self->items[mp_get_index(self->base.type, self->len, index, false)] = value;
}
"""
DECLARED = "void mp_obj_list_store(mp_obj_t self_in, mp_obj_t index, mp_obj_t value);\n"


@pytest.fixture
def like_1_28(tmp_path):
    """A tree whose headers have what MicroPython 1.28 changed and a native module notices."""
    tree = tmp_path / "micropython"
    (tree / "py").mkdir(parents=True)
    for part in [*SOURCE.iterdir(), *(SOURCE / "py").iterdir()]:
        if part.name != "py":
            (tree / part.relative_to(SOURCE)).symlink_to(part)
    objects, lists = ((SOURCE / "py" / header).read_text() for header in ("obj.h", "objlist.h"))
    assert (DECLARED in objects) != ("void mp_obj_list_store" in lists)
    for header, text in (("obj.h", objects.replace(DECLARED, "")), ("objlist.h", lists)):
        if header == "objlist.h" and DECLARED in objects:
            before, end, after = text.rpartition("#endif")
            text = before + INLINE + end + after
        (tree / "py" / header).unlink()
        (tree / "py" / header).write_text(text)
    return tree


def test_a_function_that_newer_versions_have_inline(tmp_path, like_1_28):
    binding, build = ROOT / "micropython", tmp_path / "build"
    sources = [name for name in (binding / "sources.txt").read_text().split() if name != "module.c"]
    sources += [f"natmod/{file.name}" for file in (binding / "natmod").glob("*.c")]
    objects = [str(build / name).replace(".c", ".o") for name in sources]
    settings = {"ARCH": "x64", "MPY_DIR": like_1_28, "PYTHON": sys.executable, "BUILD": build, "ALIYUN_IOT_LIB": os.devnull}
    words = [f"{name}={value}" for name, value in settings.items()]
    make = subprocess.run(["make", "-s", "-C", binding / "natmod", *words, *objects], capture_output=True, text=True)
    assert make.returncode == 0, make.stderr
    assert "objlist.h" in (build / "names").read_text()
