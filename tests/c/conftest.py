"""Where the tests of the C ABI find the library and the compiler."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
WARNINGS = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]
EXAMPLE = ["examples/c/main.c", "ports/bsd/bsd_port.c", "ports/bsd/tls_mbedtls.c"]
CONTRACT = sorted((ROOT / "tests" / "c" / "contract").glob("*.c"))
MBEDTLS = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]


def build_library():
    command = ["cargo", "rustc", "--package", "aliyun-iot", "--profile", "hosted", "--lib", "--crate-type", "staticlib"]
    command += ["--features", "ffi,panic-handler,md5,sha1", "--message-format", "json-render-diagnostics"]
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

    def compile_c(source, name, *flags, libraries=()):
        program = folder / name
        sources = [ROOT / one for one in (source if isinstance(source, list) else [source])]
        includes = [f"-I{ROOT / 'include'}", f"-I{ROOT / 'ports' / 'bsd'}"]
        command = ["gcc", *WARNINGS, "-g", "-O1", *includes, *flags, "-o", program, *sources, library, *libraries]
        subprocess.run(command, check=True)
        return program

    return compile_c


@pytest.fixture(scope="session")
def example(compile_c):
    return compile_c(EXAMPLE, "device", libraries=MBEDTLS)


@pytest.fixture(scope="session")
def sanitized_example(compile_c):
    return compile_c(EXAMPLE, "device-sanitized", *SANITIZE, libraries=MBEDTLS)


@pytest.fixture(scope="session")
def stingy_example(compile_c):
    """The sanitized example on a network that takes and gives seven bytes at a time."""
    wraps = [f"-Wl,--wrap={name}" for name in ("send", "recv", "mbedtls_ssl_write", "mbedtls_ssl_read")]
    sources = [*EXAMPLE, "tests/c/stingy.c"]
    return compile_c(sources, "device-stingy", *SANITIZE, *wraps, libraries=MBEDTLS)


@pytest.fixture(scope="session")
def patient_example(compile_c):
    """The example for valgrind, with more time for a handshake."""
    sources = [*EXAMPLE, "tests/c/patient.c"]
    return compile_c(sources, "device-patient", "-Wl,--wrap=aliyun_iot_connect_aliyun", libraries=MBEDTLS)


@pytest.fixture(scope="session")
def contract(compile_c):
    return compile_c(CONTRACT, "contract")


@pytest.fixture(scope="session")
def sanitized_contract(compile_c):
    return compile_c(CONTRACT, "contract-sanitized", *SANITIZE)


@pytest.fixture(scope="session")
def valgrind():
    """A command line to which a program is added; it fails on any error and on any block not freed."""
    found = shutil.which("valgrind")
    if not found:
        pytest.skip("valgrind is not installed")
    return [found, "--quiet", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=all",
            "--errors-for-leak-kinds=all"]


@pytest.fixture(params=["plain", "sanitized", "valgrind"])
def command(request):
    """The command line of the example, each way that it is checked."""
    if request.param == "valgrind":
        return [*request.getfixturevalue("valgrind"), request.getfixturevalue("patient_example")]
    return [request.getfixturevalue("sanitized_example" if request.param == "sanitized" else "example")]
