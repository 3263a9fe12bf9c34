"""Uploads to the local cloud, made by hand: what it takes, and how it refuses the rest.

No code is forced here: each is what the cloud finds out about bytes that came through the broker.
"""

import hashlib
import json
import random

import pytest

from cloud import CloudError
from paho_client import Client, S
from uploader import MAX, Uploader, crc16, crc64, sealed

CONTENT = random.Random(1).randbytes(1000)


@pytest.fixture
def uploader(cloud, device):
    with Client(cloud, device) as client:
        yield Uploader(client, device)


def assert_arrived(cloud, device, name, upload, content):
    """The cloud has this file of this upload, byte for byte, and nothing under way."""
    there = cloud.do("file", device=device["deviceName"], name=name)
    assert (there["upload"], there["size"], there["under_way"]) == (upload, len(content), 0)
    assert there["sha256"] == hashlib.sha256(content).hexdigest()
    assert bytes.fromhex(there["hex"]) == content


def assert_absent(cloud, device, name):
    with pytest.raises(CloudError, match="no file"):
        cloud.do("file", device=device["deviceName"], name=name)


def test_the_sums_are_the_published_ones():
    assert (crc16(b"123456789"), crc64(b"123456789")) == (0xBB3D, "995dc9bbdf1939fa")


def test_a_file_arrives_whole(cloud, device, uploader):
    upload = uploader.begin("a.bin", 1000, ficMode="crc64", ficValue=crc64(CONTENT))
    for start, end in ((0, 256), (256, 900)):
        reply = uploader.send(upload, start, CONTENT[start:end])
        assert (reply["code"], reply["data"]) == (200, {"uploadId": upload, "offset": start, "bSize": end - start})
    assert_absent(cloud, device, "a.bin")
    assert uploader.send(upload, 900, CONTENT[900:])["data"] == {
        "uploadId": upload,
        "offset": 900,
        "bSize": 100,
        "complete": True,
        "ficMode": "crc64",
        "ficValueClient": crc64(CONTENT),
        "ficValueServer": crc64(CONTENT),
    }
    assert_arrived(cloud, device, "a.bin", upload, CONTENT)


@pytest.mark.parametrize("end", [900, 1000], ids=["with data", "empty"])
def test_a_file_of_unknown_size_ends_with_its_last_block(cloud, device, uploader, end):
    upload = uploader.begin("a.bin", -1)
    assert "complete" not in uploader.finish(upload, CONTENT[:end], block=300 if end == 900 else 500)["data"]
    reply = uploader.send(upload, end, CONTENT[end:], last=True)
    assert (reply["code"], reply["data"]["complete"]) == (200, True)
    assert_arrived(cloud, device, "a.bin", upload, CONTENT)


def test_an_upload_outlives_its_connection(cloud, device):
    with Client(cloud, device) as client:
        upload = Uploader(client, device).begin("a.bin", 1000, initUid="1")
        Uploader(client, device).finish(upload, CONTENT[:512])
    with Client(cloud, device) as client:
        uploader = Uploader(client, device)
        again = uploader.init("a.bin", 1000, initUid="1")
        assert (again["data"]["uploadId"], again["data"]["offset"]) == (upload, 512)
        uploader.finish(upload, CONTENT, 512)
    assert_arrived(cloud, device, "a.bin", upload, CONTENT)


def test_without_a_subscription_nothing_is_told(cloud, device):
    with Client(cloud, device) as client:
        request = json.dumps({"id": "1", "params": {"fileName": "a.bin", "fileSize": 1000}})
        client.paho.publish(S.format(**device) + "/thing/file/upload/mqtt/init", request, 1)
        assert cloud.wait_seen(device=device["deviceName"], kind="upload_init")["code"] == 200
        assert client.is_silent()


# ---- What is wrong with a block. The upload goes on as if it had not come.

BLOCK = CONTENT[:256]
WRONG_SUM = BLOCK + (crc16(BLOCK) ^ 1).to_bytes(2, "little")
HIGH_BYTE_FIRST = BLOCK + crc16(BLOCK).to_bytes(2, "big")
DAMAGED = b"?" + sealed(BLOCK)[1:]


@pytest.mark.parametrize(
    ("offset", "size", "rest", "code"),
    [
        (0, 256, WRONG_SUM, 78121),
        (0, 256, HIGH_BYTE_FIRST, 78121),
        (0, 256, DAMAGED, 78121),
        (0, 255, sealed(CONTENT[:255]), 78120),
        (0, 255, sealed(BLOCK), 460),
        (0, 256, BLOCK, 460),
        (0, 256, b"", 460),
        ("0", 256, sealed(BLOCK), 460),
        (-1, 256, sealed(BLOCK), 460),
        ((1 << 64) - 1, 256, sealed(BLOCK), 78117),
        (900, 256, sealed(BLOCK), 78117),
    ],
    ids=[
        "wrong sum",
        "sum with its high byte first",
        "damaged",
        "too small",
        "another size than it says",
        "no sum",
        "no data",
        "offset in quotes",
        "offset below zero",
        "offset near 2^64",
        "end behind the file's",
    ],
)
def test_a_bad_block_is_refused_and_left_out(cloud, device, uploader, offset, size, rest, code):
    upload = uploader.begin("a.bin", 1000)
    assert uploader.send_sealed(upload, offset, size, rest)["code"] == code
    uploader.finish(upload, CONTENT)
    assert_arrived(cloud, device, "a.bin", upload, CONTENT)


def test_a_block_may_have_128_kib_and_no_more(cloud, device, uploader):
    content = bytes(131_073)
    upload = uploader.begin("a.bin", len(content))
    assert uploader.send(upload, 0, content)["code"] == 78118
    assert uploader.send(upload, 0, content[:-1])["code"] == 200
    assert uploader.send(upload, 131_072, content[-1:])["data"]["complete"]
    there = cloud.do("file", device=device["deviceName"], name="a.bin")
    assert (there["size"], there["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("offset", [0, 200, 511, 513, 700])
def test_a_wrong_offset_is_told_the_right_one(cloud, device, uploader, offset):
    upload = uploader.begin("a.bin", 1000)
    uploader.finish(upload, CONTENT[:512])
    # Data that is not in the file at that place: at 0 it is no block that came before.
    reply = uploader.send(upload, offset, bytes(300))
    assert (reply["code"], reply["data"]) == (78119, {"uploadId": upload, "offset": 512})
    uploader.finish(upload, CONTENT, reply["data"]["offset"])
    assert_arrived(cloud, device, "a.bin", upload, CONTENT)


def test_a_block_that_came_before_is_told_and_not_taken_twice(cloud, device, uploader):
    upload = uploader.begin("a.bin", 1000)
    uploader.finish(upload, CONTENT[:512])
    for offset in (256, 0):
        reply = uploader.send(upload, offset, CONTENT[offset : offset + 256])
        assert (reply["code"], reply["data"]) == (78126, {"uploadId": upload, "offset": offset, "bSize": 256})
    uploader.finish(upload, CONTENT, 512)
    assert_arrived(cloud, device, "a.bin", upload, CONTENT)


@pytest.mark.parametrize("payload", [b"", b"\0", b"\x00\x02{}", b"\xff\xff{}", b"\x02\x00{}" + sealed(BLOCK)])
def test_what_is_no_block_is_refused(cloud, device, uploader, payload):
    upload = uploader.begin("a.bin", 1000)
    assert json.loads(uploader.exchange("send", payload).payload)["code"] in (460, 6207)
    uploader.finish(upload, CONTENT)
    assert_arrived(cloud, device, "a.bin", upload, CONTENT)


# ---- What is wrong with an upload.


def test_an_unknown_upload_is_refused(cloud, device, uploader):
    stranger = cloud.new_device()
    with Client(cloud, stranger) as client:
        of_another_device = Uploader(client, stranger).begin("a.bin", 1000)
        for upload in ("no-such-upload", "", of_another_device):
            assert uploader.send(upload, 0, BLOCK)["code"] == 78122
            assert uploader.cancel(upload)["code"] == 78122
        Uploader(client, stranger).finish(of_another_device, CONTENT)
    assert_arrived(cloud, stranger, "a.bin", of_another_device, CONTENT)


def test_a_file_over_16_mib_is_refused_at_once(uploader):
    assert uploader.init("a.bin", MAX + 1)["code"] == 78117
    assert uploader.cancel(uploader.begin("a.bin", MAX))["code"] == 200


def test_a_file_of_unknown_size_ends_at_16_mib(cloud, device, uploader):
    upload = uploader.begin("a.bin", -1)
    data = random.Random(2).randbytes(131_072)
    block = sealed(data)
    for offset in range(0, MAX, len(data)):
        assert uploader.send_sealed(upload, offset, len(data), block)["code"] == 200
    assert uploader.send(upload, MAX, BLOCK)["code"] == 78117
    assert uploader.send(upload, MAX, b"", last=True)["data"]["complete"]
    there = cloud.do("file", device=device["deviceName"], name="a.bin")
    assert (there["size"], there["sha256"]) == (MAX, hashlib.sha256(data * 128).hexdigest())


def test_a_file_with_a_wrong_sum_is_not_kept(cloud, device, uploader):
    upload = uploader.begin("a.bin", 1000, ficMode="crc64", ficValue=crc64(b"another file"))
    uploader.finish(upload, CONTENT[:768])
    reply = uploader.send(upload, 768, CONTENT[768:])
    assert reply["code"] == 78125
    told = (reply["data"]["ficValueClient"], reply["data"]["ficValueServer"])
    assert told == (crc64(b"another file"), crc64(CONTENT))
    assert_absent(cloud, device, "a.bin")


def test_a_finished_upload_takes_no_more(cloud, device, uploader):
    upload = uploader.begin("a.bin", 1000)
    uploader.finish(upload, CONTENT)
    assert uploader.send(upload, 768, CONTENT[768:])["code"] == 78124
    assert uploader.init("a.bin", 1000, conflictStrategy="reject")["code"] == 78123
    assert_arrived(cloud, device, "a.bin", upload, CONTENT)


def test_a_cancelled_upload_is_gone(cloud, device, uploader):
    upload = uploader.begin("a.bin", 1000)
    uploader.finish(upload, CONTENT[:512])
    reply = uploader.cancel(upload)
    assert (reply["code"], reply["data"]) == (200, {"uploadId": upload})
    assert uploader.send(upload, 512, CONTENT[512:768])["code"] == 78122
    assert uploader.cancel(upload)["code"] == 78122
    assert_absent(cloud, device, "a.bin")
    another = uploader.begin("a.bin", 1000)
    assert another != upload
    uploader.finish(another, CONTENT)
    assert_arrived(cloud, device, "a.bin", another, CONTENT)


def test_a_forgotten_upload_begins_anew(cloud, device, uploader):
    upload = uploader.begin("a.bin", 1000, initUid="1")
    uploader.finish(upload, CONTENT[:512])
    cloud.do("upload", forget=True)
    assert uploader.send(upload, 512, CONTENT[512:768])["code"] == 78122
    # Even the same request is a new one.
    another = uploader.init("a.bin", 1000, initUid="1")["data"]
    assert another["uploadId"] != upload and another["offset"] == 0
    uploader.finish(another["uploadId"], CONTENT)
    assert_arrived(cloud, device, "a.bin", another["uploadId"], CONTENT)
