# 一型一密直连（LuatOS-Air 的 aLiYun）：设置地域和连接方式，动态注册得到的设备密钥由脚本自己保存。
# By the product's secret, direct (the aLiYun of LuatOS-Air): region and connect mode; the script itself stores the secret that
# the registration brings.
import kv
from credentials import device_name, product_key, product_secret
from luatos import aliyun as aLiYun
from luatos import log, sys
from options import INTERVAL_MS, host

count = 0


def get_device_name():
    return device_name


def get_device_secret():
    return kv.get("secret of " + device_name)


def set_device_secret(secret):
    log.info("aLiYun", "保存设备密钥")
    kv.set("secret of " + device_name, secret)


def publish_test():
    global count
    count += 1
    aLiYun.publish("/%s/%s/user/update" % (product_key, device_name), "message %d" % count, 1, on_published, count)


def on_published(result, para):
    log.info("aLiYun", "发布结果", result, para)
    sys.timerStart(publish_test, INTERVAL_MS)


def on_receive(topic, qos, payload):
    log.info("aLiYun", "收到消息", topic, qos, payload)


def on_connect(result):
    log.info("aLiYun", "连接结果", result)
    if result:
        aLiYun.subscribe("/%s/%s/user/get" % (product_key, device_name), 0)
        publish_test()


aLiYun.on("connect", on_connect)
aLiYun.on("receive", on_receive)
aLiYun.setRegion("cn-shanghai")
aLiYun.setConnectMode("direct", host(product_key), 1883)
aLiYun.setup(product_key, product_secret, get_device_name, get_device_secret, set_device_secret)
sys.run()
