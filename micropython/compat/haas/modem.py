"""HaaS's `modem` on boards without one: the board's own numbers, and no SIM card.

    import modem
"""

import sys as _sys


def getDevImei():
    """The board's number, as text: it names the device where a modem's IMEI would."""
    try:
        import machine

        return "".join("%02x" % byte for byte in machine.unique_id())
    except (ImportError, AttributeError):
        return None


def getDevModel():
    # MicroPython writes "<board> with <processor>".
    return getattr(_sys.implementation, "_machine", _sys.platform).split(" with ")[0]


def getDevFwVersion():
    return _sys.version


def getDevProductId():
    return _sys.platform


class info:
    getDevImei = staticmethod(getDevImei)
    getDevModel = staticmethod(getDevModel)
    getDevFwVersion = staticmethod(getDevFwVersion)
    getDevProductId = staticmethod(getDevProductId)


class sim:
    @staticmethod
    def getStatus():
        return -1

    @staticmethod
    def getIccid():
        return None

    @staticmethod
    def getImsi():
        return None


class net:
    @staticmethod
    def getCsq():
        return 99  # Of AT+CSQ: not known.

    csqQueryPoll = getCsq

    @staticmethod
    def getCellInfo():
        return -1

    @staticmethod
    def getModem():
        return 0


def __getattr__(name):
    if name in ("sms", "voiceCall"):
        from haas_missing import refuse

        refuse("modem." + name)
    raise AttributeError("module 'modem' has no attribute '%s'" % name)
