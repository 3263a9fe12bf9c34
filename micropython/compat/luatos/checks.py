"""What a script gives: the checks that the modules of LuatOS share."""

DATA = (str, bytes, bytearray, memoryview)


def is_a(value, name, types):
    if not isinstance(value, types):
        raise TypeError("%s must be %s, not %s" % (name, " or ".join(one.__name__ for one in types), type(value).__name__))


def can_be_called(value, name):
    if not callable(value):
        raise TypeError("%s cannot be called" % name)


def taken(method, given, known, what):
    """The values that were given, by Device's names for the keys."""
    is_a(given, what, (dict,))
    values = {}
    for key, value in given.items():
        if key not in known:
            raise ValueError("%s(): %s has no key '%s'; there are %s" % (method, what, key, ", ".join(sorted(known))))
        name, types = known[key]
        if value is not None:
            is_a(value, "%s(): '%s'" % (method, key), types)
            values[name] = value
    return values


def subscriptions(method, topic, qos):
    """Each topic with its QoS: 0 or 1, because no cloud has QoS 2, and a server may grant less than was asked for."""
    wanted = {}
    for name, level in (topic if isinstance(topic, dict) else {topic: qos}).items():
        is_a(name, method + "(): topic", (str,))
        if level not in (0, 1, 2):
            raise ValueError("%s(): qos must be 0, 1 or 2" % method)
        wanted[name] = min(level, 1)
    return wanted
