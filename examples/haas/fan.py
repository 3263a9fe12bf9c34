# 云端调节风扇：平台设置属性 speed（0 至 100），改变 PWM 占空比。用 netmgr 的回调等待网络。
# A fan that the cloud regulates: the property speed, 0 to 100, sets the PWM's duty. A callback of netmgr tells the network.
import netmgr
import ujson
import utime
from aliyunIoT import Device
from credentials import key_info
from driver import PWM

wifi_connected = False
iot_connected = False
device = Device()
fan = PWM()


def on_wifi(status):
    global wifi_connected
    wifi_connected = status == netmgr.NET_IP_OBTAINED


def on_connect(data):
    global iot_connected
    iot_connected = True


def on_props(request):
    # HaaS 脚本常用 eval 解析参数。 Scripts for HaaS often read the parameters with eval.
    speed = eval(request["params"])["speed"]
    if not 0 <= speed <= 100:
        print("转速超出范围：", speed)
        return 460  # 作为响应发送给平台。 The reply to the platform.
    fan.setOption({"freq": 25000, "duty": speed})
    device.postProps({"params": ujson.dumps({"speed": fan.getOption()["duty"]})})
    print("风扇转速：", speed)


fan.open("fan")
netmgr.init()
netmgr.on(on_wifi)
netmgr.connect({"ssid": "your Wi-Fi", "password": "your password"})
while not wifi_connected:
    utime.sleep_ms(100)

device.on(Device.ON_CONNECT, on_connect)
device.on(Device.ON_PROPS, on_props)
device.connect(key_info)
while not iot_connected:
    utime.sleep_ms(100)
print("物联网平台连接成功")
while True:
    utime.sleep(1)
