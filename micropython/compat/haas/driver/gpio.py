from machine import Pin

from .node import Part


class GPIO(Part):
    _KIND = "GPIO"
    RisingEdge = 1
    FallingEdge = 2

    _callback = None
    _edge = 0

    def _open(self, node):
        direction = node.choice("dir", "output", "input", "irq", "analog")
        pull = node.choice("pull", None, "pullup", "pulldown", "pushpull", "opendrain", "none")
        edge = node.choice("intMode", "both", "rising", "falling")
        self._edge = {"rising": GPIO.RisingEdge, "falling": GPIO.FallingEdge}.get(edge, 3)
        mode = Pin.IN
        if direction == "output":
            mode = Pin.OPEN_DRAIN if pull == "opendrain" else Pin.OUT
        elif direction == "analog":
            mode, pull = getattr(Pin, "ANALOG", Pin.IN), "none"
        elif pull is None:
            pull = "pullup"
        # Not every port has both.
        resistor = getattr(Pin, {"pullup": "PULL_UP", "pulldown": "PULL_DOWN"}.get(pull, ""), None)
        return Pin(node.pin(), mode) if resistor is None else Pin(node.pin(), mode, resistor)

    def _end(self, it):
        if self._callback:
            it.irq(None)
            self._callback = None

    def read(self):
        return self._it.value() if self._it else -1

    def write(self, value):
        if not self._it:
            return -1
        self._it.value(1 if value else 0)
        return 0

    def on(self, func, edge=None):
        if not (func is None or callable(func)):
            raise TypeError("GPIO.on(): func cannot be called (%r); pass a function of one argument" % (func,))
        if not self._it:
            return -1
        edge = self._edge if edge is None else edge
        if edge not in (1, 2, 3):
            raise ValueError("GPIO.on(): edge must be RisingEdge, FallingEdge or both added (%r)" % (edge,))
        self._callback = func
        trigger = (Pin.IRQ_RISING if edge & 1 else 0) | (Pin.IRQ_FALLING if edge & 2 else 0)
        if func:
            self._it.irq(self._fire, trigger)
        else:
            self._it.irq(None)
        return 0

    def _fire(self, pin):
        # It may have been removed since the interrupt.
        if self._callback:
            self._callback(pin.value())
