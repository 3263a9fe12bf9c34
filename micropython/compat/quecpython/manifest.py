# Freezes the modules of QuecPython into firmware: include("<this folder>/manifest.py") in the board's manifest.
module("_quecmqtt.py")
module("TenCentYun.py")
module("aLiYun.py")
module("checkNet.py")
module("log.py")
module("sys_bus.py")
