# MQTTClient of mqtt_async, which descends from mqtt_as. It expects a board's modules, which are made up here, and logs to
# standard output otherwise.

import asyncio
import sys
import time


class Board:
    WLAN = STA_IF = staticmethod(lambda *_: Board)

    def unique_id():
        return b"bench"

    def isconnected():
        return True

    def getLogger(_):
        return Board

    def debug(*_):
        pass

    info = warning = debug


for module in ("machine", "network", "logging"):
    sys.modules[module] = Board
sys.modules["uasyncio"] = asyncio

import mqtt_async  # noqa: E402
import common  # noqa: E402


# The unix port's addresses are not made up of a host and a port, as those of boards are.
async def open_connection(_):
    return (await asyncio.open_connection(common.host, common.port))[0]


mqtt_async.open_connection = open_connection


def wait(coroutine):
    return asyncio.get_event_loop().run_until_complete(coroutine)


class Client:
    def __init__(self):
        self.heard = 0
        self.took_us = 0
        self.topic, self.payload = common.TOPIC.encode(), common.PAYLOAD.encode()
        self.copy = bytearray(self.topic), bytearray(self.payload)
        config = mqtt_async.config
        config.server, config.port = common.host, common.port
        config.user, config.password = "bench&a1B2c3D4e5F", "0" * 64
        config.subs_cb = self.on_message
        self.client = mqtt_async.MQTTClient(config)

    def on_message(self, topic, message, retained, qos):
        self.heard += 1

    def connect(self):
        begun = time.ticks_us()
        wait(self.client.connect())
        self.took_us = time.ticks_diff(time.ticks_us(), begun)

    def publish(self, count):
        wait(self.publishes(count))

    async def publishes(self, count):
        publish, topic, payload, qos = self.client.publish, self.topic, self.payload, common.qos
        while count:
            await publish(topic, payload, False, qos)
            count -= 1

    def subscribe(self):
        wait(self.client.subscribe(self.topic, common.qos))

    def receive(self, count):
        wait(self.receives(count))

    async def receives(self, count):
        while self.heard < count:
            await asyncio.sleep_ms(0)

    def made(self):
        topic, payload = self.copy
        return bytes(topic), bytes(payload)

    def end(self):
        wait(self.client.disconnect())


common.run(Client())
