"""Alibaba Cloud IoT Platform as a native module: takes the one that this firmware can run, or says why there is none."""

import gc
import sys

# What lasts shall lie in front: each module needs one piece of the heap.
gc.collect()
if getattr(sys.implementation, "_mpy", 0) & 0x3FF != 6 | 3 << 8:
    raise ImportError(
        "aliyunIoT: this needs MicroPython 1.25 or newer, whose .mpy files have version 6.3; "
        "or build the module into the firmware instead (docs/porting.md)"
    )


# In a function, since MicroPython never frees the names of globals.
def _load():
    from aliyunIoT import check

    package, folder = check.package(__path__)
    # What is not needed any more is freed. After an import that failed, MicroPython has not given the package the name again.
    check = native = None
    globals().pop("check", None)
    sys.modules.pop("aliyunIoT.check", None)
    gc.collect()
    # New texts lie in front; those that check returned lie behind what was freed.
    names, roots = ["aliyunIoT.native_" + package], folder and "%s/roots.bin" % folder
    if folder:
        names.insert(0, "aliyunIoT.core_" + package)
    package = folder = None
    gc.collect()
    if roots:
        # On ESP32, code leaves the heap when it is loaded, and constants stay. Those of the library would lie behind the gap
        # that its code leaves, and that gap may be too small for the binding's. So they get a gap of their own in front of the
        # code, with something behind it that no earlier gap can take.
        gap, peg = (0,) * 1664, (None, (0,) * 60)
        while id(peg[1]) < id(gap):
            peg = (peg, (0,) * 60)
        gap, peg = None, peg[1]
    for name in names:
        gc.collect()
        # The second one is the binding, which gets the library.
        core = native
        try:
            native = __import__(name, None, None, ("_",))
        except (MemoryError, ValueError) as error:
            from aliyunIoT import check

            check.failed(name, error)
        peg = None
    # The copy of its code that lies in the heap is freed before it makes anything that lasts.
    gc.collect()
    start = getattr(native, "start", None)  # None if a script has removed the package and imports it again
    why = start and start(native, core and core.calls, roots)
    if why:
        from aliyunIoT import check

        check.refused(name, why)
    return native


# The dictionary of these names grows now: later, it would come to lie in the middle of the heap.
_native = Device = check = None
del check
# Garbage is freed soon, so that what lasts lies in front.
_threshold = gc.threshold()
gc.threshold(512)
try:
    _native = _load()
finally:
    gc.threshold(_threshold)
Device = _native.Device
del gc, sys, _load, _threshold
