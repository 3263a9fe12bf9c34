"""HaaS's `driver`: a board's hardware by the names in board.json, on MicroPython's `machine`.

    from driver import GPIO, I2C

A class is loaded when a script imports it.
"""

_CLASSES = ("ADC", "GPIO", "I2C", "PWM", "RTC", "SPI", "TIMER", "UART", "WDT")
_ELSEWHERE = {
    "CAN": "the board's own class, such as pyb.CAN or esp32.CAN",
    "Crypto": "the modules hashlib and cryptolib",
    "DAC": "machine.DAC, where the board has it",
    "IR": "a driver on machine.Pin or esp32.RMT",
    "KV": "the module kv",
    "KeyPad": "GPIO",
    "Location": "a GNSS receiver on UART",
    "UND": "nothing: it reported to a service that has ended",
    "dht_readinto": "the module dht",
}


def __getattr__(name):
    if name in _CLASSES:
        value = getattr(__import__(name.lower(), None, None, True, 1), name)
        globals()[name] = value
        return value
    if name in _ELSEWHERE:
        raise ImportError("driver.%s has no counterpart here; use %s" % (name, _ELSEWHERE[name]))
    raise AttributeError(name)
