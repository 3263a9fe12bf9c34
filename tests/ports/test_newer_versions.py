"""What newer versions of MicroPython changed, and the build files have to bear: docs/versions.md lists it.

The sources here are a few lines each that stand for upstream's; the flags are those of the real build files.
"""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULE, PORT = ROOT / "micropython", ROOT / "ports" / "qemu"

# As MicroPython's qemu port includes them, and its rule for objects.
MAKE = f"""
USERMOD_DIR := {MODULE}
TOP := tree
BUILD := build
CC := gcc
SRC_USERMOD_C :=
CFLAGS_USERMOD :=
LDFLAGS_USERMOD :=
all: build/uart.o build/mphalport.o build/main.o build/mpnetworkport.o build/mcu/arm/ticks.o
include {MODULE}/micropython.mk
CFLAGS += -DMICROPY_PY_LWIP=1 -Wall -Werror
build/%.o: %.c
	mkdir -p $(@D) && $(CC) $(CFLAGS) -c -o $@ $<
flags:
	@printf '%s\\n' $(CFLAGS_USERMOD) $(LDFLAGS_USERMOD)
"""

# What upstream defines in one version or another.
UPSTREAM = {
    "uart.c": "int uart_rx_chr(void) { return 1; }\nint uart_rx_any(void) { return 1; }\n",
    "mphalport.c": """
        void mp_hal_get_random(unsigned long n, unsigned char *to) { for (; n > 0; n--) { *to++ = 4; } }
        unsigned mp_hal_ticks_ms(void) { return 1; }
        unsigned mp_hal_ticks_us(void) { return 1; }
        unsigned mp_hal_ticks_cpu(void) { return 0; }
        unsigned long long mp_hal_time_ns(void) { return 0; }
        void mp_hal_delay_us(unsigned us) { }
        void mp_hal_delay_ms(unsigned ms) { unsigned from = mp_hal_ticks_ms(); while (mp_hal_ticks_ms() - from < ms) { } }
    """,
    "main.c": "void lwip_init(void);\nint main(void) { lwip_init(); return 0; }\nvoid gc_collect(void) { }\n",
    "mpnetworkport.c": "#if MICROPY_PY_LWIP\nunsigned sys_now(void) { return 1; }\nvoid mod_network_lwip_init(void) { }\n#endif\n",
    "mcu/arm/ticks.c": "unsigned priority(void) { return IRQ_PRI_PENDSV << 16; }\n",
}


def tree(folder, modos=""):
    """A folder to run make in, with upstream's sources and a library."""
    (folder / "Makefile").write_text(MAKE)
    (folder / "lib.a").touch()
    for name, text in {"tree/extmod/modos.c": modos, **UPSTREAM}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def make(folder, *words):
    command = ["make", "-C", folder, "ALIYUN_IOT_PORT=qemu", "ALIYUN_IOT_LIB=lib.a", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("modos", "left_out"), [("", False), ("mp_hal_get_random(n, buf);", True)])
def test_os_urandom_is_there_once(tmp_path, modos, left_out):
    flags = make(tree(tmp_path, modos), "flags").splitlines()
    assert ("-DBOARD_HAS_OS_URANDOM=0" in flags) == left_out


def test_what_the_port_has_itself_is_not_upstreams_too(tmp_path):
    """Every function that stands in upstream's place can be linked beside upstream's objects."""
    make(tree(tmp_path))
    objects = [path for path in tmp_path.glob("build/**/*.o")]
    names = subprocess.run(["nm", "-g", "--defined-only", *objects], capture_output=True, text=True, check=True).stdout
    upstream = set(re.findall(r" [TD] (\w+)$", names, re.MULTILINE))
    ours = set()
    for file in PORT.glob("*.c"):
        ours |= set(re.findall(r"^(?!static)[a-z]\w* \*?(\w+)\([^;\n]*\) \{$", file.read_text(), re.MULTILINE))
    assert {"uart_rx_chr", "mp_hal_ticks_ms", "mp_hal_get_random", "gc_collect", "sys_now", "mod_network_lwip_init"} <= ours
    assert upstream & ours == set()
    # What upstream's main() calls is there under the name that it has then.
    assert "upstream_lwip_init" in ours


def test_no_option_is_for_the_compiler_alone(tmp_path):
    """The qemu port of 1.29 gives them to the linker itself, as stm32 does."""
    flags = make(tree(tmp_path), "flags").splitlines()
    assert not [flag for flag in flags if flag.startswith(("-Wl,", "-Xlinker"))]


@pytest.mark.parametrize("name", ["mp_obj_list_store", "mp_obj_list_set_len", "mp_obj_list_get"])
def test_what_is_inline_since_1_28_is_not_used(name):
    """A native module cannot define it, nor has it what the inline function calls."""
    used = [file.name for file in MODULE.glob("**/*.c") if re.search(rf"\b{name}\(", file.read_text())]
    assert used == []
