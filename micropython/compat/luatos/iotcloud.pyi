# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""LuatOS's iotcloud: seven clouds with one API."""

from typing import Any, Callable, Mapping

Buffer = str | bytes | bytearray | memoryview

CONNECT: str = "connect"
"""The device is connected. data is 0 for the first time, and 1 after a reconnect."""

SEND: str = "SEND"
"""The server has acknowledged a message of QoS 1: data is the number that `publish` returned. For QoS 0, data is 0, and the message was sent."""

RECEIVE: str = "receive"
"""A message arrived: data is the topic, payload the content, bytes if it is not UTF-8."""

DISCONNECT: str = "disconnect"
"""The connection is lost, or `disconnect` has ended it. data is the reason in words. It comes once for each loss. Without `autoreconn`, it also comes when a connection could not be made."""

OTA: str = "ota"
"""It does not come yet."""

ERROR: str = "error"
"""Something failed, such as a login; not in LuatOS. data is the code of [`ON_ERROR`](api.md), payload the error in words. Without a callback of `new` or `on`, each new error is printed as well."""

TENCENT: str = "tencent"
"""Tencent Cloud IoT Explorer; `"qcloud"` is the same"""

ALIYUN: str = "aliyun"
"""Alibaba Cloud IoT Platform"""

ONENET: str = "onenet"
"""China Mobile OneNET"""

HUAWEI: str = "huawei"
"""Huawei Cloud IoTDA"""

TUYA: str = "tuya"
"""Tuya, TuyaLink"""

BAIDU: str = "baidu"
"""Baidu IoT Core"""

TLINK: str = "tlink"
"""TLINK"""

def new(cloud: str, config: Mapping[str, str | None], connect_config: Mapping[str, Any] | None = None, callback: Callable[[Cloud, str, Any, Any], object] | None = None) -> Cloud | None:
    """Make an object for a device. If the device has to register and its secret is not stored yet, the method registers it, which blocks for up to 65 seconds. Any number of objects can work side by side. Returns the object; `None` if the registration failed, which `ERROR` reports."""

class Cloud:
    """A device on a cloud, made by `new()`."""

    product_id: str | None
    """product ID; on TUYA `None`"""
    device_name: str
    """device name"""
    cloud: str
    """the constant of its cloud"""

    def __init__(self) -> None: ...
    def on(self, callback: Callable[[Cloud, str, Any, Any], object] | None) -> None:
        """Set the function that gets this object's events, beside those of `sys.subscribe`. Returns nothing."""
    def connect(self) -> int:
        """Connect in the background. If the object is connected or connecting, nothing happens. Returns 0."""
    def disconnect(self) -> int:
        """Disconnect, for `connect` to be called again. It blocks for up to two seconds, until messages that wait are sent; in a callback it does not block. Returns 0."""
    def close(self) -> int:
        """Disconnect for good. No event comes any more. Returns 0."""
    def publish(self, topic: str, data: Buffer, qos: int = 0, retain: int = 0) -> int:
        """Publish a message. While the device is offline, up to 20 messages of QoS 1 wait. Returns 0; with qos 1 the number that `SEND` reports, 1 to 65535."""
    def subscribe(self, topic: str | dict[str, int], qos: int = 0) -> int:
        """Subscribe, now and after each reconnect. A subscription before `connect` is made when it connects. Returns 0."""
    def unsubscribe(self, topic: str | list[str]) -> int:
        """Unsubscribe. Returns 0."""
