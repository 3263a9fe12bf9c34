"""Is the table of docs/natmod.md up to date? Loosely: compilers differ a little."""

import re

from micropython import ROOT

ROW = re.compile(r"^\| `(\w+)` \|.*?\| *(\d+) \|", re.M)
MAY_DIFFER = 0.1


def test_the_table_of_sizes(natmod):
    told = {arch: int(size) for arch, size in ROW.findall((ROOT / "docs" / "natmod.md").read_text(encoding="utf-8"))}
    are = {path.parent.parent.name: path.stat().st_size for path in natmod.glob("*/aliyunIoT/native_*.mpy")}
    assert told.keys() == are.keys()
    wrong = {arch: size for arch, size in are.items() if abs(size - told[arch]) > MAY_DIFFER * size}
    assert not wrong, "docs/natmod.md tells other sizes"
