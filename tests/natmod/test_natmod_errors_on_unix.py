"""The native module for x64 on MicroPython's unix port: what goes wrong there is told, and locks are let go, as with the
module built in."""

from test_beside_callbacks import *  # noqa: F403
from test_hostile_scripts import *  # noqa: F403
from test_interrupted_bursts import *  # noqa: F403
from test_memory_errors import *  # noqa: F403
from test_nested_uploads import *  # noqa: F403
from test_raw_replies import *  # noqa: F403
from test_register import play  # noqa: F401  (a fixture)
from test_register import (  # noqa: F401
    test_a_registration_that_was_broken_off_is_not_heard_of_again,
    test_a_secret_that_cannot_be_stored_is_not_used,
    test_ctrl_c_ends_it,
    test_only_the_owner_reads_what_is_stored,
)
from test_register_while_connected import *  # noqa: F403
from test_store_access import *  # noqa: F403
from test_store_shared import *  # noqa: F403
from test_unheard_errors import *  # noqa: F403
from test_words import *  # noqa: F403
from test_wrong_callbacks import *  # noqa: F403

RUNS_ON = ("x64", "unix")
