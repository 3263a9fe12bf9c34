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


def _checked():
    from aliyunIoT import check

    return check.modules(__path__)


_native = None
_names, _roots = _checked()
# What is not needed any more is freed. After an import that failed, MicroPython has not given the package the name again.
globals().pop("check", None)
sys.modules.pop("aliyunIoT.check", None)
gc.collect()
if _roots:
    # On ESP32, code leaves the heap when it is loaded, and constants stay. Those of the library would lie behind the gap that
    # its code leaves, and that gap may be too small for the binding's. So they get a gap of their own in front of the code,
    # with something behind it that no earlier gap can take.
    _gap, _peg = (0,) * 1664, [(0,) * 60]
    while id(_peg[-1]) < id(_gap):
        _peg.append((0,) * 60)
    _gap, _peg = None, _peg[-1]
_threshold = gc.threshold()
gc.threshold(512)
for _name in _names:
    gc.collect()
    # The second one is the binding, and looks here for the library.
    _core = _native
    try:
        _native = __import__("aliyunIoT." + _name, None, None, ("_",))
    except (MemoryError, ValueError) as error:
        from aliyunIoT import check

        check.failed(_name, error)
    _peg = None
gc.threshold(_threshold)
Device = _native.Device
del gc, sys
