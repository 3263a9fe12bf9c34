"""`driver`, each class and method, on the board that a computer pretends to be."""

import pytest
from micropython import Script
from pretended import PATH, play

BEGIN = """
import time
import simulated
from driver import ADC, GPIO, I2C, PWM, RTC, SPI, TIMER, UART, WDT

def attempt(function, *arguments, **more):
    try:
        print(function(*arguments, **more))
    except Exception as error:
        print(type(error).__name__, error)

def until(condition):
    while not condition():
        time.sleep_ms(2)

"""

NODES = {
    "led": {"type": "GPIO", "port": 2, "dir": "output", "pull": "pullup"},
    "drain": {"type": "GPIO", "port": "PB1", "dir": "output", "pull": "opendrain"},
    "key": {"type": "GPIO", "port": 3, "dir": "irq", "pull": "pullup", "intMode": "falling"},
    "door": {"type": "GPIO", "port": 4, "dir": "input"},
    "level": {"type": "GPIO", "port": 5, "dir": "input", "pull": "pulldown"},
    "mq2": {"type": "ADC", "port": 0, "sampling": 12000000},
    "battery": {"type": "ADC", "port": "PA4", "atten": 3, "width": 0, "vref": 2500},
    "buzzer": {"type": "PWM", "port": 25},
    "servo": {"type": "PWM", "port": 26},
    "sht3x": {"type": "I2C", "port": 0, "addrWidth": 7, "freq": 400000, "mode": "master", "devAddr": 68},
    "si7006": {"type": "I2C", "port": 1, "scl": 22, "sda": 21, "devAddr": 64},
    "aht21b": {"type": "I2C", "port": -1, "scl": 5, "sda": "PB7", "devAddr": 56},
    "mpu6050": {"type": "I2C", "port": 0, "devAddr": 104},
    "ap3216c": {"type": "I2C", "port": 0, "devAddr": 30},
    "tmp105": {"type": "I2C", "port": 0, "devAddr": 72},
    "nobody": {"type": "I2C", "port": 0, "devAddr": 9},
    "flash": {"type": "SPI", "port": 2, "mode": "master", "freq": 26000000, "cs": 15},
    "soft": {"type": "SPI", "port": -1, "sck": 1, "mosi": 2, "miso": 3, "polarity": 1, "phase": 1},
    "serial2": {
        "type": "UART",
        "port": 2,
        "dataWidth": 8,
        "baudRate": 9600,
        "stopBits": 1,
        "flowControl": "disable",
        "parity": "none",
    },
    "modem": {"type": "UART", "port": 1, "parity": "even", "flowControl": "rtscts", "tx": 17, "rx": 16, "timeout": 30},
    "dog": {"type": "WDT", "timeout": 1},
}


@pytest.fixture
def board(tmp_path):
    def run(text):
        script = play(tmp_path, NODES, BEGIN + text)
        assert (script.code, script.errors) == (0, ""), script.errors
        return script.lines

    return run


# ---- GPIO ----


def test_an_output_is_written_and_read(board):
    text = """
led = GPIO()
print(led.open("led"), led.write(1), led.read(), simulated.pin(2).level)
print(led.write(0), led.read(), simulated.pin(2).level, led.write(5), led.read())
print(led.close())
drain = GPIO()
print(drain.open("drain"), drain.write(1), simulated.pin("PB1").level)
"""
    assert board(text) == ["0 0 1 1", "0 0 0 0 1", "0", "0 0 1"]


def test_an_input_follows_its_pin(board):
    text = """
door, level = GPIO(), GPIO()
print(door.open("door"), door.read(), level.open("level"), level.read())
simulated.pin(4).set(0)
simulated.pin(5).set(1)
print(door.read(), level.read())
"""
    assert board(text) == ["0 1 0 0", "0 1"]


def test_an_interrupt_calls_back_with_the_level(board):
    """In the main thread, while it sleeps; for the edges of board.json, or of `on`; until it is removed or closed."""
    text = """
levels = []
def on_key(level):
    levels.append(level)

def press(*levels):
    for level in levels:
        simulated.pin(3).set(level)
        time.sleep_ms(10)

key = GPIO()
key.open("key")
print(key.on(on_key))
press(0, 1, 0, 1)
print(levels)
print(key.on(on_key, GPIO.RisingEdge))
press(0, 1)
print(key.on(on_key, GPIO.RisingEdge + GPIO.FallingEdge))
press(0, 1)
print(levels, key.on(None))
press(0, 1)
key.on(on_key)
key.close()
press(0, 1)
print(len(levels))
"""
    assert board(text) == ["0", "[0, 0]", "0", "0", "[0, 0, 1, 0, 1] 0", "5"]


def test_a_callback_of_an_object_that_nothing_else_holds(board):
    text = """
import gc

def start():
    key = GPIO()
    key.open("key")
    key.on(print)

start()
gc.collect()
simulated.pin(3).set(0)
time.sleep_ms(20)
"""
    assert board(text) == ["0"]


# ---- ADC, PWM ----


def test_a_voltage_is_measured(board):
    text = """
mq2 = ADC()
print(mq2.open("mq2"), mq2.getHwParam())
simulated.millivolts[0] = 1650
print(mq2.readVoltage(), mq2.read(), mq2.readRaw())
simulated.millivolts[0] = 3300
print(mq2.readVoltage(), mq2.readRaw(), mq2.close())
battery = ADC()
battery.open("battery")
simulated.millivolts["PA4"] = 3300
print(battery.readRaw(), battery.getHwParam() == {"ADC_WIDTH_BIT": 0, "ADC_ATTEN_DB": 3})
"""
    lines = board(text)
    assert lines[0] in ("0 {'ADC_WIDTH_BIT': 3, 'ADC_ATTEN_DB': 0}", "0 {'ADC_ATTEN_DB': 0, 'ADC_WIDTH_BIT': 3}")
    assert lines[1:] == ["1650 1650 2047", "3300 4095 0", "511 True"]


def test_a_converter_without_volts_is_scaled(board):
    """As on an RP2 and others, whose `machine.ADC` has no read_uv()."""
    text = """
import machine

class Plain:
    def __init__(self, id):
        print(id)
    def read_u16(self):
        return 32768

machine.ADC = Plain
mq2, battery = ADC(), ADC()
mq2.open("mq2")
battery.open("battery")
print(mq2.readVoltage(), battery.readVoltage())
"""
    lines = board(text)
    assert lines[0] == "0" and "Pin" in lines[1] and lines[2] == "1650 1250"


def test_a_port_of_an_esp32_is_a_channel(board):
    text = """
import machine

class Block:
    def __init__(self, id):
        print("block", id)
    def connect(self, channel):
        print("channel", channel)
        return machine.ADC(channel)

machine.ADCBlock = Block
print(ADC().open("mq2"))
"""
    assert board(text) == ["block 1", "channel 0", "0"]


def test_a_signal_begins_with_its_first_option(board):
    text = """
buzzer = PWM()
print(buzzer.open("buzzer"), simulated.pwm, buzzer.getOption() == {"freq": 1000, "duty": 100})
print(buzzer.setOption({"freq": 2000, "duty": 50}), simulated.pwm)
print(buzzer.setOption({"freq": 2000, "duty": 100}), simulated.pwm, buzzer.getOption() == {"freq": 2000, "duty": 100})
print(buzzer.setOption({"freq": 50, "duty": 7.5}), simulated.pwm)
servo = PWM()
servo.open("servo")
print(servo.setOption({"freq": 50, "duty": 0}), len(simulated.pwm), buzzer.close(), servo.close(), simulated.pwm)
"""
    assert board(text) == [
        "0 {} True",
        "0 {25: (2000, 32767)}",
        "0 {25: (2000, 65535)} True",
        "0 {25: (50, 4915)}",
        "0 2 0 0 {}",
    ]


# ---- I2C ----


def test_sensors_are_read_as_their_data_sheets_say(board):
    text = """
def word(data, at=0):
    return data[at] << 8 | data[at + 1]

def open(name):
    bus = I2C()
    print(name, bus.open(name))
    return bus

si, data = open("si7006"), bytearray(2)
simulated.i2c[64].temperature, simulated.i2c[64].humidity = 31.5, 62
si.write(b"\\xf3"), si.read(data)
print(round(175.72 * word(data) / 65536 - 46.85, 1))
si.write(b"\\xf5"), si.read(data)
print(round(125 * word(data) / 65536 - 6))

sht, data = open("sht3x"), bytearray(6)
simulated.i2c[68].temperature, simulated.i2c[68].humidity = -12.5, 40
print(sht.write(bytearray((0x2C, 0x06))), sht.read(data))
print(round(175 * word(data) / 65535 - 45, 1), round(100 * word(data, 3) / 65535))

aht, data = open("aht21b"), bytearray(7)
status = bytearray(1)
aht.read(status)
simulated.i2c[56].temperature, simulated.i2c[56].humidity = 18, 75
aht.write(b"\\xac\\x33\\x00"), aht.read(data)
print(status[0] & 0x18 == 0x18, data[0] & 0x80)
print(round(((data[3] & 15) << 16 | word(data, 4)) * 200 / 1048576 - 50, 1), round((word(data, 1) << 4 | data[3] >> 4) * 100 / 1048576))

mpu, one, six = open("mpu6050"), bytearray(1), bytearray(6)
print(mpu.memRead(one, 0x75, 8), one[0])
simulated.i2c[104].acceleration = 0.5, 0, -1
print(mpu.memWrite(b"\\x08", 0x1C, 8), mpu.memRead(six, 0x3B, 8), word(six), word(six, 4) - 65536)

tmp, two = open("tmp105"), bytearray(2)
simulated.i2c[72].temperature = -5.25
print(tmp.memRead(two, 0, 8), (word(two) - 65536) / 256)
print(tmp.memWrite(b"\\x1e\\x00", 3, 8), tmp.memRead(two, 3, 8), word(two) / 256)

light, two = open("ap3216c"), bytearray(2)
simulated.i2c[30].light = 700
print(light.writeReg(0, bytearray([3])), light.readReg(0x0C, two), (two[1] << 8 | two[0]) * 0.35)
print(light.close())
"""
    assert board(text) == [
        "si7006 0", "31.5", "62",
        "sht3x 0", "2 6", "-12.5 40",
        "aht21b 0", "True 0", "18.0 75",
        "mpu6050 0", "1 104", "1 6 4096 -8192",
        "tmp105 0", "2 -5.25", "2 2 30.0",
        "ap3216c 0", "1 2 700.0", "0",
    ]  # fmt: skip


def test_a_chip_that_does_not_answer_is_a_code(board):
    text = """
bus, data = I2C(), bytearray(1)
bus.open("nobody")
print(bus.read(data), bus.write(data), bus.memRead(data, 0, 8), bus.memWrite(data, b"\\x10\\x00", 16))
"""
    assert board(text) == ["-19 -19 -19 -19"]


# ---- SPI ----


def test_bytes_are_exchanged_while_the_chip_is_selected(board):
    text = """
class Chip:
    def write(self, data):
        print("write", data, simulated.pin(15).level)
    def read(self, count):
        return bytes([7 + simulated.pin(15).level] * count)

simulated.connect_spi(2, Chip())
flash, data = SPI(), bytearray(2)
print(flash.open("flash"), simulated.pin(15).level)
print(flash.write(b"ab"), flash.read(data), data, flash.readAfterWrite(data, 0x9F), flash.readAfterWrite(data, b"\\x01\\x02"))
print(simulated.pin(15).level, flash.close())
soft = SPI()
print(soft.open("soft"), soft.write(b"xyz"), soft.read(data), data)
"""
    assert board(text) == [
        "0 1",
        "write b'ab' 0",
        "write b'\\x9f' 0",
        "write b'\\x01\\x02' 0",
        "2 2 bytearray(b'\\x07\\x07') 2 2",
        "1 0",
        "0 3 2 bytearray(b'xy')",
    ]


# ---- UART ----


def test_text_goes_both_ways(board):
    text = """
serial, data = UART(), bytearray(4)
print(serial.open("serial2"), simulated.uart(2).baudrate, serial.any(), serial.read(data), data)
sent = []
simulated.uart(2).peer = sent.append
print(serial.write("AT"), serial.write(b"\\r\\n"), sent)
simulated.uart(2).feed(b"OK\\r\\nmore")
print(serial.any(), serial.read(data), data)
print(serial.read(data), serial.read(data), data)
print(serial.setBaudRate(115200), simulated.uart(2).baudrate, serial.close())
modem = UART()
print(modem.open("modem"), modem.write(b"ab"), modem.read(data), data)
"""
    assert board(text) == [
        "0 9600 0 0 bytearray(b'\\x00\\x00\\x00\\x00')",
        "2 2 [b'AT', b'\\r\\n']",
        "8 4 bytearray(b'OK\\r\\n')",
        "4 0 bytearray(b'more')",
        "0 115200 0",
        "0 2 2 bytearray(b'abre')",
    ]


def test_what_arrives_calls_back_with_its_bytes(board):
    text = """
came = []
serial = UART()
serial.open("serial2")
print(serial.on(came.append))
simulated.uart(2).feed(b"$GPGGA")
until(lambda: came)
print(came, serial.on(None))
simulated.uart(2).feed(b"later")
time.sleep_ms(10)
print(came, serial.any())
"""
    assert board(text) == ["0", "[b'$GPGGA'] 0", "[b'$GPGGA'] 5"]


# ---- TIMER, WDT, RTC ----


def test_a_timer_calls_again_and_again(board):
    text = """
calls = []
def tick(timer):
    calls.append(timer is clock)

clock = TIMER(0)
print(clock.open(mode=clock.PERIODIC, period=5, callback=tick))
until(lambda: len(calls) >= 3)
print(clock.stop(), set(calls))
calls.clear()
time.sleep_ms(30)
print(calls, clock.start())
until(lambda: len(calls) >= 2)
print(clock.period(10000))
calls.clear()
time.sleep_ms(30)
print(calls, clock.period(5))
until(lambda: calls)
print(clock.reload(), clock.close(), clock.close())
calls.clear()
time.sleep_ms(30)
print(calls)
"""
    assert board(text) == ["0", "0 {True}", "[] 0", "0", "[] 0", "0 0 -1", "[]"]


def test_a_timer_calls_once(board):
    """Also one with a number that the port does not have."""
    text = """
calls = []
once, last = TIMER(7), TIMER(1)
print(once.open(mode=TIMER.ONE_SHOT, period=5, callback=calls.append))
print(last.open(mode=TIMER.ONE_SHOT, period=30, callback=calls.append))
until(lambda: last in calls)
print([one is once for one in calls], once.close())
"""
    assert board(text) == ["0", "0", "[True, False] 0"]


def test_a_timer_calls_while_the_main_thread_sleeps():
    """The callback does not wait until the sleep is over, which it never is."""
    text = """
def on_timer(timer):
    print("called")

TIMER(0).open(mode=TIMER.ONE_SHOT, period=10, callback=on_timer)
time.sleep(3600)
"""
    with Script(BEGIN + text, env=PATH) as script:
        script.wait_line("called")


def test_a_watchdog_is_fed(board):
    """Its second begins when it is opened, and again when it is fed."""
    text = """
import machine

hungry = []
machine._starved = lambda ms: hungry.append(time.ticks_ms())
dog = WDT()
opened = time.ticks_ms()
print(dog.open("dog"), time.ticks_diff(dog._it._alarm._due, opened) >= 1000)
time.sleep_ms(20)
fed = time.ticks_ms()
print(dog.feed(), time.ticks_diff(dog._it._alarm._due, fed) >= 1000)
until(lambda: hungry)
print(time.ticks_diff(hungry[0], opened) >= 1000, dog.close(), dog.feed())
"""
    assert board(text) == ["0 True", "0 True", "True -1 0"]


def test_a_watchdog_that_can_be_stopped(board):
    text = """
import machine
machine.WDT.deinit = lambda self: print("stopped")
dog = WDT()
dog.open("dog")
print(dog.close(), dog.feed(), dog.close())
"""
    assert board(text) == ["stopped", "0 -1 -1"]


def test_the_clock_is_set(board):
    text = """
clock = RTC()
print(clock.open(), clock.setTime(21, 3, 19, 18, 25, 8))
now = clock.getTime()
print([now[key] for key in ("year", "month", "date", "hr", "min")], now["sec"] in (8, 9, 10), len(now))
print(clock.setTime(2031, 12, 31, 0, 0, 0), clock.getTime()["year"], clock.close(), clock.close())
"""
    assert board(text) == ["0 0", "[21, 3, 19, 18, 25] True 6", "0 31 0 -1"]


# ---- All ----


def test_methods_of_what_is_not_open_return_a_code(board):
    text = """
data = bytearray(1)
gpio, adc, pwm, i2c, spi, uart, wdt, rtc, timer = GPIO(), ADC(), PWM(), I2C(), SPI(), UART(), WDT(), RTC(), TIMER(0)
print(gpio.read(), gpio.write(1), gpio.on(print), gpio.close())
print(adc.readVoltage(), adc.readRaw(), adc.getHwParam(), adc.close())
print(pwm.setOption({"freq": 1, "duty": 1}), pwm.getOption(), pwm.close())
print(i2c.read(data), i2c.write(data), i2c.memRead(data, 1, 8), i2c.memWrite(data, 1, 8), i2c.close())
print(spi.read(data), spi.write(data), spi.readAfterWrite(data, 1), spi.close())
print(uart.read(data), uart.write(data), uart.any(), uart.on(print), uart.setBaudRate(9600), uart.close())
print(wdt.feed(), wdt.close(), rtc.getTime(), rtc.setTime(21, 1, 1, 0, 0, 0), rtc.close())
print(timer.start(), timer.stop(), timer.period(5), timer.reload(), timer.close())
"""
    values = [value for line in board(text) for value in line.split()]
    assert values == ["-1"] * 36


def test_an_open_object_is_opened_again(board):
    text = """
part = I2C()
print(part.open("nobody"), part.read(bytearray(1)), part.open("sht3x"), part.read(bytearray(1)))
buzzer = PWM()
buzzer.open("buzzer")
buzzer.setOption({"freq": 50, "duty": 50})
print(buzzer.open("servo"), simulated.pwm)
"""
    assert board(text) == ["0 -19 0 1", "0 {}"]


def test_only_what_is_imported_is_loaded(tmp_path):
    text = """
import sys
from driver import GPIO
print(sorted(name for name in sys.modules if name.startswith("driver")))
"""
    script = play(tmp_path, NODES, text)
    assert script.lines == ["['driver', 'driver.gpio', 'driver.node']"]


def test_a_callback_that_raises_does_not_stop_others(tmp_path):
    text = """
calls = []
def tick(timer):
    calls.append(1)
    if len(calls) == 1:
        raise ValueError("first")

clock = TIMER(0)
clock.open(period=5, callback=tick)
until(lambda: len(calls) >= 3)
print(clock.close())
"""
    script = play(tmp_path, NODES, BEGIN + text)
    assert (script.code, script.lines[-2:]) == (0, ["ValueError: first", "0"])


def test_a_callback_may_use_any_part(board):
    """It closes what called it, opens other things, and reads a sensor."""
    text = """
sht = I2C()
sht.open("sht3x")
done = []

def on_key(level):
    data, led = bytearray(6), GPIO()
    led.open("led")
    done.append((level, led.write(1), sht.write(b"\\x2c\\x06"), sht.read(data), key.close()))
    TIMER(1).open(mode=TIMER.ONE_SHOT, period=1, callback=done.append)

key = GPIO()
key.open("key")
key.on(on_key)
simulated.pin(3).set(0)
until(lambda: len(done) == 2)
print(done[0], simulated.pin(2).level, key.read())
"""
    assert board(text) == ["(0, 0, 2, 6, 0) 1 -1"]


def test_nothing_is_lost_when_parts_are_opened_and_closed(board):
    """The least object has 32 bytes, of which each round would keep one."""
    text = """
import gc

names = ((GPIO, "key"), (ADC, "mq2"), (PWM, "buzzer"), (I2C, "sht3x"), (SPI, "flash"), (UART, "serial2"))

def rounds(count):
    for _ in range(count):
        for kind, name in names:
            part = kind()
            part.open(name)
            if kind in (GPIO, UART):
                part.on(print)
            if kind is PWM:
                part.setOption({"freq": 50, "duty": 5})
            part.close()
        timer = TIMER(0)
        timer.open(period=60000, callback=print)
        timer.close()
    gc.collect()
    return gc.mem_alloc()

rounds(20)
before = rounds(20)
grown = rounds(300) - before
print(grown < 32 * 300 or grown)
"""
    assert board(text) == ["True"]
