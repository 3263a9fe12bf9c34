"""Each script of `examples/` on the emulated board, over TLS, by the tests that the unix port has to pass.

All of them run. One that cannot is left out here by name, with the reason:

    del test_upload  # needs a file of 1 MB, and the file system in RAM has 256 KB
"""

from test_examples import *  # noqa: F403

del test_register_once_for_all  # noqa: F821  (the board's file system is in RAM, and gone when it starts again)
del test_every_script_is_tested  # noqa: F821  (looks into its own module)
