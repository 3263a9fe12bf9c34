# 各脚本共用的设置：设备证书写在 credentials.py 中，其余写在这里。在电脑上也可以由环境变量给出。
# What the scripts share: the device's credentials are in credentials.py, the rest is here. On a computer, environment
# variables can give it.
from credentials import getenv

# 实例 ID，见控制台的实例详情；旧版公共实例为 ""。 The ID of the instance, as the console shows it; "" for an old public one.
INSTANCE_ID = getenv("ALIYUN_INSTANCE_ID", "")
# 一型一密免预注册为 True，预注册为 False。 True if the platform does not list the device before it registers.
UNLISTED = getenv("ALIYUN_UNLISTED", "") == "True"
# 两次上报之间、每个阶段的时长，毫秒。 Time between reports, and for each step of a script, in milliseconds.
INTERVAL_MS = int(getenv("ALIYUN_INTERVAL_MS", "20000"))
STEP_MS = int(getenv("ALIYUN_STEP_MS", "5000"))


def host(product_key):
    if INSTANCE_ID:
        return INSTANCE_ID + ".mqtt.iothub.aliyuncs.com"
    return product_key + ".iot-as-mqtt.cn-shanghai.aliyuncs.com"
