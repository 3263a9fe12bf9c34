"""The figures of docs/c-abi.md that a program can measure: the size of a device, and the stack of its deepest call."""

import re
import subprocess

from conftest import ROOT


def stated(pattern):
    page = (ROOT / "docs" / "c-abi.md").read_text(encoding="utf-8")
    return int(re.search(pattern, page, re.M)[1].replace(",", ""))


def test_a_device_and_its_stack_are_as_large_as_the_page_says(compile_c, figure):
    program = compile_c("tests/c/stack.c", "stack", "-pthread")
    said = subprocess.run([program], capture_output=True, text=True, check=True, timeout=120).stdout
    measured = [(name, int(size)) for name, size in (line.split() for line in said.splitlines())]
    device = dict(measured)["device"]
    name, deepest = max((row for row in measured if row[0] != "device"), key=lambda row: row[1])
    figure(f"a device {device} bytes, the deepest call {deepest}: {name}")
    # What a program is told to reserve is enough, and not much more than enough.
    assert 0.8 * stated(r"^\| a device, .*, x86_64 \| ([\d,]+) at most") < device <= stated(r"reserve ([\d,]+) bytes")
    assert stated(r"^\| a device, .*, x86_64 \| ([\d,]+) at most") == stated(r"reserve ([\d,]+) bytes")
    limit = stated(rf"^\| stack, deepest call.*\| ([\d,]+) at most: `{name}` \|$")
    assert 0.8 * limit < deepest <= limit
