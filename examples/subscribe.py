# 订阅自定义 Topic，等待消息半分钟：请在控制台的 Topic 页面发送。
# Subscribe to a custom topic and wait half a minute for a message: send one from the console's topic page.
import time

from aliyunIoT import Device
from credentials import device_name, key_info, product_key

TOPIC = "/%s/%s/user/get" % (product_key, device_name)

connected = False
message = None


def on_connect(data):
    global connected
    connected = True


def on_message(data):
    global message
    message = data


with Device() as device:
    device.on(Device.ON_CONNECT, on_connect)
    device.on(Device.ON_SUBCRIBE, on_message)
    device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))
    device.connect(key_info)
    while not connected:
        time.sleep(1)

    if device.subscribe({"topic": TOPIC, "qos": 1}) == 0:
        print("Topic订阅成功")
    else:
        print("Topic订阅失败")

    for _ in range(30):
        if message:
            print("收到消息：", message["topic"], message["payload"])
            break
        time.sleep(1)
    else:
        print("没有收到消息")
