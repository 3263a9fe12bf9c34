"""What the package checks before it loads a native module. It is dropped then: all that is loaded lies in the heap."""

import gc
import sys

# The architectures of .mpy files by MicroPython's numbers, and the packages that run on each, best first. A module for
# soft floats would get a smaller part of the processor's state saved than firmware with hard floats saves.
PACKAGES = {
    2: ("x64",),
    4: ("armv6m",),
    5: ("armv7m", "armv6m"),
    6: ("armv7m", "armv6m"),
    7: ("armv7emsp",),
    8: ("armv7emsp",),
    10: ("xtensawin",),
    11: ("rv32imc",),
}
NEEDS = (
    ("socket", ("socket", "getaddrinfo")),
    ("time", ("ticks_ms", "sleep_ms")),
    ("micropython", ("schedule",)),
    ("sys", ("modules", "print_exception")),
    ("binascii", ("a2b_base64",)),
    ("json", ("dumps",)),
)
# The CRC-32 of any file that ends with the CRC-32 of the rest.
CRC = 0x2144DF1C


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
    # MicroPython would wait for the rest of a file that is cut short.
    if size <= 9 or int.from_bytes(end[1:5], "little") != size or crc32 and crc != CRC:
        refuse(path.split("/")[-1] + " is cut short or damaged: install the package again")
    return end[0]


def need(path):
    if check(path) is None:
        refuse(path.split("/")[-1] + " is missing: install the package again")


def modules(folder):
    """The names of the modules to load, one after the other, and the path of the file with the trust roots."""
    gc.collect()
    packages = PACKAGES.get(sys.implementation._mpy >> 10 & 15)
    if not packages:
        refuse("there is no package for what this firmware runs as native code; build the module into the firmware instead (docs/porting.md)")
    missing = [name for name, names in NEEDS if not has(name, *names)]
    if missing:
        refuse("this firmware lacks (parts of) the modules " + ", ".join(missing) + "; take firmware that has a network")
    for package in packages:
        files = check(folder + "/native_" + package + ".mpy")
        if files == 1:
            return ("native_" + package,), None
        if files:
            need(folder + "/core_" + package + ".mpy")
            need(folder + "/roots.bin")
            # A script may go to another folder.
            if not folder.startswith("/") and has("os", "getcwd"):
                folder = __import__("os").getcwd() + "/" + folder
            return ("core_" + package, "native_" + package), folder + "/roots.bin"
    for package in packages:
        if check(folder + "/core_" + package + ".mpy"):
            need(folder + "/native_" + package + ".mpy")
    refuse("this firmware takes the package for " + packages[0] + ", which is not installed")


def failed(name, error):
    """Says why a module could not be loaded."""
    if isinstance(error, MemoryError):
        raise MemoryError("aliyunIoT: not enough memory for " + name + ".mpy (" + str(error) + "): import aliyunIoT first")
    refuse(name + ".mpy is not for this firmware (" + str(error) + "): install the package again")
