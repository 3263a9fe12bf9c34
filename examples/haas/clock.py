# 时钟：联网后用 sntp 校准（TLS 需要），再用平台的时间设置 RTC，每秒上报 RTC 的时间（UTC）。
# A clock: sntp sets it once the network is there, for TLS; the platform's time sets the RTC, whose time (UTC) is reported.
import netmgr as nm
import sntp
import ujson
import utime
from aliyunIoT import Device
from credentials import key_info
from driver import RTC

iot_connected = False
device = Device()
rtc = RTC()
# 开发板的时间从 2000 年算起，电脑从 1970 年算起。 Boards count from 2000, computers from 1970.
EPOCH = 946684800 if utime.gmtime(0)[0] == 2000 else 0


def on_connect(data):
    global iot_connected
    iot_connected = True


def on_time(now):
    rtc.setTime(*utime.gmtime(now["timestamp"] - EPOCH)[:6])
    print("平台时间（北京）：", now["hour"], now["minute"])


rtc.open()
nm.init()
nm.connect("your Wi-Fi", "your password")
while nm.getStatus() != 5:
    utime.sleep_ms(100)
while sntp.setTime() == -1:
    print("校时失败")

device.on(Device.ON_CONNECT, on_connect)
device.connect(key_info)
while not iot_connected:
    utime.sleep_ms(100)
print("物联网平台连接成功")
device.getNtpTime(on_time)
while True:
    utime.sleep(1)
    now = rtc.getTime()
    device.postProps({"params": ujson.dumps({"time": "%02d:%02d:%02d" % (now["hr"], now["min"], now["sec"])})})
