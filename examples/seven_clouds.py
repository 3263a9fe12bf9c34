# 同一个脚本用于七家云平台，只需更换 credentials.py 中的字典：上报属性和事件，发布一条自定义消息，查询网络时间，
# 响应属性设置和服务调用。平台把属性 run 设为 0 时结束。
# One script for seven clouds; only the dict in credentials.py changes. It reports properties and an event, publishes a
# message of its own, asks for the time, and replies to property sets and service calls. It ends when the cloud sets the
# property `run` to 0.
import json
import time

from aliyunIoT import Device
from credentials import key_info

# 自定义消息的 Topic，各平台的规定不同。
# Each cloud has rules of its own for the topics of a device's own messages.
TOPICS = {
    "aliyun": "/{productKey}/{deviceName}/user/update",
    "tencent": "{productId}/{deviceName}/event",
    "onenet": "$sys/{productId}/{deviceName}/custome/up",
    "huawei": "$oc/devices/{productId}_{deviceName}/user/update",
    "tuya": "tylink/{deviceName}/channel/raw/up",
    "baidu": "$iot/{deviceName}/user/update",
    "tlink": "{deviceName}",
}

cloud = key_info.get("cloud", "aliyun")
connected = False
state = {"temperature": 21.5, "run": 1}


def on_connect(data):
    global connected
    connected = True
    print("已连接：", cloud)


def on_props(request):
    state.update(json.loads(request["params"]))
    print("属性设置：", request["params"])
    return 200


def on_service(request):
    print("服务调用：", request["service_id"], request["params"])
    return {"temperature": state["temperature"]}


def told(what):
    return lambda reply: print(what, reply["code"])


with Device() as device:
    device.on(Device.ON_CONNECT, on_connect)
    device.on(Device.ON_PROPS, on_props)
    device.on(Device.ON_SERVICE, on_service)
    device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))
    device.connect(key_info)
    while not connected:
        time.sleep_ms(100)

    device.postProps({"params": state}, told("属性上报："))
    device.postEvent({"id": "overheat", "params": {"temperature": 90}}, told("事件上报："))
    device.publish({"topic": TOPICS[cloud].format(**key_info), "payload": "hello", "qos": 1}, told("自定义消息："))
    try:
        device.getNtpTime(lambda now: print("网络时间：", now["timestamp"] > 0))
    except NotImplementedError as error:
        print("网络时间：", error)
    while state["run"]:
        time.sleep_ms(100)
