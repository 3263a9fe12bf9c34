# Answers service calls: at once, with an error, and later, when the work is done. Until Ctrl-C.
import time

from aliyunIoT import Device
from credentials import key_info

waiting = []  # requests whose answers come later


def on_service(request):
    print("服务调用:", request["service_id"], request["params"])
    if request["service_id"] == "GetState":
        return {"LightSwitch": 1, "uptime": time.ticks_ms() // 1000}
    if request["service_id"] == "Measure":
        # It takes a while. A synchronous call has to be answered within 8 seconds.
        waiting.append(request["msg_id"])
        return Device.LATER
    return 100001, {"reason": "no such service"}


def on_reply(reply):
    print("上报结果:", reply["code"], reply["message"])


with Device() as device:
    device.on(Device.ON_SERVICE, on_service)
    device.on(Device.ON_CONNECT, lambda data: device.postProps({"params": {"LightSwitch": 1}}, on_reply))
    device.on(Device.ON_ERROR, lambda error: print("错误:", error["code"], error["msg"]))
    device.connect(key_info)
    try:
        while True:
            time.sleep(1)  # the work
            while waiting:
                print("应答:", device.reply(waiting.pop(0), 200, {"temperature": 21}))
    except KeyboardInterrupt:
        print("再见")
