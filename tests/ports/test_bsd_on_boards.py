"""ports/bsd with lwIP's own sources and FreeRTOS's names, linked for a Cortex-M4: what is missing is the board's, and nothing
else. And what the port takes of the flash there and on RISC-V, as its page says."""

import pathlib
import re
import shutil
import subprocess

import pytest

from micropython import ROOT

HERE = pathlib.Path(__file__).resolve().parent
BSD = ROOT / "ports" / "bsd"
LIMIT = 300
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
ARM = ("arm-none-eabi-", ["-mcpu=cortex-m4", "-mthumb"])
RISCV = ("riscv64-unknown-elf-", ["-march=rv32imc", "-mabi=ilp32"])
FOR_SIZE = ["-specs=picolibc.specs", "-Os", "-ffunction-sections", "-fdata-sections"]

# What a board has beside lwIP, mbedTLS, FreeRTOS and the library.
OF_THE_BOARD = {"board_random", "gettimeofday"}
OF_FREERTOS = {
    "uxQueueMessagesWaiting", "vPortEnterCritical", "vPortExitCritical", "vQueueDelete", "vTaskDelay", "vTaskDelete",
    "xQueueCreateMutex", "xQueueGenericCreate", "xQueueGenericSend", "xQueueGenericSendFromISR", "xQueueGiveMutexRecursive",
    "xQueueReceive", "xQueueSemaphoreTake", "xQueueTakeMutexRecursive", "xTaskCreate", "xTaskGetCurrentTaskHandle",
    "xTaskGetTickCount",
}
# What a heap of picolibc asks of the linker script.
OF_THE_LINKER = {"__heap_start", "__heap_end", "__errno", "errno"}
SOURCES = ["bsd_port.c", "tls_mbedtls.c", "bsd_shared.c", "bsd_task.c"]


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stderr}"
    return done.stdout + done.stderr


def includes_of(library_sources):
    lwip = library_sources / "lwip"
    own = [f"-I{HERE / 'shapes' / 'freertos'}", f"-I{HERE / 'lwip'}", f"-I{BSD}", f"-I{ROOT / 'include'}"]
    # lwIP's header of the operating system comes before the one of the other tests.
    others = ["-isystem", lwip / "src" / "include", "-isystem", library_sources / "mbedtls" / "include"]
    return [f"-I{lwip / 'contrib' / 'ports' / 'freertos' / 'include'}", *own, *others]


def compiled(chain, source, includes, folder, warnings=WARNINGS):
    prefix, processor = chain
    made = folder / (source.stem + ".o")
    run([prefix + "gcc", *processor, *FOR_SIZE, *warnings, "-DTESTS_BOARD", *includes, "-c", "-o", made, source])
    return made


def flash(size, file):
    """Bytes of code and constants."""
    text, _, _ = map(int, run([size, file]).splitlines()[1].split()[:3])
    return text


@pytest.fixture(scope="module")
def objects(library_sources, tmp_path_factory):
    """ports/bsd for a Cortex-M4, and lwIP with its port to FreeRTOS."""
    if not shutil.which("arm-none-eabi-gcc"):
        pytest.skip("there is no arm-none-eabi-gcc")
    folder = tmp_path_factory.mktemp("arm")
    lwip, includes = library_sources / "lwip", includes_of(library_sources)
    ours = [compiled(ARM, source, includes, folder) for source in (*(BSD / name for name in SOURCES), HERE / "lwip_board.c")]
    theirs = [*(lwip / "src" / "core").glob("*.c"), *(lwip / "src" / "core" / "ipv4").glob("*.c"), *(lwip / "src" / "api").glob("*.c")]
    theirs += [lwip / "src" / "netif" / "ethernet.c", lwip / "contrib" / "ports" / "freertos" / "sys_arch.c"]
    return ours, [compiled(ARM, source, includes, folder, warnings=[]) for source in theirs]


@pytest.fixture(scope="module")
def linked(objects, tmp_path_factory):
    """The program, and what the linker has not found."""
    program = tmp_path_factory.mktemp("board") / "board.elf"
    flags = "-Wl,--gc-sections,-e,board_main,--warn-unresolved-symbols"
    said = run(["arm-none-eabi-gcc", *ARM[1], *FOR_SIZE, "-nostartfiles", flags, "-o", program, *objects[0], *objects[1]])
    return program, set(re.findall(r"undefined reference to `(\w+)'", said))


def test_what_is_missing_is_not_lwip_s(library_sources, linked):
    _, missing = linked
    calls = set(re.findall(r"\b(aliyun_iot_\w+)\(", (ROOT / "include" / "aliyun_iot.h").read_text(encoding="utf-8")))
    headers = (library_sources / "mbedtls" / "include").glob("*/*.h")
    tls = set(re.findall(r"\b((?:mbedtls|psa)_\w+)\(", "".join(header.read_text() for header in headers)))
    assert missing & calls and missing & tls and missing & OF_FREERTOS
    assert not missing - calls - tls - OF_FREERTOS - OF_THE_BOARD - OF_THE_LINKER


def table():
    """The rows of the page: what, on the Cortex-M4, on RISC-V."""
    page = (BSD / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+\.c)`[^|]*\| ([\d,]+) \| ([\d,]+) \|$", page, re.M)
    return {name: tuple(int(figure.replace(",", "")) for figure in figures) for name, *figures in rows}


def test_flash_is_what_the_page_says(library_sources, objects, linked, tmp_path, figure):
    if not shutil.which("riscv64-unknown-elf-gcc"):
        pytest.skip("there is no riscv64-unknown-elf-gcc")
    includes = includes_of(library_sources)
    measured = {
        name: (flash("arm-none-eabi-size", arm), flash("riscv64-unknown-elf-size", compiled(RISCV, BSD / name, includes, tmp_path)))
        for name, arm in zip(SOURCES, objects[0])
    }
    shown = "; ".join(f"{name} {arm} and {riscv}" for name, (arm, riscv) in measured.items())
    figure(f"flash of ports/bsd on a Cortex-M4 and on RISC-V: {shown}")
    said = table()
    assert said.keys() == measured.keys(), measured
    for name, figures in measured.items():
        assert all(abs(told - found) <= found * 0.03 for told, found in zip(said[name], figures)), (name, figures)
    page = (BSD / "README.md").read_text(encoding="utf-8")
    memory = {name: int(size, 16) for size, name in re.findall(r"^\w+ (\w+) b (\w+)$", run(["arm-none-eabi-nm", "-S", objects[0][3]]), re.M)}
    facade, task = (int(found.replace(",", "")) for found in re.search(r"`bsd_shared` has (\d+) bytes\. `bsd_task.c` has ([\d,]+) bytes", page).groups())
    assert (memory["shared"], sum(memory.values())) == (facade, task), memory
    # Of the facade, a program links the calls that it makes.
    symbols = re.findall(r"^\w+ (\w+) [tT] (bsd_shared_\w+)$", run(["arm-none-eabi-nm", "-S", linked[0]]), re.M)
    names = {name for _, name in symbols}
    assert "bsd_shared_publish" in names and "bsd_shared_upload" not in names
