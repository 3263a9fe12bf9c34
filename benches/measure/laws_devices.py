"""What many devices in one process cost: benches/c/devices.c, beside a broker of its own."""

import clients
import programs
from broker import HOST, NAME, Broker

# So many messages for each device.
ROUNDS = 20
PLAIN, TLS = "plain TCP", "TLS"


class Devices:
    def __enter__(self):
        self._program = clients.compile_with_our_port("devices")
        self._broker = Broker().__enter__()
        return self

    def __exit__(self, *error):
        self._broker.__exit__(*error)

    def heap(self, count, link):
        """Bytes that all devices have, and what they share."""
        each, shared, _, _ = self._run(count, link, 1)
        return each + shared

    def logins(self, count, link):
        """Instructions of all of them, the kernel's left out."""
        return self._callgrind("log_in", count, link)

    def message(self, count, link):
        """Instructions of a message, the kernel's left out."""
        return self._callgrind("publish", count, link) / count / ROUNDS

    def microseconds(self, count, link, times=15):
        """Processor time of a message, the kernel's included: the run that other programs disturbed least."""
        rounds = max(1, 2000 // count)
        return min(self._run(count, link, rounds)[3] / rounds / count for _ in range(times))

    def login_milliseconds(self, count, link, times=15):
        return min(self._run(count, link, 1)[2] / 1000 / count for _ in range(times))

    def _words(self, count, link, rounds):
        server = [NAME, self._broker.tls_port, self._broker.root] if link == TLS else [HOST, self._broker.port, "-"]
        return [str(word) for word in (self._program, count, *server, rounds)]

    def _run(self, count, link, rounds):
        return [float(word) for word in programs.said(self._words(count, link, rounds)).split()]

    def _callgrind(self, function, count, link):
        return programs.collected([f"--toggle-collect={function}", *self._words(count, link, ROUNDS)])
