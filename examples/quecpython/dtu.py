# DTU：上报属性后在同一线程中等待平台的响应（最多 10 秒），响应由回调放入字典；还处理升级通知和同步服务（RRPC）。
# A data transfer unit: it posts properties and waits for the reply in the same thread, for up to 10 seconds; the callback puts
# replies into a dict. It also takes orders to upgrade and synchronous calls (RRPC).
import checkNet
import osTimer
import ujson
import utime
from aLiYun import aLiYun
from credentials import device_name, device_secret, product_key


class AliYunIot:
    def __init__(self, pk, ps, dk, ds, server, qos, client_id, pub_topics=None, sub_topics=None, burning_method=0, life_time=120):
        self.qos = qos
        self.client_id = client_id
        self.life_time = life_time
        self.own = "%s/%s" % (pk, dk)
        self.pub_topics = pub_topics or {"0": "/%s/user/update" % self.own}
        self.sub_topics = sub_topics or {"0": "/%s/user/get" % self.own}
        # 一型一密时没有设备密钥。 With registration there is no device secret.
        self.ali = aLiYun(pk, ps, dk, None if burning_method == 0 else ds, server)
        self.number = 0
        self.results = {}
        self.timer = osTimer()
        self.late = False

    def init(self):
        if self.ali.setMqtt(self.client_id, clean_session=False, keepAlive=self.life_time, reconn=True) == -1:
            return False
        self.ali.setCallback(self.on_message)
        for topic in ["/ota/device/upgrade/" + self.own] + list(self.sub_topics.values()):
            if self.ali.subscribe(topic, qos=0) == -1:
                return False
        self.ali.start()
        utime.sleep_ms(100)
        return self.ali.getAliyunSta() == 0

    def on_message(self, topic, msg):
        topic = topic.decode()
        try:
            msg = ujson.loads(msg)
        except ValueError:
            pass
        if topic.endswith("/post_reply"):
            self.results[msg["id"]] = msg["code"] == 200
        elif topic.startswith("/ota/device/upgrade/"):
            if msg["code"] == 1000:
                print("升级通知：", msg["data"]["module"], msg["data"]["version"])
        elif topic.find("/rrpc/request/") != -1:
            number = topic.split("/")[-1]
            self.ali.publish("/sys/%s/rrpc/response/%s" % (self.own, number), ujson.dumps({"code": 200, "data": {}}), qos=self.qos)
        elif topic.endswith("/property/set"):
            print("平台设置属性：", msg["params"])
        else:
            print("透传数据：", topic, msg)

    def through_post(self, data, number="0"):
        return self.ali.publish(self.pub_topics[number], data, qos=self.qos)

    def on_late(self, _):
        self.late = True

    def wait_reply(self, number):
        self.late = False
        self.timer.start(10000, 0, self.on_late)
        while self.results.get(number) is None:
            if self.late:
                self.results[number] = False
                break
            utime.sleep_ms(50)
        self.timer.stop()
        return self.results.pop(number)

    def post(self, params):
        self.number += 1
        number = str(self.number)
        body = {"id": number, "version": "1.0", "sys": {"ack": 1}, "params": params, "method": "thing.event.property.post"}
        if self.ali.publish("/sys/%s/thing/event/property/post" % self.own, ujson.dumps(body), qos=self.qos):
            return self.wait_reply(number)
        return False

    def close(self):
        self.ali.disconnect()


checkNet.wait_network_connected(30)
dtu = AliYunIot(product_key, None, device_name, device_secret, None, 1, "%s.%s" % (product_key, device_name), burning_method=1)
print("连接：", dtu.init())
for value in range(3):
    print("上报：", dtu.post({"energy": {"value": value, "time": utime.time() * 1000}}))
print("透传：", bool(dtu.through_post("raw data")))
