"""Scripts of `examples/luatos-aliyun/` on the emulated board, which has LuatOS's modules frozen in, over TLS, with a cut."""

from test_luatos_examples import *  # noqa: F403

# The unix port has each script. Here is one of each generation: the chain of messages of 2024, a subscription and its QoS of 2023,
# and two messages back to back of LuatOS-Air.
RUN_HERE = ("test_one_secret", "test_device_2023", "test_messages_air")

for name in [name for name in globals() if name.startswith("test_") and name not in RUN_HERE]:
    del globals()[name]
