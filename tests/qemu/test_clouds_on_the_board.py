"""The clouds on the emulated board, over TLS, by the tests that the unix port has to pass."""

from test_clouds import (  # noqa: F401
    cloud,
    here,
    test_a_clock_that_is_not_set,
    test_a_clock_that_is_wrong,
    test_a_wrong_secret,
    test_each_link_is_signed_for_itself,
    test_twenty_cuts_lose_nothing,
)
from test_seven_clouds import test_seven_clouds  # noqa: F401
