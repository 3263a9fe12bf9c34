"""The native module on MicroPython's unix port as upstream has it: threads, and calls that block.

That firmware's collector does not stop threads, and no part of it can be replaced.
"""

import pytest
import test_thread_collector
from test_blocking_calls import CALLS, TRIES, callbacks_during

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
    exact = name in ("sleep", "sleep_us") or name.endswith("in vain")
    is_interrupted = name in INTERRUPTED
    told = callbacks_during(cloud, device, name, TRIES if is_interrupted else 1, 0 if exact else TICK_US)
    assert told > 3 or not is_interrupted, told


def test_threads_and_the_collector(cloud, device):
    test_thread_collector.check(test_thread_collector.stress(cloud, device, False, "messages"))
