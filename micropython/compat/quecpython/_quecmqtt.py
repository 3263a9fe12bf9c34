"""What `aLiYun` and `TenCentYun` share: QuecPython's MQTT API on `aliyunIoT.Device`, which has the protocol."""

import json
import sys
import time

import micropython
from aliyunIoT import Device

try:
    from _thread import get_ident as _here
except ImportError:

    def _here():
        return 0


# What getAliyunSta() and getTXyunsta() return.
_UP = 0
_CONNECTING = 1
_SERVER_CLOSED = 2
_OFF = -1

# How long setMqtt() tries to connect, and publish() waits for space, as long as QuecPython waits for an acknowledgement.
_CONNECT_MS = 30000
_SPACE_MS = 5000
# How many messages wait for setCallback() and start().
_HELD = 20
# Errors that another attempt does not end: refused for what the script gave, and TLS.
_FINAL = (1, 2, 4, 5, -43)


def text(value, name, longest):
    """The argument as text, or None for None."""
    if value is None:
        return None
    if isinstance(value, (bytes, bytearray)):
        try:
            value = str(value, "utf-8")
        except UnicodeError:
            raise ValueError("%s is not UTF-8" % name)
    if not isinstance(value, str):
        raise TypeError("%s must be str or bytes, not %s" % (name, type(value).__name__))
    if not 0 < len(value) <= longest:
        raise ValueError("%s must have 1 to %d characters" % (name, longest))
    return value


def needed(value, name, longest):
    if value is None:
        raise ValueError("%s is missing" % name)
    return text(value, name, longest)


def number(value, name, least, most):
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("%s must be int, not %s" % (name, type(value).__name__))
    if not least <= value <= most:
        raise ValueError("%s must be %d to %d (%d)" % (name, least, most, value))
    return value


def flag(value, name):
    if not isinstance(value, (bool, int)):
        raise TypeError("%s must be bool, not %s" % (name, type(value).__name__))
    return bool(value)


def stored_secret(path, device_name):
    """The secret that QuecPython's firmware has stored in a file of its own, or None."""
    try:
        with open(path) as file:
            secret = json.load(file).get(device_name)
    except OSError:
        return None
    except (ValueError, AttributeError):
        print("%s is not a JSON object of secrets by device name; it is not used" % path)
        return None
    return secret if isinstance(secret, str) and secret else None


def _function(callback, name):
    if callback is not None and not callable(callback):
        raise TypeError("%s(): the callback cannot be called" % name)
    return callback


class Client:
    # What publish() returns: True or False, or 0 or -1.
    publish_returns_code = False

    def __init__(self, device_name, words):
        # Device's words, and those of the script in their place.
        self._words = words
        self._name = device_name
        self._device = None
        self._turn = 0
        self._open = False
        self._status = _OFF
        self._reconn = True
        self._waiting = self._came_up = self._lost = False
        self._shown = None
        self._topics = {}
        self._callback = self._error_callback = None
        # Messages that came before setCallback() and start(); None after that.
        self._held = []
        self._started = self._settled = False
        self._deliver_now = self._deliver_held
        # The thread in which a callback of this object runs.
        self._inside = None

    # ---- The methods of QuecPython ----

    def setCallback(self, callback):
        self._callback = _function(callback, "setCallback")
        self._settled = True
        self._release()

    def error_register_cb(self, callback):
        self._error_callback = _function(callback, "error_register_cb")

    def subscribe(self, topic, qos=0):
        topic = needed(topic, "subscribe(): topic", 255)
        number(qos, "subscribe(): qos", 0, 1)
        device = self._open_device()
        if device and device.subscribe({"topic": topic, "qos": qos}) != 0:
            return -1
        self._topics[topic] = qos
        return 0

    def publish(self, topic, msg, retain=False, qos=None):
        if qos is None:
            # The third argument is qos in QuecPython's documents, and retain in its code.
            retain, qos = (retain, 0) if isinstance(retain, bool) else (False, retain)
        if retain:
            raise ValueError("publish(): retain must be False; the platform keeps no messages")
        topic = needed(topic, "publish(): topic", 255)
        number(qos, "publish(): qos", 0, 1)
        if not isinstance(msg, (str, bytes, bytearray, memoryview)):
            raise TypeError("publish(): msg must be str or bytes, not %s" % type(msg).__name__)
        device = self._open_device()
        done = device is not None and self._send(device, {"topic": topic, "payload": msg, "qos": qos}) == 0
        return (0 if done else -1) if self.publish_returns_code else done

    def start(self):
        self._started = True
        self._release()

    def ping(self):
        # The device sends its own pings.
        device = self._open_device()
        if device:
            device.poll()

    def disconnect(self):
        self._turn += 1
        self._end(self._is_inside())

    def close(self):
        self.disconnect()

    # ---- For the classes of the clouds ----

    def _connect(self, login, registration, clean_session, keepAlive, reconn):
        login["cleanSession"] = flag(clean_session, "setMqtt(): clean_session")
        login["keepaliveSec"] = number(keepAlive, "setMqtt(): keepAlive", 0, 65535)
        login["services"] = False
        reconn = flag(reconn, "setMqtt(): reconn")
        self._turn += 1
        turn = self._turn
        self._end(self._is_inside())
        device = self._idle_device()
        self._reconn = reconn
        self._came_up = self._lost = False
        self._shown = None
        self._status = _CONNECTING
        self._waiting = True
        try:
            if registration is None or self._named(device.register, registration, None) == 0:
                self._named(device.connect, login)
                self._open = True
                self._subscribe_all(device)
                end = time.ticks_add(time.ticks_ms(), _CONNECT_MS)
                while not self._has_ended(turn) and time.ticks_diff(end, time.ticks_ms()) > 0:
                    # It calls callbacks where the scheduler does not, such as in another callback.
                    device.poll()
                    time.sleep_ms(5)
                if not self._has_ended(turn) and not self._shown:
                    self._say(-40, "not connected within %d seconds" % (_CONNECT_MS // 1000))
        finally:
            if turn == self._turn:
                self._waiting = False
                if not self._came_up:
                    self._end(False)
        return 0 if self._came_up and turn == self._turn else -1

    def _has_ended(self, turn):
        # A connection may be lost before another thread sees that it was up.
        return self._came_up or self._status != _CONNECTING or turn != self._turn

    def _idle_device(self):
        if self._device is None:
            self._device = device = Device()
            device.on(Device.ON_CONNECT, self._on_connect)
            device.on(Device.ON_DISCONNECT, self._on_disconnect)
            device.on(Device.ON_ERROR, self._on_error)
            device.on(Device.ON_SUBCRIBE, self._on_message)
        return self._device

    def _open_device(self):
        # Another thread may end it meanwhile.
        device = self._device
        return device if self._open else None

    def _end(self, in_its_callback):
        device = self._open_device()
        self._status = _OFF
        self._open = False
        if in_its_callback:
            # It closes when the callback has returned. Until then it cannot connect again.
            self._device = None
        if device:
            device.end()

    def _subscribe_all(self, device):
        for topic, qos in list(self._topics.items()):
            try:
                if device.subscribe({"topic": topic, "qos": qos}) != 0:
                    self._say(-45, "%s: the memory for topics is full" % topic)
            except ValueError as error:
                self._topics.pop(topic, None)
                self._say(-45, "%s: %s" % (topic, error))

    def _send(self, device, message):
        code = device.publish(message)
        if code == -2 and not self._is_inside():
            end = time.ticks_add(time.ticks_ms(), _SPACE_MS)
            while code == -2 and self._open and time.ticks_diff(end, time.ticks_ms()) > 0:
                device.poll()
                time.sleep_ms(5)
                code = device.publish(message)
        return code

    def _named(self, function, *arguments):
        try:
            return function(*arguments)
        except (OSError, TypeError, ValueError) as error:
            raise type(error)(*(self._said(each) if isinstance(each, str) else each for each in error.args))

    def _said(self, text):
        for word, script in self._words:
            text = text.replace(word, script)
        return text

    def _say(self, code, words):
        if self._shown != (code, words):
            self._shown = code, words
            print("%s: error %d: %s (device %s)" % (type(self).__name__, code, self._said(words), self._name))

    # ---- Callbacks ----

    def _is_inside(self):
        return self._inside is not None and self._inside == _here()

    def _call(self, callback, *arguments):
        outer, self._inside = self._inside, _here()
        try:
            callback(*arguments)
        except Exception as error:
            sys.print_exception(error)
        finally:
            self._inside = outer

    def _on_connect(self, event):
        self._status = _UP
        self._came_up = True
        self._shown = None
        if self._lost:
            self._lost = False
            if self._error_callback:
                self._call(self._error_callback, "reconnect_success")

    def _on_disconnect(self, event):
        words = event["msg"]
        if self._reconn:
            self._status = _CONNECTING
            self._lost = True
            report = "reconnect_start"
        else:
            self._end(True)
            self._status = _SERVER_CLOSED
            report = words
        if self._error_callback:
            self._call(self._error_callback, report)
        else:
            print("%s: connection lost: %s (device %s)" % (type(self).__name__, words, self._name))

    def _on_error(self, error):
        code = error["code"]
        self._say(code, error["msg"])
        if self._waiting and code in _FINAL:
            self._status = _OFF

    def _on_message(self, message):
        held = self._held
        if held is None:
            self._deliver(message)
        elif len(held) < _HELD:
            held.append(message)
        else:
            self._say(-46, "a message was dropped; call setCallback() and start() earlier")

    def _deliver(self, message):
        if self._callback:
            payload = message["payload"]
            if isinstance(payload, str):
                payload = payload.encode()
            self._call(self._callback, message["topic"].encode(), payload)

    def _release(self):
        if self._started and self._settled and self._held is not None:
            # Where no other callback can run meanwhile.
            try:
                micropython.schedule(self._deliver_now, None)
            except RuntimeError:
                self._deliver_held(None)

    def _deliver_held(self, _):
        held = self._held
        while held:
            self._deliver(held.pop(0))
        self._held = None
