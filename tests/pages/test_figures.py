"""Each figure that a page states of this project follows from a file that makes it so, or that measured it.

A page that states another figure of this kind fails until the figure has a source here: see `test_no_figure_is_without_a_source`.
"""

import re

import pytest

from micropython import ROOT


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def number(words):
    return int(words.replace(",", ""))


def found(path, pattern):
    """The number in a file that has it; `64 * 1024` counts as one."""
    words = re.search(pattern, text(path), re.M)
    assert words, f"{path} has no {pattern}"
    product = 1
    for factor in words[1].replace("_", "").split("*"):
        product *= int(factor)
    return product


def macro(path, name):
    return found(path, rf"^#define {name} \(([\d* ]+)\)")


def budget(name):
    return number(re.search(rf"^\| {name}.*?\| (\d+) \| \d+ \| -?\d+ \|$", text("docs/size.md"), re.M)[1])


def growing(operation):
    return found(COUNTS, rf'^    \("{operation}", \d+\): \(".*", (\d+)\)')


BOARD, COMPUTER, EMULATED = "micropython/base/core.h", "ports/unix/variant/mpconfigvariant.h", "ports/qemu/mpconfigqemu.h"
SIZES, COUNTS = "xtask/src/size/budget.rs", "benches/measure/budgets.py"
KIB, MIB = 1024, 1024 * 1024
OUTBOX = "src/mqtt/outbox.rs"
BLOCK = r"a block must be 256 to (\d+) bytes"


def window():
    return found(OUTBOX, r"WINDOW: usize = (\d+);")


# A page, what stands before and after the figure there, and what it has to be.
FIGURES = [
    ("docs/porting.md", r"`ALIYUN_IOT_RX_SIZE` \| ([\d,]+);", lambda: macro(BOARD, "ALIYUN_IOT_RX_SIZE")),
    ("docs/porting.md", r"`ALIYUN_IOT_RX_SIZE` \| \d+; ([\d,]+) on a computer", lambda: macro(COMPUTER, "ALIYUN_IOT_RX_SIZE")),
    ("docs/porting.md", r"`ALIYUN_IOT_RX_SIZE` \| \d+; ([\d,]+) on a computer", lambda: macro(EMULATED, "ALIYUN_IOT_RX_SIZE")),
    ("docs/porting.md", r"512 to (307200); a script", lambda: found(BOARD, r"RX_SIZE\) <= (\d+)")),
    ("docs/porting.md", r"`ALIYUN_IOT_TX_SIZE` \| ([\d,]+);", lambda: macro(BOARD, "ALIYUN_IOT_TX_SIZE")),
    ("docs/porting.md", r"`ALIYUN_IOT_TX_SIZE` \| \d+; ([\d,]+) there", lambda: macro(COMPUTER, "ALIYUN_IOT_TX_SIZE")),
    ("docs/porting.md", r"`ALIYUN_IOT_TX_SIZE` \| \d+; ([\d,]+) there", lambda: macro(EMULATED, "ALIYUN_IOT_TX_SIZE")),
    ("docs/porting.md", r"acknowledged; (1024) or more", lambda: found(BOARD, r"TX_SIZE\) >= (\d+)")),
    ("docs/porting.md", r"`ALIYUN_IOT_TOPICS_SIZE` \| ([\d,]+) ", lambda: macro(BOARD, "ALIYUN_IOT_TOPICS_SIZE")),
    ("docs/porting.md", r"a block of an upload, 256 to ([\d,]+);", lambda: found("src/ffi/services/upload.rs", BLOCK)),
    ("docs/porting.md", r"the send buffer with ([\d,]+) bytes", lambda: macro("micropython/services/upload.c", "AROUND_A_BLOCK")),
    ("docs/c-abi.md", r"32-bit processors \| ([\d,]+) at most", lambda: budget("one device's state")),
    ("docs/c-abi.md", r"`tx` \| (\d+) for the session", lambda: found("src/mqtt/outbox.rs", r"BYTES_KEPT_BACK: usize = (\d+);")),
    ("docs/c-abi.md", r"a block takes ([\d,]+) bytes beside", lambda: macro("micropython/services/upload.c", "AROUND_A_BLOCK")),
    ("docs/natmod.md", r"\((\d+) kB: ", lambda: round(sum(macro(BOARD, f"ALIYUN_IOT_{name}_SIZE") for name in ("RX", "TX", "TOPICS")) / 1000)),
    ("docs/natmod.md", r"\(\d+ kB: (\d+) kB of it is `rxBuffer`", lambda: round(macro(BOARD, "ALIYUN_IOT_RX_SIZE") / 1000)),
    ("docs/budgets.md", r"default build, thumbv7em \| ([\d,]+) bytes", lambda: found(SIZES, r"default build\",\s+bytes: ([\d* ]+),")),
    ("docs/budgets.md", r"cheapest build .*?\| ([\d,]+) bytes", lambda: found(SIZES, r"cheapest build .*\",\s+bytes: ([\d* ]+),")),
    ("docs/budgets.md", r"without the caller's buffers, thumbv7em \| ([\d,]+) bytes", lambda: found(SIZES, r"device's state.*\",\s+bytes: ([\d* ]+),")),
    ("docs/budgets.md", r"QoS 0 publish, x86_64 \| ([\d,]+) i", lambda: found(COUNTS, r"^BUDGETS = .*\"qos0\": (\d+)")),
    ("docs/budgets.md", r"QoS 1 publish and its PUBACK, x86_64 \| ([\d,]+) i", lambda: found(COUNTS, r"^BUDGETS = .*\"qos1\": (\d+)")),
    ("docs/budgets.md", r"QoS 0 message received, x86_64 \| ([\d,]+) i", lambda: found(COUNTS, r"^BUDGETS = .*\"received\": (\d+)")),
    ("docs/budgets.md", r"property set received and answered, x86_64 \| ([\d,]+) i", lambda: found(COUNTS, r"^BUDGETS = .*\"set\": (\d+)")),
    ("docs/laws.md", r"holds at most (\d+) of them", lambda: window() + found(OUTBOX, r"WINDOW as u8 \+ (\d+);") - found(OUTBOX, r"RECORDS_KEPT_BACK: u8 = (\d+);")),
    ("docs/laws.md", r"At most (\d+) wait at a time", window),
    ("docs/laws.md", r"It sends the PINGREQ\s+(\d+) s before", lambda: found("src/mqtt/keepalive.rs", r"min\(([\d_]+)\)") // 1000),
    ("docs/budgets.md", r"26 QoS 0 messages queued, then sent, Cortex-M3 \| ([\d,]+) i", lambda: growing("queue")),
    ("docs/budgets.md", r"the PUBACK of the oldest, Cortex-M3 \| ([\d,]+) i", lambda: growing("in_flight1")),
    ("docs/budgets.md", r"of which the last matches, Cortex-M3 \| ([\d,]+) i", lambda: growing("subscriptions_last")),
    ("docs/from-haas.md", r"`rxBuffer` \((\d+) KiB on boards", lambda: macro(BOARD, "ALIYUN_IOT_RX_SIZE") // KIB),
    ("docs/from-haas.md", r"on boards, (\d+) KiB on computers", lambda: macro(COMPUTER, "ALIYUN_IOT_RX_SIZE") // KIB),
    ("docs/from-haas.zh.md", r"开发板上为 (\d+) KiB", lambda: macro(BOARD, "ALIYUN_IOT_RX_SIZE") // KIB),
    ("docs/from-haas.zh.md", r"电脑和模拟开发板上为 (\d+) KiB", lambda: macro(COMPUTER, "ALIYUN_IOT_RX_SIZE") // KIB),
    ("ports/qemu/README.md", r"The heap is (\d+) MiB", lambda: found("ports/qemu/mps2/family.mk", r"^MICROPY_HEAP_SIZE = (\d+)") // MIB),
    (
        "docs/reliability.md",
        r"every one of the ([\d,]+) QoS 1 messages",
        lambda: sum(int(n) for n in re.findall(r"^  to the \w+ +(\d+) of \1,", text("tests/device/simulation/weeks.txt"), re.M)),
    ),
]

# What other tests compare: tests/c/test_c_figures.py, tests/natmod/test_natmod_sizes.py, test_natmod_on_xtensa.py there.
ELSEWHERE = {
    "docs/c-abi.md": [r"x86_64 \| [\d,]+ at most", r"reserve [\d,]+ bytes", r"stack, deepest call.*"],
    "docs/natmod.md": [r"^\| `\w+` \|.*$", r"^\| (?:smallest heap|heap|memory for|stack).*$", r"a heap of 57,344 bytes"],
}
# Figures of MQTT, of the platform, or that a page recommends: they do not follow from this project's state.
GIVEN = {
    "docs/c-abi.md": [r"give it 512 or more, for registration 1,024", r"give it 1,024 or more", r"saves some\s+300 bytes", r"127 bytes", r"at most 255 bytes", r"4 KiB"],
    "docs/porting.md": [r"8,?192"],
    # Measured once, on the emulated RISC-V board: nothing else has so small a heap.
    "docs/natmod.md": [r"a heap of 136 KiB", r"a device with\s+148 KiB", r"the tests has 192 KiB"],
}
STATES_A_FIGURE = re.compile(r"\d,\d{3}|[\d.]+ (?:kB|KiB|MB|MiB|bytes)|\d{3,} for the session")


@pytest.mark.parametrize(("page", "pattern", "source"), FIGURES, ids=[f"{page}: {pattern}" for page, pattern, _ in FIGURES])
def test_a_figure(page, pattern, source):
    stated = re.search(pattern, text(page))
    assert stated, f"{page} does not state this any more: remove it here"
    assert number(stated[1]) == source()


@pytest.mark.parametrize("page", ["docs/c-abi.md", "docs/natmod.md", "docs/porting.md"])
def test_no_figure_is_without_a_source(page):
    rest = text(page)
    patterns = [pattern for one, pattern, _ in FIGURES if one == page] + ELSEWHERE.get(page, []) + GIVEN.get(page, [])
    spans = [match.span() for pattern in patterns for match in re.finditer(pattern, rest, re.M)]
    lost = [
        match[0] + " in: " + rest[rest.rfind("\n", 0, match.start()) + 1 :].split("\n")[0]
        for match in STATES_A_FIGURE.finditer(rest)
        if not any(start <= match.end() - 1 and match.start() < end for start, end in spans)
    ]
    assert not lost, "add a source to FIGURES, or leave the figure out"


def test_every_budget_is_on_the_page():
    """The rows of the page are those of the jobs that measure: see FIGURES for the numbers."""
    sizes = re.findall(r"\bwhat: \"", text(SIZES))
    counts = re.search(r"^BUDGETS = \{(.*)\}", text(COUNTS), re.M)[1].split(",")
    counts += re.findall(r"^    \(\"\w+\", \d+\): \(", text(COUNTS), re.M)
    page = text("docs/budgets.md")
    assert len(re.findall(r"^\|.*\d bytes \|$", page, re.M)) == len(sizes)
    assert len(re.findall(r"^\|.*\d instructions \|$", page, re.M)) == len(counts)
