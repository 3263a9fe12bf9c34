"""Where the tests of the C ABI find the library and the compiler."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
WARNINGS = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]


def build_library():
    command = ["cargo", "rustc", "--package", "aliyun-iot", "--release", "--lib", "--crate-type", "staticlib"]
    command += ["--features", "ffi,panic-handler", "--message-format", "json-render-diagnostics"]
    built = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    messages = [json.loads(line) for line in built.stdout.splitlines() if line.startswith("{")]
    names = [name for message in messages for name in message.get("filenames", [])]
    return [name for name in names if name.endswith("libaliyun_iot.a")][-1]


@pytest.fixture(scope="session")
def library():
    """The static library: the one that ALIYUN_IOT_LIB names, else the one that cargo makes."""
    return os.environ.get("ALIYUN_IOT_LIB") or build_library()


@pytest.fixture(scope="session")
def compile_c(library, tmp_path_factory):
    folder = tmp_path_factory.mktemp("c")

    def compile_c(source, name, *flags):
        program = folder / name
        include = f"-I{ROOT / 'include'}"
        command = ["gcc", *WARNINGS, "-g", "-O1", include, *flags, "-o", program, ROOT / source, library]
        subprocess.run(command, check=True)
        return program

    return compile_c


@pytest.fixture(scope="session")
def example(compile_c):
    return compile_c("examples/c/main.c", "device")


@pytest.fixture(scope="session")
def sanitized_example(compile_c):
    return compile_c("examples/c/main.c", "device-sanitized", *SANITIZE)


@pytest.fixture(scope="session")
def contract(compile_c):
    return compile_c("tests/c/contract.c", "contract")


@pytest.fixture(scope="session")
def sanitized_contract(compile_c):
    return compile_c("tests/c/contract.c", "contract-sanitized", *SANITIZE)


@pytest.fixture(scope="session")
def valgrind():
    """A command line to which a program is added; it fails on any error and on any block not freed."""
    found = shutil.which("valgrind")
    if not found:
        pytest.skip("valgrind is not installed")
    return [found, "--quiet", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=all",
            "--errors-for-leak-kinds=all"]
