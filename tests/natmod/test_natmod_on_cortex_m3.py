"""The native module for armv7m on an emulated board whose firmware has a network and TLS, but not the module."""

from test_examples import *  # noqa: F403
from test_reconnect import test_dropped_and_back  # noqa: F401
from test_refusals import test_an_unknown_root  # noqa: F401

RUNS_ON = ("armv7m", "MPS2_AN385")

del test_register_once_for_all  # noqa: F821  (the board's file system is in RAM, and gone when it starts again)
del test_every_script_is_tested  # noqa: F821  (looks into its own module)
