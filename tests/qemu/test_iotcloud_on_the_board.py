"""Scripts of `examples/iotcloud/` on the emulated board, which has LuatOS's modules frozen in, over TLS."""

from test_iotcloud_examples import *  # noqa: F403

# The unix port has each script and each login. Here are a task and timers, a script that reconnects by itself, and an answer to
# what the cloud sets.
RUN_HERE = {"test_aliyun": ["key"], "test_onenet": ["key"], "test_tencent": ["key"]}

for name in [name for name in globals() if name.startswith("test_") and name not in RUN_HERE]:
    del globals()[name]


def pytest_generate_tests(metafunc):
    """Of each script one login."""
    if metafunc.function.__name__ in RUN_HERE:
        metafunc.definition.own_markers[:] = []
        metafunc.parametrize("way", RUN_HERE[metafunc.function.__name__])
