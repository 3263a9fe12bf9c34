# 快速入门：联网后连接阿里云，订阅并发布一条消息，收到消息后断开。等待时主程序不休眠，回调照常执行。
# Quick start: once online, connect to Alibaba's cloud, subscribe, publish a message, and disconnect when one arrives. The main
# program waits without any sleep; callbacks run all the same.
import checkNet
import log
from aLiYun import aLiYun
from credentials import device_name, device_secret, product_key

PROJECT_NAME = "QuecPython_AliYun_example"
PROJECT_VERSION = "1.0.0"
TOPIC = "/%s/%s/user/update" % (product_key, device_name)

checknet = checkNet.CheckNetwork(PROJECT_NAME, PROJECT_VERSION)
log.basicConfig(level=log.INFO)
logger = log.getLogger("aLiYun")
state = 1


def on_message(topic, msg):
    global state
    logger.info("收到消息：Topic={}，Msg={}".format(topic.decode(), msg.decode()))
    state -= 1


stage, code = checknet.wait_network_connected(30)
if (stage, code) == (3, 1):
    logger.info("联网成功")
    # 一机一密：产品密钥为 None。 By the device's secret: no product secret.
    ali = aLiYun(product_key, None, device_name, device_secret)
    ali.setMqtt(device_name, clean_session=False, keepAlive=300)
    ali.setCallback(on_message)
    ali.subscribe(TOPIC)
    ali.publish(TOPIC, "hello world")
    ali.start()
    while 1:
        if state:
            pass
        else:
            ali.disconnect()
            logger.info("已断开")
            break
else:
    logger.error("联网失败：stage=%d，code=%d", stage, code)
