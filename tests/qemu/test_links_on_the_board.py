"""What the board's own TLS and TCP/IP stack have to get right, by the tests that the unix port has to pass."""

from test_reconnect import test_dropped_and_back  # noqa: F401
from test_refusals import (  # noqa: F401
    test_a_certificate_that_proves_nothing,
    test_a_name_that_nobody_has,
    test_a_refused_login,
    test_an_unknown_root,
    test_not_mqtt,
)
