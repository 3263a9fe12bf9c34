"""A device made by hand from what the documents say, with paho as the MQTT client."""

import hmac
import queue
import ssl
import threading
import time

import paho.mqtt.client as mqtt

S = "/sys/{productKey}/{deviceName}"
OWN = "/{productKey}/{deviceName}/user"


def first(cloud, client, callback):
    """Connects `client` over TLS, and returns what its callback gets first: all arguments."""
    found = queue.Queue()
    setattr(client, callback, lambda *arguments: found.put(arguments))
    client.tls_set_context(ssl.create_default_context(cafile=cloud.ca_file))
    client.connect(cloud.host, cloud.tls_port)
    client.loop_start()
    try:
        return found.get(timeout=10)
    finally:
        client.disconnect()
        client.loop_stop()


class Connection:
    """One connection of a client of paho's that has its id, user name and password."""

    def __init__(self, client, host, port, keepalive=60, wait=10):
        self.paho = client
        self.codes, self.grants, self.messages, self.ends = (queue.Queue() for _ in range(4))
        self.paho.on_connect = lambda _, __, flags, code: self.codes.put(code)
        self.paho.on_subscribe = lambda _, __, ___, grants: self.grants.put(grants)
        self.paho.on_message = lambda _, __, message: self.messages.put(message)
        self.paho.on_disconnect = lambda *_: self.ends.put(True)
        self.paho.connect(host, port, keepalive)
        # No reconnecting: each connection is looked at by itself.
        self._loop = threading.Thread(target=self._run, daemon=True)
        self._loop.start()
        self.code = self.codes.get(timeout=wait)

    def _run(self):
        try:
            while self.paho.loop(0.1) == mqtt.MQTT_ERR_SUCCESS:
                pass
        except (OSError, AttributeError):
            pass  # closed under its hands by `disconnect`, which takes the socket away from paho's loop

    def __enter__(self):
        assert self.code == 0, f"CONNACK {self.code}"
        return self

    def __exit__(self, *_):
        self.paho.disconnect()
        self._loop.join()

    def subscribe(self, topic, qos=1):
        self.paho.subscribe(topic, qos)
        return self.grants.get(timeout=5)[0]

    def get(self):
        return self.messages.get(timeout=5)

    def is_silent(self, seconds=0.4):
        time.sleep(seconds)
        return self.messages.empty()

    def is_closed(self):
        try:
            return self.ends.get(timeout=5)
        except queue.Empty:
            return False


class Client(Connection):
    """One connection of a device of Alibaba's cloud."""

    def __init__(
        self, cloud, device, tls=True, *, keepalive=60, clean=True, secret=None, will=False, protocol=mqtt.MQTTv311, **change
    ):
        options = {"securemode": 2 if tls else 3, "signmethod": "hmacsha256", "_ss": 1, "ext": 1, **change}
        product, name = device["productKey"], device["deviceName"]
        bare = f"{product}.{name}"
        text = f"clientId{bare}deviceName{name}productKey{product}"
        if "timestamp" in options:
            text += f"timestamp{options['timestamp']}"
        method = options["signmethod"].lower().removeprefix("hmac")
        suffix = ",".join(f"{key}={value}" for key, value in options.items())
        client = mqtt.Client(f"{bare}|{suffix}|", clean_session=clean, protocol=protocol)
        password = hmac.new((secret or device["deviceSecret"]).encode(), text.encode(), method).hexdigest()
        client.username_pw_set(f"{name}&{product}", password)
        if tls:
            client.tls_set_context(self._make_context(cloud))
        if will:
            client.will_set(OWN.format(**device) + "/will", "gone")
        super().__init__(client, cloud.host, cloud.tls_port if tls else cloud.tcp_port, keepalive)

    def _make_context(self, cloud):
        return ssl.create_default_context(cafile=cloud.ca_file)
