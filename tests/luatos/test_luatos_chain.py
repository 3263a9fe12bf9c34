"""The chain of messages of `examples/luatos-aliyun/messages.py`, 200 rounds with a loss of the connection: nothing grows."""

import os

from micropython import ROOT, Script, family_path

ROUNDS, EVERY = 200, 20
CHAIN = f"""
import gc, messages
from credentials import device_name, device_secret, product_key
from luatos import aliyun, sys

told = messages.on_published

def on_published(result, para):
    told(result, para)
    if messages.count % {EVERY} == 0:
        gc.collect()
        print("memory", gc.mem_alloc(), len(sys._timers), len(sys._sleeps), len(sys._waiters), len(sys._new))

messages.on_published = on_published
aliyun.setup({{"ProductKey": product_key, "DeviceName": device_name, "DeviceSecret": device_secret}})
sys.run()
"""


def test_nothing_grows(cloud, device, figure):
    env = {"MICROPYPATH": f"{family_path()}:{ROOT / 'examples' / 'luatos-aliyun'}", "ALIYUN_INTERVAL_MS": "1"}
    with Script(CHAIN, cloud, device, env=env) as script:
        script.wait_line(f"发布结果 True publish_test_{EVERY}")
        handles = len(os.listdir(f"/proc/{script.pid}/fd"))
        cloud.do("drop", device=device["deviceName"])
        script.wait_line(f"发布结果 True publish_test_{ROUNDS}")
        assert len(os.listdir(f"/proc/{script.pid}/fd")) == handles
        assert script.errors == ""
    measured = [list(map(int, line.split()[1:])) for line in script.lines if line.startswith("memory")]
    assert len(measured) >= ROUNDS // EVERY
    memory, *counts = zip(*measured[: ROUNDS // EVERY])
    figure(f"heap of the chain of messages after every {EVERY} rounds: {memory}")
    # The smallest object that each round could leave behind would come to 32 bytes a round.
    assert max(memory[-3:]) - max(memory[:3]) < ROUNDS * 16, memory
    # Timers, tasks that sleep until one, tasks that wait for a message, tasks that are about to begin.
    assert [max(count) for count in counts] <= [2, 3, 1, 2], measured
