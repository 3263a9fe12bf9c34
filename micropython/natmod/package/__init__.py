"""Alibaba Cloud IoT Platform as a native module: takes the one that this firmware can run, or says why there is none."""

import gc
import sys

if getattr(sys.implementation, "_mpy", 0) & 0x3FF != 6 | 3 << 8:
    raise ImportError(
        "aliyunIoT: this needs MicroPython 1.25 or newer, whose .mpy files have version 6.3; "
        "or build the module into the firmware instead (docs/porting.md)"
    )

from aliyunIoT import check

_native = None
_names, _roots = check.modules(__path__)
# Each module needs one piece of the heap, so all that is not needed any more is freed first.
del check, sys.modules["aliyunIoT.check"]
for _name in _names:
    gc.collect()
    # The second one is the binding, and looks here for the library.
    _core = _native
    try:
        _native = __import__("aliyunIoT." + _name, None, None, ("_",))
    except (MemoryError, ValueError) as error:
        from aliyunIoT import check

        check.failed(_name, error)
Device = _native.Device
del gc, sys
