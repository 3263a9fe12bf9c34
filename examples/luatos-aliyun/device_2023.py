# 一机一密（2023 版 aliyun）：confiDentialTask、subscriber，publish 的参数顺序为 topic, qos, payload。
# By the device's secret (the aliyun of 2023): confiDentialTask, subscriber; publish takes topic, qos, payload.
from credentials import device_name, device_secret, product_key
from luatos import aliyun, log, sys
from options import host


def on_receive(topic, qos, payload):
    log.info("aliyun.receive", topic, qos, payload)


def on_connect(result):
    log.info("aliyun.connect", result)
    if result:
        # 断线重连后自动恢复订阅。 Subscriptions are made again after a reconnect.
        aliyun.subscriber("/%s/%s/user/get" % (product_key, device_name), 1)
        aliyun.on("receive", on_receive)
        aliyun.publish("/%s/%s/user/update" % (product_key, device_name), 0, "hello")


aliyun.on("connect", on_connect)
# 此时网络可以尚未就绪。 The network need not be up yet.
aliyun.confiDentialTask(device_name, product_key, device_secret, host(product_key), 1883, True)
sys.run()
