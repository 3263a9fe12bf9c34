"""Instructions: valgrind of the program in benches/instructions/, and what the programs for the emulated board print."""

import os
import re
import subprocess

from clients import LIMIT, ROOT, target

CALLGRIND = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
# glibc copies much with one instruction that repeats itself, and callgrind counts each repetition: a byte.
COPIES = "glibc.cpu.x86_rep_movsb_threshold=1000000000:glibc.cpu.x86_non_temporal_threshold=1000000000"


def said(words, environment=None):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "check": True, "timeout": LIMIT}
    return subprocess.run(words, env=environment, **options).stdout


def instructions(operation, n=None, count=2000):
    """On this computer, of the core alone; `n` is the number that the operation depends on, if it has one."""
    return (_callgrind(operation, n, 2 * count) - _callgrind(operation, n, count)) / count


def printed(operation, n, count):
    """The number that an operation of the core prints."""
    return int(said([os.environ["INSTRUCTIONS"], operation, str(n), str(count)]))


def _callgrind(operation, n, count):
    numbers = [str(number) for number in (n, count) if number is not None]
    return collected([os.environ["INSTRUCTIONS"], operation, *numbers])


def collected(command):
    """What callgrind counts of a command, which options of callgrind may precede."""
    return int(re.search(r"Collected : (\d+)", said([*CALLGRIND, *command], {**os.environ, "GLIBC_TUNABLES": COPIES}))[1])


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
