# This library's Device.

import time
from aliyunIoT import Device
import common


class Client:
    def __init__(self):
        self.up = False
        self.heard = 0
        self.took_us = 0
        self.data = {"topic": common.TOPIC, "payload": common.PAYLOAD, "qos": common.qos}
        self.topic, self.payload = bytearray(common.TOPIC.encode()), bytearray(common.PAYLOAD.encode())
        self.device = Device()
        self.device.on(Device.ON_CONNECT, self.on_connect)
        self.device.on(Device.ON_ERROR, print)
        self.device.on(Device.ON_SUBCRIBE, self.on_message)

    def on_connect(self, _):
        self.took_us = time.ticks_diff(time.ticks_us(), self.begun)
        self.up = True

    def on_message(self, _):
        self.heard += 1

    def connect(self):
        self.begun = time.ticks_us()
        login = {"productKey": "a1B2c3D4e5F", "deviceName": "thermometer-0000000001", "deviceSecret": "0" * 32}
        self.device.connect(dict(login, host=common.host, port=common.port, tls=False))
        while not self.up:
            time.sleep_ms(1)

    # At QoS 1 the last 20 at most are still to be acknowledged when this returns.
    def publish(self, count):
        publish, data, poll = self.device.publish, self.data, self.device.poll
        polls = common.what == "polled"
        while count:
            if publish(data) == 0:
                count -= 1
            elif polls:
                poll()

    def subscribe(self):
        self.device.subscribe({"topic": common.TOPIC, "qos": common.qos})
        time.sleep_ms(100)

    # Until so many have come in all.
    def receive(self, count):
        while self.heard < count:
            pass

    def made(self):
        return {"topic": self.topic.decode(), "payload": self.payload.decode(), "qos": common.qos}

    def end(self):
        self.device.end()


common.run(Client())
