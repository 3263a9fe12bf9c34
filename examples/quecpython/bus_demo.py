# 用 sys_bus 分发消息：回调按 Topic 把消息交给总线上的处理函数，线程每两秒通过总线发布一条消息。主程序在 start() 之后结束。
# Messages on a bus: the callback hands each message to a function by its topic; a thread publishes one message every two
# seconds through the bus. The main program ends after start().
import _thread

import checkNet
import sys_bus
import utime
from aLiYun import aLiYun
from credentials import device_name, device_secret, product_key

TOPIC = "/%s/%s/user/update" % (product_key, device_name)
RRPC, OTA, PUB, SUB = "rrpc", "ota", "pub", "sub"


class Cloud:
    def __init__(self):
        self.ali = aLiYun(product_key, None, device_name, device_secret)
        # 可以是字节。 Bytes will do as well.
        self.ali.setMqtt(b"clientID", clean_session=False, keepAlive=60, reconn=True)
        self.ali.setCallback(self.on_message)

    def on_message(self, topic, msg):
        name = topic.decode()
        if name.find("rrpc") != -1:
            sys_bus.publish(RRPC, {"topic": name, "msg": msg})
        elif name.find("ota") != -1:
            sys_bus.publish(OTA, {"topic": name, "msg": msg})
        else:
            sys_bus.publish(SUB, {"topic": name, "msg": msg})

    def subscribe(self):
        self.ali.subscribe(TOPIC, qos=0)

    def publish(self, topic, msg):
        # 掉线时不发布。 Not while offline.
        if self.ali.getAliyunSta() == 0:
            try:
                self.ali.publish(msg.get("topic"), msg.get("msg"), qos=0)
            except:  # noqa: E722
                print("发布失败")


def on_sub(topic, msg):
    print("收到消息：{} {}".format(msg.get("topic"), msg.get("msg").decode()))


def on_ota(topic, msg):
    print("收到升级通知：{}".format(msg.get("msg").decode()))
    # 等所有处理函数执行完才返回。 It returns when all subscribers have.
    sys_bus.publish_sync(PUB, {"topic": TOPIC, "msg": "upgrade seen"})


def on_rrpc(topic, msg):
    reply = msg.get("topic").replace("/rrpc/request/", "/rrpc/response/")
    sys_bus.publish(PUB, {"topic": reply, "msg": '{"code":200,"data":{}}'})


def publisher(msg):
    while True:
        sys_bus.publish(PUB, msg)
        utime.sleep_ms(2000)


checknet = checkNet.CheckNetwork("QuecPython_sys_bus_example", "1.0.0")
checknet.poweron_print_once()
checknet.wait_network_connected()

cloud = Cloud()
cloud.subscribe()
sys_bus.subscribe(RRPC, on_rrpc)
sys_bus.subscribe(OTA, on_ota)
sys_bus.subscribe(SUB, on_sub)
sys_bus.subscribe(PUB, cloud.publish)
_thread.start_new_thread(publisher, ({"topic": TOPIC, "msg": "hello world"},))
cloud.ali.start()
