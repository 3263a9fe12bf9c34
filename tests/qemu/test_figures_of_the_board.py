"""The figure of ports/qemu/README.md that the firmware tells at once: its size."""

import re
import subprocess

from micropython import ROOT

MAY_DIFFER = 0.03


def test_the_size_of_the_firmware(board):
    page = (ROOT / "ports" / "qemu" / "README.md").read_text(encoding="utf-8")
    stated = 1000 * int(re.search(r"^\| firmware \| (\d+) kB", page, re.M)[1])
    command = ["arm-none-eabi-size", board.parent / "build" / "firmware.elf"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    code, data = map(int, said.splitlines()[1].split()[:2])
    assert abs(code + data - stated) < MAY_DIFFER * stated, f"{code + data} bytes"
