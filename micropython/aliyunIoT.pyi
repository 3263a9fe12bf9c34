# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""Alibaba Cloud IoT Platform for MicroPython."""

from typing import Any, Callable, Mapping

from typing_extensions import NotRequired, TypedDict

Buffer = str | bytes | bytearray | memoryview

class DeviceConnectData(TypedDict):
    productKey: str
    """product key, at most 20 letters and digits"""
    deviceName: str
    """device name, at most 32 characters"""
    deviceSecret: NotRequired[str]
    """device secret, at most 64 characters"""
    region: NotRequired[str]
    """region of the old public instance"""
    keepaliveSec: NotRequired[int]
    """seconds after which a quiet connection is tested; the platform takes 30 to 1200, the nearest is used"""
    instanceId: NotRequired[str]
    """id of a new public or an enterprise instance"""
    host: NotRequired[str]
    """another host: its name or address alone, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """verified TLS; `False` is plain TCP, which is closed to new accounts"""
    ca: NotRequired[Buffer]
    """the only trust root instead, PEM or DER"""
    signMethod: NotRequired[str]
    """'hmacsha256'; also 'hmacsha1' or 'hmacmd5' if the firmware was built with them"""
    cleanSession: NotRequired[bool]
    """`False` has the server keep QoS 1 messages and subscriptions while the device is away"""
    connectTimeout: NotRequired[int]
    """seconds that name resolution, TCP, TLS and login may take together; name resolution is the firmware's, stops the script meanwhile, and may take longer"""
    offlineQueue: NotRequired[int]
    """QoS 1 messages that may wait while there is no session; `publish()` refuses further ones. 0: none is taken"""
    rxBuffer: NotRequired[int]
    """bytes for the largest message that can be received, topic included; larger ones are dropped (ON_ERROR -46)"""

class DevicePublishData(TypedDict):
    topic: str
    """topic name, without wildcards"""
    payload: NotRequired[Buffer]
    """what to send: text or bytes"""
    qos: NotRequired[int]
    """0: goes now or not at all; 1: kept, over reconnects, until the server has it"""

class DeviceSubscribeData(TypedDict):
    topic: str
    """topic filter, at most 255 bytes, wildcards allowed"""
    qos: NotRequired[int]
    """0 or 1"""

class DeviceUnsubscribeData(TypedDict):
    topic: str
    """topic filter, as it was subscribed to"""

class DeviceRegisterData(TypedDict):
    productKey: str
    """product key, at most 20 letters and digits"""
    deviceName: NotRequired[str]
    """device name, at most 32 characters"""
    productSecret: str
    """product secret, at most 64 characters"""
    region: NotRequired[str]
    """region of the old public instance"""
    keepaliveSec: NotRequired[int]
    """taken for the sake of old scripts"""
    instanceId: NotRequired[str]
    """id of a new public or an enterprise instance"""
    authType: NotRequired[str]
    """'https' (old public instance), 'register' (over MQTT), 'regnwl' (over MQTT, where the product lets devices register under any name: the platform gives a token in the place of a secret)"""
    host: NotRequired[str]
    """another host: its name or address alone, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """verified TLS; with `False` anybody on the way can read the new secret"""
    ca: NotRequired[Buffer]
    """the only trust root instead, PEM or DER"""
    signMethod: NotRequired[str]
    """'hmacsha256'; also 'hmacsha1' or 'hmacmd5' if the firmware was built with them"""

class DevicePostPropsData(TypedDict):
    params: str | dict[str, Any]
    """properties: JSON text of an object, or a dict; nested at most 32 levels deep"""

class DevicePostEventData(TypedDict):
    id: str
    """the event's identifier"""
    params: str | dict[str, Any]
    """output parameters: JSON text of an object, or a dict; nested at most 32 levels deep"""

class DevicePostRawData(TypedDict):
    param: NotRequired[Buffer]
    """the bytes"""
    params: NotRequired[Buffer]
    """the bytes"""

class Device:
    """A device of the platform; several can live at once."""

    ON_CONNECT: int = 1
    """The session is up: code 0 for the first time since `connect()`, 1 when it is up again. The callback gets `{'code': int}`."""
    ON_CLOSE: int = 2
    """The connection is closed after `end()`; code 0. The callback gets `{'code': int}`."""
    ON_DISCONNECT: int = 3
    """The session is lost; the device reconnects by itself. code is always 2, msg says why. The callback gets `{'code': int, 'msg': str}`."""
    ON_SERVICE: int = 5
    """The platform calls a service. params is JSON text, as it came. What the callback returns is the answer. A synchronous call (RRPC) wants it within 8 seconds; one on a custom topic has that topic for service_id, and params is its payload (bytes if it is not UTF-8), which is answered with the data alone. The callback gets `{'code': int, 'msg_id': int | str, 'service_id': str, 'params_len': int, 'params': str | bytes}`."""
    ON_SUBCRIBE: int = 6
    """A message on a topic that was subscribed to. payload is bytes if it is not UTF-8. The callback gets `{'topic': str, 'payload': str | bytes}`."""
    ON_PROPS: int = 7
    """The platform sets properties. params is JSON text, as it came. What the callback returns is the answer. The callback gets `{'code': int, 'msg_id': int | str, 'params_len': int, 'params': str}`."""
    ON_ERROR: int = 8
    """Something failed. code tells what (see the table of codes), msg says it in words. Until `on()` is called for ON_ERROR, each new error is one line on the console instead, and so is a lost session until `on()` is called for ON_DISCONNECT; `None` as the callback silences both. After a lost or refused connection the device goes on trying by itself. The callback gets `{'code': int, 'msg': str}`."""
    ON_RAWDATA: int = 10
    """The platform sends raw data. The callback gets `{'params_len': int, 'params': bytearray}`."""
    LATER: int = -100
    """What a callback returns that leaves the answer to `reply()`."""

    def __init__(self) -> None: ...
    def __enter__(self) -> "Device": ...
    def __exit__(self, *exception: Any) -> None: ...
    def on(self, event: int, callback: Callable[[dict[str, Any]], object] | None, /) -> int:
        """Sets the callback of an event, in place of the one before. Callbacks run in the main thread between two bytecodes, also while it sleeps; an exception in one is printed, and the device goes on. If a callback takes another number of arguments, the line that is printed names the event (or method) and the callback. While a callback waits for an upload, one more callback of the device may run. While both run, requests are answered 429, and up to 16 other calls wait. After that, nothing more is received or acknowledged, and the inner upload is given up. After Ctrl-C no further callback begins for 100 ms; what was not told stays unacknowledged until then. In all other cases one callback runs at a time, and no device sends or receives by itself meanwhile: a callback that takes half of `keepaliveSec` or longer may cost the connection. A task of asyncio is woken with a `ThreadSafeFlag` (examples/with_asyncio.py). Returns 0."""
    def connect(self, data: DeviceConnectData | Mapping[str, Buffer | bool | int | str], /) -> int:
        """Connects to the platform in the background, and again whenever the session is lost, until `end()`. ON_CONNECT tells success, ON_ERROR each failed attempt. Returns 0, at once."""
    def end(self) -> int:
        """Sends what waits (for two seconds at most), says goodbye, closes the connection and stays off; ON_CLOSE follows. `connect()` can be called again. Returns 0."""
    def getDeviceInfo(self) -> dict[str, str] | None:
        """Tells the identity that the device uses; before `connect()`, the one that `register()` has stored last. Returns region, productKey, productSecret, deviceName and deviceSecret, `''` where unknown; `None` if there is neither a connection nor anything stored."""
    def getDeviceHandle(self) -> int:
        """Gives a handle, as on HaaS firmware. Its `ota` module, which took the handle, is not here. Returns a number that stands for this device; never 0."""
    def poll(self) -> int:
        """Does what there is to do now: sends, receives, calls callbacks. It runs by itself; call it from code that keeps the scheduler from running, or where `publish` returned -2 and is to go on at once. Returns milliseconds until it has something to do again by itself, -1 for never."""
    def publish(self, data: DevicePublishData | Mapping[str, Buffer | int | str], callback: Callable[[dict[str, Any]], object] | None = None, /) -> int:
        """Publishes a message. Without a callback it allocates nothing, and works with the heap locked. Returns 0."""
    def subscribe(self, data: DeviceSubscribeData | Mapping[str, int | str], /) -> int:
        """Subscribes to a topic filter, now and after each reconnect. Messages come to ON_SUBCRIBE. Returns 0."""
    def unsubscribe(self, data: DeviceUnsubscribeData | Mapping[str, str], /) -> int:
        """Takes a subscription back. Returns 0."""
    def register(self, data: DeviceRegisterData | Mapping[str, Buffer | bool | int | str], callback: Callable[[str], object] | None, /) -> int:
        """Has the platform give the device a secret of its own, and stores it: afterwards `connect()` needs none, also after a restart. A device whose secret is stored gets that one, without the network. It blocks, for 65 seconds at most: faults of the network are tried again, five times in all, and each is told to ON_ERROR. From within a callback of this device it returns at once, and goes on when that callback has returned; then `callback` or ON_ERROR tells how it ended. After Ctrl-C nothing more is told of it. Returns 0 once the device has a secret; from within a callback 0 at once."""
    def onProps(self, callback: Callable[[dict[str, Any]], object] | None, /) -> int:
        """The same as `on(Device.ON_PROPS, callback)`. Returns 0."""
    def postProps(self, data: DevicePostPropsData | Mapping[str, dict[str, Any] | str], callback: Callable[[dict[str, Any]], object] | None = None, /) -> int:
        """Posts properties. Returns 0."""
    def postEvent(self, data: DevicePostEventData | Mapping[str, dict[str, Any] | str], callback: Callable[[dict[str, Any]], object] | None = None, /) -> int:
        """Posts an event. Returns 0."""
    def onService(self, callback: Callable[[dict[str, Any]], object] | None, /) -> int:
        """The same as `on(Device.ON_SERVICE, callback)`. Returns 0."""
    def reply(self, msg_id: int | str, code: int = 200, data: dict[str, Any] | Buffer | None = None, /) -> int:
        """Answers a property set or a service call: from inside its callback, or later if the callback returned `Device.LATER`. At most 16 wait at a time; when one more comes, the one that has waited longest is answered 429. Returns 0."""
    def postRaw(self, data: DevicePostRawData | Mapping[str, Buffer], callback: Callable[[dict[str, Any]], object] | None = None, /) -> int:
        """Posts raw data. Returns 0."""
    def getNtpTime(self, callback: Callable[[dict[str, int]], object], /) -> int:
        """Asks the platform for the time; before the session is up, as soon as it is. The answer is off by half the way to the platform and back at most. ON_ERROR tells if there is none within 50 seconds. Returns 0."""
    def setClock(self) -> int:
        """Sets the board's clock (`machine.RTC`, in UTC) to the platform's time, to the second. ON_ERROR tells if there is no answer, or if this firmware has no such clock. Returns 0; the clock is set when the answer is there."""
    def uploadFile(self, fileName: str, path: str | Callable[[dict[str, int]], object] | None = None, callback: Callable[[dict[str, int]], object] | None = None, /) -> str | None:
        """Uploads a file, and returns when the platform has all of it and has found it right. It is read block by block, never held in memory. A lost connection only interrupts; so does the wait of 150 to 300 s that follows three connections in a row of less than 10 s (code -41). One upload at a time: another waits its turn. Meanwhile callbacks are called. It may be called from within a callback, whose request is answered when that returns. Returns the platform's id of the upload."""
    def uploadContent(self, fileName: str, buf: Buffer, callback: Callable[[dict[str, int]], object] | None = None, /) -> str | None:
        """Uploads bytes as a file, as `uploadFile` does. Returns the platform's id of the upload."""
