import machine

from .node import Part


class ADC(Part):
    _KIND = "ADC"

    def _open(self, node):
        port = node.pin()
        self._atten = node.number("atten", 0, 0, 3)
        self._width = node.number("width", 3, 0, 3)
        self._full = node.number("vref", 3300, 1)
        if isinstance(port, str):
            it = machine.ADC(machine.Pin(port))
        elif hasattr(machine, "ADCBlock"):
            # An ESP32: there `machine.ADC` takes the numbers of pins, and HaaS's port is a channel of the first converter.
            it = machine.ADCBlock(1).connect(port)
        else:
            it = machine.ADC(port)
        if hasattr(it, "atten"):
            it.atten(self._atten)
        return it

    def readRaw(self):
        return self._it.read_u16() >> 7 - self._width if self._it else -1

    def readVoltage(self):
        if not self._it:
            return -1
        if hasattr(self._it, "read_uv"):
            return self._it.read_uv() // 1000
        return self._it.read_u16() * self._full // 65535

    # Its name in early versions.
    read = readVoltage

    def getHwParam(self):
        return {"ADC_WIDTH_BIT": self._width, "ADC_ATTEN_DB": self._atten} if self._it else -1
