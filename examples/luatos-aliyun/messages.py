# 事件处理和发布（2024 版 aliyun）：连接成功后发布一条 QoS 1 消息；每条消息有结果之后，隔一段时间发布下一条。
# Events and messages (the aliyun of 2024): a message of QoS 1 once the device is connected; some time after the result of each
# message, the next one.
from luatos import aliyun, log, sys
from options import INTERVAL_MS

count = 0


def publish_test():
    # 先取出编号：下面几行之间可能执行 on_published，它会改变 count。
    # One number for all of it: on_published, which changes count, may run between two of these lines.
    number = count
    log.info("aliyun", "上行数据", number)
    topic = "/%s/%s/user/update" % (aliyun.opts["ProductKey"], aliyun.opts["DeviceName"])
    aliyun.publish(topic, 1, "message %d" % number, on_published, "publish_test_%d" % number)


def on_published(result, para):
    global count
    log.info("aliyun", "发布结果", result, para)
    count += 1
    sys.timerStart(publish_test, INTERVAL_MS)


def on_connect(result):
    log.info("aliyun", "连接结果", result)
    if result:
        sys.publish("aliyun_ready")
        # 订阅主题。 Subscribe to a topic.
        aliyun.subscribe("/%s/%s/user/get" % (aliyun.opts["ProductKey"], aliyun.opts["DeviceName"]), 1)
        publish_test()
    else:
        log.warn("aliyun", "连接断开")


def on_receive(topic, payload, qos, retain, dup):
    log.info("aliyun", "收到消息", topic, payload, qos)


aliyun.on("connect", on_connect)
aliyun.on("receive", on_receive)
