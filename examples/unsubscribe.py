# 订阅时给自己发一条消息，取消订阅后再发一条。
# Send itself a message while subscribed, unsubscribe, and send itself another.
import time

from aliyunIoT import Device
from credentials import device_name, key_info, product_key

TOPIC = "/%s/%s/user/echo" % (product_key, device_name)

connected = False


def on_connect(data):
    global connected
    connected = True


with Device() as device:
    device.on(Device.ON_CONNECT, on_connect)
    device.on(Device.ON_SUBCRIBE, lambda data: print("收到消息：", data["payload"]))
    device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))
    device.connect(key_info)
    while not connected:
        time.sleep(1)

    device.subscribe({"topic": TOPIC, "qos": 1})
    device.publish({"topic": TOPIC, "payload": "第一条", "qos": 1})
    time.sleep(1)

    if device.unsubscribe({"topic": TOPIC}) == 0:
        print("Topic取消订阅成功")
    else:
        print("Topic取消订阅失败")
    device.publish({"topic": TOPIC, "payload": "第二条", "qos": 1})
    time.sleep(1)
