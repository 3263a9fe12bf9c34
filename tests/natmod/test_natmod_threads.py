"""The native module on MicroPython's unix port as upstream has it: threads, and calls that block.

That firmware's collector does not stop threads, and no part of it can be replaced.
"""

import pytest
import test_thread_collector
from test_blocking_calls import CALLS, LONGEST_MS, MS, measure

RUNS_ON = ("x64", "unix")

# MicroPython goes on with these after callbacks.
INTERRUPTED = [
    name for name in CALLS if name in ("sleep", "sleep_ms", "asyncio", "input", "stdin") or name.startswith("poll")
]
# Its `poll` and `sleep_ms` (of the thread that ends a wait here as well) count whole milliseconds of a clock: they may be
# short by one.
TICK_US = 1000


@pytest.mark.parametrize("name", CALLS)
def test_a_call_lasts_as_long_as_it_says(cloud, device, name):
    took_us, told = measure(cloud, device, name)
    exact = name in ("sleep", "sleep_us") or name.endswith("in vain")
    assert MS * 1000 - (0 if exact else TICK_US) <= took_us <= LONGEST_MS * 1000
    if name in INTERRUPTED:
        assert told > 3


def test_threads_and_the_collector(cloud, device):
    test_thread_collector.check(test_thread_collector.stress(cloud, device, False, "messages"))
