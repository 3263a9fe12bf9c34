"""What is wrong with a board.json, and with arguments: errors that say where, what, and what to do."""

import json

import pytest
from pretended import play_beside

ATTEMPT = """
from driver import ADC, GPIO, I2C, PWM, RTC, SPI, TIMER, UART, WDT

def attempt(function, *arguments, **more):
    try:
        print(function(*arguments, **more))
    except Exception as error:
        print(type(error).__name__, error)

"""


def opened(folder, kind, board):
    """What opening the node `x` of a board.json says."""
    script = play_beside(folder, board, f'{ATTEMPT}attempt({kind}().open, "x")\n')
    assert (script.code, script.errors) == (0, "")
    [line] = script.lines
    return line


def test_there_is_none(tmp_path):
    line = opened(tmp_path, "GPIO", None)
    assert line == (
        "OSError GPIO.open(): no board.json; put it beside the script, or one of /sdcard/board.json, "
        "/data/pyamp/board.json, /data/python-apps/driver/board.json, /board.json"
    )


@pytest.mark.parametrize("board", ["", "{", "[]", "{}", '{"io": []}', '{"io": 1}', "7"])
def test_it_is_not_a_board(tmp_path, board):
    path = tmp_path / "board.json"
    form = '{"io": {…}}'
    assert opened(tmp_path, "ADC", board) == f"ValueError ADC.open(): {path} is not JSON of the form {form}; correct it"


WRONG = [
    # The class, the node, and what is said of it.
    ("GPIO", None, "no node 'x' in {path}; it has none"),
    ("GPIO", 5, "no node 'x' in {path}; it has x"),
    ("GPIO", {}, "type of {node} must be \"GPIO\" (missing); correct the file"),
    ("GPIO", {"type": "ADC", "port": 1}, "type of {node} must be \"GPIO\" (\"ADC\"); correct the file"),
    ("GPIO", {"type": "GPIO"}, "port of {node} must be a number, or a name such as \"PA5\" (missing); correct the file"),
    ("PWM", {"type": "PWM", "port": [1]}, "port of {node} must be a number, or a name such as \"PA5\" ([1]); correct the file"),
    (
        "GPIO",
        {"type": "GPIO", "port": 1, "dir": "out"},
        'dir of {node} must be "output" or "input" or "irq" or "analog" ("out"); correct the file',
    ),
    (
        "GPIO",
        {"type": "GPIO", "port": 1, "pull": 1},
        'pull of {node} must be "pullup" or "pulldown" or "pushpull" or "opendrain" or "none" (1); correct the file',
    ),
    (
        "GPIO",
        {"type": "GPIO", "port": 1, "intMode": "low"},
        'intMode of {node} must be "both" or "rising" or "falling" ("low"); correct the file',
    ),
    ("ADC", {"type": "ADC", "port": 0, "atten": 4}, "atten of {node} must be 0 to 3 (4); correct the file"),
    ("ADC", {"type": "ADC", "port": 0, "width": True}, "width of {node} must be 0 to 3 (true); correct the file"),
    ("ADC", {"type": "ADC", "port": 0, "vref": 0}, "vref of {node} must be an int from 1 (0); correct the file"),
    ("I2C", {"type": "I2C", "port": 0}, "devAddr of {node} must be 1 to 127 (missing); correct the file"),
    ("I2C", {"type": "I2C", "port": 0, "devAddr": 224}, "devAddr of {node} must be 1 to 127 (224); correct the file"),
    ("I2C", {"type": "I2C", "port": 0, "devAddr": "0x44"}, "devAddr of {node} must be 1 to 127 (\"0x44\"); correct the file"),
    ("I2C", {"type": "I2C", "devAddr": 1}, "port of {node} must be an int from -1 (missing); correct the file"),
    (
        "I2C",
        {"type": "I2C", "port": -1, "devAddr": 1, "scl": 5},
        "sda of {node} must be given where port is -1 (missing); correct the file",
    ),
    (
        "I2C",
        {"type": "I2C", "port": 0, "devAddr": 1, "mode": "slave"},
        'mode of {node} must be "master" ("slave"); correct the file',
    ),
    (
        "I2C",
        {"type": "I2C", "port": 0, "devAddr": 1, "addrWidth": 10},
        "addrWidth of {node} must be 7 (10); correct the file",
    ),
    ("SPI", {"type": "SPI", "port": 0, "freq": 0}, "freq of {node} must be an int from 1 (0); correct the file"),
    ("SPI", {"type": "SPI", "port": 0, "polarity": 2}, "polarity of {node} must be 0 to 1 (2); correct the file"),
    (
        "SPI",
        {"type": "SPI", "port": 0, "cs": {}},
        'cs of {node} must be a number, or a name such as "PA5" ({{}}); correct the file',
    ),
    ("UART", {"type": "UART", "port": 0, "dataWidth": 4}, "dataWidth of {node} must be 5 to 9 (4); correct the file"),
    ("UART", {"type": "UART", "port": 0, "stopBits": 3}, "stopBits of {node} must be 1 to 2 (3); correct the file"),
    (
        "UART",
        {"type": "UART", "port": 0, "parity": None},
        'parity of {node} must be "none" or "odd" or "even" (null); correct the file',
    ),
    (
        "UART",
        {"type": "UART", "port": 0, "flowControl": True},
        'flowControl of {node} must be "disable" or "rts" or "cts" or "rtscts" (true); correct the file',
    ),
    ("WDT", {"type": "WDT", "timeout": 0.5}, "timeout of {node} must be an int from 1 (0.5); correct the file"),
]


@pytest.mark.parametrize(("kind", "node", "said"), WRONG)
def test_a_node_is_wrong(tmp_path, kind, node, said):
    path = tmp_path / "board.json"
    said = said.format(path=path, node=f"node 'x' in {path}")
    board = json.dumps({"io": {} if node is None else {"x": node}})
    assert opened(tmp_path, kind, board) == f"ValueError {kind}.open(): {said}"


def test_a_pin_that_the_board_does_not_have(tmp_path):
    assert opened(tmp_path, "GPIO", '{"io": {"x": {"type": "GPIO", "port": -5}}}') == "ValueError invalid pin"


def test_the_places_in_their_order(tmp_path):
    """Beside the script before the current folder, which is read if there is none beside it; at each open."""
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    (elsewhere / "board.json").write_text('{"io": {"x": {"type": "GPIO", "port": "current"}}}')
    text = f"""
import os
os.chdir({str(elsewhere)!r})
gpio = GPIO()
attempt(gpio.open, "x")
print(gpio._it.id)
os.rename({str(here / "board.json")!r}, {str(here / "other.json")!r})
attempt(gpio.open, "x")
print(gpio._it.id)
"""
    script = play_beside(here, '{"io": {"x": {"type": "GPIO", "port": "beside"}}}', ATTEMPT + text)
    assert (script.lines, script.errors) == (["0", "beside", "0", "current"], "")


def test_wrong_arguments(tmp_path):
    nodes = {
        "g": {"type": "GPIO", "port": 1},
        "p": {"type": "PWM", "port": 2},
        "i": {"type": "I2C", "port": 0, "devAddr": 64},
        "s": {"type": "SPI", "port": 0},
        "u": {"type": "UART", "port": 0},
    }
    text = """
gpio, pwm, i2c, spi, uart, timer, rtc = GPIO(), PWM(), I2C(), SPI(), UART(), TIMER(0), RTC()
gpio.open("g"), pwm.open("p"), i2c.open("i"), spi.open("s"), uart.open("u"), rtc.open()
attempt(gpio.open, 1)
attempt(gpio.on, 5)
attempt(gpio.on, print, 4)
attempt(pwm.setOption, 50)
attempt(pwm.setOption, {"freq": 0, "duty": 1})
attempt(pwm.setOption, {"freq": 50, "duty": 101})
attempt(pwm.setOption, {"freq": "50", "duty": 1})
attempt(pwm.setOption, {"freq": 50})
attempt(pwm.setOption, {"duty": 50})
attempt(i2c.read, 5)
attempt(i2c.write, [1, 2])
attempt(i2c.memRead, bytearray(1), 256, 8)
attempt(i2c.memRead, bytearray(1), -1)
attempt(i2c.memRead, bytearray(1), "A")
attempt(i2c.memWrite, b"", 1, 12)
attempt(spi.readAfterWrite, bytearray(1), None)
attempt(uart.read, None)
attempt(uart.on, "f")
attempt(uart.setBaudRate, 0)
attempt(TIMER, "0")
attempt(timer.open, period=0)
attempt(timer.open, period=0.5)
attempt(timer.open, mode=2)
attempt(timer.open, callback=1)
attempt(timer.period, -1)
attempt(rtc.setTime, 21, 2, 3, 4, 5, 60)
attempt(rtc.setTime, 1999, 2, 3, 4, 5, 6)
attempt(rtc.setTime, 21, "2", 3, 4, 5, 6)
"""
    script = play_beside(tmp_path, json.dumps({"io": nodes}), ATTEMPT + text)
    assert script.errors == ""
    assert script.lines == [
        "TypeError GPIO.open(): the node must be str (1); pass a name from board.json",
        "TypeError GPIO.on(): func cannot be called (5); pass a function of one argument",
        "ValueError GPIO.on(): edge must be RisingEdge, FallingEdge or both added (4)",
        "TypeError PWM.setOption(): option must be dict (int)",
        "ValueError PWM.setOption(): freq must be 1 Hz or more (0)",
        "ValueError PWM.setOption(): duty must be 0 to 100 percent (101)",
        "ValueError PWM.setOption(): freq must be 1 Hz or more ('50')",
        "ValueError PWM.setOption(): duty is missing; pass both freq and duty",
        "ValueError PWM.setOption(): freq is missing; pass both freq and duty",
        "TypeError I2C.read(): buf must be a buffer (int); pass a bytearray",
        "TypeError I2C.write(): buf must be a buffer (list); pass a bytearray",
        "ValueError I2C.memRead(): memaddr must be an int of 8 bits (256)",
        "ValueError I2C.memRead(): memaddr must be an int of 8 bits (-1)",
        "ValueError I2C.memRead(): memaddr must be an int of 8 bits ('A')",
        "ValueError I2C.memWrite(): addrsize must be 8 or 16 bits (12)",
        "TypeError SPI.readAfterWrite(): data must be a buffer (NoneType); pass a bytearray",
        "TypeError UART.read(): buf must be a buffer (NoneType); pass a bytearray",
        "TypeError UART.on(): func cannot be called ('f'); pass a function of one argument",
        "ValueError UART.setBaudRate(): baudRate must be an int from 1 (0)",
        "TypeError TIMER(): id must be int ('0')",
        "ValueError TIMER.open(): period must be 1 ms or more (0)",
        "TypeError TIMER.open(): period must be int (0.5); pass milliseconds",
        "ValueError TIMER.open(): mode must be TIMER.ONE_SHOT or TIMER.PERIODIC (2)",
        "TypeError TIMER.open(): callback cannot be called (1); pass a function of one argument",
        "ValueError TIMER.period(): period must be 1 ms or more (-1)",
        "ValueError RTC.setTime(): not a date and time from 2000 to 2099 ((21, 2, 3, 4, 5, 60))",
        "ValueError RTC.setTime(): not a date and time from 2000 to 2099 ((1999, 2, 3, 4, 5, 6))",
        "TypeError RTC.setTime(): all six must be int ((21, '2', 3, 4, 5, 6))",
    ]


@pytest.mark.parametrize("name", ["CAN", "Crypto", "DAC", "IR", "KV", "KeyPad", "Location", "UND", "dht_readinto"])
def test_a_class_without_a_counterpart_says_what_to_use(tmp_path, name):
    text = f"try:\n    from driver import {name}\nexcept ImportError as error:\n    print(error)\n"
    [line] = play_beside(tmp_path, None, text).lines
    assert line.startswith(f"driver.{name} has no counterpart here; use ")


def test_a_class_that_never_was(tmp_path):
    text = "try:\n    from driver import LED\nexcept AttributeError as error:\n    print(error)\n"
    assert play_beside(tmp_path, None, text).lines == ["LED"]
