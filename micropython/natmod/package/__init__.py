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
    10: ("xtensawin",),
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


def _files(name):
    """Of how many files a module is, as the build wrote at the end of the file; None if the file is not installed.

    Refuses a file that does not end with its length and a CRC. Firmware without crc32 sees the length."""
    import binascii

    crc32 = getattr(binascii, "crc32", None)
    size, crc, end = 0, 0, b""
    piece = bytearray(512)
    try:
        file = open(__path__ + "/" + name + ".mpy", "rb")
    except OSError:
        return None
    while True:
        count = file.readinto(piece)
        if not count:
            break
        read = memoryview(piece)[:count]
        size += count
        end = (end + bytes(read))[-9:] if count < 9 else bytes(read[count - 9 :])
        if crc32:
            crc = crc32(read, crc)
    file.close()
    # MicroPython would wait for the rest of a file that is cut short.
    if size <= 9 or int.from_bytes(end[1:5], "little") != size or crc32 and crc != _CRC:
        _refuse(name + ".mpy is cut short or damaged: install the package again")
    return end[0]


def _module(name):
    # What compiling and checking left would lie in the way of the module, which needs one piece of the heap.
    gc.collect()
    try:
        return __import__("aliyunIoT." + name, None, None, ("_",))
    except ValueError as error:
        _refuse(name + ".mpy is not for this firmware (" + str(error) + "): install the package again")
    except MemoryError:
        raise MemoryError("aliyunIoT: there is not enough memory for " + name + ".mpy: import aliyunIoT before other modules")


def _load(packages):
    global _core
    for package in packages:
        files = _files("native_" + package)
        if files is None:
            continue
        if files == 2:
            if _files("core_" + package) is None:
                _refuse("core_" + package + ".mpy is missing: install the package again")
            # The library, where the binding looks for it.
            _core = _module("core_" + package)
        return _module("native_" + package)
    for package in packages:
        if _files("core_" + package):
            _refuse("native_" + package + ".mpy is missing: install the package again")
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
