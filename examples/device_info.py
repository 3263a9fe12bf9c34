# Tells which identity the device uses.
from aliyunIoT import Device
from credentials import key_info

with Device() as device:
    print("连接之前:", device.getDeviceInfo())

    # The identity is known at once; the connection comes up in the background.
    device.connect(key_info)
    info = device.getDeviceInfo() or {}
    print("地域:", info["region"])
    print("产品:", info["productKey"])
    print("设备:", info["deviceName"])
    print("密钥长度:", len(info["deviceSecret"]))  # a secret does not belong on a screen
