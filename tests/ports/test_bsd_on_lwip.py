"""ports/bsd on plain lwIP, with lwIP's own sources: it compiles whatever lwIP is set to, as C and as C++, from a copy of the
folder alone; and it runs, on a computer over lwIP's loopback interface."""

import itertools
import os
import pathlib
import shutil
import subprocess

import pytest

from micropython import ROOT

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 300
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
LANGUAGES = {"C99": ["-x", "c", "-std=c99"], "C++17": ["-x", "c++", "-std=c++17"]}
# How lwIP names its functions, with or without poll(), and whose numbers its errors have.
SETTINGS = {
    "LWIP_COMPAT_SOCKETS": (0, 1, 2),
    "LWIP_POSIX_SOCKETS_IO_NAMES": (0, 1),
    "LWIP_SOCKET_POLL": (0, 1),
    "LWIP_IPV6": (0, 1),
}
C_LIBRARIES = [[], ["-DTESTS_LWIP_HAS_ERRNO"], ["-DTESTS_C_LIBRARY_HAS_TIMEVAL"]]


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The folder, the header, and nothing else of this repository."""
    folder = tmp_path_factory.mktemp("alone") / "port"
    shutil.copytree(ROOT / "ports" / "bsd", folder)
    shutil.copy(ROOT / "include" / "aliyun_iot.h", folder)
    return folder


def compiles(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stderr}"


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("source", ["bsd_port.c", "bsd_shared.c", "tls_mbedtls.c"])
def test_it_compiles_for_a_board(library_sources, port, language, source):
    compiler = ["arm-none-eabi-gcc", "-specs=picolibc.specs", "-mcpu=cortex-m4", "-mthumb", "-fsyntax-only"]
    if not shutil.which(compiler[0]):
        pytest.skip("there is no arm-none-eabi-gcc")
    if subprocess.run([*compiler, "-x", "c", "/dev/null"], capture_output=True).returncode != 0:
        compiler.remove("-specs=picolibc.specs")
    includes = [f"-I{HERE / 'lwip'}", "-isystem", library_sources / "lwip" / "src" / "include"]
    includes += ["-isystem", library_sources / "mbedtls" / "include", "-isystem", HERE / "shapes" / "freertos"]
    # The facade has no address but one of IPv4, and does not wait itself.
    varied = {"LWIP_COMPAT_SOCKETS", "LWIP_POSIX_SOCKETS_IO_NAMES"} if source == "bsd_shared.c" else SETTINGS.keys()
    for values in itertools.product(*(SETTINGS[name] if name in varied else SETTINGS[name][-1:] for name in SETTINGS)):
        settings = [f"-D{name}={value}" for name, value in zip(SETTINGS, values)]
        for c_library in C_LIBRARIES:
            compiles([*compiler, *language, *WARNINGS, *includes, *settings, *c_library, port / source])


@pytest.mark.parametrize("missing", ["LWIP_SOCKET=0", "LWIP_DNS=0", "LWIP_SOCKET_POLL=0 -DLWIP_SOCKET_SELECT=0"])
def test_what_lwip_lacks_is_told(library_sources, port, tmp_path, missing):
    options = "\n".join(f"#undef {word.split('=')[0]}\n#define {word.replace('=', ' ')}" for word in missing.split(" -D"))
    (tmp_path / "lwipopts.h").write_text(f'#include_next "lwipopts.h"\n{options}\n')
    includes = [f"-I{tmp_path}", f"-I{HERE / 'lwip'}", "-isystem", library_sources / "lwip" / "src" / "include"]
    command = ["gcc", "-fsyntax-only", "-DBSD_PORT_LWIP=1", *includes, port / "bsd_port.c"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode != 0 and "The port over BSD sockets needs" in done.stderr


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_it_compiles_on_a_computer(port, language):
    strict = [*WARNINGS, "-Wpedantic", "-Wshadow", "-Wconversion"]
    for source in ("bsd_port.c", "bsd_shared.c", "bsd_task.c", "tls_mbedtls.c"):
        compiles(["gcc", *language, *strict, "-fsyntax-only", port / source])


@pytest.fixture(scope="module")
def archive():
    """The library for this computer, as tests/c has it."""
    named = os.environ.get("ALIYUN_IOT_LIB")
    if named:
        return named
    features = "ffi,panic-handler,md5,sha1"
    command = ["cargo", "rustc", "-q", "-p", "aliyun-iot", "--profile", "hosted", "--lib", "--crate-type", "staticlib", "--features", features]
    subprocess.run(command, cwd=ROOT, check=True, timeout=LIMIT)
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "hosted" / "libaliyun_iot.a"


@pytest.mark.parametrize("settings", [(1, 0, 0), (0, 1, 1)], ids=["poll", "select"])
def test_it_runs_on_lwip(library_sources, port, archive, tmp_path, settings):
    """A session, a message each way, the end of the link, refusals, what rings: and no turn that spins."""
    lwip = library_sources / "lwip"
    unix = lwip / "contrib" / "ports" / "unix" / "port"
    sources = [*(lwip / "src" / "core").glob("*.c"), *(lwip / "src" / "core" / "ipv4").glob("*.c"), *(lwip / "src" / "api").glob("*.c")]
    sources += [lwip / "src" / "netif" / "ethernet.c", unix / "sys_arch.c"]
    names = ("LWIP_SOCKET_POLL", "LWIP_COMPAT_SOCKETS", "LWIP_POSIX_SOCKETS_IO_NAMES")
    flags = ["-DBSD_PORT_LWIP=1", *(f"-D{name}={value}" for name, value in zip(names, settings))]
    flags += [f"-I{unix / 'include'}", f"-I{HERE / 'lwip'}", "-isystem", lwip / "src" / "include", f"-I{port}"]
    program = tmp_path / "device"
    command = ["gcc", "-O1", "-g", "-fsanitize=address", *flags, "-o", program, HERE / "lwip_device.c", port / "bsd_port.c", port / "bsd_shared.c"]
    compiles([*command, *sources, archive, "-lpthread"])
    done = subprocess.run([program], capture_output=True, text=True, timeout=LIMIT)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert lines[:3] == ["connected", "message: hello", "lost: closed by the server"], lines
    assert lines[3:6] == ["failed: Connection reset by peer"] * 3, lines
    assert lines[6:] == ["few turns: 1", "rung", "waits without a descriptor: 1", "two threads: rings 3"], lines


@pytest.mark.slow
def test_a_task_runs_on_freertos(library_sources, freertos_sources, port, archive, tmp_path, figure):
    """bsd_task.h on FreeRTOS's kernel and lwIP's own port to it: tasks of three priorities publish, over a link that is cut."""
    lwip, kernel = library_sources / "lwip", freertos_sources
    posix, sys_arch = kernel / "portable" / "ThirdParty" / "GCC" / "Posix", lwip / "contrib" / "ports" / "freertos"
    sources = [HERE / "freertos_device.c", *(port / name for name in ("bsd_port.c", "bsd_shared.c", "bsd_task.c"))]
    theirs = [kernel / name for name in ("tasks.c", "queue.c", "list.c", "portable/MemMang/heap_3.c")]
    theirs += [posix / "port.c", posix / "utils" / "wait_for_event.c", sys_arch / "sys_arch.c", lwip / "src" / "netif" / "ethernet.c"]
    for folder in ("api", "core", "core/ipv4"):
        theirs += (lwip / "src" / folder).glob("*.c")
    flags = ["-DBSD_PORT_LWIP=1", "-DBSD_TASK_TLS=0", f"-DBSD_TASK_STACK={1 << 18}", "-DTESTS_BOARD", "-DTESTS_C_LIBRARY_HAS_TIMEVAL"]
    # The header of lwIP's port for the operating system comes before that of the other tests, FreeRTOS's settings after all.
    flags += [f"-I{port}", f"-I{sys_arch / 'include'}", f"-I{HERE / 'lwip'}", "-idirafter", HERE / "select" / "kernel"]
    for folder in (kernel / "include", posix, lwip / "src" / "include"):
        flags += ["-isystem", folder]
    program = tmp_path / "device"
    compiles(["gcc", "-g", "-O1", "-Wall", "-Wextra", "-pthread", *flags, "-o", program, *sources, *theirs, archive])
    done = subprocess.run([program], capture_output=True, text=True, timeout=LIMIT)
    lines = done.stdout.splitlines()
    assert lines[:2] == ["got 50 50 50, out of order 0, refused 0", "delivered 150, after the end -1"], (lines, done.stderr)
    figure(f"bsd_task.h on FreeRTOS and lwIP: {lines[2]}")
