# 平台上的产品、设备和密钥：填在这里或各脚本中。在电脑上也可以由环境变量 IOTCLOUD_… 给出。
# Product, device and secrets as the platform shows them: write them here, or in the scripts. On a computer, the environment
# variables IOTCLOUD_… can give them.
import json
import os

_getenv = getattr(os, "getenv", lambda name: None)


def setting(name, default=None):
    return _getenv("IOTCLOUD_" + name) or default or "your " + name


# 脚本列出多种登录方式，这里选择其中一种。
# The scripts list several ways to log in: this one is taken.
WAY = setting("WAY", "key")

# 连接参数，例如 {"keepalive": 300} 或 {"tls": False}。
# The connection, for example {"keepalive": 300} or {"tls": False}.
connect_config = json.loads(setting("CONNECT_CONFIG", "{}"))


def certificates():
    """{"client_cert": …, "client_key": …}"""
    with open(setting("CLIENT_CERT", "client.crt"), "rb") as cert, open(setting("CLIENT_KEY", "client.key"), "rb") as key:
        return {"client_cert": cert.read(), "client_key": key.read()}
