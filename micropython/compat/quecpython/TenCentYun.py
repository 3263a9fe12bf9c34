"""QuecPython's `TenCentYun`: Tencent Cloud IoT Explorer, on `aliyunIoT.Device`.

    from TenCentYun import TXyun
"""

from _quecmqtt import Client, needed, stored_secret, text

# Where QuecPython's firmware has the secrets that it got by registration.
SECRETS = "/usr/tx_secret.json"
_WORDS = (
    ("connect()", "setMqtt()"),
    ("register()", "setMqtt()"),
    ("productId", "productID"),
    ("deviceName", "devicename"),
    ("deviceSecret", "devicePsk"),
    ("productSecret", "ProductSecret"),
    ("keepaliveSec", "keepAlive"),
)


class TXyun(Client):
    def __init__(self, productID, devicename, devicePsk, ProductSecret=None):
        self.productID = needed(productID, "TXyun(): productID", 64)
        self.devicename = needed(devicename, "TXyun(): devicename", 64)
        # Some scripts give "" for what they have not.
        self.devicePsk = text(devicePsk or None, "TXyun(): devicePsk", 64) or stored_secret(SECRETS, self.devicename)
        self.ProductSecret = text(ProductSecret or None, "TXyun(): ProductSecret", 64)
        if not self.devicePsk and not self.ProductSecret:
            raise ValueError("TXyun(): give devicePsk or ProductSecret")
        super().__init__(self.devicename, _WORDS)

    def _keys(self):
        """What names the device, and what it registers with, if it has to."""
        login = {"cloud": "tencent", "productId": self.productID, "deviceName": self.devicename}
        if self.devicePsk:
            return dict(login, deviceSecret=self.devicePsk), None
        return login, dict(login, productSecret=self.ProductSecret)

    def setMqtt(self, clean_session=False, keepAlive=300, reconn=True):
        return self._connect(*self._keys(), clean_session, keepAlive, reconn)

    def DynamicConnectInfo(self):
        registration = self._keys()[1]
        if registration is None or self._named(self._idle_device().register, registration, None) == 0:
            return 0
        return -1

    def getTXyunsta(self):
        return self._status
