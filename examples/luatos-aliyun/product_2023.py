# 一型一密（2023 版 aliyun）：operation 动态注册后连接，一次订阅多个主题，处理全部四个事件。
# By the product's secret (the aliyun of 2023): operation registers the device, then connects. Several topics in one subscription,
# and all four events.
from credentials import device_name, product_key, product_secret
from luatos import aliyun, log, sys
from options import INSTANCE_ID, UNLISTED, host

mine = "/%s/%s/user/" % (product_key, device_name)


def on_auth(result):
    log.info("aliyun.auth", result)


def on_connect(result):
    log.info("aliyun.connect", result)
    if result:
        aliyun.publish(mine + "update", 1, "hello")


def on_reconnect():
    log.info("aliyun.reconnect")


def on_receive(topic, qos, payload):
    log.info("aliyun.receive", topic, qos, payload)


aliyun.on("auth", on_auth)
aliyun.on("connect", on_connect)
aliyun.on("reconnect", on_reconnect)
aliyun.on("receive", on_receive)
aliyun.subscriber({mine + "get": 0, mine + "error": 1})
# 第一个参数：预注册为 False，免预注册为 True。 The first argument is False if the platform lists the device.
aliyun.operation(UNLISTED, device_name, product_key, product_secret, INSTANCE_ID, host(product_key), 1883, True)
sys.run()
