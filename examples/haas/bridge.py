# 串口透传：自定义 Topic 收到的内容写入串口，串口收到的内容发布到自定义 Topic。
# A bridge to a serial port: what arrives on a custom topic is written to the port, what the port receives is published.
import netmgr as nm
import utime
from aliyunIoT import Device
from credentials import device_name, key_info, product_key
from driver import UART

own = "/" + product_key + "/" + device_name + "/user/"
iot_connected = False
device = Device()
uart = UART()


def on_connect(data):
    global iot_connected
    iot_connected = True


def on_message(data):
    payload = data["payload"]
    uart.write(payload.encode() if isinstance(payload, str) else payload)


uart.open("serial")
nm.init()
while nm.getStatus() != 5:
    utime.sleep_ms(100)

device.on(Device.ON_CONNECT, on_connect)
device.on(Device.ON_SUBCRIBE, on_message)
device.connect(key_info)
while not iot_connected:
    utime.sleep_ms(100)
device.subscribe({"topic": own + "get", "qos": 1})
print("物联网平台连接成功")

buffer = bytearray(256)
while True:
    count = uart.read(buffer)
    if count > 0:
        device.publish({"topic": own + "update", "payload": bytes(buffer[:count]), "qos": 1})
        print("串口：", bytes(buffer[:count]))
    utime.sleep_ms(50)
