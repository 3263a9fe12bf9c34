# The number that stands for a device where another module (`ota`) asks for its handle.
from aliyunIoT import Device

first = Device()
second = Device()

if first.getDeviceHandle():
    print("获取句柄成功")
print("同一设备句柄不变:", first.getDeviceHandle() == first.getDeviceHandle())
print("不同设备句柄不同:", first.getDeviceHandle() != second.getDeviceHandle())
