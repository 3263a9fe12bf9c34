# asyncio, as MicroPython itself ships it, what is in modules/, and the modules of LuatOS.
include("$(MPY_DIR)/extmod/asyncio")
freeze("modules")
include("../../micropython/compat/luatos/manifest.py")
