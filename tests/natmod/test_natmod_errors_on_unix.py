"""The native module for x64 on MicroPython's unix port: what goes wrong there is told, and locks are let go, as with the
module built in."""

from test_beside_callbacks import *  # noqa: F403
from test_hostile_scripts import *  # noqa: F403
from test_interrupted_bursts import *  # noqa: F403
from test_memory_errors import *  # noqa: F403
from test_nested_uploads import *  # noqa: F403
from test_store_access import *  # noqa: F403
from test_store_shared import *  # noqa: F403
from test_unheard_errors import *  # noqa: F403
from test_wrong_callbacks import *  # noqa: F403

RUNS_ON = ("x64", "unix")
