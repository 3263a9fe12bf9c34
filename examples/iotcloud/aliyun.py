# 阿里云物联网平台：每两秒发布一条 QoS 1 的消息，接收平台下发的消息。
# Alibaba Cloud IoT Platform: a message of QoS 1 every two seconds; messages of the platform are shown.
from luatos import iotcloud, sys
from settings import WAY, connect_config, setting

PRODUCT_ID, DEVICE_NAME, INSTANCE_ID = setting("PRODUCT_ID"), setting("DEVICE_NAME"), setting("INSTANCE_ID")
LOGINS = {
    # 一机一密：旧版公共实例；新版公共实例或企业版实例。 By the device's secret: old public instance; new one.
    "key": {"produt_id": PRODUCT_ID, "device_name": DEVICE_NAME, "key": setting("DEVICE_SECRET")},
    "key, instance": {
        "instance_id": INSTANCE_ID,
        "produt_id": PRODUCT_ID,
        "device_name": DEVICE_NAME,
        "device_secret": setting("DEVICE_SECRET"),
    },
    # 一型一密，预注册。 By registration of a device that the platform lists.
    "register": {"produt_id": PRODUCT_ID, "device_name": DEVICE_NAME, "product_secret": setting("PRODUCT_SECRET")},
    "register, instance": {
        "instance_id": INSTANCE_ID,
        "produt_id": PRODUCT_ID,
        "device_name": DEVICE_NAME,
        "product_secret": setting("PRODUCT_SECRET"),
    },
    # 一型一密，免预注册：设备名称为 machine.unique_id()。 By registration of any device: its name is machine.unique_id().
    "unlisted": {"produt_id": PRODUCT_ID, "product_secret": setting("PRODUCT_SECRET")},
    "unlisted, instance": {
        "instance_id": INSTANCE_ID,
        "produt_id": PRODUCT_ID,
        "product_secret": setting("PRODUCT_SECRET"),
    },
}

cloud = None


async def connect():
    global cloud
    await sys.waitUntil("IP_READY")
    cloud = iotcloud.new(iotcloud.ALIYUN, LOGINS[WAY], connect_config)
    if cloud:
        cloud.connect()


async def publish():
    while True:
        await sys.wait(2000)
        # 离线时消息会等待，重连后发送。 While offline, the messages wait.
        if cloud:
            cloud.publish("/%s/%s/user/update" % (cloud.product_id, cloud.device_name), "hello world", 1)


def on_event(cloud, event, data, payload):
    if event == iotcloud.CONNECT:
        print("云平台连接成功：", cloud.device_name)
        cloud.subscribe("/%s/%s/user/get" % (cloud.product_id, cloud.device_name))
    elif event == iotcloud.RECEIVE:
        print("收到消息：", data, payload)
    elif event == iotcloud.OTA:
        print("固件下载完成：", data)
    elif event == iotcloud.DISCONNECT:
        print("云平台断开")


sys.subscribe("iotcloud", on_event)
sys.taskInit(connect)
sys.taskInit(publish)
# 联网之后发布，例如在 online.wifi() 之后。 Once the network is up, for example after online.wifi().
sys.timerStart(sys.publish, 100, "IP_READY")
sys.run()
