"""The fixtures of the tests of QuecPython's modules."""

from quec_scripts import start  # noqa: F401
