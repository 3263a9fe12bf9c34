# 一机一密（2024 版 aliyun）：联网之后用设备证书连接，之后由 messages.py 处理事件。
# By the device's secret (the aliyun of 2024): connect once the network is up; messages.py has what follows.
import messages
import netready
from credentials import device_name, device_secret, product_key
from luatos import aliyun, log, sys
from options import INSTANCE_ID

para = {
    "DeviceName": device_name,
    "ProductKey": product_key,
    "DeviceSecret": device_secret,
    "InstanceId": INSTANCE_ID,
    "RegionId": "cn-shanghai",
    "mqtt_isssl": True,
}


async def start():
    await sys.waitUntil("net_ready")
    log.info("aliyun", "已联网，开始连接")
    aliyun.setup(para)


sys.taskInit(start)
sys.run()
