# 光照：I2C 读取 AP3216C 的寄存器。变化超过一成才上报，用回调确认平台已收到。
# Light: an AP3216C's registers over I2C. Changes of a tenth are reported, and the platform's reply is awaited by a callback.
import network
import ujson
import utime
from aliyunIoT import Device
from credentials import key_info
from driver import I2C

iot_connected = False
reported = 0
device = Device()
i2c = I2C()


def measure():
    data = bytearray(2)
    i2c.memRead(data, 0x0C, 8)
    # 最大量程：每个单位 0.35 lux。 The widest range: 0.35 lux a unit.
    return (data[1] << 8 | data[0]) * 0.35


def on_connect(data):
    global iot_connected
    iot_connected = True


def on_reply(data):
    print("平台已收到：", data["code"])


i2c.open("ap3216c")
# 系统配置：启用光照测量。 System configuration: measure light.
i2c.memWrite(bytearray([0x01]), 0x00, 8)
# 与 HaaS EDU K1 的 network 相同：字典中有 ssid 和 password。 As on HaaS EDU K1: a dictionary with ssid and password.
net = network.NetWorkClient()
net.connect({"ssid": "your Wi-Fi", "password": "your password"})
while not net.getStatus():
    utime.sleep_ms(100)
print("本机地址：", net.getInfo()["IP"])

device.on(Device.ON_CONNECT, on_connect)
device.connect(key_info)
while not iot_connected:
    utime.sleep_ms(100)
while True:
    lux = measure()
    if abs(lux - reported) > reported / 10:
        reported = lux
        print("光照：", round(lux))
        device.postProps({"params": ujson.dumps({"LightLux": round(lux)})}, on_reply)
    utime.sleep_ms(200)
