"""What is connected to the board that `machine` beside this file pretends to be. A test sets it up and looks at it:

    import simulated

    simulated.i2c[0x40].temperature = 30
    simulated.pin(2).set(1)
"""

import time

import micropython

# ---- The clock: callbacks come from a thread, through the scheduler, as they do on a board ----

_STEP_MS = 2
_alarms = []
_runs = False


class Alarm:
    """Calls `function(argument)` in the main thread, `ms` from now, and again every `again` ms unless that is 0."""

    def __init__(self, ms, again, function, argument):
        global _runs
        self._due = time.ticks_add(time.ticks_ms(), ms)
        self._again, self._function, self._argument = again, function, argument
        _alarms.append(self)
        if not _runs:
            _runs = True
            import _thread

            _thread.start_new_thread(_run, ())

    def stop(self):
        if self in _alarms:
            _alarms.remove(self)

    def postpone(self, ms):
        self._due = time.ticks_add(time.ticks_ms(), ms)

    def _look(self):
        if time.ticks_diff(self._due, time.ticks_ms()) > 0 or not soon(self._function, self._argument):
            return
        if self._again:
            self._due = time.ticks_add(self._due, self._again)
        else:
            self.stop()


def _run():
    while True:
        for alarm in list(_alarms):
            alarm._look()
        time.sleep_ms(_STEP_MS)


def soon(function, argument):
    """Whether the scheduler had room for it."""
    try:
        micropython.schedule(function, argument)
    except RuntimeError:
        return False
    return True


# ---- Pins ----

RISING, FALLING = 1, 2


class Line:
    """What a pin is connected to. `level` is what can be measured there, `changes` counts its changes."""

    def __init__(self):
        self.level = 0
        self.changes = 0
        self._handler = None

    def set(self, level):
        """Changes the level, from outside or by the board."""
        if level == self.level:
            return
        self.level = level
        self.changes += 1
        if self._handler and self._edges & (RISING if level else FALLING):
            soon(self._handler, self._of)

    def watch(self, of, handler, edges):
        self._of, self._handler, self._edges = of, handler, edges


_lines = {}


def pin(name):
    return _lines.setdefault(name, Line())


# What the converters measure, by channel or pin, and what comes out of pins: (frequency, duty of 65535).
millivolts = {}
pwm = {}

# ---- UART ----


class Wire:
    """A UART's two wires. What is sent comes back, until `peer` is a function that gets it."""

    def __init__(self):
        self.received = b""
        self.peer = self.feed
        self._handler = None

    def feed(self, data):
        """Sends something to the board."""
        self.received += data
        if self._handler:
            soon(self._handler, self._of)

    def watch(self, of, handler):
        self._of, self._handler = of, handler

    def take(self, count):
        data, self.received = self.received[:count], self.received[count:]
        return data


_wires = {}


def uart(port):
    return _wires.setdefault(port, Wire())


# ---- SPI ----


class Loop:
    """What is written is read next; zeros after that."""

    def __init__(self):
        self._written = b""

    def write(self, data):
        self._written += data

    def read(self, count):
        data, self._written = self._written[:count], self._written[count:]
        return data + bytes(count - len(data))


# By the number of the bus.
_spi = {}


def spi(port):
    return _spi.setdefault(port, Loop())


def connect_spi(port, device):
    """Connects something else, with `write(bytes)` and `read(count)`, which returns bytes."""
    _spi[port] = device


# ---- I2C ----


def _crc(data, start):
    crc = start
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x131 if crc & 0x80 else crc << 1) & 0xFF
    return crc


def _word(value, start):
    data = int(value).to_bytes(2, "big")
    return data + bytes((_crc(data, start),))


class Registers:
    """A chip with registers of a byte: the first byte written is the number of one, what follows goes into it and the
    next ones."""

    def __init__(self, values=None):
        self.values = dict(values or {})
        self._next = 0

    def write(self, data):
        self._next = data[0]
        for byte in data[1:]:
            self.values[self._next] = byte
            self._next += 1

    def read(self, count):
        self.measure()
        data = bytes(self.values.get(number, 0) for number in range(self._next, self._next + count))
        self._next += count
        return data

    def measure(self):
        """Puts what is measured into its registers."""

    def put(self, number, order, *values):
        """Words of 16 bits."""
        for value in values:
            low, high = value & 255, value >> 8 & 255
            self.values[number], self.values[number + 1] = (high, low) if order == "big" else (low, high)
            number += 2


class Climate:
    """What measures temperature (degrees Celsius) and relative humidity (percent)."""

    def __init__(self, temperature=25.0, humidity=50.0):
        self.temperature, self.humidity = temperature, humidity
        self._answer = b""

    def read(self, count):
        return self._answer[:count] + bytes(max(0, count - len(self._answer)))


class SI7006(Climate):
    def write(self, data):
        command = data[0]
        if command in (0xE3, 0xF3, 0xE0):
            self._answer = _word(int((self.temperature + 46.85) * 65536 / 175.72) & 0xFFFC, 0)
        elif command in (0xE5, 0xF5):
            self._answer = _word(int((self.humidity + 6) * 65536 / 125) & 0xFFFC, 0)
        elif command == 0x84:
            self._answer = b"\x20"
        elif command in (0xFA, 0xFC):
            self._answer = b"\x06\xff\xff\xff"


class SHT3X(Climate):
    def write(self, data):
        if data[0] in (0x24, 0x2C, 0xE0):
            temperature = _word((self.temperature + 45) * 65535 / 175, 0xFF)
            self._answer = temperature + _word(self.humidity * 65535 / 100, 0xFF)
        elif data[0] == 0xF3:
            self._answer = _word(0x8010, 0xFF)


class AHT21B(Climate):
    def write(self, data):
        if data[0] == 0xAC:
            humidity = int(self.humidity * (1 << 20) / 100)
            temperature = int((self.temperature + 50) * (1 << 20) / 200)
            answer = b"\x1c" + (humidity << 20 | temperature).to_bytes(5, "big")
            self._answer = answer + bytes((_crc(answer, 0xFF),))

    def read(self, count):
        return (self._answer or b"\x18")[:count]


class TMP105:
    """`temperature` in degrees Celsius, in steps of 1/16: the chip of the emulated board."""

    def __init__(self):
        self.temperature = 25.0
        self._words = {1: b"\x00", 2: b"\x4b\x00", 3: b"\x50\x00"}
        self._next = 0

    def write(self, data):
        self._next = data[0] & 3
        if len(data) > 1 and self._next:
            self._words[self._next] = bytes(data[1:])

    def read(self, count):
        if self._next:
            word = self._words[self._next]
        else:
            word = (int(self.temperature * 16) << 4 & 0xFFFF).to_bytes(2, "big")
        return (word * count)[:count]


class MPU6050(Registers):
    """`acceleration` in g and `rotation` in degrees per second, of x, y and z, in the range that the script sets."""

    def __init__(self):
        super().__init__({0x75: 0x68})
        self.acceleration, self.rotation, self.temperature = (0.0, 0.0, 1.0), (0.0, 0.0, 0.0), 25.0

    def measure(self):
        a_g = 16384 >> (self.values.get(0x1C, 0) >> 3 & 3)
        a_degree = 131 / (1 << (self.values.get(0x1B, 0) >> 3 & 3))
        self.put(0x3B, "big", *(int(value * a_g) for value in self.acceleration))
        self.put(0x41, "big", int((self.temperature - 36.53) * 340))
        self.put(0x43, "big", *(int(value * a_degree) for value in self.rotation))


class AP3216C(Registers):
    """`light` in lux, in the widest range."""

    def __init__(self):
        super().__init__()
        self.light = 350.0

    def measure(self):
        self.put(0x0C, "little", int(self.light / 0.35))


# What answers on all buses, by its address.
i2c = {
    0x1E: AP3216C(),
    0x38: AHT21B(),
    0x40: SI7006(),
    0x44: SHT3X(),
    0x48: TMP105(),
    0x68: MPU6050(),
    0x69: MPU6050(),
}
