"""Is the table of docs/natmod.md up to date? It states kilobytes, and may be off by two: compilers differ a little."""

import re

from micropython import ROOT

ROW = re.compile(r"^\| `(\w+)` \|.*?\| *(\d+) \|", re.M)
KB, MAY_DIFFER_KB = 1000, 2


def test_the_table_of_sizes(natmod):
    told = {arch: int(size) for arch, size in ROW.findall((ROOT / "docs" / "natmod.md").read_text(encoding="utf-8"))}
    are = {path.parent.parent.name: path.stat().st_size for path in natmod.glob("*/aliyunIoT/native_*.mpy")}
    assert told.keys() == are.keys()
    wrong = {arch: size for arch, size in are.items() if abs(size / KB - told[arch]) > MAY_DIFFER_KB}
    assert not wrong, "docs/natmod.md tells other sizes"
