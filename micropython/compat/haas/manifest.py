# Freezes the modules of HaaS firmware into other firmware: include("<this folder>/manifest.py") in the board's manifest.
# network.py is left out: it is for computers.
package("driver", base_path=".")
package("ulinksdk", base_path=".")
for name in ("netmgr", "haas_network", "sntp", "modem", "haas_missing"):
    module(name + ".py", base_path=".")
# What has no counterpart.
for name in ("audio", "display", "display_driver", "haaseduk1", "http", "iot", "linkkit", "lvgl", "modbus", "net", "oss", "speech_utils", "uai", "ucamera"):
    module(name + ".py", base_path=".")
