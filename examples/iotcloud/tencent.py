# 腾讯云物联网开发平台：上报开关状态，按平台的设置开灯、关灯。
# Tencent Cloud IoT Explorer: report a switch, and turn a lamp on and off as the platform sets it.
import json

from luatos import iotcloud, sys
from settings import WAY, certificates, connect_config, setting

PRODUCT_ID, DEVICE_NAME = setting("PRODUCT_ID"), setting("DEVICE_NAME")
LOGINS = {
    # 密钥认证。 By the device's key.
    "key": {"product_id": PRODUCT_ID, "device_name": DEVICE_NAME, "device_secret": setting("DEVICE_SECRET")},
    # 动态注册。 By dynamic registration.
    "register": {"product_id": PRODUCT_ID, "device_name": DEVICE_NAME, "product_secret": setting("PRODUCT_SECRET")},
    # 证书认证。 By certificate.
    "certificate": {"product_id": PRODUCT_ID, "device_name": DEVICE_NAME},
}
if WAY == "certificate":
    connect_config["tls"] = certificates()


def report(cloud, value):
    topic = "$thing/up/property/%s/%s" % (cloud.product_id, cloud.device_name)
    cloud.publish(topic, json.dumps({"method": "report", "clientToken": "1", "params": {"switch": value}}), 1)


def on_event(cloud, event, data, payload):
    if event == iotcloud.CONNECT:
        print("云平台连接成功")
        cloud.subscribe("$thing/down/property/%s/%s" % (cloud.product_id, cloud.device_name))
        report(cloud, 0)
    elif event == iotcloud.RECEIVE:
        message = json.loads(payload)
        if message["method"] == "control":
            print("开灯" if message["params"]["switch"] else "关灯")
            report(cloud, message["params"]["switch"])
    elif event == iotcloud.SEND:
        print("发送成功：", data)
    elif event == iotcloud.DISCONNECT:
        print("云平台断开")


sys.subscribe("iotcloud", on_event)
cloud = iotcloud.new(iotcloud.TENCENT, LOGINS[WAY], connect_config)
if cloud:
    cloud.connect()
sys.run()
