"""Scripts of `examples/quecpython/` on the emulated board, which has QuecPython's modules frozen in, over TLS."""

import pytest

from test_quecpython_examples import *  # noqa: F403
from test_quecpython_examples import Example

del test_quick_start  # noqa: F821  (see below)
del test_collar_ota  # noqa: F821  (the board that it restarts here begins without the script)
del test_dtu_whose_posts_are_refused  # noqa: F821  (for time: it is the cloud that differs)
del test_every_script_is_tested  # noqa: F821  (looks into its own module)


class OnTheBoard(Example):
    OPTIONS = ("--stay",)


@pytest.fixture
def example(cloud, device):
    return OnTheBoard(cloud, device)


def test_quick_start_says_it(example):
    """A board has one way out for all that is said."""
    with example.start("quick_start") as script:
        assert script.wait() == 0
    said = f"INFO:aLiYun:收到消息：Topic={example.user('update')}，Msg=hello world"
    assert script.lines == ["INFO:aLiYun:联网成功", said, "INFO:aLiYun:已断开"]
