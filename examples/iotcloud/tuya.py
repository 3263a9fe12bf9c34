# 涂鸦 TuyaLink：上报开关状态，接收平台的设置。
# Tuya, TuyaLink: report a switch, and receive what the platform sets.
import json
import time

from luatos import iotcloud, sys
from settings import connect_config, setting

DEVICE_ID = setting("DEVICE_NAME")


def on_event(cloud, event, data, payload):
    topic = "tylink/%s/thing/property/" % cloud.device_name
    if event == iotcloud.CONNECT:
        print("云平台连接成功")
        cloud.subscribe(topic + "set")
        now = int(time.time() * 1000)
        message = {"msgId": "1", "time": now, "data": {"switch": {"value": True, "time": now}}}
        cloud.publish(topic + "report", json.dumps(message), 1)
    elif event == iotcloud.RECEIVE:
        print("平台设置属性：", json.loads(payload)["data"])
    elif event == iotcloud.SEND:
        print("发送成功：", data)
    elif event == iotcloud.DISCONNECT:
        print("云平台断开")


config = {"device_name": DEVICE_ID, "device_secret": setting("DEVICE_SECRET")}
cloud = iotcloud.new(iotcloud.TUYA, config, connect_config, on_event)
if cloud:
    cloud.connect()
sys.run()
