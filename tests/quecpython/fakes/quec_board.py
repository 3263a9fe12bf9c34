"""A module of Quectel's, played: what scripts import beside the cloud. Each part says on the console what it does.

    import quec_board

puts the modules where `import` finds them first.
"""

import _thread
import os
import sys
import time


def _module(name, **has):
    made = type(name, (), {})()
    for each in has:
        setattr(made, each, has[each])
    sys.modules[name] = made


class UART:
    """What is written comes back, in capital letters."""

    UART2 = 2

    def __init__(self, *settings):
        self._back = b""

    def write(self, data):
        print("uart:", data.decode())
        self._back += data.upper()
        return len(data)

    def any(self):
        return len(self._back)

    def read(self, count):
        data, self._back = self._back[:count], self._back[count:]
        return data


def _send_text(phone, text, mode):
    time.sleep_ms(300)
    print("sms:", phone, text)
    return 0


class Power:
    """The restart is that of a board: nothing is sent after it, and no connection is closed."""

    @staticmethod
    def powerOnReason():
        return 1

    @staticmethod
    def powerRestart():
        print("restart")
        os.system("kill -9 $PPID")


class Fota:
    def httpDownload(self, url1, url2=None, callback=None):
        print("download:", url1)
        _thread.start_new_thread(self._download, (callback,))
        return 0

    def _download(self, callback):
        for progress in (0, 50, 100):
            time.sleep_ms(20)
            callback([0, progress])


class AppFota:
    def bulk_download(self, files):
        for file in files:
            print("download:", file["url"], file["file_name"])
        return None

    def set_update_flag(self):
        print("update flag")


class osTimer:
    def __init__(self):
        self._turn = 0

    def start(self, ms, periodic, callback):
        self._turn += 1
        _thread.start_new_thread(self._wait, (self._turn, ms, callback))
        return 0

    def _wait(self, turn, ms, callback):
        for _ in range(ms // 10):
            time.sleep_ms(10)
            if turn != self._turn:
                return
        callback(None)

    def stop(self):
        self._turn += 1
        return 0


_module("sim", getStatus=lambda: 1)
_module("net", getState=lambda: ([11, 26909, 232, 7, 0, 19], [1, 26909, 232, 7, 0, 19]))
_module("dataCall", getInfo=lambda number, kind: (number, 0, [int(number == 1), 0, "10.0.0.2"], [0, 0, "::"]))
_module("modem", getDevFwVersion=lambda: "EC600NCNLER01A01M08")
_module("misc", Power=Power)
_module("machine", UART=UART)
_module("sms", sendTextMsg=_send_text)
_module("cellLocator", getLocation=lambda *_: (117.1305, 31.82508, 550))
_module("app_fota", new=AppFota)
# Here the module is the class.
sys.modules["fota"] = Fota
sys.modules["osTimer"] = osTimer
