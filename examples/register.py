# 动态注册（一型一密）：获取设备密钥并用它连接。密钥会保存，下次运行不必再注册。
# Get the device secret by dynamic registration, and connect with it. It is stored: the next run needs no registration.
import time
from aliyunIoT import Device
from credentials import device_name, product_key, product_secret

# 免预注册的产品请加上 "authType": "regnwl"。
# If devices need not be added on the platform first, add "authType": "regnwl".
product_info = {"productKey": product_key, "deviceName": device_name, "productSecret": product_secret}
connected = False


def on_secret(secret):
    print("密钥长度：", len(secret))  # 不要显示密钥 / do not show a secret


def on_connect(data):
    global connected
    connected = True


with Device() as device:
    device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))
    device.on(Device.ON_CONNECT, on_connect)
    if device.register(product_info, on_secret) == 0:
        device.connect({"productKey": product_key, "deviceName": device_name})
        while not connected:
            time.sleep_ms(100)
        print("物联网平台连接成功")
