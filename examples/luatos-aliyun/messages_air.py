# 收发消息和休眠（LuatOS-Air 的 aLiYun）：连续发布 QoS 0 和 QoS 1 的消息，各有回调；定时休眠和唤醒。
# Messages and sleep (the aLiYun of LuatOS-Air): a message of QoS 0 and one of QoS 1 right after it, each with a callback; sleep
# and wake up by turns.
from credentials import device_name, device_secret, product_key
from luatos import aliyun as aLiYun
from luatos import log, sys
from options import INTERVAL_MS, STEP_MS

count = 0


def get_device_name():
    return device_name


def get_device_secret():
    return device_secret


def on_published(result, para):
    log.info("aLiYun", "发布结果", result, para)


def publish_test():
    global count
    count += 1
    topic = "/%s/%s/user/update" % (product_key, get_device_name())
    aLiYun.publish(topic, "qos 0, %d" % count, 0, on_published, "publish_0_%d" % count)
    aLiYun.publish(topic, "qos 1, %d" % count, 1, on_published, "publish_1_%d" % count)


def on_receive(topic, qos, payload):
    log.info("aLiYun", "收到消息", topic, qos, payload)


def on_connect(result):
    log.info("aLiYun", "连接结果", result)
    if result:
        mine = "/%s/%s/user/" % (product_key, get_device_name())
        aLiYun.subscribe({mine + "get": 0, mine + "error": 1})
        aLiYun.on("receive", on_receive)
        publish_test()
        sys.timerLoopStart(publish_test, INTERVAL_MS)
    else:
        sys.timerStop(publish_test)


def on_auth(result):
    log.info("aLiYun", "认证结果", result)


def on_reconnect():
    log.info("aLiYun", "开始重连")


def restart():
    import machine

    log.error("aLiYun", "长时间没有连接，重启")
    machine.reset()


async def main():
    # 300 秒没有连接时重启。 Restart after 300 seconds without a connection.
    aLiYun.setErrHandle(restart, 300)
    aLiYun.setup(product_key, None, get_device_name, get_device_secret)
    aLiYun.on("auth", on_auth)
    aLiYun.on("connect", on_connect)
    aLiYun.on("reconnect", on_reconnect)
    while True:
        await sys.wait(STEP_MS)
        aLiYun.sleep()
        log.info("aLiYun", "休眠", aLiYun.sleepStatus())
        await sys.wait(STEP_MS)
        aLiYun.wakeup()
        log.info("aLiYun", "唤醒", aLiYun.sleepStatus())


sys.taskInit(main)
sys.run()
