"""The native module for armv7m on an emulated board whose firmware has a network and TLS, but not the module."""

from micropython import Script
from scripts import script
from test_examples import *  # noqa: F403
from test_reconnect import test_dropped_and_back  # noqa: F401
from test_refusals import test_an_unknown_root  # noqa: F401
from test_register_while_connected import (  # noqa: F401
    other,
    test_a_refusal_is_reported_and_the_session_stays,
    test_both_links_are_up,
    test_end_closes_both,
    test_one_after_another,
    test_the_second_link_is_lost,
    test_the_session_is_lost,
)

RUNS_ON = ("armv7m", "MPS2_AN385")

del test_register_once_for_all  # noqa: F821  (the board's file system is in RAM, and gone when it starts again)
del test_desired_properties  # noqa: F821  (a native module for boards leaves desired properties out)
del test_every_script_is_tested  # noqa: F821  (looks into its own module)


def test_soft_resets(cloud, device):
    """Socket callbacks and timers of a connected device, and the module itself, lie in the heap that a reset empties."""
    body = 'online().postProps({"params": {"a": 1}})\nprint("up", len(bytearray(500000)))\n'
    with Script(script(body), cloud, device, options=("--loads", "4")) as running:
        assert running.wait() == 0, running.errors
    assert (running.lines, running.errors) == (["up 500000"] * 4, "")
    assert len(cloud.seen(kind="login", device=device["deviceName"])) == 4
