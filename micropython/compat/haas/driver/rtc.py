import sys
import time

import machine


class RTC:
    _it = None

    def open(self):
        self._it = machine.RTC()
        return 0

    def close(self):
        it, self._it = self._it, None
        return -1 if it is None else 0

    def getTime(self):
        if not self._it:
            return -1
        year, month, date, _, hour, minute, second, _ = self._it.datetime()
        return {"year": year % 100, "month": month, "date": date, "hr": hour, "min": minute, "sec": second}

    def setTime(self, year, month, date, hour, minute, second):
        given = year, month, date, hour, minute, second
        if not all(isinstance(one, int) for one in given):
            raise TypeError("RTC.setTime(): all six must be int (%r)" % (given,))
        if year < 100:
            year += 2000
        most = 12, 31, 23, 59, 59
        if year > 2099 or year < 2000 or not all(least <= one <= top for least, one, top in zip((1, 1, 0, 0, 0), given[1:], most)):
            raise ValueError("RTC.setTime(): not a date and time from 2000 to 2099 (%r)" % (given,))
        if not self._it:
            return -1
        weekday = time.localtime(time.mktime((year, month, date, 12, 0, 0, 0, 0)))[6]
        # Monday is 0, but 1 on an STM32.
        weekday += sys.platform == "pyboard"
        self._it.datetime((year, month, date, weekday, hour, minute, second, 0))
        return 0
