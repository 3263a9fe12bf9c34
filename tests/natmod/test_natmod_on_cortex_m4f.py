"""The native module for armv7emsp, whose functions pass floats in the FPU's registers, on firmware that does the same."""

from test_examples import test_events, test_post_props, test_subscribe  # noqa: F401
from test_examples import example  # noqa: F401  (a fixture)

RUNS_ON = ("armv7emsp", "MPS2_AN386")
