# 响应服务调用：立即响应、返回错误，以及工作完成后再响应。按 Ctrl-C 结束。
# Reply to service calls: at once, with an error, and later when the work is done. Ctrl-C ends it.
import time

from aliyunIoT import Device
from credentials import key_info

waiting = []  # 稍后响应的请求 / requests that get their reply later


def on_service(request):
    print("服务调用：", request["service_id"], request["params"])
    if request["service_id"] == "GetState":
        return {"LightSwitch": 1, "uptime": time.ticks_ms() // 1000}
    if request["service_id"] == "Measure":
        # 需要一段时间。同步调用须在 8 秒内响应。
        # It takes a while. A synchronous call needs its reply within 8 seconds.
        waiting.append(request["msg_id"])
        return Device.LATER
    return 100001, {"reason": "no such service"}


def on_reply(reply):
    print("上报结果：", reply["code"], reply["message"])


with Device() as device:
    device.on(Device.ON_SERVICE, on_service)
    device.on(Device.ON_CONNECT, lambda data: device.postProps({"params": {"LightSwitch": 1}}, on_reply))
    device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))
    device.connect(key_info)
    try:
        while True:
            time.sleep(1)  # 工作 / the work
            while waiting:
                print("响应：", device.reply(waiting.pop(0), 200, {"temperature": 21}))
    except KeyboardInterrupt:
        print("再见")
