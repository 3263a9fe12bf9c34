# 带远程升级的项圈：上报应用和固件的版本，查询升级包，收到后下载，上报进度，然后立即重启。Topic 和内容都是字节。
# A collar with updates: it reports the versions of application and firmware, asks for updates, downloads one, reports progress
# and restarts at once. Topics and payloads are bytes.
import app_fota
import checkNet
import fota
import ujson
from aLiYun import aLiYun
from credentials import device_name, device_secret, product_key
from misc import Power

APP, FIRMWARE = "app", "firmware"
VERSION = "1.0.0"
SERVER = "%s.iot-as-mqtt.cn-shanghai.aliyuncs.com" % product_key
OWN = "%s/%s" % (product_key, device_name)
INFORM = ("/ota/device/inform/" + OWN).encode()
PROGRESS = ("/ota/device/progress/" + OWN).encode()
UPGRADE = ("/ota/device/upgrade/" + OWN).encode()
GET = ("/sys/%s/thing/ota/firmware/get" % OWN).encode()

checkNet.wait_network_connected(30)
ali = aLiYun(product_key, None, device_name, device_secret, SERVER)
number = 0


def publish(topic, params):
    global number
    number += 1
    # id 是数字。 The id is a number.
    ali.publish(topic, ujson.dumps({"id": number, "version": "1.0", "params": params}).encode(), qos=1)


def finish(module, done):
    publish(PROGRESS, {"step": 100 if done else -1, "desc": "", "module": module})
    if done:
        # 进度消息此时已经发出。 The progress message has left by now.
        Power.powerRestart()


def on_firmware(state):
    # 状态为 0、1、2 时正常，第二个值是进度。 The states 0, 1 and 2 are good; the second value is the progress.
    if state[0] in (0, 1, 2) and state[1] == 100:
        finish(FIRMWARE, True)
    elif state[0] not in (0, 1, 2):
        finish(FIRMWARE, False)


def upgrade(data):
    print("升级：", data["module"], data["version"], data["extData"])
    if data["module"] == APP:
        updater = app_fota.new()
        failed = updater.bulk_download([{"url": data["url"], "file_name": "/usr/main.py"}])
        if not failed:
            updater.set_update_flag()
        finish(APP, not failed)
    elif fota().httpDownload(url1=data["url"], callback=on_firmware) != 0:
        finish(FIRMWARE, False)


def on_message(topic, msg):
    message = ujson.loads(msg)
    if topic == UPGRADE or topic == GET + b"_reply":
        data = message["data"]
        if data.get("version", VERSION) != VERSION:
            upgrade(data)


ali.setMqtt(device_name, clean_session=False, keepAlive=60, reconn=True)
ali.setCallback(on_message)
ali.subscribe(UPGRADE, 1)
ali.subscribe(GET + b"_reply", 1)
ali.start()
for module in (APP, FIRMWARE):
    publish(INFORM, {"version": VERSION, "module": module})
for module in (APP, FIRMWARE):
    publish(GET, {"module": module})
