"""LuatOS's `iotcloud`: seven clouds with one API, on `aliyunIoT.Device`, which has all of their protocols.

    from luatos import iotcloud
"""

import micropython
from aliyunIoT import Device

from luatos import sys
from luatos.checks import DATA, can_be_called, is_a, subscriptions, taken
from luatos.device import did_not_connect, in_words_of, listen, named, subscribe_all

TENCENT = "tencent"
ALIYUN = "aliyun"
ONENET = "onenet"
HUAWEI = "huawei"
TUYA = "tuya"
BAIDU = "baidu"
TLINK = "tlink"

CONNECT = "connect"
SEND = "SEND"
RECEIVE = "receive"
DISCONNECT = "disconnect"
OTA = "ota"
ERROR = "error"

# The keys of each cloud, by the names that Device has for them; `!` marks those that the cloud cannot do without.
_NAMES = {
    TENCENT: {"product_id": "productId!", "method": "signMethod"},
    ALIYUN: {"product_id": "productKey!", "instance_id": "instanceId", "region": "region", "method": "signMethod"},
    ONENET: {"product_id": "productId!", "method": "signMethod"},
    HUAWEI: {"product_id": "productId!", "endpoint": "endpoint", "region": "region"},
    TUYA: {"region": "region"},
    BAIDU: {"product_id": "instanceId!", "region": "region", "method": "signMethod"},
    TLINK: {"product_id": "userName!", "product_secret": "password!"},
}
# The keys of its registration, which takes place if the first one is given.
_REGISTRATION = {
    TENCENT: {"product_secret": "productSecret"},
    ALIYUN: {"product_secret": "productSecret"},
    ONENET: {"userid": "userId", "userkey": "userKey"},
    HUAWEI: {
        "project_id": "projectId",
        "iam_username": "iamUser",
        "iam_password": "iamPassword",
        "iam_domain": "iamDomain",
    },
}
_CONNECTION = {
    "host": ("host", (str,)),
    "ip": ("port", (int,)),
    "keepalive": ("keepaliveSec", (int,)),
    "tls": ("tls", (bool, dict)),
    "autoreconn": ("autoreconn", (bool, int)),
}
_CERTIFICATES = {"server_cert": ("ca", DATA), "client_cert": ("cert", DATA), "client_key": ("key", DATA)}


def _own_name():
    try:
        import machine

        return "".join("%02x" % byte for byte in machine.unique_id())
    except (ImportError, AttributeError):
        raise ValueError("new(): 'device_name' is missing, and this firmware has no machine.unique_id()")


def new(cloud, config, connect_config=None, callback=None):
    cloud = TENCENT if cloud == "qcloud" else cloud
    if cloud not in _NAMES:
        raise ValueError("new(): there is no cloud %r; there are %s" % (cloud, ", ".join(sorted(_NAMES))))
    made = Cloud(cloud, config, {} if connect_config is None else connect_config)
    made.on(callback)
    return made if made._register() else None


def _names(cloud):
    """The keys of config, by Device's names; the marks of the needed ones; and those for a registration."""
    registration = _REGISTRATION.get(cloud, {})
    names = {"device_name": "deviceName!" if cloud == TUYA else "deviceName"}
    if cloud != TLINK:
        names["device_secret"] = "deviceSecret"
    if cloud == ONENET:
        # One type, one secret: the product's key signs the logins.
        names["product_secret"] = "productSecret"
    names.update(_NAMES[cloud])
    needed = [key for key in names if names[key].endswith("!")]
    names.update(registration)
    return {key: name.rstrip("!") for key, name in names.items()}, needed, registration


def _connection(given):
    """What Device.connect() takes of connect_config, and whether it shall connect again after a loss."""
    values = taken("new", given, _CONNECTION, "connect_config")
    # A number is LuatOS's interval; the device has its own.
    again = values.pop("autoreconn", True) is not False
    if isinstance(values.get("tls"), dict):
        values.update(taken("new", values.pop("tls"), _CERTIFICATES, "tls"))
    if ("cert" in values) != ("key" in values):
        raise ValueError("new(): tls needs both 'client_cert' and 'client_key'")
    values.setdefault("keepaliveSec", 240)
    return values, again


def _logins(cloud, config, connection):
    """Device's names of the keys, what it connects with, and what it registers with, if it has to."""
    names, needed, registration = _names(cloud)
    known = {key: (name, (str,)) for key, name in names.items()}
    if "product_id" in known:
        known["produt_id"] = known["product_id"]
    if cloud == ALIYUN:
        known["key"] = known["device_secret"]
    login = taken("new", config, known, "config of " + cloud)
    extra = {name: login.pop(name) for name in registration.values() if name in login}
    has_secret = "cert" in connection or "deviceSecret" in login or "productSecret" in login
    registers = extra and not has_secret
    if registers:
        needed += registration
    elif cloud != TLINK and not has_secret:
        needed.append("device_secret")
    if cloud == HUAWEI and "host" not in connection:
        needed.append("endpoint")
    for key in needed:
        if names[key] not in login and names[key] not in extra:
            raise ValueError("new(): '%s' is missing" % key)

    login["cloud"] = cloud
    if "signMethod" in login:
        login["signMethod"] = login["signMethod"].lower()
    if "deviceName" not in login:
        login["deviceName"] = _own_name()
        if cloud == ALIYUN:
            extra["authType"] = "regnwl"
    if cloud == ALIYUN and ("authType" in extra or "instanceId" in login):
        # Over MQTT, on the server of the login. Other registrations have servers of their own.
        extra.update({key: connection[key] for key in ("host", "port", "ca") if key in connection})
    connects = dict(login, services=False, **connection)
    if cloud != ALIYUN:
        # It is about logins.
        login.pop("signMethod", None)
    return names, connects, dict(login, **extra) if registers else None


class Cloud:
    def __init__(self, cloud, config, connect_config):
        connection, self._again = _connection(connect_config)
        self._names, self._login, self._registration = _logins(cloud, config, connection)
        self.cloud = cloud
        self.product_id = self._login.get(self._names.get("product_id"))
        self.device_name = self._login["deviceName"]
        self._topics = {}
        self._number = self._unanswered = 0
        self._wanted = self._started = self._up = False
        self._lost = self._shown = self._callback = None
        self._sent_now = self._sent_unanswered
        self._device = Device()
        listen(self._device, self)

    def __repr__(self):
        return "<%s %s>" % (self.cloud, self.device_name)

    # ---- The methods of LuatOS ----

    def connect(self):
        self._open("connect")
        self._wanted = True
        # A device that is still closing connects when that is done.
        if not self._started:
            self._start()
        return 0

    def disconnect(self):
        device = self._open("disconnect")
        self._wanted = False
        return device.end() if self._started else -1

    def close(self):
        device, self._device = self._device, None
        if device:
            self._callback = None
            device.end()
        return 0

    def subscribe(self, topic, qos=0):
        device, code = self._open("subscribe"), 0
        for name, level in subscriptions("subscribe", topic, qos).items():
            done = device.subscribe({"topic": name, "qos": level}) if self._started else 0
            if done == 0:
                self._topics[name] = level
            code = code or done
        return code

    def unsubscribe(self, topic):
        device, code = self._open("unsubscribe"), 0
        is_a(topic, "unsubscribe(): topic", (str, list, tuple, dict))
        for name in (topic,) if isinstance(topic, str) else topic:
            is_a(name, "unsubscribe(): topic", (str,))
            self._topics.pop(name, None)
            if self._started:
                code = device.unsubscribe({"topic": name}) or code
        return code

    def publish(self, topic, data, qos=0, retain=0):
        device = self._open("publish")
        is_a(data, "publish(): data", DATA)
        if retain:
            raise ValueError("publish(): retain must be 0; these clouds keep no messages")
        message = {"topic": topic, "payload": data, "qos": qos}
        if qos == 1:
            self._number = number = self._number % 65535 + 1
            return device.publish(message, lambda reply: self._answered(number, reply)) or number
        code = device.publish(message)
        if code == 0:
            self._unanswered += 1
            if self._unanswered == 1:
                try:
                    micropython.schedule(self._sent_now, None)
                except RuntimeError:
                    self._sent_unanswered(None)
        return code

    # ---- Of this module ----

    def on(self, callback):
        if callback is not None:
            can_be_called(callback, "on(): the callback")
        self._callback = callback

    # ---- The device ----

    def _open(self, method):
        if self._device is None:
            raise OSError("%s(): closed; make another one with new()" % method)
        return self._device

    def _said(self, text):
        return in_words_of(self._names.items(), text)

    def _register(self):
        keys, self._registration = self._registration, None
        return keys is None or named(self._names.items(), self._device.register, keys, None) == 0

    def _start(self):
        named(self._names.items(), self._device.connect, self._login)
        self._started = True
        subscribe_all(self._device, self._topics, self._emit_error)

    def _give_up(self, why):
        self._wanted = False
        self._lost = why
        self._device.end()

    def _emit(self, event, data=None, payload=None):
        if self._device is None:
            return
        try:
            if self._callback:
                self._callback(self, event, data, payload)
        finally:
            sys.publish("iotcloud", self, event, data, payload)

    def _emit_error(self, code, message):
        message = self._said(message)
        # A script for LuatOS knows no such event.
        if self._device and self._callback is None and self._shown != (code, message):
            self._shown = code, message
            print("iotcloud: error %d: %s (%s, device %s)" % (code, message, self.cloud, self.device_name))
        self._emit(ERROR, code, message)

    def _on_connect(self, event):
        self._up = True
        self._shown = None
        self._emit(CONNECT, event["code"])

    def _on_disconnect(self, event):
        self._up = False
        if self._again:
            self._emit(DISCONNECT, event["msg"])
        else:
            self._give_up(event["msg"])

    def _on_close(self, _):
        lost = self._lost or self._up and "disconnect() was called"
        self._started = self._up = False
        self._lost = None
        if lost:
            self._emit(DISCONNECT, lost)
        if self._wanted and not self._started and self._device:
            self._start()

    def _on_error(self, error):
        code = error["code"]
        self._emit_error(code, error["msg"])
        if not self._again and self._started and not self._up and did_not_connect(code):
            self._give_up(error["msg"])

    def _on_message(self, message):
        self._emit(RECEIVE, message["topic"], message["payload"])

    def _answered(self, number, reply):
        if reply["code"] == 200:
            self._emit(SEND, number)
        else:
            self._emit_error(reply["code"], "message %d: %s" % (number, reply["message"]))

    def _sent_unanswered(self, _):
        count, self._unanswered = self._unanswered, 0
        for _ in range(count):
            self._emit(SEND, 0)
