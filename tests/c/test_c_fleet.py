"""Two hundred devices in one program over TLS, through a restart of the broker."""

import statistics
import subprocess
import time

import pytest

from mosquitto import Broker
from processes import Speaking

DEVICES = 200
# How long a step may take before the test gives up: not what is tested.
WITHIN_S = 180
# The first wait after a loss, in `src/link`: anywhere between these.
WAIT_MS = range(500, 1_000)


@pytest.fixture(scope="session")
def fleet(compile_c):
    sources = ["tests/c/fleet.c", "ports/bsd/bsd_port.c", "ports/bsd/tls_mbedtls.c"]
    return compile_c(sources, "fleet", "-pthread", libraries=["-lmbedtls", "-lmbedx509", "-lmbedcrypto"])


class Fleet(Speaking):
    """The program while it runs, and when each of its devices said what, by the program's own clock."""

    def __init__(self, program, cloud, port):
        self.said = []
        environment = {"SSL_CERT_FILE": str(cloud.ca_file)}
        super().__init__([program, str(DEVICES), str(port)], env=environment, stdin=subprocess.PIPE)

    def hear(self, words):
        if words is not None:
            self.said.append(words)

    def first(self, word, since=0.0):
        """What each device said first since then: pairs of the moment and of the milliseconds to its next step."""
        found = {}
        for said, device, at, ms in [words for words in list(self.said) if len(words) == 4]:
            if said == word and float(at) >= since:
                found.setdefault(device, (float(at), int(ms)))
        return found

    def wait_all(self, word, since=0.0):
        end = time.monotonic() + WITHIN_S
        while len(found := self.first(word, since)) < DEVICES:
            assert time.monotonic() < end, f"{word}: only {len(found)} of {DEVICES}; {self.said[-3:]}"
            time.sleep(0.02)
        return found

    def end(self):
        self._process.stdin.close()
        assert self._process.wait(WITHIN_S) == 0
        self._reader.join()
        assert self.said[-1] == ["ended"]


def test_all_are_back_after_a_restart_of_the_broker(fleet, cloud, tmp_path, figure):
    with Broker(tmp_path, cloud.dir) as broker, Fleet(fleet, cloud, broker.tls_port) as running:
        running.wait_all("delivered")
        assert not running.first("down") and not running.first("failed")
        broker.stop()
        stopped = time.monotonic()
        lost = running.wait_all("down")
        # Each has tried meanwhile.
        running.wait_all("failed")
        broker.start()
        started = time.monotonic()
        back = running.wait_all("up", stopped)
        running.wait_all("delivered", stopped)
        running.end()
    late = sorted(at - started for at, _ in back.values())
    figure(
        f"{DEVICES} devices over TLS, broker away for {started - stopped:.1f} s: all back after {late[-1]:.1f} s, half "
        f"after {statistics.median(late):.1f} s"
    )
    # The waits are spread, so that not all come at once: a tenth of a second is a fifth of the spread.
    waits = [wait for _, wait in lost.values()]
    assert all(wait <= WAIT_MS.stop for wait in waits), waits
    assert max(sum(wait <= other < wait + 100 for other in waits) for wait in waits) < DEVICES * 0.4
