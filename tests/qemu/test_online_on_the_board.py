"""`online.py` on firmware that has `network` without Wi-Fi, and its heap's price."""

from micropython import run
from test_online import (  # noqa: F401
    PATH,
    test_a_wrong_secret_ends_the_attempt,
    test_callbacks_stay_those_of_the_script,
    test_wifi_connects,
)


def test_boot_over_ethernet(cloud, device, figure):
    script = (
        "import gc, network\n"
        "from aliyunIoT import Device\n"
        "from credentials import key_info\n"
        "gc.collect()\n"
        "before = gc.mem_free()\n"
        "import online\n"
        "gc.collect()\n"
        "print(hasattr(network, 'WLAN'), before - gc.mem_free())\n"
        "online.boot(None, None, key_info).end()\n"
    )
    ended = run(script, cloud, device, env={"MICROPYPATH": PATH})
    assert (ended.code, ended.errors) == (0, "")
    has_wifi, taken = ended.lines[0].split()
    assert has_wifi == "False"
    assert int(taken) < 5_000, "docs/boards says 4 kB"
    figure(f"online.py: {taken} bytes of the heap")
    assert ended.lines[1:] == ["Ethernet: connected as 10.0.2.15", f"cloud: connected as {device['deviceName']}"]
