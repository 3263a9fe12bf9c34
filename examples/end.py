# 断开连接，再用同一台设备重新连接。
# End a connection, and connect the same device again.
import time

from aliyunIoT import Device
from credentials import key_info

connected = False


def on_connect(data):
    global connected
    connected = True


def wait_connected():
    global connected
    connected = False
    device.connect(key_info)
    while not connected:
        time.sleep(1)
    print("物联网平台连接成功")


device = Device()
device.on(Device.ON_CONNECT, on_connect)
device.on(Device.ON_CLOSE, lambda data: print("连接已关闭"))
device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))

for _ in range(2):
    wait_connected()
    # 刚刚上报的数据仍会发送出去。
    # What was posted just before is still sent.
    device.postProps({"params": {"LightSwitch": 0}})
    print("结束：", device.end())

print("结束之后上报：", device.postProps({"params": {"LightSwitch": 1}}))
