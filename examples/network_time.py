# Sets the board's clock from the platform's, and prints the time of China.
import time

from aliyunIoT import Device
from credentials import key_info

told = []

with Device() as device:
    # Firmware without machine.RTC, on a computer say, has no clock to set.
    device.on(Device.ON_ERROR, lambda error: print("错误:", error["code"], error["msg"]))
    device.connect(key_info)
    # Both may be asked for before the connection is up.
    device.setClock()
    device.getNtpTime(told.append)
    while not told:
        time.sleep_ms(100)

now = told[0]
print("北京时间: %d-%02d-%02d %02d:%02d:%02d" % tuple(now[key] for key in ("year", "month", "day", "hour", "minute", "second")))
print("时间戳:", now["timestamp"])
