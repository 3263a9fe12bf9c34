# 看门狗：只有与平台保持连接时才喂狗，因此无法重连的开发板会重启。断线由库自动重连。
# A watchdog: fed only while the platform is connected, so a board that cannot reconnect restarts. Reconnects are automatic.
import netmgr as nm
import ujson
import utime
from aliyunIoT import Device
from credentials import key_info
from driver import WDT

connected = False
device = Device()
wdt = WDT()


def on_connect(data):
    global connected
    connected = True
    print("已连接" if data["code"] == 0 else "已重新连接")


def on_disconnect(data):
    global connected
    connected = False
    print("连接断开：", data["msg"])


wdt.open("dog")
nm.init()
nm.connect("your Wi-Fi", "your password")
device.on(Device.ON_CONNECT, on_connect)
device.on(Device.ON_DISCONNECT, on_disconnect)
device.connect(key_info)
beats = 0
while True:
    utime.sleep_ms(500)
    if connected:
        wdt.feed()
        beats += 1
        device.postProps({"params": ujson.dumps({"heartbeat": beats})})
