# 上报属性，并打印平台设置的属性。
# Report a property, and print what the platform sets.
import json
import time

from aliyunIoT import Device
from credentials import key_info

connected = False


def on_connect(data):
    global connected
    connected = True
    print("物联网平台连接成功")


def on_props(request):
    print("平台设置属性：", json.loads(request["params"]))


with Device() as device:
    device.on(Device.ON_CONNECT, on_connect)
    device.on(Device.ON_PROPS, on_props)
    device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))
    device.connect(key_info)
    while not connected:
        time.sleep(1)

    if device.postProps({"params": json.dumps({"test_prop": 100})}) == 0:
        print("属性上报成功")
    else:
        print("属性上报失败")
    time.sleep(2)
