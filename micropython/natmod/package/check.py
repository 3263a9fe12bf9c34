"""What the package checks before it loads a native module. It is dropped then: all that is loaded lies in the heap.

MicroPython never frees a name, nor a text of up to ten bytes in the source: so there are few."""

import gc
import sys


def refuse(why):
    raise ImportError("aliyunIoT: " + why)


def has(module, *names):
    try:
        module = __import__(module)
        return all(hasattr(module, name) for name in names)
    except ImportError:
        return False


def check(path):
    """The number that the build wrote at the end of a file, before its length and a CRC; None if the file is not installed.

    Refuses a file without these. Firmware without crc32 sees the length."""
    import binascii

    crc32 = getattr(binascii, "crc32", None)
    size, crc, end = 0, 0, b""
    piece = bytearray(512)
    try:
        file = open(path, "rb")
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
    # Nothing that lasts shall lie behind what this left.
    gc.collect()
    # MicroPython would wait for the rest of a file that is cut short. The number is the CRC-32 of whatever ends with its own.
    if size <= 9 or int.from_bytes(end[1:5], "little") != size or crc32 and crc != 0x2144DF1C:
        refuse(path.split("/")[-1] + " is cut short or damaged: install the package again")
    return end[0]


def need(path):
    if check(path) is None:
        refuse(path.split("/")[-1] + " is missing: install the package again")


def package(path):
    """The package to load, and the whole path of its folder if it is split."""
    gc.collect()
    # The architectures of .mpy files by MicroPython's numbers, and the packages that run on each, best first. A module for
    # soft floats would get a smaller part of the processor's state saved than firmware with hard floats saves.
    packages = {
        2: ("x64",),
        4: ("armv6m",),
        5: ("armv7m", "armv6m"),
        6: ("armv7m", "armv6m"),
        7: ("armv7emsp",),
        8: ("armv7emsp",),
        10: ("xtensawin",),
        11: ("rv32imc",),
    }.get(sys.implementation._mpy >> 10 & 15)
    if not packages:
        refuse("there is no package for what this firmware runs as native code; build the module into the firmware instead (docs/porting.md)")
    needs = (
        ("socket", ("socket", "getaddrinfo")),
        ("time", ("ticks_ms", "sleep_ms")),
        ("micropython", ("schedule",)),
        ("sys", ("modules", "print_exception")),
        ("binascii", ("a2b_base64",)),
        ("json", ("dumps",)),
    )
    missing = [name for name, names in needs if not has(name, *names)]
    if missing:
        refuse("this firmware lacks (parts of) the modules " + ", ".join(missing) + "; take firmware that has a network")
    for name in packages:
        files = check("%s/native_%s.mpy" % (path, name))
        if files == 1:
            return name, None
        if files:
            need("%s/core_%s.mpy" % (path, name))
            need("%s/roots.bin" % path)
            # A script may go to another folder.
            if not path.startswith("/") and has("os", "getcwd"):
                path = "%s/%s" % (__import__("os").getcwd(), path)
            return name, path
    for name in packages:
        if check("%s/core_%s.mpy" % (path, name)):
            need("%s/native_%s.mpy" % (path, name))
    refuse("this firmware takes the package for " + packages[0] + ", which is not installed")


def failed(name, error):
    """Says why a module could not be loaded."""
    file = name.split(".")[-1] + ".mpy"
    if isinstance(error, MemoryError):
        raise MemoryError("aliyunIoT: not enough memory for %s (%s): import aliyunIoT first" % (file, error))
    refuse("%s is not for this firmware (%s): install the package again" % (file, error))


def refused(name, why):
    """Says why a module did not start; natmod/start.h has the numbers."""
    refuse(
        (
            "this firmware saves more for an exception than this package has space for: build the module into the firmware",
            "this firmware does not handle exceptions by setjmp, as this package does: build the module into the firmware",
            "this firmware uses the floating-point unit, and this package does not: take the one for armv7emsp",
            "this firmware does not use the floating-point unit, and this package does: take the one for armv7m",
            "this firmware handles exceptions in a way that this package does not know",
            "core_%s.mpy and native_%s.mpy are of different builds: install the package again" % ((name.split("native_")[-1],) * 2),
        )[why - 1]
    )
