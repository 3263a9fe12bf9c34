"""HaaS's `netmgr` and `NetWorkClient` on the emulated board: its `network` is built in, and has Ethernet alone."""

from micropython import family_path, run

# What boot.py has on a board: one line.
SCRIPT = """
import haas_network
import time
import netmgr as nm
import network
from network import LAN, NetWorkClient
from network import *

print(nm.init(), nm.getStatus(), nm.getType(), nm.getInfo()["ip"])
events, got = [], []
nm.on(events.append)
client = network.NetWorkClient()
print(client._stagecode, client._subcode, client.on(1, got.append), client.connect(None), client.getStatus())

def wait(done):
    for _ in range(3000):
        if done():
            return
        time.sleep_ms(10)
    raise OSError("nothing happened")

wait(lambda: (1, 1) in got and 5 in events)
print(nm.connect("a Wi-Fi that nobody needs", "12345678"), nm.getStatus())
LAN().active(False)
wait(lambda: got[-1] == (1, 0))
print(events[-1], nm.getStatus(), client.getStatus())
LAN().active(True)
wait(lambda: got[-1] == (1, 1))
print(events[-2:], nm.getStatus(), NetWorkClient is network.NetWorkClient, hostname is network.hostname)

try:
    import ucamera
except ImportError as error:
    print(error)
"""


def test_scripts_for_haas_find_their_network():
    ended = run(SCRIPT, env={"MICROPYPATH": family_path("haas")})
    assert (ended.code, ended.errors) == (0, "")
    assert ended.lines == [
        "0 5 2 10.0.2.15",
        "3 1 0 0 3",
        "0 5",
        "1 1 0",
        "[3, 5] 5 True True",
        "there is no 'ucamera' here: build firmware with a camera driver (docs/from-haas.md)",
    ]
