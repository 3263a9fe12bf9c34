# 物模型封装：一个类包含属性和事件的上报（等待响应，最多 30 秒）、属性设置的应答、同步服务和升级通知。
# A class around the thing model: posts of properties and events, which wait up to 30 seconds for the reply; answers to property
# sets and synchronous calls; orders to upgrade.
import checkNet
import ujson
import utime
from aLiYun import aLiYun
from credentials import device_name, device_secret, product_key


class Thing:
    def __init__(self, product_key="", device_name="", device_secret=None, product_secret=None, server=None, qos=1):
        if not device_secret and not product_secret:
            raise ValueError("Thing(): give device_secret or product_secret")
        self.own = "/sys/%s/%s/" % (product_key, device_name)
        self.names = product_key, product_secret, device_name, device_secret
        self.qos = qos
        # 不指定地域时域名不完整，与旧代码相同。 Without a region, the host is not whole, as in old code.
        self.ali = aLiYun(*self.names, "%s.%s" % (product_key, server))
        self.events = []
        self.callback = None
        self.results = {}
        self.number = 0

    @property
    def status(self):
        return self.ali.getAliyunSta() == 0

    @property
    def auth_info(self):
        return dict(zip(("product_key", "product_secret", "device_name", "device_secret"), self.names))

    def add_event(self, name):
        self.events.append(name)

    def set_callback(self, callback):
        self.callback = callback

    def connect(self):
        if self.ali.setMqtt(self.names[2]) != 0:
            return False
        self.ali.setCallback(self.on_message)
        paths = ["thing/event/property/post", "thing/event/property/post_reply", "thing/service/property/set", "rrpc/request/+"]
        paths += ["thing/event/%s/post_reply" % name for name in self.events]
        topics = [self.own + path for path in paths] + ["/ota/device/upgrade/%s/%s" % (self.names[0], self.names[2])]
        if any([self.ali.subscribe(topic, qos=self.qos) != 0 for topic in topics]):
            return False
        self.ali.start()
        return True

    def on_message(self, topic, msg):
        topic = topic.decode()
        try:
            msg = ujson.loads(msg)
        except ValueError:
            pass
        if topic.endswith("/post_reply"):
            self.results[msg["id"]] = int(msg["code"]) == 200
        elif self.callback:
            self.callback((topic, msg))

    def report(self, path, params):
        self.number += 1
        number = str(self.number)
        method = "thing." + path.replace("/", ".")
        body = {"id": number, "version": "1.0", "sys": {"ack": 1}, "params": params, "method": method}
        if self.ali.publish(self.own + "thing/" + path, ujson.dumps(body), qos=self.qos) is not True:
            return False
        for _ in range(30 * 20):
            if number in self.results:
                break
            utime.sleep_ms(50)
        return self.results.pop(number, False)

    def properties_report(self, values):
        time = "%d000" % utime.time()
        return self.report("event/property/post", {name: {"value": values[name], "time": time} for name in values})

    def event_report(self, name, value):
        return self.report("event/%s/post" % name, {"value": value, "time": "%d000" % utime.time()})

    def property_set_reply(self, number, code):
        body = {"id": number, "code": code, "data": {}, "message": "", "version": "1.0"}
        return self.ali.publish(self.own + "thing/service/property/set_reply", ujson.dumps(body), qos=self.qos)

    def rrpc_response(self, number, data):
        return self.ali.publish(self.own + "rrpc/response/" + number, ujson.dumps(data), qos=self.qos)

    def disconnect(self):
        self.ali.disconnect()


def on_event(args):
    topic, data = args
    if topic.endswith("/property/set"):
        print("平台设置属性：", data["params"], thing.property_set_reply(data["id"], 200))
    elif topic.find("/rrpc/request/") != -1:
        print("同步服务：", thing.rrpc_response(topic.split("/")[-1], {"code": 200, "data": {}}))


checkNet.wait_network_connected(30)
thing = Thing(product_key=product_key, device_name=device_name, device_secret=device_secret)
thing.add_event("overheat")
thing.set_callback(on_event)
print("连接：", thing.connect(), thing.status, thing.auth_info["device_name"] == device_name)
print("上报属性：", thing.properties_report({"temperature": 21, "switch": 1}))
print("上报事件：", thing.event_report("overheat", {"temperature": 90}))
