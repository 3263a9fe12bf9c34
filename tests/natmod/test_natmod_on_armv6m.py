"""The native module for armv6m, of which no instruction is missing on a Cortex-M3."""

from test_examples import test_device_info, test_post_props  # noqa: F401
from test_examples import example  # noqa: F401  (a fixture)

RUNS_ON = ("armv6m", "MPS2_AN385")
