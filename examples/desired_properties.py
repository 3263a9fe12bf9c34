# 获取设备离线期间在云端设置的期望属性值，执行后上报属性并清除期望值。
# Carries out the desired values that were set while the device was offline, reports the properties and deletes the values.
import time

from aliyunIoT import Device
from credentials import key_info

NAMES = ["LightSwitch", "Brightness"]
done = False


def on_deleted(reply):
    global done
    done = True
    print("清除期望值:", reply["code"], reply["message"])


def on_desired(values):
    for name in sorted(values):
        print("期望值:", name, "=", values[name]["value"], "版本", values[name]["version"])
    device.postProps({"params": {name: values[name]["value"] for name in values}})
    # 只清除刚执行的版本：平台上如有更新的值，会保留到下次获取。
    # This deletes the versions just carried out: the platform keeps newer values for the next time.
    device.deleteDesired(values, on_deleted)


with Device() as device:
    device.on(Device.ON_ERROR, lambda error: print("错误:", error["code"], error["msg"]))
    device.connect(key_info)
    # 连接成功后以及每次重连后获取；没有新的值时不调用回调。
    # The device asks after it connects and after each reconnect. It calls back only if there is something new.
    device.onDesired(NAMES, on_desired)
    for _ in range(100):
        if done:
            break
        time.sleep_ms(100)

if not done:
    print("没有期望值")
