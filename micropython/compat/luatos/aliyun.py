"""LuatOS's `aliyun`, which has been three: that of LuatOS-Air, that of 2023 and that of 2024. The first call that only one of
them has decides which of them a script gets.

    from luatos import aliyun
"""

_FILES = {"Air": "aliyun_air", "Soc2023": "aliyun_2023", "Soc2024": "aliyun_2024"}
# What only one generation has.
_ENTRIES = {"operation": "Soc2023", "confiDentialTask": "Soc2023", "clientGetDirectDataTask": "Soc2024"}
_OTHERS = {
    "Air": (
        "setMqtt", "setRegion", "setInstanceId", "setConnectMode", "setErrHandle",
        "sleep", "wakeup", "sleepStatus", "Authsleep", "Authwakeup", "AuthSleepStatus",
    ),
    "Soc2023": ("subscriber",),
    "Soc2024": ("opts", "ready", "store", "getDeviceSecret", "getDeviceToken", "getClientid"),
}
_made = {}  # A generation's object, by the name of its class.
_used = None  # The one whose entry point was called last.
_early = []  # What was called before any entry point.


def __getattr__(name):
    # A board loads only the generation that its script uses.
    if name in _FILES:
        return getattr(__import__("luatos." + _FILES[name], None, None, (name,)), name)
    if name in _ENTRIES:
        return lambda *arguments, **more: getattr(_enter(_ENTRIES[name]), name)(*arguments, **more)
    for generation, names in _OTHERS.items():
        if name in names:
            return getattr(_of(generation), name)
    raise AttributeError(name)


def _of(generation):
    if generation not in _made:
        _made[generation] = __getattr__(generation)()
    return _made[generation]


def _enter(generation):
    global _used
    _used = _of(generation)
    while _early:
        method, arguments = _early.pop(0)
        getattr(_used, method)(*arguments)
    return _used


def _call(method, *arguments):
    if _used is None:
        _early.append((method, arguments))
    else:
        getattr(_used, method)(*arguments)


def setup(*arguments):
    _enter("Soc2024" if arguments and isinstance(arguments[0], dict) else "Air").setup(*arguments)


def on(evt, cbFnc):
    _call("on", evt, cbFnc)


def subscribe(topic, qos=None):
    _call("subscribe", topic, qos)


def publish(topic, *arguments):
    _call("publish", topic, *arguments)


def close():
    _call("close")
