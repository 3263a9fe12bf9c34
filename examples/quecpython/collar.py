# 畜牧项圈：五个线程各自上报一个属性，内容为手写的 Alink JSON，所有消息的 id 都是 "123"。
# A collar for cattle: five threads post one property each, as Alink JSON that the script formats itself; every message has the
# id "123".
import _thread

import cellLocator
import checkNet
import sys_bus
import utime
from aLiYun import aLiYun
from credentials import device_name, device_secret, product_key

POST = "/sys/%s/%s/thing/event/property/post" % (product_key, device_name)
FORMAT = '{"id":"123","version":"1.0","params":{"%s":{"value":%s}},"method":"thing.event.property.post"}'
PERIOD_MS = 2000


def position():
    # 基站定位：经度、纬度和精度。 By the cells around: longitude, latitude, accuracy.
    longitude, latitude, _ = cellLocator.getLocation("www.queclocator.com", 80, "1111111122222222", 8, 1)
    return '{"Longitude":%s,"Latitude":%s,"CoordinateSystem":1}' % (longitude, latitude)


def steps():
    return str(utime.ticks_ms() // 1000)


READERS = {
    "GeoLocation": position,
    "Steps": steps,
    "Temperature": lambda: "38.5",
    "Battery": lambda: "87",
    "MotionAlarmState": lambda: "0",
}

ali = aLiYun(product_key, None, device_name, device_secret)


def on_message(topic, msg):
    sys_bus.publish("down", {"topic": topic, "msg": msg})


def on_down(topic, msg):
    if msg["topic"].decode().endswith("property/set"):
        print("平台设置属性：", msg["msg"].decode())


def report(topic, msg):
    if not ali.getAliyunSta():
        try:
            ali.publish(POST, msg, qos=0)
        except:  # noqa: E722
            print("上报失败")


def reporter(name, read):
    while True:
        sys_bus.publish("up", FORMAT % (name, read()))
        utime.sleep_ms(PERIOD_MS)


checkNet.wait_network_connected(30)
ali.setMqtt(device_name, clean_session=False, keepAlive=60, reconn=True)
ali.setCallback(on_message)
sys_bus.subscribe("down", on_down)
sys_bus.subscribe("up", report)
for name, read in READERS.items():
    _thread.start_new_thread(reporter, (name, read))
ali.start()
