"""A device on any of the seven clouds, and what its cloud has seen of it.

    with Cloud("--cloud", "all") as cloud:
        here = Vendor(cloud, "tencent")
        run(path, env=here.env)
        here.wait_seen("login")
"""

import json

CLOUDS = ("aliyun", "tencent", "onenet", "huawei", "tuya", "baidu", "tlink")
# Those that have the time signed, so that a wrong clock is refused.
SIGN_TIME = ("tencent", "onenet", "huawei", "tuya", "baidu")
# Those whose signature needs the time: without it there is no login. Baidu has another signature for that.
NEED_TIME = ("tencent", "onenet", "huawei", "tuya")
# Those that reply to a post by a message, which can be a refusal.
REPLY = ("aliyun", "tencent", "onenet", "tuya")
# Those where a certificate can take the place of a secret.
CERTIFICATES = ("tencent", "huawei", "baidu")
# What others lack.
WITHOUT_SERVICES = ("tlink",)
WITHOUT_SET_REPLY = ("tlink",)
WITHOUT_TIME = ("onenet", "baidu", "tlink")

# The board's clock, so that a script can set it: `clock.shift` is by how many seconds it is wrong.
CLOCK = """
class Clock:
    shift = 0
    unset = False

    def gmtime(self):
        return (1970, 1, 1, 0, 1, 40, 3, 1) if self.unset else time.gmtime(int(time.time()) + self.shift)

    def __getattr__(self, name):
        return getattr(time, name)


clock = sys.modules["time"] = Clock()
"""


class Vendor:
    """A new device on the cloud of that name; `more` is for the command that makes it."""

    def __init__(self, cloud, name, **more):
        self.cloud = cloud
        self.name = name
        if name == "aliyun":
            device = cloud.new_device()
            self.key_info = {key: device[key] for key in ("productKey", "deviceName", "deviceSecret")}
            self.where, ports = {}, {"tls_port": cloud.tls_port, "tcp_port": cloud.tcp_port}
        else:
            self.key_info = cloud.new_device(cloud=name, **more)
            self.where, ports = {"cloud": name}, cloud.vendors[name]
        self.device = self.key_info["deviceName"]
        self.tls_port, self.tcp_port = ports["tls_port"], ports["tcp_port"]

    @property
    def env(self):
        """What a script finds in its environment."""
        return self.env_at(self.tls_port)

    def env_at(self, port, key_info=None):
        return {
            "ALIYUN_IOT_ENDPOINT": f"localhost:{port}",
            "SSL_CERT_FILE": str(self.cloud.ca_file),
            "ALIYUN_KEY_INFO": json.dumps(key_info or self.key_info),
        }

    def do(self, command, **fields):
        return self.cloud.do(command, device=self.device, **self.where, **fields)

    def clock(self, seconds):
        """Sets the clock of the cloud wrong."""
        self.cloud.do("clock", seconds=seconds, **self.where)

    def seen(self, kind):
        return self.cloud.seen(kind=kind, device=self.device)

    def wait_seen(self, kind, predicate=None, **more):
        return self.cloud.wait_seen(predicate, kind=kind, device=self.device, **more)

    def user_topic(self):
        """A topic for messages of the device's own."""
        keys = {"productId": "", **self.key_info}
        return TOPICS[self.name].format(**keys)


# As examples/seven_clouds.py has them.
TOPICS = {
    "aliyun": "/{productKey}/{deviceName}/user/update",
    "tencent": "{productId}/{deviceName}/event",
    "onenet": "$sys/{productId}/{deviceName}/custome/up",
    "huawei": "$oc/devices/{productId}_{deviceName}/user/update",
    "tuya": "tylink/{deviceName}/channel/raw/up",
    "baidu": "$iot/{deviceName}/user/update",
    "tlink": "{deviceName}",
}
