# 上报带一个输出参数的事件。
# Report an event with one output parameter.
import time

from aliyunIoT import Device
from credentials import key_info

connected = False


def on_connect(data):
    global connected
    connected = True


with Device() as device:
    device.on(Device.ON_CONNECT, on_connect)
    device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))
    device.connect(key_info)
    while not connected:
        time.sleep(1)

    # `params` 可以是字典，也可以是 JSON 文本。
    # `params` can be a dict, or its JSON text.
    if device.postEvent({"id": "overheat", "params": {"temperature": 90}}) == 0:
        print("事件上报成功")
    else:
        print("事件上报失败")
    time.sleep(1)
