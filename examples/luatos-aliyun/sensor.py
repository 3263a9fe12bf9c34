# DHT11 温湿度上报和 OTA 消息（2024 版 aliyun）：有保存的密钥时用 clientGetDirectDataTask 连接，否则先动态注册。
# A DHT11 reports, and messages about upgrades arrive (the aliyun of 2024): with a stored secret by clientGetDirectDataTask,
# else after a registration.
import json

import kv
import netready
from credentials import device_name, product_key, product_secret
from luatos import aliyun, log, sys
from options import INSTANCE_ID, INTERVAL_MS, UNLISTED, host

VERSION = "1.0.0"

para = {
    "Registration": UNLISTED,
    "DeviceName": device_name,
    "ProductKey": product_key,
    "ProductSecret": product_secret,
    "InstanceId": INSTANCE_ID,
    "RegionId": "cn-shanghai",
    "mqtt_isssl": True,
}


def measure():
    # 开发板上： In firmware with the module dht: sensor = dht.DHT11(machine.Pin(4)); sensor.measure()
    return {"temperature": 21, "humidity": 55}


def report():
    topic = "/sys/%s/%s/thing/event/property/post" % (product_key, device_name)
    aliyun.publish(topic, 1, json.dumps({"id": "1", "version": "1.0", "params": measure()}))


def report_version():
    topic = "/ota/device/inform/%s/%s" % (product_key, device_name)
    aliyun.publish(topic, 1, json.dumps({"id": "1", "params": {"version": VERSION}}))


def on_receive(topic, payload, qos, retain, dup):
    if topic.startswith("/ota/device/upgrade/"):
        data = json.loads(payload)["data"]
        log.info("ota", "有新固件", data["version"], data["url"])
    else:
        log.info("aliyun", "收到消息", topic)


def on_connect(result):
    log.info("aliyun", "连接结果", result)
    if not result:
        return
    aliyun.subscribe("/ota/device/upgrade/%s/%s" % (product_key, device_name), 1)
    # 刚注册时才有值。 They are None unless the device has just registered.
    values = {"deviceSecret": aliyun.getDeviceSecret(), "deviceToken": aliyun.getDeviceToken(), "clientid": aliyun.getClientid()}
    for name, value in values.items():
        if value is not None:
            kv.set(name, value)
            kv.set("DeviceName", device_name)
            kv.set("ProductKey", product_key)
            log.info("aliyun", "已保存", name)
    aliyun.on("receive", on_receive)
    report_version()
    report()


async def start():
    await sys.waitUntil("net_ready")
    same = kv.get("DeviceName") == device_name and kv.get("ProductKey") == product_key
    secret, token, client = kv.get("deviceSecret"), kv.get("deviceToken"), kv.get("clientid")
    if same and (token and client if UNLISTED else secret):
        log.info("aliyun", "用保存的密钥连接")
        aliyun.clientGetDirectDataTask(device_name, product_key, host(product_key), 1883, True, UNLISTED, secret, token, client)
    else:
        for name in ("DeviceName", "ProductKey", "deviceSecret", "deviceToken", "clientid"):
            kv.remove(name)
        log.info("aliyun", "动态注册")
        aliyun.setup(para)


aliyun.on("connect", on_connect)
sys.taskInit(start)
sys.timerLoopStart(report, INTERVAL_MS)
sys.run()
