"""QuecPython's `log`: lines with a level and the logger's name on the console.

    import log
"""

import sys

CRITICAL = 50
ERROR = 40
WARNING = 30
INFO = 20
DEBUG = 10
NOTSET = 0

_NAMES = {CRITICAL: "CRIT", ERROR: "ERROR", WARNING: "WARN", INFO: "INFO", DEBUG: "DEBUG"}
_loggers = {}
_level = INFO
_stream = sys.stderr


class Logger:
    def __init__(self, name):
        self.name = name
        self.level = NOTSET

    def setLevel(self, level):
        self.level = _number("setLevel", level)

    def isEnabledFor(self, level):
        return level >= (self.level or _level)

    def log(self, level, msg, *args):
        if not self.isEnabledFor(level):
            return
        if args:
            try:
                msg = msg % args
            except TypeError:
                # Quectel's own examples give arguments without a place for them: a line in a log must not end a script.
                msg = " ".join([str(one) for one in (msg,) + args])
        # In one piece, so that the lines of two threads do not mix.
        _stream.write("%s:%s:%s\n" % (_NAMES.get(level) or "LVL%d" % level, self.name, msg))

    def debug(self, msg, *args):
        self.log(DEBUG, msg, *args)

    def info(self, msg, *args):
        self.log(INFO, msg, *args)

    def warning(self, msg, *args):
        self.log(WARNING, msg, *args)

    def error(self, msg, *args):
        self.log(ERROR, msg, *args)

    def critical(self, msg, *args):
        self.log(CRITICAL, msg, *args)


def _number(method, level):
    if not isinstance(level, int):
        raise TypeError("%s(): level must be int, not %s; give log.INFO or another level" % (method, type(level).__name__))
    return level


def getLogger(name="root"):
    if name not in _loggers:
        _loggers[name] = Logger(name)
    return _loggers[name]


def basicConfig(level=INFO, stream=None):
    global _level, _stream
    _level = _number("basicConfig", level)
    if stream is not None:
        _stream = stream
