# 上报透传/自定义数据（由产品的数据解析脚本解析），并打印平台下发的数据。
# Report bytes in the product's own format, and print the bytes that the platform sends.
import time

from aliyunIoT import Device
from credentials import key_info

connected = False


def on_connect(data):
    global connected
    connected = True


def on_raw(data):
    print("平台下发：", data["params_len"], "字节", bytes(data["params"]).hex())


with Device() as device:
    device.on(Device.ON_CONNECT, on_connect)
    device.on(Device.ON_RAWDATA, on_raw)
    device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))
    device.connect(key_info)
    while not connected:
        time.sleep(1)

    # 一个字节表示类型，两个字节表示温度（单位 0.1 度）。
    # One byte for the type, two for the temperature in tenths of a degree.
    if device.postRaw({"param": b"\x01\x00\xd7"}) == 0:
        print("透传/自定义数据上报成功")
    else:
        print("透传/自定义数据上报失败")
    time.sleep(2)
