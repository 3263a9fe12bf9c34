"""The line of docs/c-abi.md that builds the library, typed in another folder and with flags of one's own: as small as ever."""

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMIT = 600
# Features that the line has by default, and `cargo xtask lib` on request only.
ON_REQUEST = ("desired", "names", "plain", "words")
# What `cargo xtask lib` saves by flags of LLVM and by a second run, which a line to type has not, and what figures may be off.
# SHA-256 with its rounds unrolled would be 7,000 more.
MAY_DIFFER = 4500


def line():
    page = (ROOT / "docs" / "c-abi.md").read_text(encoding="utf-8")
    return re.search(r"^    (cargo rustc .*)$", page, re.M)[1].split()


def target(words):
    return words[words.index("--target") + 1]


def small(triple):
    """What the size page says that `cargo xtask lib` makes for the target."""
    page = (ROOT / "docs" / "size.md").read_text(encoding="utf-8")
    return int(re.search(rf"^\| {triple} \| \d+ \| \d+ \| (\d+) \|", page, re.M)[1])


def price(feature):
    """What the size page says that the feature costs."""
    page = (ROOT / "docs" / "size.md").read_text(encoding="utf-8")
    return int(re.search(rf"^\| with {feature} \| \d+ \| \+(\d+) \|", page, re.M)[1])


def linked(archive, folder):
    """Bytes of code and constants that a firmware keeps which calls everything, without `memcpy` and the like."""
    header = (ROOT / "include" / "aliyun_iot.h").read_text(encoding="utf-8")
    names = set(re.findall(r"^(?!//|static inline).*?\b(aliyun_iot_\w+)\(", header, re.M))
    keep = [f"-Wl,--undefined={name}" for name in sorted(names)]
    program = folder / "all.elf"
    command = ["arm-none-eabi-gcc", "-nostdlib", "-Wl,--gc-sections,-e,aliyun_iot_init", *keep, "-o", program, archive]
    subprocess.run(command, check=True, timeout=LIMIT)
    sections = re.findall(r"^\.(?:text|rodata)\S* +(\d+)", said(["arm-none-eabi-size", "-A", program]), re.M)
    symbols = re.findall(r"^\w+ (\w+) \w (\S+)$", said(["arm-none-eabi-nm", "-S", program]), re.M)
    memory = [int(size, 16) for size, name in symbols if re.search("compiler_builtins.*mem|memcpy|memset|memmove|aeabi_mem", name)]
    return sum(map(int, sections)) - sum(memory)


def said(command):
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=LIMIT).stdout


@pytest.mark.slow
def test_as_small_as_with_xtask(tmp_path, figure):
    words = line()
    core = subprocess.run(["rustc", "--print", "target-libdir", "--target", target(words)], capture_output=True, text=True)
    if not pathlib.Path(core.stdout.strip()).is_dir():
        pytest.skip(f"the toolchain has no core for {target(words)}")
    environment = dict(os.environ, CARGO_TARGET_DIR=str(tmp_path / "target"), RUSTFLAGS="-Cforce-frame-pointers=no")
    command = [*words[:2], "--manifest-path", ROOT / "Cargo.toml", *words[2:]]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=LIMIT)
    archive = tmp_path / "target" / target(words) / "release" / "libaliyun_iot.a"
    size = linked(archive, tmp_path)
    figure(f"code and constants typed by hand for {target(words)}: {size} bytes")
    expected = small(target(words)) + sum(map(price, ON_REQUEST))
    assert expected - MAY_DIFFER < size < expected + MAY_DIFFER
