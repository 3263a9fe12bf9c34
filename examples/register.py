# Has the platform give this device a secret, and connects with it. The secret is stored: the next run needs no registration.
import time
from aliyunIoT import Device
from credentials import device_name, product_key, product_secret

# Where the product lets devices register under any name, add "authType": "regnwl".
product_info = {"productKey": product_key, "deviceName": device_name, "productSecret": product_secret}
connected = False


def on_secret(secret):
    print("密钥长度:", len(secret))  # a secret does not belong on a screen


def on_connect(data):
    global connected
    connected = True


with Device() as device:
    device.on(Device.ON_ERROR, lambda error: print("出错:", error["code"], error["msg"]))
    device.on(Device.ON_CONNECT, on_connect)
    if device.register(product_info, on_secret) == 0:
        device.connect({"productKey": product_key, "deviceName": device_name})
        while not connected:
            time.sleep_ms(100)
        print("物联网平台连接成功")
