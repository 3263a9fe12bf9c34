# 温度计：I2C 读取 LM75（或 TMP105）的温度寄存器，变化时上报；达到平台设置的属性 limit 时亮灯并上报事件。
# A thermometer: an LM75 or TMP105 over I2C, changes are reported; at the property limit the lamp lights, with an event.
import netmgr as nm
import ujson
import utime
from aliyunIoT import Device
from credentials import key_info
from driver import GPIO, I2C

iot_connected = False
limit = 30
device = Device()
i2c = I2C()
led = GPIO()


def measure():
    data = bytearray(2)
    if i2c.memRead(data, 0x00, 8) != 2:
        raise OSError("LM75 does not answer")
    # 十二位有符号数，每个单位 1/16 度。 A signed number of twelve bits, 1/16 of a degree each.
    value = (data[0] << 8 | data[1]) >> 4
    return (value - 4096 if value & 0x800 else value) / 16


def on_connect(data):
    global iot_connected
    iot_connected = True


def on_props(request):
    global limit
    limit = ujson.loads(request["params"])["limit"]
    print("温度上限：", limit)


i2c.open("lm75")
led.open("led")
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

reported = None
alarm = 0
while True:
    temperature = measure()
    if temperature != reported:
        reported = temperature
        device.postProps({"params": ujson.dumps({"temperature": temperature})})
        print("温度：", temperature)
    if (temperature >= limit) != alarm:
        alarm = 1 - alarm
        led.write(alarm)
        if alarm:
            device.postEvent({"id": "tooHot", "params": ujson.dumps({"temperature": temperature})})
    utime.sleep_ms(200)
