import machine


class TIMER:
    ONE_SHOT = 0
    PERIODIC = 1

    _it = None
    _given = None
    # Distinguishes a call of this run from one that was scheduled before the timer was stopped.
    _run = None

    def __init__(self, id):
        if not isinstance(id, int):
            raise TypeError("TIMER(): id must be int (%r)" % (id,))
        self._id = id

    def open(self, period=1000, mode=PERIODIC, callback=None):
        if not (callback is None or callable(callback)):
            raise TypeError("TIMER.open(): callback cannot be called (%r); pass a function of one argument" % (callback,))
        if mode not in (TIMER.ONE_SHOT, TIMER.PERIODIC):
            raise ValueError("TIMER.open(): mode must be TIMER.ONE_SHOT or TIMER.PERIODIC (%r)" % (mode,))
        _check("open", period)
        self.close()
        try:
            self._it = machine.Timer(self._id)
        except ValueError:
            # A port whose timers are software alone, or not so many.
            self._it = machine.Timer(-1)
        self._given = period, mode, callback
        return self.start()

    def close(self):
        it, self._it = self._it, None
        if it is None:
            return -1
        self._run = None
        it.deinit()
        return 0

    def start(self):
        if not self._it:
            return -1
        period, mode, callback = self._given
        self._run = run = [callback]
        its_mode = machine.Timer.PERIODIC if mode else machine.Timer.ONE_SHOT
        self._it.init(mode=its_mode, period=period, callback=lambda _: self._fire(run))
        return 0

    def stop(self):
        if not self._it:
            return -1
        self._run = None
        self._it.deinit()
        return 0

    def period(self, period):
        _check("period", period)
        if not self._it:
            return -1
        self._given = (period,) + self._given[1:]
        return self.reload()

    def reload(self):
        self.stop()
        return self.start()

    def _fire(self, run):
        if run is self._run and run[0]:
            run[0](self)


def _check(method, period):
    if not isinstance(period, int):
        raise TypeError("TIMER.%s(): period must be int (%r); pass milliseconds" % (method, period))
    if period < 1:
        raise ValueError("TIMER.%s(): period must be 1 ms or more (%d)" % (method, period))
