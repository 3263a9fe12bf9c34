# asyncio, as MicroPython itself ships it; nothing of micropython-lib.
include("$(MPY_DIR)/extmod/asyncio")
