"""ports/esp32 as MicroPython's esp32 port takes it. There is no ESP-IDF here, so its part is played by headers of the same
shape (shapes/micropython-esp32) and by a few functions of CMake.

- Upstream's own CMake files are configured for boards of each kind, and take the module, the port and the archive.
- All of it compiles with upstream's configuration for RISC-V chips.
"""

import json
import os
import pathlib
import re
import subprocess

import pytest

from micropython import ROOT, SOURCE

HERE = pathlib.Path(__file__).resolve().parent
MODULE = ROOT / "micropython"
SOURCES = [MODULE / name for name in (MODULE / "sources.txt").read_text(encoding="utf-8").split()]
PORT = [ROOT / "ports" / "esp32" / "port.c", ROOT / "ports" / "select" / "wake.c"]
LIMIT = 300

# ESP-IDF's part of a configuration, as far as MicroPython's esp32 port asks for it: one component, the program.
PROJECT = """
macro(project name)
    _project(${name} LANGUAGES C)
    if(NOT IDF_TARGET)
        set(IDF_TARGET esp32)
    endif()
    string(TOUPPER ${IDF_TARGET} IDF_TARGET_UPPER)
    set(CONFIG_IDF_TARGET_${IDF_TARGET_UPPER} 1)
    if(IDF_TARGET MATCHES "^esp32(|s2|s3)$")
        set(CONFIG_IDF_TARGET_ARCH_XTENSA 1)
    else()
        set(CONFIG_IDF_TARGET_ARCH_RISCV 1)
    endif()
    add_subdirectory(main)
endmacro()

function(idf_component_register)
    cmake_parse_arguments(component "" "" "SRCS;INCLUDE_DIRS;LDFRAGMENTS;REQUIRES" ${ARGN})
    add_executable(program ${component_SRCS})
    target_include_directories(program PUBLIC ${component_INCLUDE_DIRS})
    set(COMPONENT_TARGET program PARENT_SCOPE)
endfunction()
"""
# What upstream's files name in submodules, which are not here.
IN_SUBMODULES = {
    "extmod/extmod.cmake": (r"\$\{MICROPY_LIB_BERKELEY_DIR\}/(\S+\.c)", "berkeley-db-1.xx"),
    "ports/esp32/esp32_common.cmake": (r"\$\{TINYUSB_SRC\}/(\S+\.c)", "tinyusb/src"),
}


@pytest.fixture(scope="module")
def upstream():
    if not (SOURCE / "ports" / "esp32").exists():
        pytest.skip("there is no source of MicroPython: `cargo xtask micropython` fetches it")
    return SOURCE


def with_submodules(upstream, tree):
    """A tree of links to upstream's, with empty files for those of submodules."""
    (tree / "lib").mkdir(parents=True)
    for entry in [*upstream.iterdir(), *(upstream / "lib").iterdir()]:
        link = tree / entry.relative_to(upstream)
        if link != tree / "lib" and entry.name not in ("berkeley-db-1.xx", "tinyusb", "micropython-lib"):
            link.symlink_to(entry)
    for file, (pattern, submodule) in IN_SUBMODULES.items():
        for name in [*re.findall(pattern, (upstream / file).read_text()), "README", "README.md"]:
            (tree / "lib" / submodule / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / "lib" / submodule / name).touch()
    for name in ("README.md", "../tinyusb/README.rst"):
        (tree / "lib" / "micropython-lib").mkdir(exist_ok=True)
        (tree / "lib" / "micropython-lib" / name).touch()


@pytest.mark.parametrize("board", ["ESP32_GENERIC", "ESP32_GENERIC_S2", "ESP32_GENERIC_S3", "ESP32_GENERIC_C3", "ESP32_GENERIC_C6"])
def test_upstreams_build_takes_it(upstream, tmp_path, board):
    with_submodules(upstream, tmp_path / "tree")
    idf = tmp_path / "idf" / "tools" / "cmake"
    idf.mkdir(parents=True)
    (idf / "project.cmake").write_text(PROJECT)
    archive = tmp_path / "libaliyun_iot.a"
    archive.touch()
    build = tmp_path / "build"
    settings = {
        "MICROPY_DIR": tmp_path / "tree",
        "MICROPY_BOARD": board,
        "USER_C_MODULES": MODULE / "micropython.cmake",
        "ALIYUN_IOT_LIB": archive,
        "ALIYUN_IOT_PORT": "esp32",
        "ALIYUN_IOT_RX_SIZE": "3000",
        "CMAKE_EXPORT_COMPILE_COMMANDS": "ON",
    }
    command = ["cmake", "-S", upstream / "ports" / "esp32", "-B", build, *(f"-D{name}={value}" for name, value in settings.items())]
    done = subprocess.run(command, env={**os.environ, "IDF_PATH": str(tmp_path / "idf")}, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Found User C Module(s): usermod_aliyun_iot" in done.stdout + done.stderr
    compiled = {pathlib.Path(entry["file"]).resolve(): entry["command"] for entry in json.loads((build / "compile_commands.json").read_text())}
    for source in [*SOURCES, *PORT]:
        assert f"-I{MODULE} " in compiled[source] and "-DALIYUN_IOT_RX_SIZE=3000" in compiled[source], source
    assert str(archive) in (build / "main" / "CMakeFiles" / "program.dir" / "link.txt").read_text()


# ---- Compiled ----

RISCV = ["riscv64-unknown-elf-gcc", "-specs=picolibc.specs", "-march=rv32imc", "-mabi=ilp32", "-O2", "-std=gnu17"]
DEFINED = [
    "-DESP_PLATFORM=1",
    "-DCONFIG_IDF_TARGET_ESP32C3=1",
    "-DCONFIG_IDF_TARGET_ARCH_RISCV=1",
    "-DCONFIG_FREERTOS_UNICORE=1",
    '-DIDF_VER="v5.4"',
    "-DIRAM_ATTR=",
]


def names(command, sources, folder):
    """The headers that MicroPython's build generates, with the names that these sources have."""
    generated = folder / "genhdr"
    generated.mkdir()
    for header in ("qstrdefs.generated.h", "root_pointers.h", "moduledefs.h", "mpversion.h"):
        (generated / header).touch()
    found = set()
    for source in sources:
        done = subprocess.run([*command, "-E", source], capture_output=True, text=True, timeout=LIMIT)
        assert done.returncode == 0, done.stderr
        found |= set(re.findall(r"\bMP_QSTR_(\w*)", done.stdout))
    lines = [f'QDEF0(MP_QSTR_{name}, 0, 0, "{name}")\n' for name in sorted(found)]
    (generated / "qstrdefs.generated.h").write_text("".join(lines))


def test_it_compiles_for_risc_v(upstream, library_sources, tmp_path, figure):
    folders = [tmp_path, HERE / "shapes" / "micropython-esp32", HERE / "shapes" / "esp-idf", HERE / "lwip", MODULE, ROOT / "include"]
    theirs = [upstream, upstream / "ports" / "esp32", upstream / "ports" / "esp32" / "boards" / "ESP32_GENERIC_C3"]
    command = [*RISCV, *DEFINED, *(f"-I{folder}" for folder in folders)]
    for folder in [*theirs, library_sources / "lwip" / "src" / "include"]:
        command += ["-isystem", folder]
    names(command, [*SOURCES, *PORT], tmp_path)
    for source in [*SOURCES, *PORT]:
        done = subprocess.run(
            [*command, "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "-fstack-usage", "-c", source, "-o", tmp_path / "object.o"],
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
        assert done.returncode == 0, f"{source}\n{done.stderr}"
    # The last one is wake.c.
    frames = dict(re.findall(r":(\w+)\t(\d+)\t", (tmp_path / "object.su").read_text()))
    figure(f"the task of ports/select on RISC-V: {frames['watch']} bytes of stack in its own frame, {frames['bell_new']} in bell_new")
    assert int(frames["watch"]) + int(frames["bell_new"]) < 512, "the README says how large the task's stack is"
