# 门铃：按键中断上报事件；平台调用服务 ring，按次数响铃（闪灯），并响应剩余次数。
# A doorbell: a key's interrupt reports an event; the service ring flashes the lamp as often as it says, and is answered.
import netmgr as nm
import ujson
import utime
from aliyunIoT import Device
from credentials import key_info
from driver import GPIO

iot_connected = False
presses = 0
device = Device()
key = GPIO()
led = GPIO()


def on_key(level):
    global presses
    presses += 1
    device.postEvent({"id": "pressed", "params": {"presses": presses}})
    print("按键：", presses)


def on_connect(data):
    global iot_connected
    iot_connected = True


def on_service(request):
    times = ujson.loads(request["params"])["times"]
    for _ in range(times):
        led.write(1)
        utime.sleep_ms(20)
        led.write(0)
        utime.sleep_ms(20)
    print("服务：", request["service_id"], times)
    return {"presses": presses}


led.open("led")
key.open("key")
nm.init()
nm.connect("your Wi-Fi", "your password")
while nm.getStatus() != 5:
    utime.sleep_ms(100)
device.on(Device.ON_CONNECT, on_connect)
device.on(Device.ON_SERVICE, on_service)
device.connect(key_info)
while not iot_connected:
    utime.sleep_ms(100)
key.on(on_key)
print("物联网平台连接成功")
while True:
    utime.sleep(1)
