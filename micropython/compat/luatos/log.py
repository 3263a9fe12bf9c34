"""LuatOS's `log`: lines with a level and a tag on the console.

    from luatos import log
"""

_LEVELS = {"DEBUG": 1, "INFO": 2, "WARN": 3, "ERROR": 4, "SILENT": 7}
_level = 1


def setLevel(level):
    global _level
    number = _LEVELS.get(level, level)
    if number not in _LEVELS.values():
        raise ValueError("setLevel(): there is no level %r; there are DEBUG, INFO, WARN, ERROR, SILENT" % (level,))
    _level = number


def getLevel():
    return _level


def debug(tag, *values):
    _write(1, "D", tag, values)


def info(tag, *values):
    _write(2, "I", tag, values)


def warn(tag, *values):
    _write(3, "W", tag, values)


def error(tag, *values):
    _write(4, "E", tag, values)


def _write(level, letter, tag, values):
    if level >= _level:
        print("%s/user.%s" % (letter, tag), *values)
