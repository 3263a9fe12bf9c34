"""A limit on blocks a second: what the local cloud refuses, and that the library's uploads keep to it."""

import hashlib
import random
import time
from ast import literal_eval

import pytest

from micropython import run
from paho_client import Client
from uploader import Uploader

TOO_FAST = 78127


@pytest.fixture
def limit(cloud):
    """Sets the limit, for one test."""
    yield lambda blocks: cloud.do("limit", blocks=blocks)
    cloud.do("limit", blocks=0)


def assert_arrived(cloud, device, name, content):
    there = cloud.do("file", device=device["deviceName"], name=name)
    assert (there["sha256"], there["under_way"]) == (hashlib.sha256(content).hexdigest(), 0)


def refusals(sends, limit):
    """Which of these blocks are one too many, by the rule and by when they came."""
    taken, refused = [], []
    for send in sends:
        refused.append(sum(send["at"] - at < 1000 for at in taken) >= limit)
        if not refused[-1]:
            taken.append(send["at"])
    return refused


def test_more_blocks_a_second_than_the_limit_are_refused(cloud, device, limit):
    content = random.Random(1).randbytes(8 * 256)
    devices = [device, cloud.new_device()]
    limit(3)
    with Client(cloud, devices[0]) as one, Client(cloud, devices[1]) as other:
        uploaders = [Uploader(one, devices[0]), Uploader(other, devices[1])]
        uploads = [uploader.begin("a.bin", len(content)) for uploader in uploaders]
        for offset in range(0, len(content), 256):
            for uploader, upload in zip(uploaders, uploads):
                # The first is refused now and then; the other has waited with it by then.
                while (code := uploader.send(upload, offset, content[offset : offset + 256])["code"]) != 200:
                    assert code == TOO_FAST
                    time.sleep(0.05)
        # The limit is each device's own: the other's blocks do not count.
        for sender in devices:
            assert_arrived(cloud, sender, "a.bin", content)
            sends = cloud.seen(device=sender["deviceName"], kind="upload_send")
            assert [send["code"] == TOO_FAST for send in sends] == refusals(sends, 3)
        assert TOO_FAST in [send["code"] for send in cloud.seen(device=device["deviceName"], kind="upload_send")]
        limit(0)
        uploaders[0].finish(uploaders[0].begin("b.bin", len(content)), content)
    assert_arrived(cloud, device, "b.bin", content)


UPLOAD = """
import os, sys
from aliyunIoT import Device

device = Device()
device.connect({
    "productKey": os.getenv("ALIYUN_PRODUCT_KEY"),
    "deviceName": os.getenv("ALIYUN_DEVICE_NAME"),
    "deviceSecret": os.getenv("ALIYUN_DEVICE_SECRET"),
})
print(device.uploadFile(sys.argv[1], print) is not None)
device.end()
"""


def test_the_librarys_upload_slows_down_and_arrives_whole(cloud, device, limit, tmp_path):
    content = random.Random(2).randbytes(20_000)
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    limit(1)
    ended = run(UPLOAD, cloud, device, arguments=[str(path)])
    assert (ended.code, ended.errors, ended.lines[-1]) == (0, "", "True")
    assert [literal_eval(line)["sent"] for line in ended.lines[:-1]] == [8192, 16384, 20_000]
    assert_arrived(cloud, device, "a.bin", content)

    sends = cloud.seen(device=device["deviceName"], kind="upload_send")
    codes = [send["code"] for send in sends]
    assert codes == [TOO_FAST if refused else 200 for refused in refusals(sends, 1)]
    # Each refusal was followed by the same block, later than the limit asks for: by then all is taken again.
    refused = [(send, after) for send, after in zip(sends, sends[1:]) if send["code"] == TOO_FAST]
    assert refused and len(codes) - len(refused) == 3
    for send, after in refused:
        assert (after["code"], after["params"]["offset"]) == (200, send["params"]["offset"])
        assert after["at"] - send["at"] >= 1000
