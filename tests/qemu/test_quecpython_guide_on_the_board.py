"""The script of QuecPython's guide on the emulated board, which has the modules frozen in: unchanged, registration and all."""

from micropython import Script
from test_quecpython_guide import cloud, guide, plays, pytestmark  # noqa: F401  (fixtures, and whether the guide is here)


def test_the_guides_script(guide, cloud):  # noqa: F811
    with Script(guide.script, cloud, options=["--stay"]) as script:
        plays(script, guide, cloud)
        assert script.errors == ""
