# 获取设备当前使用的设备证书。
# Print the identity that the device uses.
from aliyunIoT import Device
from credentials import key_info

with Device() as device:
    print("连接之前：", device.getDeviceInfo())

    # 设备证书立即可用，连接在后台建立。
    # The identity is known at once; the connection is made in the background.
    device.connect(key_info)
    info = device.getDeviceInfo() or {}
    print("地域：", info["region"])
    print("产品：", info["productKey"])
    print("设备：", info["deviceName"])
    print("密钥长度：", len(info["deviceSecret"]))  # 不要显示密钥 / do not show a secret
