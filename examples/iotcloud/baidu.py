# 百度智能云 IoT Core：用自定义 Topic 开灯、关灯。
# Baidu IoT Core: a topic of the user's own turns a lamp on and off.
from luatos import iotcloud, sys
from settings import WAY, certificates, connect_config, setting

PRODUCT_ID, DEVICE_NAME = setting("PRODUCT_ID"), setting("DEVICE_NAME")
LOGINS = {
    # 密钥认证，product_id 为 IoT Core 的 ID。 By the device's secret; product_id is the ID of the IoT core.
    "key": {"produt_id": PRODUCT_ID, "device_name": DEVICE_NAME, "device_secret": setting("DEVICE_SECRET")},
    # 证书认证。 By certificate.
    "certificate": {"produt_id": PRODUCT_ID, "device_name": DEVICE_NAME},
}
if WAY == "certificate":
    connect_config["tls"] = certificates()


def on_event(cloud, event, data, payload):
    if event == iotcloud.CONNECT:
        print("云平台连接成功")
        cloud.subscribe("$iot/%s/user/fortest" % cloud.device_name)
        cloud.publish("$iot/%s/events" % cloud.device_name, "hello", 1)
    elif event == iotcloud.RECEIVE:
        print("开灯" if payload == "open" else "关灯")
    elif event == iotcloud.SEND:
        print("发送成功：", data)
    elif event == iotcloud.DISCONNECT:
        print("云平台断开")


cloud = iotcloud.new(iotcloud.BAIDU, LOGINS[WAY], connect_config, on_event)
if cloud:
    cloud.connect()
sys.run()
