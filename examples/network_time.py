# 按平台时间设置本机时钟，并打印北京时间。
# Set the board's clock to the platform's time, and print the time in China.
import time

from aliyunIoT import Device
from credentials import key_info

told = []

with Device() as device:
    # 没有 machine.RTC 的固件（例如在电脑上）没有可设置的时钟。
    # Firmware without machine.RTC, for example on a computer, has no clock to set.
    device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))
    device.connect(key_info)
    # 连接建立之前即可调用。
    # Both can be called before the device is connected.
    device.setClock()
    device.getNtpTime(told.append)
    while not told:
        time.sleep_ms(100)

now = told[0]
print("北京时间： %d-%02d-%02d %02d:%02d:%02d" % tuple(now[key] for key in ("year", "month", "day", "hour", "minute", "second")))
print("时间戳：", now["timestamp"])
