# 温湿度上云：通过 I2C 读取 SHT3x，每两秒上报。写法与 HaaS 的 STM32 脚本相同：ulinksdk 和以太网。
# Temperature and humidity: an SHT3x over I2C, reported every two seconds, as scripts for HaaS's STM32 do it: ulinksdk, Ethernet.
import network
import ujson
import utime
from credentials import key_info
from driver import I2C
from ulinksdk.aliyunIoT import Device

iot_connected = False
device = Device()


class SHT3X:
    def __init__(self, i2c):
        self.i2c = i2c

    def getTempHumidity(self):
        # 单次测量，高重复性。 One measurement of high repeatability.
        self.i2c.write(bytearray([0x24, 0x00]))
        utime.sleep_ms(20)
        data = bytearray(6)
        if self.i2c.read(data) != 6:
            raise OSError("SHT3x does not answer")
        temperature = (data[0] << 8 | data[1]) * 175 / 65535 - 45
        humidity = (data[3] << 8 | data[4]) * 100 / 65535
        return round(temperature, 1), round(humidity, 1)


def on_connect(data):
    global iot_connected
    iot_connected = True


i2cObj = I2C()
i2cObj.open("sht3x")
sensor = SHT3X(i2cObj)

nic = network.LAN()
nic.active(1)
while not nic.isconnected():
    utime.sleep_ms(100)

device.on(device.ON_CONNECT, on_connect)
device.connect(key_info)
while not iot_connected:
    utime.sleep_ms(100)
print("物联网平台连接成功")

while True:
    temperature, humidity = sensor.getTempHumidity()
    print("温度：", temperature, "湿度：", humidity)
    device.postProps({"params": ujson.dumps({"CurrentTemperature": temperature, "CurrentHumidity": humidity})})
    utime.sleep(2)
