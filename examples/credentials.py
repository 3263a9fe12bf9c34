# Who the device is: what the console shows under "device certificate". On a computer the environment may say it
# instead, as `cargo xtask demo` does.
import os

getenv = getattr(os, "getenv", lambda name, default: default)

product_key = getenv("ALIYUN_PRODUCT_KEY", "your productKey")
device_name = getenv("ALIYUN_DEVICE_NAME", "your deviceName")
device_secret = getenv("ALIYUN_DEVICE_SECRET", "your deviceSecret")
# One for all devices of a product: what register.py has instead of a device secret.
product_secret = getenv("ALIYUN_PRODUCT_SECRET", "your productSecret")

key_info = {
    "region": "cn-shanghai",
    "productKey": product_key,
    "deviceName": device_name,
    "deviceSecret": device_secret,
    "keepaliveSec": 60,
}
