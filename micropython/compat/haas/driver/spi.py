import machine

from .node import Part, failed


class SPI(Part):
    _KIND = "SPI"

    def _open(self, node):
        port = node.number("port", None, -1)
        node.choice("mode", "master")
        settings = node.pins("sck", "mosi", "miso")
        settings["baudrate"] = node.number("freq", 2000000, 1)
        settings["polarity"] = node.number("polarity", 0, 0, 1)
        settings["phase"] = node.number("phase", 0, 0, 1)
        select = node.pin("cs")
        self._select = None if select is None else machine.Pin(select, machine.Pin.OUT, value=1)
        if port >= 0:
            return machine.SPI(port, **settings)
        return machine.SoftSPI(**settings)

    def _end(self, it):
        it.deinit()

    def _do(self, count, *steps):
        if not self._it:
            return -1
        if self._select:
            self._select.value(0)
        try:
            for method, buffer in steps:
                getattr(self._it, method)(buffer)
        except OSError as error:
            return failed(error)
        finally:
            if self._select:
                self._select.value(1)
        return count

    def read(self, buf):
        self._check("read", "buf", buf)
        return self._do(len(buf), ("readinto", buf))

    def write(self, buf):
        self._check("write", "buf", buf)
        return self._do(len(buf), ("write", buf))

    def readAfterWrite(self, buf, data):
        self._check("readAfterWrite", "buf", buf)
        if isinstance(data, int):
            data = bytes((data & 255,))
        self._check("readAfterWrite", "data", data)
        return self._do(len(buf), ("write", data), ("readinto", buf))
