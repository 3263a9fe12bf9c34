# 数码管：平台设置属性 number，经 SPI 写入两片 74HC595。最后的数字存于 kv，重启后继续显示。
# Digits: the property number goes to two 74HC595 over SPI. kv keeps the last one, which is shown again after a restart.
import kv
import netmgr as nm
import ujson
import utime
from aliyunIoT import Device
from credentials import key_info
from driver import GPIO, SPI

# 0 至 9 的笔画。 The strokes of 0 to 9.
SEGMENTS = (0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F)

iot_connected = False
device = Device()
spi = SPI()
latch = GPIO()


def show(number):
    latch.write(0)
    spi.write(bytearray([SEGMENTS[number % 10], SEGMENTS[number // 10 % 10]]))
    latch.write(1)
    print("显示：", number)


def on_connect(data):
    global iot_connected
    iot_connected = True


def on_props(request):
    number = ujson.loads(request["params"])["number"]
    show(number)
    kv.set("number", str(number))
    device.postProps({"params": ujson.dumps({"number": number})})


spi.open("digits")
latch.open("latch")
show(int(kv.get("number") or 0))
nm.init()
nm.connect("your Wi-Fi", "your password")
while nm.getStatus() != 5:
    utime.sleep_ms(100)
device.on(Device.ON_CONNECT, on_connect)
device.on(Device.ON_PROPS, on_props)
device.connect(key_info)
while not iot_connected:
    utime.sleep_ms(100)
print("物联网平台连接成功")
while True:
    utime.sleep(1)
