# 华为云 IoTDA：自定义 Topic 上报，平台下发消息控制 LED。
# Huawei Cloud IoTDA: a topic of the user's own upwards; messages of the platform switch an LED.
import json

from luatos import iotcloud, sys
from settings import WAY, certificates, connect_config, setting

PRODUCT_ID, DEVICE_NAME, ENDPOINT = setting("PRODUCT_ID"), setting("DEVICE_NAME"), setting("ENDPOINT")
LOGINS = {
    # 密钥认证。 By the device's secret.
    "key": {
        "produt_id": PRODUCT_ID,
        "endpoint": ENDPOINT,
        "device_name": DEVICE_NAME,
        "device_secret": setting("DEVICE_SECRET"),
    },
    # 证书认证。 By certificate.
    "certificate": {"produt_id": PRODUCT_ID, "endpoint": ENDPOINT, "device_name": DEVICE_NAME},
    # 自动创建设备。 The device is created on the platform.
    "register": {
        "produt_id": PRODUCT_ID,
        "endpoint": ENDPOINT,
        "device_name": DEVICE_NAME,
        "project_id": setting("PROJECT_ID"),
        "iam_username": setting("IAM_USERNAME"),
        "iam_password": setting("IAM_PASSWORD"),
        "iam_domain": setting("IAM_DOMAIN"),
    },
}
if WAY == "certificate":
    connect_config["tls"] = certificates()


def on_event(cloud, event, data, payload):
    device = "%s_%s" % (cloud.product_id, cloud.device_name)
    if event == iotcloud.CONNECT:
        print("云平台连接成功")
        cloud.subscribe("$oc/devices/%s/user/down" % device)
        cloud.publish("$oc/devices/%s/user/up" % device, "hello world!", 1)
    elif event == iotcloud.RECEIVE:
        print("开灯" if json.loads(payload)["content"]["switch"] else "关灯")
    elif event == iotcloud.SEND:
        print("发送成功：", data)
    elif event == iotcloud.DISCONNECT:
        print("云平台断开")


cloud = iotcloud.new(iotcloud.HUAWEI, LOGINS[WAY], connect_config, on_event)
if cloud:
    cloud.connect()
sys.run()
