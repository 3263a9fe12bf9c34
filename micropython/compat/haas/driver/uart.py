import machine

from .node import Part, failed


class UART(Part):
    _KIND = "UART"

    _callback = None

    def _open(self, node):
        flow = node.choice("flowControl", "disable", "rts", "cts", "rtscts")
        parity = node.choice("parity", "none", "odd", "even")
        settings = {
            "baudrate": node.number("baudRate", 115200, 1),
            "bits": node.number("dataWidth", 8, 5, 9),
            "parity": {"odd": 1, "even": 0}.get(parity),
            "stop": node.number("stopBits", 1, 1, 2),
        }
        settings.update(node.pins("tx", "rx", "rts", "cts"))
        if flow != "disable":
            rts, cts = (getattr(machine.UART, one, 0) if one.lower() in flow else 0 for one in ("RTS", "CTS"))
            settings["flow"] = rts | cts
        timeout = node.number("timeout", 0)
        if timeout:
            settings["timeout"] = timeout
        self._settings = settings
        return machine.UART(node.pin(), **settings)

    def _end(self, it):
        self._callback = None
        it.deinit()

    def read(self, buf):
        self._check("read", "buf", buf)
        if not self._it:
            return -1
        try:
            return self._it.readinto(buf) or 0
        except OSError as error:
            return failed(error)

    def write(self, buf):
        self._check("write", "buf", buf)
        if not self._it:
            return -1
        try:
            return self._it.write(buf) or 0
        except OSError as error:
            return failed(error)

    def any(self):
        return self._it.any() if self._it else -1

    def setBaudRate(self, baudRate):
        if not isinstance(baudRate, int) or baudRate < 1:
            raise ValueError("UART.setBaudRate(): baudRate must be an int from 1 (%r)" % (baudRate,))
        if not self._it:
            return -1
        self._settings["baudrate"] = baudRate
        self._it.init(**self._settings)
        return 0

    def on(self, func):
        if not (func is None or callable(func)):
            raise TypeError("UART.on(): func cannot be called (%r); pass a function of one argument" % (func,))
        if not self._it:
            return -1
        if not hasattr(self._it, "irq"):
            raise NotImplementedError("UART.on(): this firmware's machine.UART has no irq(); call read() in a loop")
        self._callback = func
        trigger = getattr(self._it, "IRQ_RXIDLE", 0) or self._it.IRQ_RX
        self._it.irq(self._fire if func else None, trigger)
        return 0

    def _fire(self, uart):
        data = uart.read() if self._callback else None
        if data:
            self._callback(data)
