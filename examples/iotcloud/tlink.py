# TLINK：上报传感器数据，接收平台的控制。
# TLINK: report a sensor, and receive what the platform sets.
import json

from luatos import iotcloud, sys
from settings import WAY, certificates, connect_config, setting

# product_id 为登录账号，product_secret 为登录密码，device_name 为序列号。
# product_id is the account's name, product_secret its password, device_name the serial number.
config = {
    "produt_id": setting("PRODUCT_ID"),
    "product_secret": setting("PRODUCT_SECRET"),
    "device_name": setting("DEVICE_NAME"),
}
if WAY == "certificate":
    connect_config["tls"] = certificates()


def on_event(cloud, event, data, payload):
    if event == iotcloud.CONNECT:
        print("云平台连接成功")
        cloud.subscribe(cloud.device_name + "/+")
        cloud.publish(cloud.device_name, json.dumps({"sensorDatas": [{"sensorsId": 200017493, "value": 21}]}), 1)
    elif event == iotcloud.RECEIVE:
        print("收到消息：", json.loads(payload)["sensorDatas"])
    elif event == iotcloud.SEND:
        print("发送成功：", data)
    elif event == iotcloud.DISCONNECT:
        print("云平台断开")


cloud = iotcloud.new(iotcloud.TLINK, config, connect_config, on_event)
if cloud:
    cloud.connect()
sys.run()
