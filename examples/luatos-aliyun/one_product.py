# 一型一密（2024 版 aliyun）：首次运行时动态注册，设备密钥保存在设备中，再次运行时直接使用。换了设备则清除后重新注册。
# By the product's secret (the aliyun of 2024): the first run registers the device, and stores its secret for the next runs. For
# another device, what is stored is removed, and the device registers.
import kv
import messages
import netready
from credentials import device_name, product_key, product_secret
from luatos import aliyun, log, sys
from options import INSTANCE_ID, UNLISTED

para = {
    "Registration": UNLISTED,
    "DeviceName": device_name,
    "ProductKey": product_key,
    "ProductSecret": product_secret,
    "InstanceId": INSTANCE_ID,
    "RegionId": "cn-shanghai",
    "mqtt_isssl": True,
}


async def start():
    await sys.waitUntil("net_ready")
    store = aliyun.store()
    if store["deviceName"] != para["DeviceName"] or store["productKey"] != para["ProductKey"]:
        log.info("aliyun", "没有该设备的注册信息")
        for name in ("DeviceName", "ProductKey", "deviceSecret", "deviceToken", "clientid"):
            kv.remove(name)
        store = {}
    if store.get("clientid") and store.get("deviceToken"):
        para["clientId"] = store["clientid"]
        para["deviceToken"] = store["deviceToken"]
        para["reginfo"] = True
    elif store.get("deviceSecret"):
        para["deviceSecret"] = store["deviceSecret"]
        para["reginfo"] = True
    log.info("aliyun", "使用已有的注册信息" if para.get("reginfo") else "开始动态注册")
    aliyun.setup(para)


sys.taskInit(start)
sys.run()
