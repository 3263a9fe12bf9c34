# 定时投喂：平台设置属性 auto_feeding 打开或关闭定时器，feeding_cmd 立即投喂一次，次数上报。
# A feeder: the property auto_feeding starts and stops a timer, feeding_cmd feeds at once; the count is reported.
import netmgr as nm
import ujson
import utime
from aliyunIoT import Device
from credentials import key_info
from driver import GPIO, TIMER

iot_connected = False
feeding_times = 0
device = Device()
motor = GPIO()
timer = TIMER(0)


def feed():
    global feeding_times
    motor.write(1)
    utime.sleep_ms(10)
    motor.write(0)
    feeding_times += 1
    device.postProps({"params": ujson.dumps({"feeding_times": feeding_times})})


def on_timer(args):
    feed()
    print("自动投喂：", feeding_times)


def on_connect(data):
    global iot_connected
    iot_connected = True


def on_props(request):
    payload = ujson.loads(request["params"])
    if payload.get("feeding_cmd"):
        feed()
        print("手动投喂：", feeding_times)
    if "auto_feeding" in payload:
        if payload["auto_feeding"]:
            timer.reload()
        else:
            timer.stop()
        print("自动投喂：", "打开" if payload["auto_feeding"] else "关闭")


motor.open("led")
timer.open(mode=timer.PERIODIC, period=500, callback=on_timer)
timer.stop()

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
