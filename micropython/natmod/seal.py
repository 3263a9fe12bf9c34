"""Puts at the end of a native module what tells the package that the file is whole: its length, and a CRC-32 over all.

    python3 seal.py native_x64.mpy

MicroPython does not read that far, and package/__init__.py looks at it before MicroPython reads the file: of a file that
is cut short it would wait for the rest for ever, and what is damaged it would run.
"""

import binascii
import pathlib
import sys

# Length and CRC, four bytes each, the lowest first. The length counts them.
SEAL = 8


def sealed(module):
    module += (len(module) + SEAL).to_bytes(4, "little")
    return module + binascii.crc32(module).to_bytes(4, "little")


if __name__ == "__main__":
    [name] = sys.argv[1:]
    file = pathlib.Path(name)
    file.write_bytes(sealed(file.read_bytes()))
