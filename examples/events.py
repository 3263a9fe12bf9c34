# 一盏灯：由平台设置属性、调用服务。演示各个事件的回调。按 Ctrl-C 结束。
# A lamp that the platform switches and asks by service calls. It has a callback for each event. Ctrl-C ends it.
import json
import time

from aliyunIoT import Device
from credentials import key_info

lamp = {"LightSwitch": 0}


def on_connect(data):
    print("已连接" if data["code"] == 0 else "已重新连接")
    device.postProps({"params": json.dumps(lamp)})


def on_disconnect(data):
    print("连接断开：", data["msg"])  # 会自动重连 / it reconnects by itself


def on_props(request):
    lamp.update(json.loads(request["params"]))
    print("属性设置：", lamp)
    # 平台显示设备上报的值，而不是它所设置的值。
    # The platform shows what the device reports, not what it has set.
    device.postProps({"params": json.dumps(lamp)})


def on_service(request):
    print("服务调用：", request["service_id"], json.loads(request["params"]))
    if request["service_id"] == "Toggle":
        lamp["LightSwitch"] = 1 - lamp["LightSwitch"]
        device.postProps({"params": json.dumps(lamp)})


with Device() as device:
    device.on(Device.ON_CONNECT, on_connect)
    device.on(Device.ON_DISCONNECT, on_disconnect)
    device.on(Device.ON_PROPS, on_props)
    device.on(Device.ON_SERVICE, on_service)
    device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))
    device.on(Device.ON_CLOSE, lambda data: print("已关闭"))
    device.connect(key_info)
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        print("再见")
