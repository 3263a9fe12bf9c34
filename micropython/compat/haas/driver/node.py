"""The nodes of board.json, and what all classes that open one have in common."""

import json
import sys

# Where HaaS firmware looks, after the script's own folder, and before the root of other boards' file systems.
_PLACES = ("board.json", "/sdcard/board.json", "/data/pyamp/board.json", "/data/python-apps/driver/board.json", "/board.json")


def _file():
    arguments = getattr(sys, "argv", None)
    beside = arguments[0].rpartition("/")[0] if arguments else ""
    for place in (beside + "/board.json",) * bool(beside) + _PLACES:
        try:
            return place, open(place)
        except OSError:
            pass
    return None, None


class Node:
    """A node of board.json. What is wrong with it is an error that names the method, the key, the node and the file."""

    def __init__(self, kind, name):
        self._where = where = kind + ".open()"
        if not isinstance(name, str):
            raise TypeError("%s: the node must be str (%r); pass a name from board.json" % (where, name))
        self._path, file = _file()
        if file is None:
            raise OSError("%s: no board.json; put it beside the script, or one of %s" % (where, ", ".join(_PLACES[1:])))
        with file:
            text = file.read()
        try:
            nodes = json.loads(text)["io"]
            known = isinstance(nodes, dict)
        except (ValueError, KeyError, TypeError):
            known = False
        if not known:
            raise ValueError('%s: %s is not JSON of the form {"io": {…}}; correct it' % (where, self._path))
        self._name = name
        self._keys = nodes.get(name)
        if not isinstance(self._keys, dict):
            names = ", ".join(sorted(nodes))
            raise ValueError("%s: no node %r in %s; it has %s" % (where, name, self._path, names or "none"))
        if self._keys.get("type") != kind:
            raise self.wrong("type", '"%s"' % kind)

    def wrong(self, key, wanted):
        value = json.dumps(self._keys[key]) if key in self._keys else "missing"
        about = (self._where, key, self._name, self._path, wanted, value)
        return ValueError("%s: %s of node '%s' in %s must be %s (%s); correct the file" % about)

    def number(self, key, default=None, least=0, most=1 << 30):
        value = self._keys.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(key, "%d to %d" % (least, most) if most < 1 << 30 else "an int from %d" % least)
        return value

    def choice(self, key, default, *others):
        value = self._keys.get(key, default)
        if value != default and value not in others:
            raise self.wrong(key, " or ".join('"%s"' % one for one in (default,) + others if one))
        return value

    def pin(self, key="port"):
        """The number or name of a pin, a bus or a channel; `None` if another key than port is missing."""
        value = self._keys.get(key)
        if (value is None and key == "port") or not isinstance(value, (int, str, type(None))):
            raise self.wrong(key, 'a number, or a name such as "PA5"')
        return value

    def pins(self, *keys):
        """Those of the keys that the node has, as arguments for `machine`."""
        given = {key: self.pin(key) for key in keys if self.pin(key) is not None}
        if given:
            # Not every board with a bus has it.
            from machine import Pin

            given = {key: Pin(pin) for key, pin in given.items()}
        return given


class Part:
    """What is opened by the name of a node. Methods of one that is not open return -1."""

    _it = None

    def open(self, name):
        node = Node(self._KIND, name)
        self.close()
        self._it = self._open(node)
        return 0

    def close(self):
        it, self._it = self._it, None
        if it is None:
            return -1
        self._end(it)
        return 0

    def _end(self, it):
        pass

    def _check(self, method, name, buffer):
        try:
            memoryview(buffer)
        except TypeError:
            about = (self._KIND, method, name, type(buffer).__name__)
            raise TypeError("%s.%s(): %s must be a buffer (%s); pass a bytearray" % about)


def failed(error):
    """What a method returns for an OSError of `machine`."""
    return -abs(error.errno or 5)
