"""QuecPython's `aLiYun` on the emulated board when its link is cut again and again, by the test that the unix port has to pass."""

from quec_scripts import start  # noqa: F401  (a fixture)
from test_aliyun_links import test_twenty_cuts_lose_nothing  # noqa: F401
