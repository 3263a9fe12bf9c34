"""Alibaba Cloud IoT Platform as a native module: takes the one that this firmware can run, or says why there is none."""

import gc
import sys

# The architectures of .mpy files by MicroPython's numbers, and the packages that run on each, best first. A module for
# soft floats would get a smaller part of the processor's state saved than firmware with hard floats saves.
_PACKAGES = {
    2: ("x64",),
    4: ("armv6m",),
    5: ("armv7m", "armv6m"),
    6: ("armv7m", "armv6m"),
    7: ("armv7emsp",),
    8: ("armv7emsp",),
    11: ("rv32imc",),
}
_INTO_FIRMWARE = "build the module into the firmware instead (docs/porting.md)"
_MPY = 6 | 3 << 8
# The CRC-32 of any file that ends with the CRC-32 of the rest.
_CRC = 0x2144DF1C


def _refuse(why):
    raise ImportError("aliyunIoT: " + why)


def _has(module, *names):
    try:
        module = __import__(module)
        return all(hasattr(module, name) for name in names)
    except ImportError:
        return False


def _packages():
    mpy = getattr(sys.implementation, "_mpy", 0)
    if mpy & 0x3FF != _MPY:
        _refuse("this needs MicroPython 1.25 or newer, whose .mpy files have version 6.3; or " + _INTO_FIRMWARE)
    packages = _PACKAGES.get(mpy >> 10 & 15)
    if not packages:
        _refuse("there is no package for what this firmware runs as native code; " + _INTO_FIRMWARE)
    return packages


def _is_damaged(path):
    """Whether a file does not end as the build ended it: with its length and a CRC. Firmware without crc32 sees the length."""
    import binascii

    crc32 = getattr(binascii, "crc32", None)
    size, crc, end = 0, 0, b""
    piece = bytearray(512)
    try:
        file = open(path, "rb")
    except OSError:
        return False  # It is not installed.
    while True:
        count = file.readinto(piece)
        if not count:
            break
        read = memoryview(piece)[:count]
        size += count
        end = (end + bytes(read))[-8:] if count < 8 else bytes(read[count - 8 :])
        if crc32:
            crc = crc32(read, crc)
    file.close()
    return size <= 8 or int.from_bytes(end[:4], "little") != size or bool(crc32 and crc != _CRC)


def _load(packages):
    for package in packages:
        # MicroPython would wait for the rest of a file that is cut short.
        if _is_damaged(__path__ + "/native_" + package + ".mpy"):
            _refuse("native_" + package + ".mpy is cut short or damaged: install the package again")
        # What compiling and checking left would lie in the way of the module, which takes one piece of the heap.
        gc.collect()
        try:
            return __import__("aliyunIoT.native_" + package, None, None, ("Device",))
        except ImportError as error:
            if str(error).startswith("aliyunIoT"):
                raise
        except ValueError as error:
            _refuse("native_" + package + ".mpy is not for this firmware (" + str(error) + "): install the package again")
    _refuse("this firmware takes the package for " + packages[0] + ", which is not installed")


_missing = [
    name
    for name, has in (
        ("socket", ("socket", "getaddrinfo")),
        ("time", ("ticks_ms", "sleep_ms")),
        ("micropython", ("schedule",)),
        ("sys", ("modules", "print_exception")),
        ("binascii", ("a2b_base64",)),
        ("json", ("dumps",)),
    )
    if not _has(name, *has)
]
_found = _packages()
if _missing:
    _refuse("this firmware lacks (parts of) the modules " + ", ".join(_missing) + "; take firmware that has a network")
_native = _load(_found)
Device = _native.Device
del gc, sys
