"""What the board's own TLS and TCP/IP stack have to get right, by the tests that the unix port has to pass."""

from test_queue import test_a_queue_is_one_record  # noqa: F401
from test_reconnect import test_dropped_and_back  # noqa: F401
from test_refusals import (  # noqa: F401
    test_a_certificate_that_proves_nothing,
    test_a_name_that_nobody_has,
    test_a_refused_login,
    test_an_unknown_root,
    test_not_mqtt,
)
from test_register_while_connected import (  # noqa: F401
    other,
    test_a_refusal_is_reported_and_the_session_stays,
    test_both_links_are_up,
    test_end_closes_both,
    test_one_after_another,
    test_the_second_link_is_lost,
    test_the_session_is_lost,
)
