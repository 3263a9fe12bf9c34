"""`aLiYun` of LuatOS-Air: the script's functions give the device's name and secret."""

from luatos import sys
from luatos.aliyun_link import READ_AGAIN_MS, Link, call, registration, server, text
from luatos.checks import can_be_called, is_a

# What a script signs its own password with.
_SIGNED = "%s|securemode=%d,timestamp=2524608000000,signmethod=hmacsha1|"


class Air(Link):
    WORDS = (("getDeviceName()", "deviceName"), ("getDeviceSecret()", "deviceSecret"), ("getClientId()", "clientId"))

    def __init__(self):
        self._mqtt = {"keepaliveSec": 240}
        self._region = self._instance = self._handler = self._alarm = None
        self._is_direct = self._sleeps = self._auth_sleeps = False
        self._server = {}
        self._own = (None, None, None)
        super().__init__()

    # ---- Before setup ----

    def setMqtt(self, cleanSession=None, will=None, keepAlive=None):
        if will is not None:
            raise ValueError("setMqtt(): will must be None; the platform takes no will")
        if cleanSession not in (None, 0, 1):
            raise ValueError("setMqtt(): cleanSession must be 0 or 1 (%r)" % (cleanSession,))
        keepAlive = 240 if keepAlive is None else keepAlive
        is_a(keepAlive, "setMqtt(): keepAlive", (int,))
        self._mqtt = {"keepaliveSec": keepAlive, "cleanSession": cleanSession != 0}

    def setRegion(self, region):
        self._region = text(region, "setRegion(): region", True)

    def setInstanceId(self, instanceId):
        self._instance = text(instanceId, "setInstanceId(): instanceId", True)

    def setConnectMode(self, mode, host=None, port=1883, getClientId=None, getUserName=None, getPassword=None, isssl=None):
        is_a(mode, "setConnectMode(): mode", (str,))
        own = getClientId, getUserName, getPassword
        for getter, name in zip(own, ("getClientId", "getUserName", "getPassword")):
            if getter is not None:
                can_be_called(getter, "setConnectMode(): " + name)
        if getUserName and not getPassword:
            raise ValueError("setConnectMode(): getUserName needs getPassword")
        keys = server("setConnectMode", host, port, isssl)
        self._is_direct = mode == "direct"
        self._server, self._own = (keys, own) if self._is_direct else ({}, (None, None, None))

    def setup(self, productKey, productSecret, getDeviceName, getDeviceSecret, setDeviceSecret=None):
        is_a(productKey, "setup(): productKey", (str,))
        self._product_secret = text(productSecret, "setup(): productSecret", True)
        for function, name in ((getDeviceName, "getDeviceName"), (getDeviceSecret, "getDeviceSecret")):
            can_be_called(function, "setup(): " + name)
        if setDeviceSecret is not None:
            can_be_called(setDeviceSecret, "setup(): setDeviceSecret")
        self._get_name, self._get_secret, self._set_secret = getDeviceName, getDeviceSecret, setDeviceSecret
        # The secret that a registration has brought; whether that of the script was refused.
        self._secret, self._was_refused = None, False
        login = dict(self._server, services=False, productKey=productKey, **self._mqtt)
        if self._region:
            login["region"] = self._region
        if self._instance:
            login["instanceId"] = self._instance
        self._enter("setup", (productKey, self._read(getDeviceName, "getDeviceName")), login)

    # ---- Afterwards ----

    def publish(self, topic, payload, qos=0, cbFnc=None, cbPara=None):
        self._send(self._message(topic, payload, qos, cbFnc, cbPara))

    def sleep(self):
        self._sleeps = True
        self._pause()

    def wakeup(self):
        self._sleeps = False
        self._wake()

    def sleepStatus(self):
        return self._sleeps

    def Authsleep(self):
        self._auth_sleeps = True
        self._pause()

    def Authwakeup(self):
        self._auth_sleeps = False
        self._wake()

    def AuthSleepStatus(self):
        return self._auth_sleeps

    def setErrHandle(self, cbFnc, tmout=150):
        can_be_called(cbFnc, "setErrHandle(): the callback")
        is_a(tmout, "setErrHandle(): tmout", (int,))
        if not 0 < tmout < 1 << 19:
            raise ValueError("setErrHandle(): tmout must be 1 to %d (%d)" % ((1 << 19) - 1, tmout))
        self._handler = cbFnc, tmout * 1000
        self._changed()

    def close(self):
        super().close()
        self._stop_alarm()

    # ---- Of the link ----

    def _is_awake(self):
        return not self._sleeps and not self._auth_sleeps

    def _wake(self):
        self._changed()
        self._begin()

    def _changed(self):
        if self._up or not self._is_awake():
            self._stop_alarm()
        elif self._handler and not self._alarm:
            self._alarm = sys.timerLoopStart(self._ring, self._handler[1])

    def _stop_alarm(self):
        if self._alarm:
            sys.timerStop(self._alarm)
        self._alarm = None

    def _ring(self):
        # It may be on its way when the connection comes.
        if self._alarm:
            call(self._handler[0])

    def _read(self, getter, name, may_be_missing=False):
        return text(getter(), name + "()", may_be_missing)

    def _own_secret(self):
        return self._secret or self._read(self._get_secret, "getDeviceSecret", True)

    def _keys(self):
        login = dict(self._login, deviceName=self._read(self._get_name, "getDeviceName"))
        get_client, get_user, get_password = self._own
        client = self._read(get_client, "getClientId") if get_client else None
        if get_password:
            login = self._own_login(login, client, get_user, get_password)
        else:
            if client:
                login["clientId"] = client
            # Without a list, the device has stored a token, which goes with a client identifier.
            if not (self._instance and self._product_secret):
                secret = self._own_secret()
                if secret is None:
                    return None
                login["deviceSecret"] = secret
        return login

    def _own_login(self, login, client, get_user, get_password):
        """The login is the script's own, so the device need not know how the platform has it."""
        name, product = login["deviceName"], login["productKey"]
        client = client or name
        keys = {key: login[key] for key in ("port", "tls", "ca", "keepaliveSec", "cleanSession", "services") if key in login}
        keys["cloud"] = "plain"
        keys["host"] = login.get("host") or "%s.iot-as-mqtt.%s.aliyuncs.com" % (product, self._region or "cn-shanghai")
        keys["clientId"] = client if "|" in client else _SIGNED % (client, 2 if login.get("tls", True) else 3)
        keys["userName"] = self._read(get_user, "getUserName") if get_user else "%s&%s" % (name, product)
        keys["password"] = self._read(get_password, "getPassword")
        return keys

    def _to_register(self):
        if self._product_secret is None or self._own[2] or self._secret:
            return None
        login = dict(self._login, deviceName=self._read(self._get_name, "getDeviceName"))
        if self._instance:
            return registration(login, productSecret=self._product_secret, authType="regnwl")
        if self._was_refused or self._own_secret() is None:
            more = {"authType": "register"} if self._is_direct else {}
            return registration(login, productSecret=self._product_secret, **more)
        return None

    def _register(self, device, keys):
        # If the platform gives no secret, that of the script has another try.
        self._was_refused = False
        return super()._register(device, keys)

    def _registered(self, secret):
        self._secret = secret
        if self._set_secret and not self._instance:
            call(self._set_secret, secret)

    def _renews(self):
        if self._product_secret and not (self._instance or self._own[2] or self._secret):
            self._was_refused = True
            return True
        return self._keys() not in (None, self._used)

    def _failed(self, refused):
        super()._failed(refused)
        # The script may fetch another secret, and the device waits for minutes before it tries the refused one again.
        if refused and self._started:
            self._look_again()

    def _look_again(self):
        self._stop_again()
        self._again = sys.timerStart(self._look, READ_AGAIN_MS)

    def _look(self):
        self._again = None
        if self._started and not self._up:
            if self._renews():
                self._device.end()
            else:
                self._look_again()
