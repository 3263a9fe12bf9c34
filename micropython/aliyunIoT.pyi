# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""Alibaba Cloud IoT Platform for MicroPython."""

from typing import Any, Callable, Literal, Mapping

from typing_extensions import NotRequired, TypedDict

Buffer = str | bytes | bytearray | memoryview

class DeviceConnectData(TypedDict):
    cloud: NotRequired[Literal["aliyun"]]
    """Alibaba Cloud IoT Platform"""
    productKey: str
    """product key, at most 20 letters and digits"""
    deviceName: str
    """device name, at most 32 characters"""
    deviceSecret: NotRequired[str]
    """device secret, at most 64 characters"""
    region: NotRequired[str]
    """region of the old public instance"""
    instanceId: NotRequired[str]
    """id of a new public or an enterprise instance"""
    signMethod: NotRequired[str]
    """'hmacsha256'; also 'hmacsha1' or 'hmacmd5' if the firmware was built with them"""
    clientId: NotRequired[str]
    """client identifier, at most 64 letters, digits and `-_@.:`; with deviceToken the one that came with the token"""
    deviceToken: NotRequired[str]
    """token of a registration with 'regnwl', in place of deviceSecret; needs clientId. The device finds its own stored token by itself"""
    keepaliveSec: NotRequired[int]
    """keepalive interval in seconds; the platform accepts 30 to 1200, another value becomes the nearest of these. A value of at least 10 above the posting interval saves pings"""
    host: NotRequired[str]
    """another host: its name or address, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """use TLS and verify the server; `False` means plain TCP: anybody on the network path can read the messages and much of the login"""
    ca: NotRequired[Buffer]
    """trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one"""
    cleanSession: NotRequired[bool]
    """`False`: the server keeps QoS 1 messages and subscriptions while the device is offline"""
    connectTimeout: NotRequired[int]
    """seconds for name resolution, TCP, TLS and login together; the firmware resolves the name, which blocks the script and can take longer"""
    offlineQueue: NotRequired[int]
    """number of QoS 1 messages that can wait while the device is offline; for further ones `publish()` returns -2. With 0, it returns -1 while offline"""
    rxBuffer: NotRequired[int]
    """size of the receive buffer in bytes, which limits the largest message, topic included; larger messages are dropped (ON_ERROR -46)"""
    services: NotRequired[bool]
    """`False`: login, `publish()` and `subscribe()` alone. Each message that arrives goes to ON_SUBCRIBE, nothing is subscribed or answered by itself, and methods of the thing model raise NotImplementedError"""

class DeviceConnectTencentData(TypedDict):
    cloud: Literal["tencent"]
    """Tencent Cloud IoT Explorer"""
    productId: str
    """product ID"""
    deviceName: str
    """device name"""
    deviceSecret: NotRequired[str]
    """device key (PSK) in base64, as the console shows it"""
    cert: NotRequired[Buffer]
    """certificate of the device, one, PEM or DER; needs `key` and TLS"""
    key: NotRequired[Buffer]
    """private key of that certificate, not encrypted, PEM or DER"""
    signMethod: NotRequired[str]
    """'hmacsha256'; also 'hmacsha1' if the firmware was built with it"""
    keepaliveSec: NotRequired[int]
    """keepalive interval in seconds, 30 to 900; another value becomes the nearest of these"""
    host: NotRequired[str]
    """another host: its name or address, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """use TLS and verify the server; `False` means plain TCP: anybody on the network path can read the messages and much of the login"""
    ca: NotRequired[Buffer]
    """trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one"""
    cleanSession: NotRequired[bool]
    """`False`: the server keeps QoS 1 messages and subscriptions while the device is offline"""
    connectTimeout: NotRequired[int]
    """seconds for name resolution, TCP, TLS and login together; the firmware resolves the name, which blocks the script and can take longer"""
    offlineQueue: NotRequired[int]
    """number of QoS 1 messages that can wait while the device is offline; for further ones `publish()` returns -2. With 0, it returns -1 while offline"""
    rxBuffer: NotRequired[int]
    """size of the receive buffer in bytes, which limits the largest message, topic included; larger messages are dropped (ON_ERROR -46)"""
    services: NotRequired[bool]
    """`False`: login, `publish()` and `subscribe()` alone. Each message that arrives goes to ON_SUBCRIBE, nothing is subscribed or answered by itself, and methods of the thing model raise NotImplementedError"""

class DeviceConnectOnenetData(TypedDict):
    cloud: Literal["onenet"]
    """China Mobile OneNET"""
    productId: str
    """product ID"""
    deviceName: str
    """device name"""
    deviceSecret: NotRequired[str]
    """device key in base64, as the console shows it"""
    productSecret: NotRequired[str]
    """access key of the product in base64, in place of deviceSecret"""
    signMethod: NotRequired[str]
    """'sha256'; also 'sha1' or 'md5' if the firmware was built with them"""
    keepaliveSec: NotRequired[int]
    """keepalive interval in seconds; the platform accepts 30 to 1200, another value becomes the nearest of these. A value of at least 10 above the posting interval saves pings"""
    host: NotRequired[str]
    """another host: its name or address, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """use TLS and verify the server; `False` means plain TCP: anybody on the network path can read the messages and much of the login"""
    ca: NotRequired[Buffer]
    """trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one"""
    cleanSession: NotRequired[bool]
    """`False`: the server keeps QoS 1 messages and subscriptions while the device is offline"""
    connectTimeout: NotRequired[int]
    """seconds for name resolution, TCP, TLS and login together; the firmware resolves the name, which blocks the script and can take longer"""
    offlineQueue: NotRequired[int]
    """number of QoS 1 messages that can wait while the device is offline; for further ones `publish()` returns -2. With 0, it returns -1 while offline"""
    rxBuffer: NotRequired[int]
    """size of the receive buffer in bytes, which limits the largest message, topic included; larger messages are dropped (ON_ERROR -46)"""
    services: NotRequired[bool]
    """`False`: login, `publish()` and `subscribe()` alone. Each message that arrives goes to ON_SUBCRIBE, nothing is subscribed or answered by itself, and methods of the thing model raise NotImplementedError"""

class DeviceConnectHuaweiData(TypedDict):
    cloud: Literal["huawei"]
    """Huawei Cloud IoTDA"""
    deviceName: str
    """node ID; without productId the whole device ID"""
    productId: NotRequired[str]
    """product ID; the device ID is then `{productId}_{deviceName}`"""
    deviceSecret: NotRequired[str]
    """device secret"""
    cert: NotRequired[Buffer]
    """certificate of the device, one, PEM or DER; needs `key` and TLS"""
    key: NotRequired[Buffer]
    """private key of that certificate, not encrypted, PEM or DER"""
    endpoint: NotRequired[str]
    """the part of the access address in front of `.iotda-device`"""
    region: NotRequired[str]
    """region of the instance"""
    serviceId: NotRequired[str]
    """service of the product model that flat properties and events belong to; `postProps()` and `postEvent()` need it"""
    keepaliveSec: NotRequired[int]
    """keepalive interval in seconds; the platform accepts 30 to 1200, another value becomes the nearest of these. A value of at least 10 above the posting interval saves pings"""
    host: NotRequired[str]
    """another host: its name or address, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """use TLS and verify the server; `False` means plain TCP: anybody on the network path can read the messages and much of the login"""
    ca: NotRequired[Buffer]
    """trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one"""
    cleanSession: NotRequired[bool]
    """`False`: the server keeps QoS 1 messages and subscriptions while the device is offline"""
    connectTimeout: NotRequired[int]
    """seconds for name resolution, TCP, TLS and login together; the firmware resolves the name, which blocks the script and can take longer"""
    offlineQueue: NotRequired[int]
    """number of QoS 1 messages that can wait while the device is offline; for further ones `publish()` returns -2. With 0, it returns -1 while offline"""
    rxBuffer: NotRequired[int]
    """size of the receive buffer in bytes, which limits the largest message, topic included; larger messages are dropped (ON_ERROR -46)"""
    services: NotRequired[bool]
    """`False`: login, `publish()` and `subscribe()` alone. Each message that arrives goes to ON_SUBCRIBE, nothing is subscribed or answered by itself, and methods of the thing model raise NotImplementedError"""

class DeviceConnectTuyaData(TypedDict):
    cloud: Literal["tuya"]
    """Tuya (TuyaLink)"""
    deviceName: str
    """device ID"""
    deviceSecret: str
    """device secret"""
    region: NotRequired[str]
    """data center: 'cn', 'us', 'eu' or 'in'"""
    keepaliveSec: NotRequired[int]
    """keepalive interval in seconds; the platform accepts 30 to 1200, another value becomes the nearest of these. A value of at least 10 above the posting interval saves pings"""
    host: NotRequired[str]
    """another host: its name or address, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """use TLS and verify the server; `False` means plain TCP: anybody on the network path can read the messages and much of the login"""
    ca: NotRequired[Buffer]
    """trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one"""
    cleanSession: NotRequired[bool]
    """`False`: the server keeps QoS 1 messages and subscriptions while the device is offline"""
    connectTimeout: NotRequired[int]
    """seconds for name resolution, TCP, TLS and login together; the firmware resolves the name, which blocks the script and can take longer"""
    offlineQueue: NotRequired[int]
    """number of QoS 1 messages that can wait while the device is offline; for further ones `publish()` returns -2. With 0, it returns -1 while offline"""
    rxBuffer: NotRequired[int]
    """size of the receive buffer in bytes, which limits the largest message, topic included; larger messages are dropped (ON_ERROR -46)"""
    services: NotRequired[bool]
    """`False`: login, `publish()` and `subscribe()` alone. Each message that arrives goes to ON_SUBCRIBE, nothing is subscribed or answered by itself, and methods of the thing model raise NotImplementedError"""

class DeviceConnectBaiduData(TypedDict):
    cloud: Literal["baidu"]
    """Baidu AI Cloud IoT Core"""
    instanceId: str
    """ID of the IoT Core instance"""
    deviceName: str
    """device key"""
    deviceSecret: NotRequired[str]
    """device secret"""
    cert: NotRequired[Buffer]
    """certificate of the device, one, PEM or DER; needs `key` and TLS"""
    key: NotRequired[Buffer]
    """private key of that certificate, not encrypted, PEM or DER"""
    region: NotRequired[str]
    """region of the instance"""
    signMethod: NotRequired[str]
    """'sha256'; also 'md5' if the firmware was built with it"""
    keepaliveSec: NotRequired[int]
    """keepalive interval in seconds; the platform accepts 30 to 1200, another value becomes the nearest of these. A value of at least 10 above the posting interval saves pings"""
    host: NotRequired[str]
    """another host: its name or address, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """use TLS and verify the server; `False` means plain TCP: anybody on the network path can read the messages and much of the login"""
    ca: NotRequired[Buffer]
    """trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one"""
    cleanSession: NotRequired[bool]
    """`False`: the server keeps QoS 1 messages and subscriptions while the device is offline"""
    connectTimeout: NotRequired[int]
    """seconds for name resolution, TCP, TLS and login together; the firmware resolves the name, which blocks the script and can take longer"""
    offlineQueue: NotRequired[int]
    """number of QoS 1 messages that can wait while the device is offline; for further ones `publish()` returns -2. With 0, it returns -1 while offline"""
    rxBuffer: NotRequired[int]
    """size of the receive buffer in bytes, which limits the largest message, topic included; larger messages are dropped (ON_ERROR -46)"""
    services: NotRequired[bool]
    """`False`: login, `publish()` and `subscribe()` alone. Each message that arrives goes to ON_SUBCRIBE, nothing is subscribed or answered by itself, and methods of the thing model raise NotImplementedError"""

class DeviceConnectTlinkData(TypedDict):
    cloud: Literal["tlink"]
    """TLINK"""
    deviceName: str
    """serial number of the device"""
    userName: str
    """login account"""
    password: str
    """password of the account"""
    cert: NotRequired[Buffer]
    """certificate of the device, one, PEM or DER; needs `key` and TLS"""
    key: NotRequired[Buffer]
    """private key of that certificate, not encrypted, PEM or DER"""
    keepaliveSec: NotRequired[int]
    """keepalive interval in seconds; the platform accepts 30 to 1200, another value becomes the nearest of these. A value of at least 10 above the posting interval saves pings"""
    host: NotRequired[str]
    """another host: its name or address, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """use TLS and verify the server; `False` means plain TCP: anybody on the network path can read the messages and much of the login"""
    ca: NotRequired[Buffer]
    """trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one"""
    cleanSession: NotRequired[bool]
    """`False`: the server keeps QoS 1 messages and subscriptions while the device is offline"""
    connectTimeout: NotRequired[int]
    """seconds for name resolution, TCP, TLS and login together; the firmware resolves the name, which blocks the script and can take longer"""
    offlineQueue: NotRequired[int]
    """number of QoS 1 messages that can wait while the device is offline; for further ones `publish()` returns -2. With 0, it returns -1 while offline"""
    rxBuffer: NotRequired[int]
    """size of the receive buffer in bytes, which limits the largest message, topic included; larger messages are dropped (ON_ERROR -46)"""
    services: NotRequired[bool]
    """`False`: login, `publish()` and `subscribe()` alone. Each message that arrives goes to ON_SUBCRIBE, nothing is subscribed or answered by itself, and methods of the thing model raise NotImplementedError"""

class DeviceConnectPlainData(TypedDict):
    cloud: Literal["plain"]
    """Any MQTT 3.1.1 broker"""
    host: str
    """the broker: its name or address, without a port"""
    clientId: NotRequired[str]
    """client identifier; required with `cleanSession` `False`"""
    userName: NotRequired[str]
    """user name"""
    password: NotRequired[str]
    """password; needs a user name"""
    cert: NotRequired[Buffer]
    """certificate of the device, one, PEM or DER; needs `key` and TLS"""
    key: NotRequired[Buffer]
    """private key of that certificate, not encrypted, PEM or DER"""
    keepaliveSec: NotRequired[int]
    """keepalive interval in seconds; 0 for none"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """use TLS and verify the server; `False` means plain TCP: anybody on the network path can read the messages and much of the login"""
    ca: NotRequired[Buffer]
    """trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one"""
    cleanSession: NotRequired[bool]
    """`False`: the server keeps QoS 1 messages and subscriptions while the device is offline"""
    connectTimeout: NotRequired[int]
    """seconds for name resolution, TCP, TLS and login together; the firmware resolves the name, which blocks the script and can take longer"""
    offlineQueue: NotRequired[int]
    """number of QoS 1 messages that can wait while the device is offline; for further ones `publish()` returns -2. With 0, it returns -1 while offline"""
    rxBuffer: NotRequired[int]
    """size of the receive buffer in bytes, which limits the largest message, topic included; larger messages are dropped (ON_ERROR -46)"""
    services: NotRequired[bool]
    """`False`: login, `publish()` and `subscribe()` alone. Each message that arrives goes to ON_SUBCRIBE, nothing is subscribed or answered by itself, and methods of the thing model raise NotImplementedError"""

class DevicePublishData(TypedDict):
    topic: str
    """topic name, without wildcards"""
    payload: NotRequired[Buffer]
    """the message: text or bytes"""
    qos: NotRequired[int]
    """0: sent now or not at all; 1: kept and sent again after reconnects until the server acknowledges it"""

class DeviceSubscribeData(TypedDict):
    topic: str
    """topic filter, at most 255 bytes, wildcards allowed"""
    qos: NotRequired[int]
    """0 or 1"""

class DeviceUnsubscribeData(TypedDict):
    topic: str
    """the same topic filter as for `subscribe()`"""

class DeviceRegisterData(TypedDict):
    cloud: NotRequired[Literal["aliyun"]]
    """Alibaba Cloud IoT Platform"""
    productKey: str
    """product key, at most 20 letters and digits"""
    deviceName: NotRequired[str]
    """device name, at most 32 characters"""
    productSecret: str
    """product secret, at most 64 characters"""
    region: NotRequired[str]
    """region of the old public instance"""
    keepaliveSec: NotRequired[int]
    """accepted and ignored (HaaS compatibility)"""
    instanceId: NotRequired[str]
    """id of a new public or an enterprise instance"""
    authType: NotRequired[str]
    """'https': old public instance; 'register': over MQTT; 'regnwl': over MQTT, without adding the device on the platform first, returns a token instead of a secret"""
    signMethod: NotRequired[str]
    """'hmacsha256'; also 'hmacsha1' or 'hmacmd5' if the firmware was built with them"""
    host: NotRequired[str]
    """another host: its name or address, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """use TLS and verify the server; with `False` anybody on the network path can read the new secret"""
    ca: NotRequired[Buffer]
    """trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one"""

class DeviceRegisterTencentData(TypedDict):
    cloud: Literal["tencent"]
    """Tencent Cloud IoT Explorer"""
    productId: str
    """product ID"""
    deviceName: str
    """device name"""
    productSecret: str
    """product secret, 16 to 64 characters"""
    legacy: NotRequired[bool]
    """`True`: the registration of older SDKs, for platforms that have no other; the firmware needs 'hmacsha1'"""
    host: NotRequired[str]
    """another host: its name or address, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """use TLS and verify the server; with `False` anybody on the network path can read the new secret"""
    ca: NotRequired[Buffer]
    """trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one"""

class DeviceRegisterOnenetData(TypedDict):
    cloud: Literal["onenet"]
    """China Mobile OneNET"""
    productId: str
    """product ID"""
    deviceName: str
    """device name"""
    userId: str
    """user ID"""
    userKey: str
    """access key of the user, base64"""
    host: NotRequired[str]
    """another host: its name or address, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """use TLS and verify the server; with `False` anybody on the network path can read the new secret"""
    ca: NotRequired[Buffer]
    """trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one"""

class DeviceRegisterHuaweiData(TypedDict):
    cloud: Literal["huawei"]
    """Huawei Cloud IoTDA"""
    productId: str
    """product ID"""
    deviceName: str
    """node ID"""
    endpoint: NotRequired[str]
    """the part of the access address in front of `.iotda`"""
    region: NotRequired[str]
    """region of the instance"""
    projectId: str
    """project ID"""
    iamUser: str
    """IAM user that may create devices and nothing else"""
    iamPassword: str
    """password of that user"""
    iamDomain: str
    """account that the user belongs to"""
    host: NotRequired[str]
    """another host: its name or address, without a port"""
    port: NotRequired[int]
    """another port"""
    tls: NotRequired[bool]
    """use TLS and verify the server; with `False` anybody on the network path can read the new secret"""
    ca: NotRequired[Buffer]
    """trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one"""

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
    """A device of the platform. A script can have several."""

    ON_CONNECT: int = 1
    """The device is connected. code is 0 for the first time since `connect()`, and 1 after a reconnect. The callback gets `{'code': int}`."""
    ON_CLOSE: int = 2
    """The connection is closed after `end()`. code is 0. The callback gets `{'code': int}`."""
    ON_DISCONNECT: int = 3
    """The connection is lost. The device reconnects by itself. code is always 2, msg gives the reason. The callback gets `{'code': int, 'msg': str}`."""
    ON_SERVICE: int = 5
    """The platform calls a service. params is the JSON text from the platform, unchanged. The callback's return value is the reply. A synchronous call (RRPC) needs the reply within 8 seconds. For a synchronous call on a custom topic, service_id is the topic, params is the payload (bytes if it is not UTF-8), and the reply holds only the data, without a code. The callback gets `{'code': int, 'msg_id': int | str, 'service_id': str, 'params_len': int, 'params': str | bytes}`."""
    ON_SUBCRIBE: int = 6
    """A message arrived on a subscribed topic. payload is bytes if it is not UTF-8. qos is 0 or 1, as the message was delivered; for a synchronous call on a custom topic it is 0. The callback gets `{'topic': str, 'payload': str | bytes, 'qos': int}`."""
    ON_PROPS: int = 7
    """The platform sets properties. params is the JSON text from the platform, unchanged. The callback's return value is the reply. The callback gets `{'code': int, 'msg_id': int | str, 'params_len': int, 'params': str}`."""
    ON_ERROR: int = 8
    """Something failed. code is in the table of codes, msg describes the error. Until the script calls `on()` for ON_ERROR, each new error is printed as one line on the console. A lost connection is printed too until the script calls `on()` for ON_DISCONNECT. `None` as the callback turns the lines off. After a lost or refused connection the device retries by itself. The callback gets `{'code': int, 'msg': str}`."""
    ON_RAWDATA: int = 10
    """The platform sends data in the product's own format. The callback gets `{'params_len': int, 'params': bytearray}`."""
    LATER: int = -100
    """A callback returns it to send the reply later, with `reply()`."""

    def __init__(self) -> None: ...
    def __enter__(self) -> "Device": ...
    def __exit__(self, *exception: Any) -> None: ...
    def on(self, event: int, callback: Callable[[dict[str, Any]], object] | None, /) -> int:
        """Set the callback of an event. It replaces the previous callback. MicroPython's scheduler calls it in the main thread, while the thread runs or sleeps. An exception in a callback is printed, and the device continues. If a callback takes another number of arguments, the printed error names the event (or method) and the callback. Only one callback runs at a time. Until it returns, no device sends or receives: a callback that takes half of `keepaliveSec` or longer can cost the connection. An exception is a callback that waits for an upload: one more callback of the device can run meanwhile. While both run, requests get the reply 429, and up to 16 other calls wait. If more calls come, nothing is received or acknowledged, and the inner upload fails. After Ctrl-C no callback starts for 100 ms; messages that wait are not acknowledged until then. To wake an asyncio task, use a `ThreadSafeFlag` (examples/with_asyncio.py). Returns 0."""
    def connect(self, data: DeviceConnectData | DeviceConnectTencentData | DeviceConnectOnenetData | DeviceConnectHuaweiData | DeviceConnectTuyaData | DeviceConnectBaiduData | DeviceConnectTlinkData | DeviceConnectPlainData | Mapping[str, Buffer | bool | int | str], /) -> int:
        """Connect to the platform in the background, and reconnect after each lost connection until `end()`. ON_CONNECT reports success, ON_ERROR each failed attempt. The key `cloud` selects the platform; each has keys of its own. A script moves to another cloud by its dictionary: [clouds](clouds.md) says what each method becomes there. Most clouds have each login signed with the time of the board's clock. Returns 0, without waiting for the connection."""
    def end(self) -> int:
        """Disconnect and stop reconnecting. It blocks for up to two seconds, until messages that wait are sent. ON_CLOSE is called afterwards. The script can call `connect()` again. Returns 0."""
    def getDeviceInfo(self) -> dict[str, str] | None:
        """Return the device's identity. Before `connect()`, it is the identity that `register()` stored last. Returns a dict of region, productKey, productSecret, deviceName and deviceSecret, `''` for an unknown value; on other clouds than Alibaba's, productKey is the product ID (TLINK: the account). `None` before `connect()` if nothing is stored."""
    def getDeviceHandle(self) -> int:
        """Return a number that identifies this device, as on HaaS firmware. The `ota` module, which uses the number there, is not supported yet. Returns the number; never 0."""
    def poll(self) -> int:
        """Send and receive now, and run due callbacks. It is rarely needed, since the device works in the background. Call it from code that keeps the scheduler from running, or to make space at once after `publish()` returned -2. Returns milliseconds until the next work that is due by itself, -1 for none."""
    def publish(self, data: DevicePublishData | Mapping[str, Buffer | int | str], callback: Callable[[dict[str, Any]], object] | None = None, /) -> int:
        """Publish a message. Without a callback it allocates no memory, and works after `micropython.heap_lock()`. Returns 0."""
    def subscribe(self, data: DeviceSubscribeData | Mapping[str, int | str], /) -> int:
        """Subscribe to a topic filter, now and after each reconnect. Messages call ON_SUBCRIBE. Returns 0."""
    def unsubscribe(self, data: DeviceUnsubscribeData | Mapping[str, str], /) -> int:
        """Unsubscribe from a topic filter. Returns 0."""
    def register(self, data: DeviceRegisterData | DeviceRegisterTencentData | DeviceRegisterOnenetData | DeviceRegisterHuaweiData | Mapping[str, Buffer | bool | int | str], callback: Callable[[str], object] | None, /) -> int:
        """Get the device secret by dynamic registration and store it. `connect()` then needs no deviceSecret, even after a restart. The key `cloud` selects the platform; secrets are stored by cloud, product and device. A certificate that Tencent returns in place of a secret is stored with its private key, and `connect()` uses both. If the secret of this device is stored already, the method returns it without using the network. It blocks for up to 65 seconds, on Huawei Cloud for up to 75. It makes up to five attempts; each network failure calls ON_ERROR. When called in a callback of this device, it returns at once and continues after the callback; `callback` or ON_ERROR then reports the result. A connected device can register another one over HTTPS ('https', and all clouds but Alibaba's) and stays connected. After Ctrl-C nothing more is reported. Returns 0 when the device has its secret; when called in a callback, 0 at once."""
    def onProps(self, callback: Callable[[dict[str, Any]], object] | None, /) -> int:
        """The same as `on(Device.ON_PROPS, callback)`. Returns 0."""
    def postProps(self, data: DevicePostPropsData | Mapping[str, dict[str, Any] | str], callback: Callable[[dict[str, Any]], object] | None = None, /) -> int:
        """Report property values to the platform. Returns 0."""
    def postEvent(self, data: DevicePostEventData | Mapping[str, dict[str, Any] | str], callback: Callable[[dict[str, Any]], object] | None = None, /) -> int:
        """Report an event to the platform. Returns 0."""
    def onService(self, callback: Callable[[dict[str, Any]], object] | None, /) -> int:
        """The same as `on(Device.ON_SERVICE, callback)`. Returns 0."""
    def reply(self, msg_id: int | str, code: int = 200, data: dict[str, Any] | Buffer | None = None, /) -> int:
        """Reply to a property set or a service call, in its callback, or later if the callback returned `Device.LATER`. Up to 16 requests can wait for a reply. When one more comes, the oldest request gets the reply 429. Returns 0."""
    def postRaw(self, data: DevicePostRawData | Mapping[str, Buffer], callback: Callable[[dict[str, Any]], object] | None = None, /) -> int:
        """Report bytes in the product's own format to the platform. Returns 0."""
    def getNtpTime(self, callback: Callable[[dict[str, int]], object], /) -> int:
        """Request the time from the platform. If the device is offline, the request is sent after it connects. The error is at most half the round trip. If no reply comes within 50 seconds, ON_ERROR is called with code -47. Returns 0."""
    def setClock(self) -> int:
        """Set the board's clock (`machine.RTC`, in UTC) to the platform's time, to the second. If no reply comes, or the firmware has no such clock, ON_ERROR is called. Returns 0; the clock is set when the reply arrives."""
    def uploadFile(self, fileName: str, path: str | Callable[[dict[str, int]], object] | None = None, callback: Callable[[dict[str, int]], object] | None = None, /) -> str | None:
        """Upload a file and wait until the platform has verified it. The file is read block by block and never held in memory as a whole. After a lost connection the upload continues by itself. After three connections in a row of less than 10 seconds (code -41), the device waits 150 to 300 seconds before it reconnects and continues. Uploads run one at a time; others wait. Callbacks run meanwhile. A callback can call it; the reply to the callback's own request is sent when the callback returns. Returns the platform's id of the upload."""
    def uploadContent(self, fileName: str, buf: Buffer, callback: Callable[[dict[str, int]], object] | None = None, /) -> str | None:
        """Upload bytes as a file, and wait as `uploadFile` does. Returns the platform's id of the upload."""
    def getDesired(self, names: list[str] | tuple[str, ...], callback: Callable[[dict[str, Any]], object], /) -> int:
        """Get the desired values of properties, which the platform keeps for the device. It does not block. While the device is online, the platform also sends each new value as a property set (ON_PROPS). Returns 0."""
    def deleteDesired(self, versions: dict[str, Any], callback: Callable[[dict[str, Any]], object] | None = None, /) -> int:
        """Delete desired values that the device has applied. It does not block. If the platform refuses and there is no callback, ON_ERROR is called. Returns 0."""
    def onDesired(self, names: list[str] | tuple[str, ...], callback: Callable[[dict[str, dict[str, Any]]], object] | None, /) -> int:
        """Follow the desired values of properties. The device requests them now and after each reconnect, and the callback gets only new values. A value is new if its version is not the one that was reported last, by this callback or that of `getDesired`. So several changes while the device was offline are reported once, as the latest value. If nothing is new, the callback is not called. If the device is offline, the request is sent after it connects. Another call replaces properties and callback. `end()` ends it. If the platform refuses or does not reply, ON_ERROR is called. Returns 0."""
