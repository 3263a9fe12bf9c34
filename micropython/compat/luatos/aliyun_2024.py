"""LuatOS's `aliyun` of 2024: `setup` with a table."""

import kv

from luatos import sys
from luatos.aliyun_link import EVENTS, Link, call, registration, server, text
from luatos.checks import is_a

_ANSWER_MS = 15000
_TEXT, _SWITCH = (str,), (bool,)
_KEYS = {
    "Registration": _SWITCH,
    "DeviceName": _TEXT,
    "ProductKey": _TEXT,
    "ProductSecret": _TEXT,
    "DeviceSecret": _TEXT,
    "InstanceId": _TEXT,
    "RegionId": _TEXT,
    "host": _TEXT,
    "mqtt_host": _TEXT,
    "mqtt_port": (int, str),
    "mqtt_isssl": (bool, dict),
    "reginfo": _SWITCH,
    "deviceSecret": _TEXT,
    "deviceToken": _TEXT,
    "clientId": _TEXT,
}
# What `store` returns, by the names that LuatOS stores it under.
_STORED = {
    "productKey": "ProductKey",
    "deviceName": "DeviceName",
    "deviceSecret": "deviceSecret",
    "deviceToken": "deviceToken",
    "clientid": "clientid",
}


class Soc2024(Link):
    EVENTS = EVENTS + ("publish", "reg", "ota")
    QOS = 1
    WORDS = (("DeviceName", "deviceName"), ("ProductKey", "productKey"), ("ProductSecret", "productSecret"),
             ("InstanceId", "instanceId"), ("RegionId", "region"))

    def __init__(self):
        self.opts = {}
        self._number = 0
        self._pending = {}  # By the number of a message: [callback, its argument, timer].
        self._secret = self._token = self._client = None
        super().__init__()

    def setup(self, tPara):
        is_a(tPara, "setup(): tPara", (dict,))
        for key, value in tPara.items():
            if key not in _KEYS:
                raise ValueError("setup(): there is no key '%s'; there are %s" % (key, ", ".join(sorted(_KEYS))))
            if value is not None:
                is_a(value, "setup(): '%s'" % key, _KEYS[key])
        opts = {key: tPara.get(key) for key in _KEYS}
        host = opts["mqtt_host"] or opts["host"]
        login = self._login_of("setup", opts["DeviceName"], opts["ProductKey"], host, opts["mqtt_port"], opts["mqtt_isssl"])
        if opts["InstanceId"]:
            login["instanceId"] = opts["InstanceId"]
        if opts["RegionId"]:
            login["region"] = opts["RegionId"]
        registers = None
        if not opts["ProductSecret"]:
            self._own(login, "setup", "DeviceSecret", opts["DeviceSecret"])
        elif opts["reginfo"]:
            self._given(login, "setup", opts["Registration"], opts["deviceSecret"], opts["deviceToken"], opts["clientId"])
        else:
            way = "regnwl" if opts["Registration"] else "register"
            registers = registration(login, productSecret=opts["ProductSecret"], authType=way)
        self._open("setup", login, opts, registers)

    def clientGetDirectDataTask(
        self,
        DeviceName,
        ProductKey,
        mqtt_host=None,
        mqtt_port=None,
        mqtt_isssl=None,
        Registration=False,
        DeviceSecret=None,
        deviceToken=None,
        clientid=None,
    ):
        method = "clientGetDirectDataTask"
        login = self._login_of(method, DeviceName, ProductKey, mqtt_host, mqtt_port, mqtt_isssl)
        self._given(login, method, Registration, DeviceSecret, deviceToken, clientid)
        opts = dict({key: None for key in _KEYS}, DeviceName=DeviceName, ProductKey=ProductKey)
        opts.update(mqtt_host=mqtt_host, mqtt_port=mqtt_port, mqtt_isssl=mqtt_isssl, Registration=Registration)
        self._open(method, login, opts, None)

    def ready(self):
        return self._up

    def publish(self, topic, qos, payload, cbFnc=None, cbPara=None):
        message = self._message(topic, payload, qos, cbFnc, cbPara)
        if not self._up:
            self._give_up(message, -1, "not connected")
            return
        if message[2]:
            self._number = number = self._number % 65535 + 1
            message.append(number)
            if cbFnc:
                timer = sys.timerStart(self._answered, _ANSWER_MS, False, number)
                self._pending[number] = cbFnc, cbPara, timer
                message[3], message[4] = self._answered, number
        self._send(message)

    def getDeviceSecret(self):
        return self._secret

    def getDeviceToken(self):
        return self._token

    def getClientid(self):
        return self._client

    def store(self, result=None):
        if result is not None:
            is_a(result, "store(): result", (dict,))
            result = dict(result, clientid=result.get("clientId") or result.get("clientid"))
            for key, name in _STORED.items():
                if result.get(key):
                    kv.set(name, result[key])
                else:
                    kv.remove(name)
        return {key: kv.get(name) for key, name in _STORED.items()}

    # ---- Of the link ----

    def _login_of(self, method, name, product, host, port, isssl):
        is_a(name, method + "(): DeviceName", _TEXT)
        is_a(product, method + "(): ProductKey", _TEXT)
        return dict(server(method, host, port, isssl), services=False, productKey=product, deviceName=name, keepaliveSec=300)

    def _own(self, login, method, name, secret):
        login["deviceSecret"] = text(secret, "%s(): %s" % (method, name))

    def _given(self, login, method, is_unlisted, secret, token, client):
        """What an earlier registration has brought."""
        if is_unlisted:
            login["deviceToken"] = text(token, method + "(): deviceToken")
            login["clientId"] = text(client, method + ("(): clientId" if method == "setup" else "(): clientid"))
        else:
            self._own(login, method, "deviceSecret", secret)

    def _open(self, method, login, opts, registers):
        self.opts.clear()
        self.opts.update(opts)
        self._registration = registers
        self._secret = self._token = self._client = None
        self._enter(method, (login["productKey"], login["deviceName"]), login)

    def _to_register(self):
        return self._registration

    def _registered(self, secret):
        keys, self._registration = self._registration, None
        result = {"productKey": keys["productKey"], "deviceName": keys["deviceName"]}
        if keys["authType"] == "regnwl":
            self._token, self._client = secret, kv.get("%s/%s/clientId" % self._identity)
            result.update(deviceToken=secret, clientId=self._client)
        else:
            self._secret = result["deviceSecret"] = secret
        reg = self._callbacks.get("reg")
        call(reg or self.store, result)

    def _receive(self, message):
        # The platform retains nothing, and the device does not report whether a message came again.
        return message["topic"], message["payload"], message["qos"], 0, 0

    def _on_connect(self, event):
        import __main__

        version = getattr(__main__, "VERSION", None)
        if version is not None:
            topic = "/ota/device/inform/%s/%s" % self._identity
            self._device.publish({"topic": topic, "payload": '{"id":1,"params":{"version":"%s"}}' % version, "qos": 1})
        super()._on_connect(event)

    def _answered(self, result, number):
        callback, argument, timer = self._pending.pop(number, (None, None, None))
        if callback:
            sys.timerStop(timer)
            call(callback, result, argument)

    def _delivered(self, message):
        self._emit("publish", message[5])
