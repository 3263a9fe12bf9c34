"""What the C programs in benches/c/ and benches/board/ measure, and valgrind of the program in benches/instructions/."""

import os
import pathlib
import re
import statistics
import subprocess

from broker import HOST

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMIT = 120
# glibc copies much with one instruction that repeats itself, and callgrind counts each repetition: a byte.
COPIES = "glibc.cpu.x86_rep_movsb_threshold=1000000000:glibc.cpu.x86_non_temporal_threshold=1000000000"


def target():
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "bench"


def said(words, environment=None):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "check": True, "timeout": LIMIT}
    return subprocess.run(words, env=environment, **options).stdout


def compile_all():
    """Both clients; each is compiled as its own makers do by default."""
    target().mkdir(parents=True, exist_ok=True)
    common = ["gcc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror"]
    ours = ["benches/c/ours.c", "ports/bsd/bsd_port.c", os.environ["LIBRARY"], "-Iinclude", "-Iports/bsd"]
    subprocess.run([*common, "-o", target() / "ours", *ours], cwd=ROOT, check=True)
    subprocess.run([*common, "-o", target() / "libmosquitto", "benches/c/libmosquitto.c", "-lmosquitto"], cwd=ROOT, check=True)


def rates(broker, qos, window, count, times=7):
    """Medians for us and for libmosquitto, by turns: messages a second and milliseconds until the session is up."""
    found = {"ours": [], "libmosquitto": []}
    for _ in range(times):
        for name, results in found.items():
            words = [target() / name, HOST, str(broker.port), str(qos), str(window), str(count)]
            results.append([float(word) for word in said(words).split()])
    return [[statistics.median(column) for column in zip(*results)] for results in found.values()]


def instructions(operation, n=None, count=2000):
    """On this computer, of the core alone; `n` is the number that the operation depends on, if it has one."""
    return (_callgrind(operation, n, 2 * count) - _callgrind(operation, n, count)) / count


def printed(operation, n, count):
    """The number that an operation of the core prints."""
    return int(said([os.environ["INSTRUCTIONS"], operation, str(n), str(count)]))


def _callgrind(operation, n, count):
    numbers = [str(number) for number in (n, count) if number is not None]
    words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", os.environ["INSTRUCTIONS"], operation, *numbers]
    return int(re.search(r"Collected : (\d+)", said(words, {**os.environ, "GLIBC_TUNABLES": COPIES}))[1])


def on_the_cortex_m3():
    """Instructions of the core alone, through the C ABI as shipped, by operation and the number `n` that it depends on."""
    lines = [line.split() for line in board_program("mps2", sorted((ROOT / "benches/board").glob("*.c")))]
    if not lines or any(len(line) != 3 for line in lines):
        raise RuntimeError(f"the emulated board said {lines}")
    return {(name, int(n)): int(count) for name, n, count in lines}


def board_program(name, sources):
    """The lines that a program prints on the emulated Cortex-M3, linked with the library as shipped: see board.h."""
    target().mkdir(parents=True, exist_ok=True)
    program = target() / f"{name}.elf"
    compiler = ["arm-none-eabi-gcc", "-mcpu=cortex-m3", "-mthumb", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror"]
    link = ["-ffreestanding", "-nostdlib", "-T", "benches/board/mps2.ld", "-Wl,--no-warn-execstack", "-Iinclude", "-Ibenches/board"]
    subprocess.run([*compiler, *link, "-o", program, *sources, os.environ["LIBRARY_M3"], "-lgcc"], cwd=ROOT, check=True)
    qemu = [os.environ["QEMU"], "-machine", "mps2-an385", "-nographic", "-monitor", "none", "-serial", "none"]
    qemu += ["-semihosting-config", "enable=on,target=native", "-icount", "shift=6", "-kernel", program]
    return said(qemu).splitlines()
