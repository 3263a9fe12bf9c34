# 4G 自动门：NetWorkClient 联网，用 modem 的编号动态注册，密钥存于 kv；一个线程检测红外，主线程开关门。
# A door on 4G: NetWorkClient connects, the modem's number is registered, kv keeps the secret; a thread watches the infrared.
import _thread
import kv
import modem
import network
import ujson
import utime as time
from aliyunIoT import Device
from credentials import product_key, product_secret
from driver import GPIO, PWM

g_connect_status = False
deviceSecret = None
detected = False
count = 0


# 网络连接的回调函数。 What the network's client calls.
def on_4g_cb(args):
    global g_connect_status
    g_connect_status = args[1] == 1


def connect_network():
    net = network.NetWorkClient()
    if net._stagecode == 3 and net._subcode == 1:
        net.on(1, on_4g_cb)
        net.connect(None)
    else:
        print("网络注册失败")
    while not g_connect_status:
        time.sleep_ms(20)
    print("网络连接成功")


def on_dynreg_cb(data):
    global deviceSecret
    deviceSecret = data


def on_connect(data):
    print("物联网平台连接成功")


# 红外：0 表示有人。 The infrared sensor: 0 is somebody.
def infrared_status():
    global detected, count
    while True:
        somebody = infrared.read() == 0
        if somebody and not detected:
            count += 1
            device.postProps({"params": ujson.dumps({"person_count": count})})
        detected = somebody
        time.sleep_ms(50)


connect_network()
deviceName = modem.getDevImei()
if deviceName is None:
    raise SystemExit("获取设备编号失败")
device = Device()
deviceSecret = kv.get("_amp_customer_devicesecret")
if deviceSecret is None:
    device.register({"productKey": product_key, "productSecret": product_secret, "deviceName": deviceName}, on_dynreg_cb)
while deviceSecret is None:
    time.sleep(0.2)
print("动态注册成功：", deviceName)

device.on(device.ON_CONNECT, on_connect)
device.connect(
    {
        "region": "cn-shanghai",
        "productKey": product_key,
        "deviceName": deviceName,
        "deviceSecret": deviceSecret,
        "keepaliveSec": 60,
    }
)

infrared = GPIO()
infrared.open("infrared")
servo = PWM()
servo.open("servo")
_thread.start_new_thread(infrared_status, ())
closed = True
while True:
    time.sleep_ms(50)
    if detected == closed:
        closed = not detected
        servo.setOption({"freq": 50, "duty": 5 if closed else 12})
        print("关门" if closed else "开门", count)
