# 路灯：不订阅任何 Topic，平台的属性设置也会到达。上报消息的 id 不是数字，属性名前带有空格的旧产品也可以使用。
# A street lamp: it subscribes to nothing, and the platform's property sets arrive all the same. The id of its posts is no
# number, and a key has a blank in front, as products of old have it.
import checkNet
import ujson
import utime
from aLiYun import aLiYun
from credentials import device_name, device_secret, product_key

POST = "/sys/%s/%s/thing/event/property/post" % (product_key, device_name)
lamp = {"LightSwitch": 0, " Brightness": 50}
changed = True


def on_message(topic, msg):
    global changed
    if topic.decode().endswith("/thing/service/property/set"):
        params = ujson.loads(msg)["params"]
        print("平台设置属性：", params)
        for name in params:
            lamp[name] = params[name]
        changed = True


checkNet.wait_network_connected(30)
ali = aLiYun(product_key, None, device_name, device_secret)
ali.setMqtt(device_name, clean_session=False, keepAlive=60, reconn=True)
ali.setCallback(on_message)
ali.start()
while True:
    if changed:
        changed = False
        ali.publish(POST, ujson.dumps({"id": "路灯", "version": "1.0", "params": lamp, "method": "thing.event.property.post"}))
    utime.sleep_ms(200)
