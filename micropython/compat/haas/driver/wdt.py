import machine

from .node import Part


class WDT(Part):
    _KIND = "WDT"

    def _open(self, node):
        return machine.WDT(node.number("id", 0), node.number("timeout", 3, 1) * 1000)

    def close(self):
        # Most chips cannot stop it: then it stays open, to be fed.
        if not hasattr(self._it, "deinit"):
            return -1
        self._it.deinit()
        self._it = None
        return 0

    def feed(self):
        if not self._it:
            return -1
        self._it.feed()
        return 0
