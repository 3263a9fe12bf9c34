# 向自定义 Topic 发布文本，以及保留到平台收到为止的字节数据。
# Publish to a custom topic: text, and bytes that are kept until the platform has them.
import time

from aliyunIoT import Device
from credentials import device_name, key_info, product_key

TOPIC = "/%s/%s/user/update" % (product_key, device_name)

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

    # qos 0：立即发送，不保证送达。qos 1：断线重连后继续发送。
    # qos 0: sent now or not at all. qos 1: sent again after a lost connection.
    text = device.publish({"topic": TOPIC, "payload": "温度 21 度", "qos": 0})
    data = device.publish({"topic": TOPIC, "payload": b"\x00\x15", "qos": 1})
    if text == 0 and data == 0:
        print("Topic发布成功")
    else:
        print("Topic发布失败：", text, data)
