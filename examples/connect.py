# 连接物联网平台，成功后结束。
# Connect, print the result, and end.
import time

from aliyunIoT import Device
from credentials import key_info

connected = False


def on_connect(data):
    global connected
    connected = True


def on_error(data):
    print("错误：", data["code"], data["msg"])


device = Device()
device.on(Device.ON_CONNECT, on_connect)
device.on(Device.ON_ERROR, on_error)
device.connect(key_info)

while not connected:
    time.sleep(1)
print("物联网平台连接成功")

device.end()
