# asyncio, as MicroPython itself ships it, and what is in modules/.
include("$(MPY_DIR)/extmod/asyncio")
freeze("modules")
