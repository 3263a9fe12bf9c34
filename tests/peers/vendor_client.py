"""Devices of the vendors' clouds, made by hand from what their documents say, with paho as the MQTT client.

`LOGINS` has a function for each cloud: from a device of `cloud.json` and the time, the client id, user name and password."""

import base64
import hashlib
import hmac
import json
import pathlib
import ssl
import tempfile
import time
import urllib.parse

import paho.mqtt.client as mqtt

from paho_client import Connection


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


def tuya(device, now, method="hmacSha256"):
    name, signed = device["deviceName"], f"timestamp={int(now)},secureMode=1,accessType=1"
    key, text = device["deviceSecret"].encode(), f"deviceId={name},{signed}"
    password = hmac.new(key, text.encode(), method.removeprefix("hmac").lower()).hexdigest()
    return f"tuyalink_{name}", f"{name}|signMethod={method},{signed}", password


def baidu(device, now, method="SHA256"):
    """A `now` of 0 is a login without a time."""
    core, name = device["instanceId"], device["deviceName"]
    if "cert" in device:
        return f"{core}_{name}", f"thingidp@{core}|{name}", None
    text = f"{name}&{int(now)}&{method}{device['deviceSecret']}"
    return f"any-{name}", f"thingidp@{core}|{name}|{int(now)}|{method}", hashlib.new(method, text.encode()).hexdigest()


def tlink(device, now):
    return device["deviceName"], device["userName"], device["password"]


LOGINS = {"tencent": tencent, "onenet": onenet, "huawei": huawei, "tuya": tuya, "baidu": baidu, "tlink": tlink}


def write(folder, device):
    """The device's certificate and key, as files."""
    files = [pathlib.Path(folder, key) for key in ("cert", "key")]
    for file in files:
        file.write_text(device[file.name])
    return files


class Client(Connection):
    """One connection of a device to its cloud: with the login of `LOGINS`, or with the one given."""

    def __init__(self, cloud, device, tls=True, *, login=None, now=None, keepalive=60, clean=True, cert=None, wait=10, **options):
        place = cloud.vendors[device["cloud"]]
        login = login or LOGINS[device["cloud"]](device, time.time() if now is None else now, **options)
        client_id, user_name, password = login
        client = mqtt.Client(client_id, clean_session=clean)
        if user_name:
            client.username_pw_set(user_name, password)
        if tls:
            client.tls_set_context(self._make_context(cloud, device, cert))
        super().__init__(client, place["host"], place["tls_port" if tls else "tcp_port"], keepalive, wait)

    @staticmethod
    def _make_context(cloud, device, cert):
        context = ssl.create_default_context(cafile=cloud.ca_file)
        if cert or "cert" in device:
            with tempfile.TemporaryDirectory() as folder:
                context.load_cert_chain(*(cert or write(folder, device)))
        return context

    def publish(self, topic, body, qos=1):
        self.paho.publish(topic, json.dumps(body), qos)

    def get(self):
        """The topic and the JSON of the next message."""
        message = super().get()
        self.qos = message.qos
        return message.topic, json.loads(message.payload)
