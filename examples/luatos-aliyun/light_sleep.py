# 低功耗（2024 版 aliyun）：连接成功一段时间后进入浅睡眠，醒来后连接仍在，睡眠期间下发的消息随后到达。
# Low power (the aliyun of 2024): some time after it is connected, the device sleeps lightly. The connection is still there when
# it wakes up, and messages that were sent meanwhile arrive.
import messages
import netready
from credentials import device_name, device_secret, product_key
from luatos import aliyun, log, sys
from options import INSTANCE_ID, STEP_MS

try:
    from machine import lightsleep
except ImportError:
    # 电脑没有低功耗模式。 A computer has no such mode.
    from time import sleep_ms as lightsleep

para = {
    "DeviceName": device_name,
    "ProductKey": product_key,
    "DeviceSecret": device_secret,
    "InstanceId": INSTANCE_ID,
    "mqtt_isssl": True,
}


async def start():
    await sys.waitUntil("net_ready")
    aliyun.setup(para)


async def sleep():
    await sys.waitUntil("aliyun_ready")
    log.info("pm", "已连接，稍后进入低功耗模式")
    await sys.wait(STEP_MS)
    log.info("pm", "进入低功耗模式")
    # 应短于保活时间（300 秒）。 It should be shorter than the keepalive (300 seconds).
    lightsleep(2 * STEP_MS)
    log.info("pm", "唤醒，连接状态", aliyun.ready())


sys.taskInit(start)
sys.taskInit(sleep)
sys.run()
