"""Devices of the vendors' clouds, made by hand from what their documents say, with paho as the MQTT client.

`LOGINS` has a function for each cloud: from a device of `cloud.json` and the time, the client id, user name and password."""

import base64
import hmac
import json
import pathlib
import queue
import ssl
import tempfile
import threading
import time
import urllib.parse

import paho.mqtt.client as mqtt


def tencent(device, now, method="hmacsha256", expires=3600):
    name = device["productId"] + device["deviceName"]
    user = f"{name};12010126;abcde;{int(now) + expires}"
    if "cert" in device:
        return name, user, None
    key = base64.b64decode(device["deviceSecret"])
    return name, user, f"{hmac.new(key, user.encode(), method.removeprefix('hmac')).hexdigest()};{method}"


def onenet(device, now, method="sha256", expires=3600):
    resource = f"products/{device['productId']}/devices/{device['deviceName']}"
    text = f"{int(now) + expires}\n{method}\n{resource}\n2018-10-31"
    sign = base64.b64encode(hmac.new(base64.b64decode(device["deviceSecret"]), text.encode(), method).digest()).decode()
    fields = {"version": "2018-10-31", "res": resource, "et": int(now) + expires, "method": method, "sign": sign}
    return device["deviceName"], device["productId"], urllib.parse.urlencode(fields)


def huawei(device, now, check=1):
    hour = time.strftime("%Y%m%d%H", time.gmtime(now))
    name = f"{device['productId']}_{device['deviceName']}"
    if "cert" in device:
        return f"{name}_0_{check}_{hour}", name, None
    password = hmac.new(hour.encode(), device["deviceSecret"].encode(), "sha256").hexdigest()
    return f"{name}_0_{check}_{hour}", name, password


def baidu(device, _):
    """A device with a certificate."""
    return f"{device['instanceId']}_{device['deviceName']}", f"thingidp@{device['instanceId']}|{device['deviceName']}", None


LOGINS = {"tencent": tencent, "onenet": onenet, "huawei": huawei, "baidu": baidu}


def write(folder, device):
    """The device's certificate and key, as files."""
    files = [pathlib.Path(folder, key) for key in ("cert", "key")]
    for file in files:
        file.write_text(device[file.name])
    return files


class Client:
    """One connection of a device to its cloud: with the login of `LOGINS`, or with the one given."""

    def __init__(self, cloud, device, tls=True, *, login=None, now=None, keepalive=60, clean=True, cert=None, wait=10, **options):
        name = device["cloud"]
        place = cloud.vendors[name]
        login = login or LOGINS[name](device, time.time() if now is None else now, **options)
        client_id, user_name, password = login
        self.paho = mqtt.Client(client_id, clean_session=clean)
        if user_name:
            self.paho.username_pw_set(user_name, password)
        if tls:
            context = ssl.create_default_context(cafile=cloud.ca_file)
            if cert or "cert" in device:
                with tempfile.TemporaryDirectory() as folder:
                    files = cert or write(folder, device)
                    context.load_cert_chain(*files)
            self.paho.tls_set_context(context)
        self.codes, self.grants, self.messages, self.ends = (queue.Queue() for _ in range(4))
        self.paho.on_connect = lambda _, __, flags, code: self.codes.put(code)
        self.paho.on_subscribe = lambda _, __, ___, grants: self.grants.put(grants)
        self.paho.on_message = lambda _, __, message: self._keep(message)
        self.paho.on_disconnect = lambda *_: self.ends.put(True)
        self.paho.connect(place["host"], place["tls_port" if tls else "tcp_port"], keepalive)
        # No reconnecting: each connection is looked at by itself.
        self._loop = threading.Thread(target=self._run, daemon=True)
        self._loop.start()
        self.code = self.codes.get(timeout=wait)

    def _keep(self, message):
        self.qos = message.qos
        self.messages.put((message.topic, json.loads(message.payload)))

    def _run(self):
        try:
            while self.paho.loop(0.1) == mqtt.MQTT_ERR_SUCCESS:
                pass
        except OSError:
            pass  # closed under its hands by `disconnect`

    def __enter__(self):
        assert self.code == 0, f"CONNACK {self.code}"
        return self

    def __exit__(self, *_):
        self.paho.disconnect()
        self._loop.join()

    def subscribe(self, topic, qos=1):
        self.paho.subscribe(topic, qos)
        return self.grants.get(timeout=5)[0]

    def publish(self, topic, body, qos=1):
        self.paho.publish(topic, json.dumps(body), qos)

    def get(self):
        return self.messages.get(timeout=5)

    def is_closed(self):
        try:
            return self.ends.get(timeout=5)
        except queue.Empty:
            return False
