# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.
"""LuatOS's aliyun: the three generations of one module."""

from typing import Any, Callable

Buffer = str | bytes | bytearray | memoryview

opts: dict[str, Any] = {}
"""2024: what `setup` got, with every key; `None` for those that were not given"""

def setup(*arguments: Any) -> None:
    """Set the device up and connect in the background. A second call replaces the connection. If the device has to register, the call blocks for up to 65 seconds. A registration that failed is tried again after 30 seconds. In LuatOS-Air, functions return the name and the secret, and `setDeviceSecret` gets the secret of a registration. They are called again five seconds after a refusal, for a secret that the script has fetched meanwhile. A device with a productSecret registers if it has no secret, or if its secret is refused. Returns nothing."""

def on(evt: str, cbFnc: Callable[..., object] | None) -> None:
    """Set the function of an event. It replaces the previous one. Functions run as the callbacks of [`Device.on`](api.md#onevent-callback) do; an exception is printed. A script may set a function behind the entry point: the last `auth` and `connect` that had none are passed to it then. Returns nothing."""

def subscribe(topic: str | dict[str, int], qos: int | None = None) -> None:
    """Subscribe, now and after each reconnect. A subscription before the entry point is made when the device connects. A refusal calls `error`. Returns nothing."""

def publish(topic: str, *arguments: Any) -> None:
    """Publish a message. At QoS 1 it is sent again after reconnects until the server acknowledges it. In LuatOS-Air and 2023, up to 20 messages wait while the device is offline; one more is given up. `cbFnc(result, cbPara)` is always called. `True`: the message was acknowledged, at QoS 0 sent. `False`: it was given up. In 2024 `False` also comes at once while the device is offline, and then the message is not sent; and after 15 seconds without an acknowledgement, and then it can still arrive. A message without `cbFnc` that is given up calls `error`. Returns nothing."""

def close() -> None:
    """Disconnect for good; not in LuatOS. No event comes any more, until an entry point is called again. Messages that wait are given up. It blocks for up to two seconds, until what was published before is sent; in a callback it does not block. Returns nothing."""

def setMqtt(cleanSession: int | None = None, will: None = None, keepAlive: int | None = None) -> None:
    """Set the session for the next `setup`. Returns nothing."""

def setRegion(region: str | None) -> None:
    """Set the region of the old public instance for the next `setup`. Returns nothing."""

def setInstanceId(instanceId: str | None) -> None:
    """Set the instance for the next `setup`. With a productSecret, the device then registers without being on the platform's list. Its token stays in the device's store, and `setDeviceSecret` is not called. Returns nothing."""

def setConnectMode(mode: str, host: str | None = None, port: int | None = 1883, getClientId: Callable[[], str] | None = None, getUserName: Callable[[], str] | None = None, getPassword: Callable[[], str] | None = None, isssl: bool | dict[str, Any] | None = None) -> None:
    """Set the server, and how to log in, for the next `setup`. Returns nothing."""

def setErrHandle(cbFnc: Callable[[], object], tmout: int = 150) -> None:
    """Call a function each time the device has been without a connection for so many seconds. The time that it sleeps does not count. Returns nothing."""

def sleep() -> None:
    """Disconnect, and do not connect until `wakeup`. It blocks for up to two seconds, until messages that wait are sent; in a callback it does not block. A message of QoS 1 that is not acknowledged by then is given up. Returns nothing."""

def wakeup() -> None:
    """Connect again after `sleep`. Returns nothing."""

def sleepStatus() -> bool:
    """Return whether the device sleeps. Returns whether `sleep` was called, and `wakeup` was not called since."""

def Authsleep() -> None:
    """Disconnect, and do not log in until `Authwakeup`. Here a connection is a login, so it does the same as `sleep`, with a state of its own. Returns nothing."""

def Authwakeup() -> None:
    """Log in again after `Authsleep`. Returns nothing."""

def AuthSleepStatus() -> bool:
    """Return whether logins are held back. Returns whether `Authsleep` was called, and `Authwakeup` was not called since."""

def operation(Registration: bool, DeviceName: str, ProductKey: str, ProductSecret: str, InstanceId: str | None = None, mqtt_host: str | None = None, mqtt_port: int | str | None = None, mqtt_isssl: bool | dict[str, Any] | None = None) -> None:
    """Register, unless the device's secret is stored already, and connect in the background. The registration blocks for up to 65 seconds. If it fails, it is tried again after 30 seconds. Returns nothing."""

def confiDentialTask(DeviceName: str, ProductKey: str, DeviceSecret: str, mqtt_host: str | None = None, mqtt_port: int | str | None = None, mqtt_isssl: bool | dict[str, Any] | None = None) -> None:
    """Connect in the background, with the secret of the device. Returns nothing."""

def subscriber(topic: str | dict[str, int], qos: int | None = None) -> None:
    """Subscribe, now and after each reconnect. A subscription before the entry point is made when the device connects. A refusal calls `error`. Returns nothing."""

def clientGetDirectDataTask(DeviceName: str, ProductKey: str, mqtt_host: str | None = None, mqtt_port: int | str | None = None, mqtt_isssl: bool | dict[str, Any] | None = None, Registration: bool = False, DeviceSecret: str | None = None, deviceToken: str | None = None, clientid: str | None = None) -> None:
    """Connect in the background, with what an earlier registration has brought. Returns nothing."""

def ready() -> bool:
    """Return whether the device is connected. Returns whether the device is connected."""

def store(result: dict[str, str] | None = None) -> dict[str, str | None]:
    """Store the result of a registration, or read the stored one. It is in [`kv`](kv.md), under the names ProductKey, DeviceName, deviceSecret, deviceToken and clientid: `kv.remove` removes it. Returns a dict of deviceName, productKey, deviceSecret, deviceToken and clientid, `None` for a missing value."""

def getDeviceSecret() -> str | None:
    """Return the secret of the registration. Returns the device secret; `None` if no registration has brought one since the start."""

def getDeviceToken() -> str | None:
    """Return the token of a registration without a list. Returns the token; `None` if no registration has brought one since the start."""

def getClientid() -> str | None:
    """Return the client ID that came with the token. Returns the client ID; `None` if no registration has brought one since the start."""

class Air:
    """A device with the functions of LuatOS-Air."""

    def __init__(self) -> None: ...
    def setup(self, productKey: str, productSecret: str | None, getDeviceName: Callable[[], str], getDeviceSecret: Callable[[], str | None], setDeviceSecret: Callable[[str], object] | None = None) -> None:
        """Set the device up and connect in the background. A second call replaces the connection. Returns nothing."""
    def on(self, evt: str, cbFnc: Callable[..., object] | None) -> None:
        """Set the function of an event. It replaces the previous one. Functions run as the callbacks of [`Device.on`](api.md#onevent-callback) do; an exception is printed. A script may set a function behind the entry point: the last `auth` and `connect` that had none are passed to it then. Returns nothing."""
    def subscribe(self, topic: str | dict[str, int], qos: int | None = None) -> None:
        """Subscribe, now and after each reconnect. A subscription before the entry point is made when the device connects. A refusal calls `error`. Returns nothing."""
    def publish(self, topic: str, payload: Buffer, qos: int | None = 0, cbFnc: Callable[[bool, Any], object] | None = None, cbPara: Any = None) -> None:
        """Publish a message. Returns nothing."""
    def close(self) -> None:
        """Disconnect for good; not in LuatOS. No event comes any more, until an entry point is called again. Messages that wait are given up. It blocks for up to two seconds, until what was published before is sent; in a callback it does not block. Returns nothing."""
    def setMqtt(self, cleanSession: int | None = None, will: None = None, keepAlive: int | None = None) -> None:
        """Set the session for the next `setup`. Returns nothing."""
    def setRegion(self, region: str | None) -> None:
        """Set the region of the old public instance for the next `setup`. Returns nothing."""
    def setInstanceId(self, instanceId: str | None) -> None:
        """Set the instance for the next `setup`. With a productSecret, the device then registers without being on the platform's list. Its token stays in the device's store, and `setDeviceSecret` is not called. Returns nothing."""
    def setConnectMode(self, mode: str, host: str | None = None, port: int | None = 1883, getClientId: Callable[[], str] | None = None, getUserName: Callable[[], str] | None = None, getPassword: Callable[[], str] | None = None, isssl: bool | dict[str, Any] | None = None) -> None:
        """Set the server, and how to log in, for the next `setup`. Returns nothing."""
    def setErrHandle(self, cbFnc: Callable[[], object], tmout: int = 150) -> None:
        """Call a function each time the device has been without a connection for so many seconds. The time that it sleeps does not count. Returns nothing."""
    def sleep(self) -> None:
        """Disconnect, and do not connect until `wakeup`. It blocks for up to two seconds, until messages that wait are sent; in a callback it does not block. A message of QoS 1 that is not acknowledged by then is given up. Returns nothing."""
    def wakeup(self) -> None:
        """Connect again after `sleep`. Returns nothing."""
    def sleepStatus(self) -> bool:
        """Return whether the device sleeps. Returns whether `sleep` was called, and `wakeup` was not called since."""
    def Authsleep(self) -> None:
        """Disconnect, and do not log in until `Authwakeup`. Here a connection is a login, so it does the same as `sleep`, with a state of its own. Returns nothing."""
    def Authwakeup(self) -> None:
        """Log in again after `Authsleep`. Returns nothing."""
    def AuthSleepStatus(self) -> bool:
        """Return whether logins are held back. Returns whether `Authsleep` was called, and `Authwakeup` was not called since."""

class Soc2023:
    """A device with the functions of 2023."""

    def __init__(self) -> None: ...
    def on(self, evt: str, cbFnc: Callable[..., object] | None) -> None:
        """Set the function of an event. It replaces the previous one. Functions run as the callbacks of [`Device.on`](api.md#onevent-callback) do; an exception is printed. A script may set a function behind the entry point: the last `auth` and `connect` that had none are passed to it then. Returns nothing."""
    def subscribe(self, topic: str | dict[str, int], qos: int | None = None) -> None:
        """Subscribe, now and after each reconnect. A subscription before the entry point is made when the device connects. A refusal calls `error`. Returns nothing."""
    def publish(self, topic: str, qos: int | None, payload: Buffer, retain: int = 0) -> None:
        """Publish a message. Returns nothing."""
    def close(self) -> None:
        """Disconnect for good; not in LuatOS. No event comes any more, until an entry point is called again. Messages that wait are given up. It blocks for up to two seconds, until what was published before is sent; in a callback it does not block. Returns nothing."""
    def operation(self, Registration: bool, DeviceName: str, ProductKey: str, ProductSecret: str, InstanceId: str | None = None, mqtt_host: str | None = None, mqtt_port: int | str | None = None, mqtt_isssl: bool | dict[str, Any] | None = None) -> None:
        """Register, unless the device's secret is stored already, and connect in the background. The registration blocks for up to 65 seconds. If it fails, it is tried again after 30 seconds. Returns nothing."""
    def confiDentialTask(self, DeviceName: str, ProductKey: str, DeviceSecret: str, mqtt_host: str | None = None, mqtt_port: int | str | None = None, mqtt_isssl: bool | dict[str, Any] | None = None) -> None:
        """Connect in the background, with the secret of the device. Returns nothing."""
    def subscriber(self, topic: str | dict[str, int], qos: int | None = None) -> None:
        """Subscribe, now and after each reconnect. A subscription before the entry point is made when the device connects. A refusal calls `error`. Returns nothing."""

class Soc2024:
    """A device with the functions of 2024."""

    opts: dict[str, Any]
    """2024: what `setup` got, with every key; `None` for those that were not given"""

    def __init__(self) -> None: ...
    def setup(self, tPara: dict[str, Any]) -> None:
        """Set the device up and connect in the background. A second call replaces the connection. Returns nothing."""
    def on(self, evt: str, cbFnc: Callable[..., object] | None) -> None:
        """Set the function of an event. It replaces the previous one. Functions run as the callbacks of [`Device.on`](api.md#onevent-callback) do; an exception is printed. A script may set a function behind the entry point: the last `auth` and `connect` that had none are passed to it then. Returns nothing."""
    def subscribe(self, topic: str | dict[str, int], qos: int | None = None) -> None:
        """Subscribe, now and after each reconnect. A subscription before the entry point is made when the device connects. A refusal calls `error`. Returns nothing."""
    def publish(self, topic: str, qos: int | None, payload: Buffer, cbFnc: Callable[[bool, Any], object] | None = None, cbPara: Any = None) -> None:
        """Publish a message. Returns nothing."""
    def close(self) -> None:
        """Disconnect for good; not in LuatOS. No event comes any more, until an entry point is called again. Messages that wait are given up. It blocks for up to two seconds, until what was published before is sent; in a callback it does not block. Returns nothing."""
    def clientGetDirectDataTask(self, DeviceName: str, ProductKey: str, mqtt_host: str | None = None, mqtt_port: int | str | None = None, mqtt_isssl: bool | dict[str, Any] | None = None, Registration: bool = False, DeviceSecret: str | None = None, deviceToken: str | None = None, clientid: str | None = None) -> None:
        """Connect in the background, with what an earlier registration has brought. Returns nothing."""
    def ready(self) -> bool:
        """Return whether the device is connected. Returns whether the device is connected."""
    def store(self, result: dict[str, str] | None = None) -> dict[str, str | None]:
        """Store the result of a registration, or read the stored one. It is in [`kv`](kv.md), under the names ProductKey, DeviceName, deviceSecret, deviceToken and clientid: `kv.remove` removes it. Returns a dict of deviceName, productKey, deviceSecret, deviceToken and clientid, `None` for a missing value."""
    def getDeviceSecret(self) -> str | None:
        """Return the secret of the registration. Returns the device secret; `None` if no registration has brought one since the start."""
    def getDeviceToken(self) -> str | None:
        """Return the token of a registration without a list. Returns the token; `None` if no registration has brought one since the start."""
    def getClientid(self) -> str | None:
        """Return the client ID that came with the token. Returns the client ID; `None` if no registration has brought one since the start."""
