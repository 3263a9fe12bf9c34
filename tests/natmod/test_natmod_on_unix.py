"""The native module for x64 on MicroPython's unix port as upstream has it: what the port with the module has to pass."""

from test_callbacks import *  # noqa: F403
from test_client_certificates import made, test_each_form_is_read, test_what_is_wrong_is_an_error_of_connect  # noqa: F401
from test_examples import *  # noqa: F403
from test_idle import test_an_idle_device_costs_what_a_sleeping_script_does  # noqa: F401
from test_memory import *  # noqa: F403
from test_queue import *  # noqa: F403
from test_reconnect import test_dropped_and_back, test_what_was_sent_before_end_arrives  # noqa: F401
from test_refusals import test_an_unknown_root, test_not_mqtt  # noqa: F401
from test_threads import *  # noqa: F403

from micropython import run
from scripts import script

RUNS_ON = ("x64", "unix")

del test_every_script_is_tested  # noqa: F821  (looks into its own module)
del test_a_second_thread_does_everything  # noqa: F821  (a second: much of the same)


def test_it_is_the_native_module(cloud, device):
    ended = run(script("import aliyunIoT; print(aliyunIoT.__file__)"), cloud, device)
    assert ended.lines[0].endswith("/x64/aliyunIoT/__init__.mpy")


def test_callbacks_come_while_asyncio_waits(cloud, device):
    """Callbacks come while asyncio waits for something else."""
    body = """
        import asyncio

        async def main():
            up = asyncio.ThreadSafeFlag()
            device = Device()
            device.on(Device.ON_CONNECT, lambda data: up.set())
            device.connect(key_info)
            await asyncio.wait_for(up.wait(), 10)
            print("connected")
            device.end()

        asyncio.run(main())
    """
    ended = run(script(body), cloud, device)
    assert (ended.code, ended.lines, ended.errors) == (0, ["connected"], "")
