"""Do micropython.mk and micropython.cmake say the same, and say clearly what they miss? Neither needs a board's SDK."""

import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULE = ROOT / "micropython"
LISTED = (MODULE / "sources.txt").read_text(encoding="utf-8").split()

# What MicroPython's own build files do with a user C module, and then what came of it.
MAKE = """
USERMOD_DIR := {module}
include {module}/micropython.mk
all:
	@printf '%s\\n' $(foreach file,$(SRC_USERMOD_C),source=$(file)) $(CFLAGS_USERMOD) $(LDFLAGS_USERMOD)
"""
CMAKE = """
cmake_minimum_required(VERSION 3.13)
project(check NONE)
add_library(usermod INTERFACE)
include({module}/micropython.cmake)
get_target_property(links usermod INTERFACE_LINK_LIBRARIES)
get_target_property(sources usermod_aliyun_iot INTERFACE_SOURCES)
get_target_property(folders usermod_aliyun_iot INTERFACE_INCLUDE_DIRECTORIES)
get_target_property(settings usermod_aliyun_iot INTERFACE_COMPILE_DEFINITIONS)
get_target_property(archive usermod_aliyun_iot INTERFACE_LINK_LIBRARIES)
foreach(source ${sources})
    message(NOTICE "source=${source}")
endforeach()
if(settings)
    foreach(setting ${settings})
        message(NOTICE "-D${setting}")
    endforeach()
endif()
foreach(folder ${folders})
    message(NOTICE "-I${folder}")
endforeach()
message(NOTICE "${archive}")
message(NOTICE "linked=${links}")
"""


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "libaliyun_iot.a"
    path.touch()
    return path


def make(folder, **settings):
    (folder / "Makefile").write_text(MAKE.replace("{module}", str(MODULE)))
    words = [f"{name}={value}" for name, value in settings.items()]
    done = subprocess.run(["make", "-C", folder, *words], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def cmake(folder, **settings):
    (folder / "CMakeLists.txt").write_text(CMAKE.replace("{module}", str(MODULE)))
    words = [f"-D{name}={value}" for name, value in settings.items()]
    command = ["cmake", "-S", folder, "-B", folder / "build", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def listed(said, prefix):
    return {pathlib.Path(found).resolve() for found in re.findall(rf"^{prefix}(.+)$", said, re.MULTILINE)}


def test_each_file_is_listed_once():
    """A native module has the files of natmod/ besides, in the place of module.c."""
    files = {str(file.relative_to(MODULE)) for file in MODULE.glob("**/*.c")}
    assert sorted(LISTED) == sorted(file for file in files if not file.startswith(("natmod/", "bindings/")))


def test_both_list_the_same(tmp_path, archive):
    settings = {"ALIYUN_IOT_LIB": archive, "ALIYUN_IOT_PORT": "lwip"}
    by_make, by_cmake = make(tmp_path, **settings), cmake(tmp_path, **settings)
    assert (by_make[0], by_cmake[0]) == (0, 0), by_make[1] + by_cmake[1]
    sources = listed(by_make[1], "source=")
    assert sources == listed(by_cmake[1], "source=")
    assert sources == {*(MODULE / name for name in LISTED), *(ROOT / "ports" / "lwip").glob("*.c")}, "a file is in no build"
    assert listed(by_make[1], "-I") == listed(by_cmake[1], "-I") == {MODULE, ROOT / "include"}
    for _, said in (by_make, by_cmake):
        assert str(archive) in said
    assert "linked=usermod_aliyun_iot" in by_cmake[1]


@pytest.mark.parametrize(("port", "build"), [("esp32", cmake), ("quecpython", make), ("quecpython", cmake)])
def test_ports_with_descriptors_take_their_wake_ups(tmp_path, archive, port, build):
    code, said = build(tmp_path, ALIYUN_IOT_LIB=archive, ALIYUN_IOT_PORT=port)
    assert code == 0, said
    theirs = {ROOT / "ports" / port / "port.c", ROOT / "ports" / "select" / "wake.c"}
    assert listed(said, "source=") == {*(MODULE / name for name in LISTED), *theirs}


SETTINGS = {
    "ALIYUN_IOT_RX_SIZE": "3000",
    "ALIYUN_IOT_TX_SIZE": "(3*1024)",
    "ALIYUN_IOT_TOPICS_SIZE": "500",
    "ALIYUN_IOT_UPLOAD_BLOCK": "1000",
    "ALIYUN_IOT_KV": "0",
    "ALIYUN_IOT_ROOT_GLOBALSIGN_R1": "0",
}


def test_both_pass_settings_on(tmp_path, archive):
    usual = {"ALIYUN_IOT_LIB": archive, "ALIYUN_IOT_PORT": "lwip"}
    for settings in ({}, {"ALIYUN_IOT_RX_SIZE": "3000"}, SETTINGS):
        for build in (make, cmake):
            shutil.rmtree(tmp_path / "build", ignore_errors=True)
            code, said = build(tmp_path, **usual, **settings)
            assert code == 0, said
            defined = dict(re.findall(r"^-D(ALIYUN_IOT_\w+)=(.+)$", said, re.MULTILINE))
            assert defined == settings, build.__name__


@pytest.mark.parametrize("build", [make, cmake])
def test_what_is_missing_is_named(tmp_path, archive, build):
    for settings, name in (
        ({"ALIYUN_IOT_PORT": "lwip"}, "ALIYUN_IOT_LIB"),
        ({"ALIYUN_IOT_PORT": "lwip", "ALIYUN_IOT_LIB": tmp_path / "none.a"}, "ALIYUN_IOT_LIB"),
        ({"ALIYUN_IOT_PORT": "toaster", "ALIYUN_IOT_LIB": archive}, "ALIYUN_IOT_PORT"),
    ):
        shutil.rmtree(tmp_path / "build", ignore_errors=True)
        code, said = build(tmp_path, **settings)
        assert code != 0 and f"Set {name} to" in said


@pytest.mark.parametrize(("major", "minor", "taken"), [(1, 24, False), (0, 99, False), (1, 25, True), (2, 0, True)])
def test_an_older_micropython_is_told_by_the_first_file(tmp_path, major, minor, taken):
    headers = tmp_path / "py"
    headers.mkdir()
    for header in re.findall(r'#include "py/(.+)"', (MODULE / "base" / "runtime.h").read_text()):
        (headers / header).touch()
    version = f"#define MICROPY_VERSION_MAJOR {major}\n#define MICROPY_VERSION_MINOR {minor}\n"
    (headers / "mpconfig.h").write_text(version)
    command = ["gcc", "-E", "-I", tmp_path, "-I", MODULE.parent / "include", "-I", MODULE, MODULE / "base" / "runtime.h"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    errors = [line for line in done.stderr.splitlines() if "error" in line]
    if taken:
        assert (done.returncode, errors) == (0, [])
    else:
        assert done.returncode != 0 and "needs MicroPython 1.25 or newer" in errors[0]
