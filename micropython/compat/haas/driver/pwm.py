import machine

from .node import Part


class PWM(Part):
    _KIND = "PWM"

    _signal = None

    def _open(self, node):
        self._freq, self._duty = 1000, 100
        return machine.Pin(node.pin())

    def _end(self, it):
        if self._signal:
            self._signal.deinit()
            self._signal = None

    def setOption(self, option):
        if not isinstance(option, dict):
            raise TypeError("PWM.setOption(): option must be dict (%s)" % type(option).__name__)
        for key in ("freq", "duty"):
            if key not in option:
                raise ValueError("PWM.setOption(): %s is missing; pass both freq and duty" % key)
        freq, duty = option["freq"], option["duty"]
        if not isinstance(freq, (int, float)) or freq < 1:
            raise ValueError("PWM.setOption(): freq must be 1 Hz or more (%r)" % (freq,))
        if not isinstance(duty, (int, float)) or not 0 <= duty <= 100:
            raise ValueError("PWM.setOption(): duty must be 0 to 100 percent (%r)" % (duty,))
        if not self._it:
            return -1
        freq = int(freq)
        share = int(duty * 65535 / 100)
        if self._signal is None:
            # Not before: on some ports a new one begins with a signal of its own.
            self._signal = machine.PWM(self._it, freq=freq, duty_u16=share)
        else:
            if freq != self._freq:
                self._signal.freq(freq)
            self._signal.duty_u16(share)
        self._freq, self._duty = freq, duty
        return 0

    def getOption(self):
        return {"freq": self._freq, "duty": self._duty} if self._it else -1
