# Reports bytes that only the product's own data parser understands, and shows the bytes that come down.
import time

from aliyunIoT import Device
from credentials import key_info

connected = False


def on_connect(data):
    global connected
    connected = True


def on_raw(data):
    print("平台下发:", data["params_len"], "字节", bytes(data["params"]).hex())


with Device() as device:
    device.on(Device.ON_CONNECT, on_connect)
    device.on(Device.ON_RAWDATA, on_raw)
    device.on(Device.ON_ERROR, lambda error: print("错误:", error["code"], error["msg"]))
    device.connect(key_info)
    while not connected:
        time.sleep(1)

    # A frame of one byte for what it is, two for the temperature in tenths of a degree.
    if device.postRaw({"param": b"\x01\x00\xd7"}) == 0:
        print("自定义数据上报成功")
    else:
        print("自定义数据上报失败")
    time.sleep(2)
