"""MicroPython's `machine` for computers: a board whose pins and sensors are in the module `simulated`, so that a script
can be tried without a board. Callbacks come in the main thread, through the scheduler."""

import sys
import time

import simulated
from umachine import *

PWRON_RESET = 1


def unique_id():
    return b"\x01\xab\x00\x00\x00\x01"


def freq(hz=None):
    return 240000000


def reset_cause():
    return PWRON_RESET


def reset():
    raise SystemExit


def lightsleep(ms=0):
    time.sleep_ms(ms)


class Pin:
    IN, OUT, OPEN_DRAIN, ANALOG = 0, 1, 2, 3
    PULL_UP, PULL_DOWN = 1, 2
    IRQ_RISING, IRQ_FALLING = simulated.RISING, simulated.FALLING

    def __init__(self, id, mode=-1, pull=None, *, value=None):
        if isinstance(id, Pin):
            id = id.id
        if not isinstance(id, (int, str)) or isinstance(id, int) and id < 0:
            raise ValueError("invalid pin")
        self.id, self._line = id, simulated.pin(id)
        self.init(mode, pull, value=value)

    def init(self, mode=-1, pull=None, *, value=None):
        self._drives = mode in (Pin.OUT, Pin.OPEN_DRAIN)
        if mode == Pin.IN and pull and not self._line.changes:
            self._line.level = int(pull == Pin.PULL_UP)
        if value is not None:
            self.value(value)

    def value(self, level=None):
        if level is None:
            return self._line.level
        if self._drives:
            self._line.set(1 if level else 0)

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    def toggle(self):
        self.value(1 - self.value())

    def irq(self, handler=None, trigger=IRQ_RISING | IRQ_FALLING, *, hard=False):
        self._line.watch(self, handler, trigger)


def _id(pin):
    return pin.id if isinstance(pin, Pin) else pin


class ADC:
    ATTN_0DB, ATTN_2_5DB, ATTN_6DB, ATTN_11DB = 0, 1, 2, 3

    def __init__(self, id):
        self._id = _id(id)

    def atten(self, attenuation):
        pass

    def read_uv(self):
        return simulated.millivolts.get(self._id, 0) * 1000

    def read_u16(self):
        return min(65535, self.read_uv() * 65535 // 3300000)


class PWM:
    def __init__(self, pin, *, freq=1000, duty_u16=0):
        self._id = _id(pin)
        self._put(freq, duty_u16)

    def _put(self, freq, duty):
        simulated.pwm[self._id] = self._now = freq, duty

    def freq(self, hz=None):
        if hz is None:
            return self._now[0]
        self._put(hz, self._now[1])

    def duty_u16(self, duty=None):
        if duty is None:
            return self._now[1]
        self._put(self._now[0], duty)

    def deinit(self):
        simulated.pwm.pop(self._id, None)


class SoftI2C:
    def __init__(self, scl, sda, *, freq=400000):
        pass

    def _device(self, address):
        try:
            return simulated.i2c[address]
        except KeyError:
            raise OSError(19)

    def scan(self):
        return sorted(simulated.i2c)

    def readfrom_into(self, address, buffer, stop=True):
        buffer[:] = self._device(address).read(len(buffer))

    def readfrom(self, address, count, stop=True):
        return self._device(address).read(count)

    def writeto(self, address, buffer, stop=True):
        self._device(address).write(bytes(buffer))
        return len(buffer)

    def readfrom_mem_into(self, address, number, buffer, *, addrsize=8):
        self.writeto(address, number.to_bytes(addrsize // 8, "big"))
        self.readfrom_into(address, buffer)

    def readfrom_mem(self, address, number, count, *, addrsize=8):
        buffer = bytearray(count)
        self.readfrom_mem_into(address, number, buffer, addrsize=addrsize)
        return bytes(buffer)

    def writeto_mem(self, address, number, buffer, *, addrsize=8):
        self.writeto(address, number.to_bytes(addrsize // 8, "big") + bytes(buffer))


class I2C(SoftI2C):
    def __init__(self, id, *, scl=None, sda=None, freq=400000):
        pass


class SPI:
    def __init__(self, id, baudrate=1000000, *, polarity=0, phase=0, sck=None, mosi=None, miso=None):
        self._id = id

    def init(self, **settings):
        pass

    def deinit(self):
        pass

    def write(self, buffer):
        simulated.spi(self._id).write(bytes(buffer))

    def readinto(self, buffer, write=0):
        buffer[:] = simulated.spi(self._id).read(len(buffer))

    def read(self, count, write=0):
        return simulated.spi(self._id).read(count)

    def write_readinto(self, sent, buffer):
        self.write(sent)
        self.readinto(buffer)


class SoftSPI(SPI):
    def __init__(self, baudrate=500000, *, polarity=0, phase=0, sck=None, mosi=None, miso=None):
        super().__init__(-1)


class UART:
    IRQ_RX, IRQ_RXIDLE = 1, 2
    RTS, CTS = 1, 2

    def __init__(self, id, baudrate=9600, **settings):
        self._wire = simulated.uart(id)
        self.init(baudrate, **settings)

    def init(self, baudrate=9600, *, bits=8, parity=None, stop=1, tx=None, rx=None, rts=None, cts=None, flow=0, timeout=0):
        self._wire.baudrate, self._timeout = baudrate, timeout

    def deinit(self):
        self._wire.watch(self, None)

    def any(self):
        return len(self._wire.received)

    def read(self, count=None):
        end = time.ticks_add(time.ticks_ms(), self._timeout)
        while not self._wire.received and time.ticks_diff(end, time.ticks_ms()) > 0:
            time.sleep_ms(1)
        return self._wire.take(len(self._wire.received) if count is None else count) or None

    def readinto(self, buffer, count=None):
        data = self.read(len(buffer) if count is None else count)
        if data:
            memoryview(buffer)[: len(data)] = data
            return len(data)

    def write(self, buffer):
        data = buffer.encode() if isinstance(buffer, str) else bytes(buffer)
        self._wire.peer(data)
        return len(data)

    def irq(self, handler=None, trigger=IRQ_RX, hard=False):
        self._wire.watch(self, handler)


class Timer:
    ONE_SHOT, PERIODIC = 0, 1

    def __init__(self, id=-1, **settings):
        if not -1 <= id < 4:
            raise ValueError("invalid Timer number")
        self._alarm = None
        if settings:
            self.init(**settings)

    def init(self, *, mode=PERIODIC, period=1000, callback=None, hard=False):
        self.deinit()
        if callback:
            self._alarm = simulated.Alarm(period, period if mode else 0, callback, self)

    def deinit(self):
        if self._alarm:
            self._alarm.stop()
            self._alarm = None


class WDT:
    def __init__(self, id=0, timeout=5000):
        self._timeout = timeout
        self._alarm = simulated.Alarm(timeout, 0, _starved, timeout)

    def feed(self):
        self._alarm.postpone(self._timeout)


def _starved(ms):
    print("machine: the watchdog was not fed for %d ms; a board would restart now" % ms, file=sys.stderr)


class RTC:
    # Of all objects: how far its clock is from the computer's.
    _ahead = 0

    def datetime(self, given=None):
        if given is None:
            year, month, day, hour, minute, second, weekday = time.gmtime(time.time() + RTC._ahead)[:7]
            return year, month, day, weekday, hour, minute, second, 0
        year, month, day, _, hour, minute, second, _ = given
        # The computer's zone does not matter: two times in it differ as two times in any other do.
        now = time.gmtime()
        RTC._ahead = time.mktime((year, month, day, hour, minute, second, 0, 0, 0)) - time.mktime(now[:6] + (0, 0, 0))
