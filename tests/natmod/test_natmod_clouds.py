"""The clouds by the native module for x64: what the port with the module has to pass."""

from test_clouds import (  # noqa: F401
    cloud,
    here,
    test_a_clock_that_is_not_set,
    test_a_clock_that_is_wrong,
    test_bad_input,
    test_each_link_is_signed_for_itself,
)
from test_seven_clouds import test_seven_clouds  # noqa: F401

RUNS_ON = ("x64", "unix")
