# Connects, says so, and ends.
import time

from aliyunIoT import Device
from credentials import key_info

connected = False


def on_connect(data):
    global connected
    connected = True


def on_error(data):
    print("没有连上:", data["code"], data["msg"])


device = Device()
device.on(Device.ON_CONNECT, on_connect)
device.on(Device.ON_ERROR, on_error)
device.connect(key_info)

while not connected:
    time.sleep(1)
print("物联网平台连接成功")

device.end()
