# asyncio, as MicroPython itself ships it, what is in modules/, and the modules of the other API families.
include("$(MPY_DIR)/extmod/asyncio")
freeze("modules")
include("../../micropython/compat/luatos/manifest.py")
include("../../micropython/compat/quecpython/manifest.py")
include("../../micropython/compat/haas/manifest.py")
