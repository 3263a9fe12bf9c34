# 获取设备句柄：代表设备的整数，供其他模块（`ota`）使用。
# Get a device's handle: a number that identifies the device for another module (`ota`).
from aliyunIoT import Device

first = Device()
second = Device()

if first.getDeviceHandle():
    print("获取句柄成功")
print("同一设备句柄不变：", first.getDeviceHandle() == first.getDeviceHandle())
print("不同设备句柄不同：", first.getDeviceHandle() != second.getDeviceHandle())
