# 开发板上的 main.py：连接 Wi-Fi，校准时钟，连接平台；之后每十秒上报一次属性，Wi-Fi 断开后重新连接。
# main.py of a board: Wi-Fi, the clock, the platform. Then a property every ten seconds; a lost Wi-Fi is joined again.
import gc

gc.collect()
from aliyunIoT import Device  # 最先导入：原生模块需要一整块内存。 First: a native module needs memory in one piece.

import time

import online
from credentials import key_info

SSID = "your Wi-Fi"
PASSWORD = "your password"


def on_props(request):
    print("平台设置属性：", request["params"])


while True:
    try:
        device = online.boot(SSID, PASSWORD, key_info, {Device.ON_PROPS: on_props}, country="CN")
        break
    except OSError as error:
        print("错误：", error)
        time.sleep(10)

while True:
    device.postProps({"params": {"temperature": 21}})
    time.sleep(10)
    try:
        online.wifi(SSID, PASSWORD)  # 已连接时立即返回。 Returns at once while it is connected.
    except OSError as error:
        print("错误：", error)
