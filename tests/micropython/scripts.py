"""The scripts of these tests: each begins with the same few names.

    with Script(script('online().postProps({"params": {"a": 1}})'), cloud, device) as running: ...
"""

import textwrap

from micropython import WITHIN_S

PRELUDE = """\
import gc, json, os, sys, time
from aliyunIoT import Device

key_info = {
    "productKey": os.getenv("ALIYUN_PRODUCT_KEY"),
    "deviceName": os.getenv("ALIYUN_DEVICE_NAME"),
    "deviceSecret": os.getenv("ALIYUN_DEVICE_SECRET"),
}
USER = "/%s/%s/user/" % (key_info["productKey"], key_info["deviceName"])


def wait(done, seconds=WITHIN_S):
    end = time.ticks_add(time.ticks_ms(), seconds * 1000)
    while not done():
        if time.ticks_diff(end, time.ticks_ms()) < 0:
            raise Exception("waited in vain")
        time.sleep_ms(5)


def online(device=None, **more):
    device = device or Device()
    up = []
    device.on(Device.ON_CONNECT, up.append)
    device.on(Device.ON_ERROR, lambda error: print("error", error["code"], error["msg"]))
    device.connect(dict(key_info, **more))
    wait(lambda: up)
    return device


def attempt(function, *arguments):
    try:
        print("returned", repr(function(*arguments)))
    except Exception as error:
        print(type(error).__name__, *error.args)


""".replace("WITHIN_S", str(WITHIN_S))


# On the unix port a script lives on behind its end while a device is connected (test_stays.py), unless it exits.
END = """
if sys.platform == "linux":
    sys.exit()
"""

# `micropython` and `run qemu --stay` print this when the main program has ended and callbacks go on.
STAYS = "aliyunIoT: the main program has ended; callbacks go on until the last device ends, or Ctrl-C"

# A script that goes on behind its end: its device ends when the platform calls a service.
STAYING = (
    PRELUDE
    + """
device = Device()
device.on(Device.ON_ERROR, lambda error: print("error", error["code"]))
device.on(Device.ON_CONNECT, lambda data: print("connected"))
device.on(Device.ON_CLOSE, lambda data: print("closed"))
device.on(Device.ON_PROPS, lambda request: print("props", request["params"]))
device.on(Device.ON_SERVICE, lambda request: print("end", device.end()))
device.connect(key_info)
"""
)


def script(body):
    """A script: the names above, then `body`; it exits at its end."""
    return PRELUDE + textwrap.dedent(body) + END


def user_topic(device, name):
    """A custom topic of the device."""
    return f"/{device['productKey']}/{device['deviceName']}/user/{name}"
