"""ports/select on an RTOS: FreeRTOS's kernel with lwIP in a task of its own, both as they come, in a process of the computer;
and on threads that run at the same time, where ThreadSanitizer looks on. select/program.c says what is checked.

The unix port with these wake-ups runs the tests of wake-ups as well: `cargo xtask test select`.
"""

import pathlib
import re
import subprocess

import pytest

from micropython import ROOT

HERE = pathlib.Path(__file__).resolve().parent / "select"
PORT = ROOT / "ports" / "select"
LIMIT = 300
CHECKS = 27
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
# What the program looks at, in wake.c and in itself.
WATCHED = ["select", "socket", "close", "send"]


@pytest.fixture(scope="module")
def lwip(library_sources):
    folder = library_sources / "lwip"
    if not (folder / "contrib" / "ports" / "freertos").exists():
        pytest.skip("this lwIP has no port to FreeRTOS: `cargo xtask firmware qemu` fetches one that has")
    return folder


def built(program, sources, options, wrapped):
    command = ["gcc", "-g", "-O1", "-pthread", *options, f"-I{HERE / 'include'}", f"-I{ROOT / 'micropython'}", *sources]
    command += [f"-Wl,{','.join(f'--wrap={name}' for name in wrapped)}", "-o", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0, done.stderr
    return program


def runs(program, figure, checks, under=()):
    done = subprocess.run([*under, program], capture_output=True, text=True, timeout=LIMIT)
    said = done.stdout + done.stderr
    assert done.returncode == 0 and "FAILED" not in said and "ThreadSanitizer" not in said, said
    assert said.count("\nok: ") + said.startswith("ok: ") == checks and said.endswith("all is well\n"), said
    for line in re.findall(r"^measured: (.*)", said, re.MULTILINE):
        figure(f"{program.name}: {line}")


@pytest.mark.slow
def test_on_freertos_and_lwip(lwip, freertos_sources, tmp_path, figure):
    port = freertos_sources / "portable" / "ThirdParty" / "GCC" / "Posix"
    sources = [HERE / "program.c", PORT / "wake.c"]
    sources += [freertos_sources / name for name in ("tasks.c", "queue.c", "list.c", "portable/MemMang/heap_3.c")]
    sources += [port / "port.c", port / "utils" / "wait_for_event.c", lwip / "contrib" / "ports" / "freertos" / "sys_arch.c"]
    for folder in ("api", "core", "core/ipv4"):
        sources += sorted((lwip / "src" / folder).glob("*.c"))
    sources.append(lwip / "src" / "netif" / "ethernet.c")
    options = ["-DKERNEL=1", "-DALIYUN_IOT_LWIP=1", f"-I{HERE / 'kernel'}"]
    for folder in (freertos_sources / "include", port, lwip / "src" / "include", lwip / "contrib" / "ports" / "freertos" / "include"):
        options += ["-isystem", folder]
    wrapped = [*(f"lwip_{name}" for name in WATCHED), "sys_arch_netconn_sem_get"]
    runs(built(tmp_path / "on-freertos", sources, options, wrapped), figure, CHECKS + 1)


@pytest.mark.slow
@pytest.mark.parametrize("sanitizer", ["thread", "address,undefined"])
def test_on_threads(tmp_path, figure, sanitizer):
    sources = [HERE / "program.c", PORT / "wake.c", PORT / "posix" / "port.c"]
    options = [*WARNINGS, f"-fsanitize={sanitizer}", f"-I{PORT / 'posix'}"]
    # ThreadSanitizer of gcc 12 cannot place its memory where addresses are laid out at random in more than 28 bits.
    runs(built(tmp_path / "on-threads", sources, options, WATCHED), figure, CHECKS, under=["setarch", "-R"])
