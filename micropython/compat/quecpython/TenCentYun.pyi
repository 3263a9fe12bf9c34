# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""QuecPython's TenCentYun: Tencent Cloud IoT Explorer."""

from typing import Callable

class TXyun:
    """A device of Tencent Cloud IoT Explorer."""

    publish_returns_code: bool
    """as for [`aLiYun`](quecpython-aliyun.md): `True` makes `publish` return 0 or -1"""
    productID: str
    """as it was passed"""
    devicename: str
    """as it was passed"""
    devicePsk: str | None
    """as it was passed, or read from `/usr/tx_secret.json`"""
    ProductSecret: str | None
    """as it was passed"""

    def __init__(self, productID: str | bytes, devicename: str | bytes, devicePsk: str | bytes | None, ProductSecret: str | bytes | None = None) -> None: ...
    def setMqtt(self, clean_session: bool = False, keepAlive: int = 300, reconn: bool = True) -> int:
        """Connect, and wait until the device is connected: for up to 30 seconds, and before that up to 65 seconds for a registration, which takes place once. A refused login ends it at once. Ctrl-C ends it. It can be called again, from any thread, and in any callback. Returns 0 if the device is connected."""
    def DynamicConnectInfo(self) -> int:
        """Register the device now, if it has no secret yet, as some scripts do before `setMqtt`. It blocks for up to 65 seconds. Returns 0 if the device has a secret."""
    def getTXyunsta(self) -> int:
        """Return the state of the connection. Returns 0: connected. 1: connecting, also after a lost connection with `reconn` `True`. 2: the connection is lost, and `reconn` is `False`. -1: not connected."""
    def setCallback(self, callback: Callable[[bytes, bytes], object] | None) -> None:
        """Set the callback for messages. It is called once `start()` was called, too. Until both have happened, 20 messages wait; further ones are dropped, which is printed. An exception in the callback is printed, and the device continues. Returns nothing."""
    def subscribe(self, topic: str | bytes, qos: int = 0) -> int:
        """Subscribe to a topic, also before `setMqtt` and before `start`. The subscription lasts as long as the object, also after `disconnect` and `setMqtt`. It does not wait for the server: if that refuses, a line is printed. Returns 0."""
    def publish(self, topic: str | bytes, msg: str | bytes | bytearray | memoryview, retain: bool | int = False, qos: int | None = None) -> bool | int:
        """Publish a message. If 20 messages of QoS 1 wait for their acknowledgement, it waits up to 5 seconds for space; in a callback of this object it does not wait. Returns `True` if the message was sent or is kept. With `publish_returns_code`, 0 instead."""
    def start(self) -> None:
        """Let the callback be called from now on. It returns at once. It stays in force after `disconnect` and `setMqtt`. Returns nothing."""
    def ping(self) -> None:
        """Send and receive now. The device sends its pings by itself. Returns nothing."""
    def disconnect(self) -> None:
        """End the connection. It blocks for up to two seconds, until waiting messages are sent. The script can call `setMqtt` again. Returns nothing."""
    def close(self) -> None:
        """The same as `disconnect`. Returns nothing."""
    def error_register_cb(self, callback: Callable[[str], object] | None) -> None:
        """Set the callback for lost connections. Each loss and each reconnect calls it once. It may call `setMqtt`, whose result is true there, too. Without it, each loss is printed. Returns nothing."""
