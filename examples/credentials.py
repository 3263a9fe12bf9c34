# 设备证书（三元组），见控制台的设备详情。在电脑上也可以由环境变量给出，`cargo xtask demo` 即是如此。
# The device's credentials, as the console shows them. On a computer, environment variables can give them, as
# `cargo xtask demo` does.
import json
import os

getenv = getattr(os, "getenv", lambda name, default: default)

product_key = getenv("ALIYUN_PRODUCT_KEY", "your productKey")
device_name = getenv("ALIYUN_DEVICE_NAME", "your deviceName")
device_secret = getenv("ALIYUN_DEVICE_SECRET", "your deviceSecret")
# 同一产品的所有设备共用，供 register.py 代替设备密钥使用。
# One for all devices of a product: register.py uses it instead of a device secret.
product_secret = getenv("ALIYUN_PRODUCT_SECRET", "your productSecret")

key_info = {
    "region": "cn-shanghai",
    "productKey": product_key,
    "deviceName": device_name,
    "deviceSecret": device_secret,
    "keepaliveSec": 60,
}

# 连接其他云平台时，换成该平台的键，例如 {"cloud": "tencent", "productId": "…", …}，见 docs/api.zh.md。
# For another cloud, take that cloud's keys: docs/api.md lists them.
given = getenv("ALIYUN_KEY_INFO", "")
if given:
    key_info = json.loads(given)
