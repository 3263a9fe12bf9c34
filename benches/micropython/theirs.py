# MQTTClient of umqtt.simple; its one file is here called umqtt_simple.py.

import time
from umqtt_simple import MQTTClient
import common


class Client:
    def __init__(self):
        self.heard = 0
        self.took_us = 0
        self.topic, self.payload = common.TOPIC.encode(), common.PAYLOAD.encode()
        self.copy = bytearray(self.topic), bytearray(self.payload)
        self.client = MQTTClient("bench", common.host, common.port, "bench&a1B2c3D4e5F", "0" * 64, 60)
        self.client.set_callback(self.on_message)

    def on_message(self, topic, message):
        self.heard += 1

    def connect(self):
        begun = time.ticks_us()
        self.client.connect()
        self.took_us = time.ticks_diff(time.ticks_us(), begun)

    def publish(self, count):
        publish, topic, payload, qos = self.client.publish, self.topic, self.payload, common.qos
        while count:
            publish(topic, payload, False, qos)
            count -= 1

    def subscribe(self):
        self.client.subscribe(self.topic, common.qos)

    # Until so many have come in all.
    def receive(self, count):
        wait = self.client.wait_msg
        while self.heard < count:
            wait()

    def made(self):
        topic, payload = self.copy
        return bytes(topic), bytes(payload)

    def end(self):
        self.client.disconnect()


common.run(Client())
