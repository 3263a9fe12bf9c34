# 云端开关灯：用 netmgr 连接 Wi-Fi，平台设置属性 LightSwitch，灯随之亮灭并上报。
# A lamp that the cloud switches: Wi-Fi by netmgr; the property LightSwitch is set, the lamp follows and reports.
import netmgr as nm
import ujson
import utime
from aliyunIoT import Device
from credentials import key_info
from driver import GPIO

wifiSsid = "your Wi-Fi"
wifiPassword = "your password"

iot_connected = False
device = Device()
led = GPIO()


def get_wifi_status():
    nm.init()
    nm.disconnect()
    nm.connect(wifiSsid, wifiPassword)
    while nm.getStatus() != nm.NET_IP_OBTAINED:
        utime.sleep_ms(100)
    print("Wi-Fi 已连接：", nm.getInfo()["ip"])


def on_connect(data):
    global iot_connected
    iot_connected = True


def on_props(request):
    value = ujson.loads(request["params"])["LightSwitch"]
    led.write(value)
    device.postProps({"params": ujson.dumps({"LightSwitch": led.read()})})
    print("开灯" if value else "关灯")


led.open("led")
get_wifi_status()
device.on(Device.ON_CONNECT, on_connect)
device.on(Device.ON_PROPS, on_props)
device.connect(key_info)
while not iot_connected:
    utime.sleep_ms(100)
print("物联网平台连接成功")
device.postProps({"params": ujson.dumps({"LightSwitch": led.read()})})
while True:
    utime.sleep(1)
