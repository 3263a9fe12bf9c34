"""Puts at the end of a native module what the package reads before MicroPython reads the file: of how many files the module
is, the length, and a CRC-32 over all.

    python3 seal.py native_x64.mpy 1

MicroPython does not read that far. It would wait for ever for the rest of a file that is cut short, and it would run a damaged
one. package/check.py finds out both, and that a module of two files needs core_<arch>.mpy.
"""

import binascii
import pathlib
import sys

# A byte for the number of files, then length and CRC, four bytes each, the lowest first. The length counts them all.
SEAL = 9


def sealed(module, files):
    module += bytes([files]) + (len(module) + SEAL).to_bytes(4, "little")
    return module + binascii.crc32(module).to_bytes(4, "little")


if __name__ == "__main__":
    [name, files] = sys.argv[1:]
    file = pathlib.Path(name)
    file.write_bytes(sealed(file.read_bytes(), int(files)))
