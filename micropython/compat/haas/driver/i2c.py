import machine

from .node import Part, failed


class I2C(Part):
    _KIND = "I2C"

    def _open(self, node):
        port = node.number("port", None, -1)
        self._address = node.number("devAddr", None, 1, 127)
        if node.number("addrWidth", 7) == 10:
            raise node.wrong("addrWidth", "7")
        node.choice("mode", "master")
        pins = node.pins("scl", "sda")
        freq = node.number("freq", 100000, 1)
        if port >= 0:
            return machine.I2C(port, freq=freq, **pins)
        if len(pins) < 2:
            raise node.wrong("sda" if "scl" in pins else "scl", "given where port is -1")
        return machine.SoftI2C(freq=freq, **pins)

    def _do(self, count, method, *arguments, **more):
        if not self._it:
            return -1
        try:
            getattr(self._it, method)(self._address, *arguments, **more)
        except OSError as error:
            return failed(error)
        return count

    def read(self, buf):
        self._check("read", "buf", buf)
        return self._do(len(buf), "readfrom_into", buf)

    def write(self, buf):
        self._check("write", "buf", buf)
        return self._do(len(buf), "writeto", buf)

    def memRead(self, buf, memaddr, addrsize=8):
        return self._memory("memRead", "readfrom_mem_into", buf, memaddr, addrsize)

    def memWrite(self, buf, memaddr, addrsize=8):
        return self._memory("memWrite", "writeto_mem", buf, memaddr, addrsize)

    def _memory(self, method, its, buf, memaddr, addrsize):
        self._check(method, "buf", buf)
        if addrsize not in (8, 16):
            raise ValueError("I2C.%s(): addrsize must be 8 or 16 bits (%r)" % (method, addrsize))
        if isinstance(memaddr, (bytes, bytearray)):
            memaddr = int.from_bytes(memaddr, "big")
        if not isinstance(memaddr, int) or memaddr >> addrsize:
            raise ValueError("I2C.%s(): memaddr must be an int of %d bits (%r)" % (method, addrsize, memaddr))
        return self._do(len(buf), its, memaddr, buf, addrsize=addrsize)

    # Their names and order in early versions.

    def readReg(self, memaddr, buf):
        return self.memRead(buf, memaddr)

    def writeReg(self, memaddr, buf):
        return self.memWrite(buf, memaddr)
