"""Is the table of docs/natmod.md up to date? It states kilobytes, and may be off by two: compilers differ a little."""

import re

from micropython import ROOT

# Of a split module the sizes of both files, the library's first.
ROW = re.compile(r"^\| `([\w-]+)` \|.*?\| *(\d+)(?: \+ (\d+))? \|", re.M)
KB, MAY_DIFFER_KB = 1000, 2
# Built for tests alone: x64 in other ways than the usual.
NOT_TOLD = "x64-"


def sizes(package):
    files = [*package.glob("aliyunIoT/core_*.mpy"), *package.glob("aliyunIoT/native_*.mpy")]
    return [file.stat().st_size for file in files]


def test_the_table_of_sizes(natmod):
    rows = ROW.findall((ROOT / "docs" / "natmod.md").read_text(encoding="utf-8"))
    told = {name: [int(size) for size in found if size] for name, *found in rows}
    are = {path.parent.name: sizes(path.parent) for path in natmod.glob("*/package.json")}
    assert told.keys() == {name for name in are if not name.startswith(NOT_TOLD)}
    for name, expected in told.items():
        assert len(expected) == len(are[name]), name
        wrong = [size for size, kb in zip(are[name], expected) if abs(size / KB - kb) > MAY_DIFFER_KB]
        assert not wrong, f"docs/natmod.md tells another size of {name}"
