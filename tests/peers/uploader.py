"""A device's uploads, put together byte by byte from what the documents say (354836; Link SDK C 4.2).

A request is answered before the next one is made. What is sent can be made wrong, piece by piece.
"""

import json

from paho_client import S

MAX = 16 << 20


def crc(data, polynomial, start=0, end=0):
    """A reflected CRC, bit by bit."""
    register = start
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (polynomial if register & 1 else 0)
    return register ^ end


def crc16(data):
    """CRC-16/ARC: that of a block."""
    return crc(data, 0xA001)


def crc64(data):
    """CRC-64/XZ: that of a file, as it is told."""
    ones = (1 << 64) - 1
    return f"{crc(data, 0xC96C5795D7870F42, ones, ones):016x}"


def sealed(data):
    """A block's data and its sum, low byte first."""
    return data + crc16(data).to_bytes(2, "little")


class Uploader:
    """What a device asks of the platform, and what it is told: the reply's `code`, `data`, `message`."""

    def __init__(self, client, device):
        self._client = client
        self._path = S.format(**device) + "/thing/file/upload/mqtt/"
        self._id = 0
        for what in ("init", "send", "cancel"):
            assert client.subscribe(f"{self._path}{what}_reply") == 1

    def init(self, name, size, **more):
        return self._ask("init", {"fileName": name, "fileSize": size, **more})

    def send(self, upload, offset, data, *, last=False):
        return self.send_sealed(upload, offset, len(data), sealed(data), last=last)

    def send_sealed(self, upload, offset, size, rest, *, last=False):
        """A block whose data and sum are made already, rightly or not."""
        return self._ask("send", {"uploadId": upload, "offset": offset, "bSize": size, "isComplete": last}, rest)

    def cancel(self, upload):
        return self._ask("cancel", {"uploadId": upload})

    def begin(self, name, size, **more):
        """The id of a new upload."""
        reply = self.init(name, size, **more)
        assert (reply["code"], reply["data"]["fileName"]) == (200, name), reply
        return reply["data"]["uploadId"]

    def finish(self, upload, content, offset=0, block=256):
        """Sends the rest of the content, block by block; the last reply."""
        for at in range(offset, len(content), block):
            reply = self.send(upload, at, content[at : at + block])
            assert reply["code"] == 200, reply
        return reply

    def _ask(self, what, params, rest=None):
        self._id += 1
        text = json.dumps({"id": str(self._id), "params": params}).encode()
        payload = text if rest is None else len(text).to_bytes(2, "big") + text + rest
        message = self.exchange(what, payload)
        reply = json.loads(message.payload)
        assert (message.topic, reply["id"]) == (f"{self._path}{what}_reply", str(self._id))
        return reply

    def exchange(self, what, payload):
        """Sends bytes as they are; the message that answers them."""
        self._client.paho.publish(self._path + what, payload, 0)
        return self._client.get()
