# 定位器（LuatOS-Air 的 aLiYun）：设备名称和密钥由函数给出；认证失败时通过 HTTP 获取密钥；按收到的 QoS 区分消息的去向。
# A tracker (the aLiYun of LuatOS-Air): functions give the device's name and secret. If the login is refused, it gets the secret
# by HTTP. The QoS of a message says where it goes.
import json
import socket

import kv
from credentials import device_name, getenv, product_key
from luatos import aliyun as aLiYun
from luatos import log, sys
from options import INTERVAL_MS

# 提供密钥的服务器。 The server that has the secrets.
SECRETS_AT = getenv("ALIYUN_SECRETS_AT", "192.168.1.10:8080")
count = 0


def get_imei():
    # 开发板上可以用 machine.unique_id()。 A board may take machine.unique_id().
    return device_name


def get_sn():
    return kv.get("sn")


def get_secret():
    host, port = SECRETS_AT.split(":")
    connection = socket.socket()
    try:
        connection.connect(socket.getaddrinfo(host, int(port))[0][-1])
        connection.send(("GET /secret?id=%s HTTP/1.0\r\nHost: %s\r\n\r\n" % (get_imei(), host)).encode())
        answer = part = connection.recv(512)
        while part:
            part = connection.recv(512)
            answer += part
    finally:
        connection.close()
    kv.set("sn", json.loads(answer.split(b"\r\n\r\n", 1)[1])["sn"])
    log.info("tracker", "已获取密钥")


def on_auth(result):
    log.info("tracker", "认证结果", result)
    if not result:
        sys.taskInit(get_secret)


def on_receive(topic, qos, payload):
    if qos == 0:
        # machine.UART(1, 115200).write(payload)
        log.info("uart", payload)
    else:
        # machine.Pin(2, machine.Pin.OUT).value(int(payload))
        log.info("gpio", int(payload))


def on_published(result, para):
    log.info("tracker", "发布结果", result, para)


def report():
    global count
    count += 1
    position = {"longitude": 121.47, "latitude": 31.23, "count": count}
    aLiYun.publish("/%s/%s/user/update" % (product_key, get_imei()), json.dumps(position), 0, on_published, None)


def on_connect(result):
    log.info("tracker", "连接结果", result)
    if result:
        mine = "/%s/%s/user/" % (product_key, get_imei())
        aLiYun.subscribe({mine + "get": 0, mine + "error": 1})
        aLiYun.on("receive", on_receive)
        report()
        sys.timerLoopStart(report, INTERVAL_MS)
    else:
        sys.timerStop(report)


aLiYun.setMqtt(None, None, 120)
aLiYun.setup(product_key, None, get_imei, get_sn)
aLiYun.on("auth", on_auth)
aLiYun.on("connect", on_connect)
sys.run()
