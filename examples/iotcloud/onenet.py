# 中国移动 OneNET：定时上报，由脚本自行重连（autoreconn 为 False），断线后每隔一段时间重试。
# China Mobile OneNET: report at intervals. The script reconnects by itself (autoreconn is False), again and again after a loss.
import json

from luatos import iotcloud, sys
from settings import WAY, connect_config, setting

PRODUCT_ID, DEVICE_NAME = setting("PRODUCT_ID"), setting("DEVICE_NAME")
REPORT_MS, RETRY_MS = int(setting("REPORT_MS", 60000)), int(setting("RETRY_MS", 60000))
LOGINS = {
    # 一机一密。 By the device's key.
    "key": {"produt_id": PRODUCT_ID, "device_name": DEVICE_NAME, "device_secret": setting("DEVICE_SECRET")},
    # 一型一密。 By the product's access key.
    "product": {"produt_id": PRODUCT_ID, "device_name": DEVICE_NAME, "product_secret": setting("PRODUCT_SECRET")},
    # 自动创建设备。 The device is created on the platform.
    "register": {
        "produt_id": PRODUCT_ID,
        "device_name": DEVICE_NAME,
        "userid": setting("USER_ID"),
        "userkey": setting("USER_KEY"),
    },
}
connect_config["autoreconn"] = False

online = False


def report(cloud, temperature):
    topic = "$sys/%s/%s/thing/property/post" % (cloud.product_id, cloud.device_name)
    params = {"temperature": {"value": temperature}}
    cloud.publish(topic, json.dumps({"id": "123", "version": "1.0", "params": params}))


async def measure(cloud):
    temperature = 20
    while online:
        report(cloud, temperature)
        temperature += 1
        await sys.wait(REPORT_MS)


def on_event(cloud, event, data, payload):
    global online
    if event == iotcloud.CONNECT:
        print("云平台连接成功")
        online = True
        topic = "$sys/%s/%s/thing/property/" % (cloud.product_id, cloud.device_name)
        cloud.subscribe({topic + "post/reply": 1, topic + "set": 1})
        sys.taskInit(measure, cloud)
    elif event == iotcloud.SEND:
        print("发送数据成功")
    elif event == iotcloud.RECEIVE:
        print("收到消息：", data.split("/")[-1], json.loads(payload).get("code"))
    elif event == iotcloud.DISCONNECT:
        print("云平台断开")
        online = False
        sys.timerStart(cloud.connect, RETRY_MS)


sys.subscribe("iotcloud", on_event)
cloud = iotcloud.new(iotcloud.ONENET, LOGINS[WAY], connect_config)
if cloud:
    cloud.connect()
sys.run()
