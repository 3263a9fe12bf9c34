"""QuecPython's `aLiYun`, on `aliyunIoT.Device`.

    from aLiYun import aLiYun
"""

from _quecmqtt import Client, flag, needed, number, stored_secret, text

# Where QuecPython's firmware has the secrets that it got by registration.
SECRETS = "/usr/secret.json"
# The hosts of instances, whose port and registration are others than those of the old public one.
_OF_INSTANCES = ".mqtt.iothub.aliyuncs.com"
_WORDS = (
    ("connect()", "setMqtt()"),
    ("register()", "setMqtt()"),
    ("deviceName", "DeviceName"),
    ("deviceSecret", "DeviceSecret"),
    ("keepaliveSec", "keepAlive"),
    ("clientId", "clientID"),
)


class aLiYun(Client):
    def __init__(
        self,
        productKey,
        productSecret=None,
        DeviceName=None,
        DeviceSecret=None,
        MqttServer=None,
        MqttPort=None,
        ssl=None,
        ssl_params=None,
    ):
        self.productKey = needed(productKey, "aLiYun(): productKey", 20)
        # Some scripts give "" for what they have not.
        self.productSecret = text(productSecret or None, "aLiYun(): productSecret", 64)
        self.DeviceName = needed(DeviceName, "aLiYun(): DeviceName", 32)
        given = text(DeviceSecret or None, "aLiYun(): DeviceSecret", 64)
        self.DeviceSecret = given or stored_secret(SECRETS, self.DeviceName)
        if not self.productSecret and not self.DeviceSecret:
            raise ValueError("aLiYun(): give productSecret or DeviceSecret")
        super().__init__(self.DeviceName, _WORDS)
        self._server = self._servers_keys(MqttServer, MqttPort, ssl, ssl_params)

    def _servers_keys(self, host, port, ssl, ssl_params):
        keys = {}
        host = text(host or None, "aLiYun(): MqttServer", 255)
        # Quectel's aliIot makes such a name if its caller gives none.
        if host and not host.endswith(".None"):
            keys["host"] = host
            if host.endswith(_OF_INSTANCES):
                keys["instanceId"] = host[: -len(_OF_INSTANCES)]
        if port is not None:
            keys["port"] = number(port, "aLiYun(): MqttPort", 1, 65535)
        if ssl is not None and not flag(ssl, "aLiYun(): ssl"):
            keys["tls"] = False
        if ssl_params is not None and not isinstance(ssl_params, dict):
            raise TypeError("aLiYun(): ssl_params must be dict, not %s" % type(ssl_params).__name__)
        for key, value in (ssl_params or {}).items():
            if key != "ca":
                raise ValueError("aLiYun(): ssl_params has no key '%s'; there is 'ca'" % key)
            keys["ca"] = value
        return keys

    def setMqtt(self, clientID=None, clean_session=False, keepAlive=300, reconn=True, pingmaxnum=0, manage=False):
        login = {"productKey": self.productKey, "deviceName": self.DeviceName}
        login.update(self._server)
        registration = None
        if self.DeviceSecret:
            login["deviceSecret"] = self.DeviceSecret
        else:
            registration = dict(login, productSecret=self.productSecret, authType="register")
            # The platform gives no secret over plain TCP.
            registration.pop("tls", None)
        # "" is in QuecPython's own example.
        clientID = text(clientID or None, "setMqtt(): clientID", 64)
        if clientID:
            login["clientId"] = clientID
        return self._connect(login, registration, clean_session, keepAlive, reconn)

    def getAliyunSta(self):
        return self._status
