"""Two hundred devices in one program over TLS, through a restart of the broker."""

import statistics
import subprocess
import threading
import time

import pytest

from mosquitto import Broker

DEVICES = 200
# Where doubling ends in `src/link`: nobody waits longer for the next attempt, however long the broker is away.
LONGEST_WAIT_S = 60
AWAY_S = 2


@pytest.fixture(scope="session")
def fleet(compile_c):
    sources = ["tests/c/fleet.c", "ports/bsd/bsd_port.c", "ports/bsd/tls_mbedtls.c"]
    return compile_c(sources, "fleet", "-pthread", libraries=["-lmbedtls", "-lmbedx509", "-lmbedcrypto"])


class Fleet:
    """The program while it runs, and when each of its devices said what."""

    def __init__(self, program, cloud, port):
        self._process = subprocess.Popen(
            [program, str(DEVICES), str(port)],
            env={"SSL_CERT_FILE": str(cloud.ca_file)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.said = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self.said.append((time.monotonic(), line.split()))

    def when(self, word, since=0.0):
        """The moment when each device said it first, since then."""
        times = {}
        for at, words in list(self.said):
            if words[0] == word and at >= since:
                times.setdefault(words[1], at)
        return times

    def wait_all(self, word, since, within):
        end = time.monotonic() + within
        while len(times := self.when(word, since)) < DEVICES:
            assert time.monotonic() < end, f"{word}: only {len(times)} of {DEVICES}; {self.said[-3:]}"
            time.sleep(0.02)
        return times

    def end(self):
        self._process.stdin.close()
        assert self._process.wait(20) == 0
        self._reader.join()
        assert self.said[-1][1] == ["ended"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()


def test_all_are_back_after_a_restart_of_the_broker(fleet, cloud, tmp_path, figure):
    with Broker(tmp_path, cloud.dir) as broker, Fleet(fleet, cloud, broker.tls_port) as running:
        running.wait_all("delivered", 0, within=60)
        assert not running.when("down") and not running.when("failed")
        broker.stop()
        stopped = time.monotonic()
        running.wait_all("down", 0, within=20)
        time.sleep(AWAY_S)
        broker.start()
        started = time.monotonic()
        back = running.wait_all("up", stopped, within=LONGEST_WAIT_S)
        running.wait_all("delivered", stopped, within=10)
        waits = sorted(at - started for at in back.values())
        running.end()
    figure(
        f"{DEVICES} devices over TLS, broker away for {AWAY_S} s: all back after {waits[-1]:.1f} s, half after "
        f"{statistics.median(waits):.1f} s"
    )
    tries = running.when("failed").values()
    assert len(tries) == DEVICES, "each has tried meanwhile"
    # The waits are spread over half a second, so that not all come at once.
    assert max(sum(moment <= other < moment + 0.1 for other in tries) for moment in tries) < DEVICES * 0.6
