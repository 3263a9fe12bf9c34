"""What the three generations of LuatOS's `aliyun` share: a device, its events, and messages that wait."""

import sys as _python

import micropython
from aliyunIoT import Device

from luatos import sys
from luatos.checks import DATA, can_be_called, is_a, subscriptions, taken
from luatos.device import did_not_connect, in_words_of, listen, named, not_subscribed, subscribe_all

# As many as the device itself keeps until they are acknowledged.
_WAITING_MAX = 20
_REGISTER_AGAIN_MS = 30000
READ_AGAIN_MS = 5000
EVENTS = ("auth", "connect", "reconnect", "receive", "error")


def call(function, *arguments):
    try:
        result = function(*arguments)
        if hasattr(result, "throw"):
            sys.taskInit(lambda: result)
    except Exception as error:
        _python.print_exception(error)


def _is_refusal(code):
    """Whether it is about who the device is: a CONNACK, or the answer to a registration."""
    return code in (1, 2, 4, 5) or code >= 200


def text(value, name, may_be_missing=False):
    """None stands for Lua's nil, and the pages write "" for it as well."""
    if may_be_missing and value in (None, ""):
        return None
    is_a(value, name, (str,))
    return value


def server(method, host, port, isssl):
    """The keys that `Device.connect` has for where to connect."""
    keys = {}
    host = text(host, method + "(): the host", True)
    if host:
        keys["host"] = host
    if port is not None:
        is_a(port, method + "(): the port", (int, str))
        try:
            keys["port"] = int(port)
        except ValueError:
            raise ValueError("%s(): the port must be a number (%r)" % (method, port))
        if not 0 < keys["port"] < 65536:
            raise ValueError("%s(): the port must be 1 to 65535 (%d)" % (method, keys["port"]))
    if isinstance(isssl, dict):
        keys.update(taken(method, isssl, {"server_cert": ("ca", DATA)}, "isssl"))
    elif isssl is not None:
        is_a(isssl, method + "(): isssl", (bool, dict))
        keys["tls"] = isssl
    return keys


def registration(login, **more):
    """What a device registers with that logs in so. The platform takes registrations over TLS alone."""
    keys = {key: login[key] for key in ("productKey", "deviceName", "region", "instanceId", "host", "ca") if key in login}
    if login.get("tls", True) and "port" in login:
        keys["port"] = login["port"]
    keys.update(more)
    return keys


class _Turn:
    """Who hands a message to the device: callbacks and other threads come between any two steps of that, and are not to
    overtake it."""

    def __init__(self):
        self._free = [None]
        self._missed = False

    def take(self):
        try:
            self._free.pop()
            return True
        except IndexError:
            self._missed = True
            return False

    def leave(self):
        """Whether somebody has wanted it meanwhile."""
        self._free.append(None)
        missed, self._missed = self._missed, False
        return missed


class Link:
    # The events that `on` takes.
    EVENTS = EVENTS
    # The QoS of a subscription without one.
    QOS = 0
    # The script's words for those of the device.
    WORDS = ()

    def __init__(self):
        self._callbacks = {}
        self._topics = {}
        self._waiting = []  # Messages: [topic, payload, qos, callback, its argument].
        self._calls = []
        self._turn = _Turn()
        self._is_scheduled = False
        self._call_now = self._call_all
        self._device = self._identity = self._again = None
        self._method, self._up = "setup", False
        self._leave()

    # ---- The methods of LuatOS that all have ----

    def on(self, evt, cbFnc):
        if evt not in self.EVENTS:
            raise ValueError("on(): there is no event %r; there are %s" % (evt, ", ".join(self.EVENTS)))
        if cbFnc is not None:
            can_be_called(cbFnc, "on(): the callback")
        self._callbacks[evt] = cbFnc
        if cbFnc and evt in self._missed:
            self._soon(cbFnc, *self._missed.pop(evt))

    def subscribe(self, topic, qos=None):
        self._subscribe("subscribe", topic, qos)

    # ---- Of this module ----

    def close(self):
        self._leave()
        self._drop_waiting()

    # ---- For the generations ----

    def _enter(self, method, identity, login):
        """What an entry point ends with. A second one replaces the connection of the first."""
        if self._identity not in (None, identity):
            # The platform has topics of the device for nobody else.
            self._topics.clear()
            self._drop_waiting()
        if self._leave():
            self._soon(self._emit, "connect", False)
        self._method, self._identity, self._login = method, identity, login
        self._device = Device()
        listen(self._device, self)
        self._changed()
        self._begin()

    def _leave(self):
        """Ends the connection; of it, only messages that are under way are still reported. Whether it was up."""
        was_up = self._up
        # Callbacks come between any two of these lines.
        self._started = self._up = self._registers = False
        device, self._device = self._device, None
        self._stop_again()
        # What was reported last, and what was printed.
        self._is_authentic = self._is_connected = self._printed = None
        # A script may set its functions behind the entry point, and be late.
        self._missed = {}
        if device:
            for event in (Device.ON_CONNECT, Device.ON_DISCONNECT, Device.ON_CLOSE, Device.ON_ERROR, Device.ON_SUBCRIBE):
                device.on(event, None)
            device.end()
        return was_up

    def _keys(self):
        """What `Device.connect` gets; None as long as something is missing."""
        return self._login

    def _to_register(self):
        """What `Device.register` gets; None if the device needs no registration."""

    def _registered(self, secret):
        """The platform has given the device a secret, or a token."""

    def _renews(self):
        """Whether there is something else to log in with than what was refused."""
        return False

    def _is_awake(self):
        return True

    def _changed(self):
        """The connection is there, or it is not."""

    def _receive(self, message):
        """The arguments of the event `receive`."""
        return message["topic"], message["qos"], message["payload"]

    def _delivered(self, message):
        """The server has acknowledged a message."""

    def _words(self):
        return ((self._method + "(): ", "connect(): "), (self._method + "(): ", "register(): ")) + self.WORDS

    # ---- Connection ----

    def _begin(self):
        self._again = None
        device = self._device
        if device is None or self._started or not self._is_awake():
            return
        keys = self._to_register()
        if keys and not self._register(device, keys):
            return
        if device is self._device:
            self._connect()

    def _register(self, device, keys):
        self._registers, self._code = True, 0
        try:
            code = named(self._words(), device.register, keys, self._registered)
        finally:
            self._registers = False
        if code != 0 and device is self._device:
            self._not_begun(_is_refusal(self._code))
            self._try_again(_REGISTER_AGAIN_MS)
        return code == 0

    def _connect(self):
        self._used = keys = self._keys()
        if keys is None:
            self._not_begun(True)
            self._try_again(READ_AGAIN_MS)
            return
        named(self._words(), self._device.connect, keys)
        self._started = True
        subscribe_all(self._device, self._topics, self._emit_error)

    def _pause(self):
        """Ends the connection until `_begin`."""
        self._stop_again()
        if self._started:
            self._device.end()
        self._changed()

    def _try_again(self, ms):
        self._stop_again()
        self._again = sys.timerStart(self._begin, ms)

    def _stop_again(self):
        if self._again:
            sys.timerStop(self._again)
        self._again = None

    # ---- What the device reports ----

    def _on_connect(self, _):
        self._up = self._is_connected = True
        self._printed = None
        if not self._is_authentic:
            self._is_authentic = True
            self._emit("auth", True)
        self._emit("connect", True)
        self._changed()
        self._flush()

    def _on_disconnect(self, _):
        self._up = False
        self._failed(False)

    def _on_close(self, _):
        self._started = False
        if self._up:
            self._up = self._is_connected = False
            self._emit("connect", False)
        self._changed()
        if self._device and self._is_awake() and not self._started:
            if self._to_register():
                # In a callback of the device it would not wait.
                self._try_again(1)
            else:
                self._connect()

    def _on_error(self, error):
        code, device = error["code"], self._device
        self._emit_error(code, error["msg"])
        if self._registers:
            self._code = code
        elif self._started and not self._up and did_not_connect(code):
            refused = _is_refusal(code)
            if refused and self._renews():
                device.end()
                return
            self._failed(refused)
            # A callback may have brought another secret.
            if refused and device is self._device and self._started and self._renews():
                device.end()

    def _on_message(self, message):
        callback = self._callbacks.get("receive")
        if callback:
            call(callback, *self._receive(message))

    def _not_begun(self, refused):
        device = self._device
        self._soon(lambda: self._failed(refused) if device is self._device else None)

    def _failed(self, refused):
        """Report each refused login, and each loss once, whatever follows until the device is connected again."""
        if self._device is None:
            return
        if refused:
            self._is_authentic = False
            self._emit("auth", False)
        if self._is_connected is not False:
            self._is_connected = False
            self._emit("connect", False)
            self._emit("reconnect")
        self._changed()

    # ---- Events ----

    def _emit(self, event, *arguments):
        callback = self._callbacks.get(event)
        if callback:
            call(callback, *arguments)
        elif event in ("auth", "connect"):
            self._missed[event] = arguments

    def _emit_error(self, code, message):
        message = in_words_of(self._words(), message)
        # A script for LuatOS knows no such event.
        if not self._callbacks.get("error") and self._printed != (code, message):
            self._printed = code, message
            print("aliyun: error %d: %s (device %s)" % (code, message, self._identity and self._identity[1]))
        self._emit("error", code, message)

    def _soon(self, function, *arguments):
        """Calls it when the script has come out of the method that it has called."""
        self._calls.append((function, arguments))
        if not self._is_scheduled:
            self._is_scheduled = True
            try:
                micropython.schedule(self._call_now, None)
            except RuntimeError:
                self._call_all(None)

    def _call_all(self, _):
        # What they cause comes later: a chain of messages leaves the main program time.
        self._is_scheduled = False
        for _ in range(len(self._calls)):
            function, arguments = self._calls.pop(0)
            call(function, *arguments)

    # ---- Messages ----

    def _subscribe(self, method, topic, qos):
        for name, level in subscriptions(method, topic, self.QOS if qos is None else qos).items():
            if not self._started or self._subscribe_now(method, name, level):
                self._topics[name] = level

    def _subscribe_now(self, method, topic, qos):
        words = ((method + "(): ", "subscribe(): "),)
        code = named(words, self._device.subscribe, {"topic": topic, "qos": qos})
        if code != 0:
            self._emit_error(code, not_subscribed(topic))
        return code == 0

    def _message(self, topic, payload, qos, callback, argument):
        """A message, after a check of its parts."""
        is_a(topic, "publish(): topic", (str,))
        is_a(payload, "publish(): payload", DATA)
        qos = 0 if qos is None else qos
        if qos not in (0, 1):
            raise ValueError("publish(): qos must be 0 or 1 (%r)" % (qos,))
        if callback is not None:
            can_be_called(callback, "publish(): the callback")
        return [topic, payload, qos, callback, argument]

    def _send(self, message):
        """Sends it now, or behind those that wait."""
        if self._up and not self._waiting and self._turn.take():
            try:
                sent = self._carry(message)
            finally:
                self._turn.leave()
            if sent:
                if self._waiting:
                    self._soon(self._flush)
                return
        if len(self._waiting) >= _WAITING_MAX:
            self._give_up(message, -2, "%d messages wait already" % _WAITING_MAX)
            return
        if not isinstance(message[1], (str, bytes)):
            # The script may change it meanwhile.
            message[1] = bytes(message[1])
        self._waiting.append(message)
        self._flush()

    def _flush(self):
        if not (self._up and self._turn.take()):
            return
        more = True
        try:
            # Answers that come meanwhile may publish: not to go on for ever, their messages have the next turn.
            for _ in range(len(self._waiting)):
                more = more and self._send_next()
        finally:
            # An acknowledgement that came meanwhile has made room.
            more = self._turn.leave() or more
        if more and self._waiting:
            self._soon(self._flush)

    def _send_next(self):
        """Whether the next one that waits is done with."""
        if not self._waiting:
            return True
        message = self._waiting.pop(0)
        try:
            if self._carry(message):
                return True
        except (TypeError, ValueError) as error:
            self._give_up(message, -1, str(error))
            return True
        self._waiting.insert(0, message)
        return False

    def _carry(self, message):
        """Whether the device has it; if not, it has to wait."""
        topic, payload, qos, callback, argument = message[:5]
        keys = {"topic": topic, "payload": payload, "qos": qos}
        device = self._device
        if device is None:
            return False
        if qos:
            code = device.publish(keys, lambda reply: self._acknowledged(message, reply))
        else:
            code = device.publish(keys)
            if code == -2:
                device.poll()
                code = device.publish(keys)
        if code == -1 or code == -2 and qos:
            # With qos 1, the next acknowledgement makes room.
            return False
        if code != 0:
            self._give_up(message, code, "the device did not take it")
        elif not qos and callback:
            self._soon(callback, True, argument)
        return True

    def _acknowledged(self, message, reply):
        if reply["code"] == 200:
            if message[3]:
                call(message[3], True, message[4])
            self._delivered(message)
        elif message[3] or self._device:
            # After close(), only callbacks are called.
            self._give_up(message, reply["code"], reply["message"])
        self._flush()

    def _drop_waiting(self):
        # Not those that the answers publish.
        for _ in range(len(self._waiting)):
            self._give_up(self._waiting.pop(0), -42, "the script has set up another device, or closed this one")

    def _give_up(self, message, code, why):
        topic, _, _, callback, argument = message[:5]
        if callback:
            self._soon(callback, False, argument)
        else:
            self._emit_error(code, "a message for %s was given up: %s" % (topic, why))
