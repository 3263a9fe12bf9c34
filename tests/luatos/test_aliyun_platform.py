"""What the platform says by itself, in each generation of LuatOS's `aliyun`: commands arrive without a subscription."""

import json

import pytest

from generations import ALL, BEGIN, CONNECTED, OBJECTS, ends_well, own, received, start
from micropython import Script

each = pytest.mark.parametrize("generation", ALL)


def system(device, end):
    return f"/sys/{device['productKey']}/{device['deviceName']}/{end}"


@each
def test_commands_arrive_without_a_subscription(cloud, device, generation):
    """A property set, a service, a synchronous one that the script answers on the topic that its page names, and an update."""
    body = """
def answer(*arguments):
    topic = arguments[0]
    if "/rrpc/request/" in topic:
        Its.send(device, topic.replace("request", "response"), '{"code":200,"data":{}}', 0)
    note("receive")(*arguments)

device = Its.make()
device.on("connect", note("connect"))
device.on("receive", answer)
Its.start(device)
until("receive", 4)
device.close()
"""
    name = device["deviceName"]
    with start(cloud, device, generation, body, connected=False) as script:
        script.wait_line("connect True")
        cloud.do("set", device=name, params={"led": 1})
        script.wait_line("thing/service/property/set")
        cloud.do("service", device=name, service="Work", params={})
        script.wait_line("thing/service/Work")
        cloud.do("rrpc", device=name, service="Ask", params={})
        script.wait_line("/rrpc/request/")
        order = f"/ota/device/upgrade/{device['productKey']}/{name}"
        cloud.do("publish", device=name, direct=True, topic=order, payload='{"data":{}}', qos=1)
        lines = ends_well(script)
    got = [line for line in lines if line.startswith("receive")]
    assert [system(device, end) in line for line, end in zip(got, ("thing/service/property/set ", "thing/service/Work ", "rrpc/request/"))] == [True] * 3
    assert got[3] == received(generation, order, 1, '{"data":{}}')
    assert cloud.wait_seen(kind="rrpc_reply", device=name)["took_ms"] < 8000


@each
@pytest.mark.parametrize("version", ["VERSION = '1.0.7'\n", ""])
def test_2024_reports_the_scripts_version(cloud, device, generation, version):
    """At each connection, as LuatOS does, if the script has one."""
    with Script(version + BEGIN + OBJECTS[generation] + CONNECTED + 'until("connect", 3)\nIts.send(device, USER + "update", "x", 0)\ndevice.close()\n', cloud, device) as script:
        script.wait_line("connect True")
        cloud.do("drop", device=device["deviceName"])
        ends_well(script)
    reports = [record for record in cloud.seen(device=device["deviceName"]) if record.get("topic", "").startswith("/ota/device/inform/")]
    assert len(reports) == (2 if generation == "2024" and version else 0)
    for record in reports:
        assert (json.loads(record["payload"]), record["qos"]) == ({"id": 1, "params": {"version": "1.0.7"}}, 1)


@each
def test_another_thread_publishes(cloud, device, generation):
    """At QoS 1 and 0, and subscribes, while the main thread does so as well."""
    body = """
import _thread

def work(first):
    for number in range(first, first + 15):
        Its.send(device, USER + "update", str(number), number % 2, lambda result, argument: said.append("sent"))
        time.sleep_ms(2)
    device.subscribe(USER + "thread%d" % first)
    said.append("done")

_thread.start_new_thread(work, (0,))
_thread.start_new_thread(work, (100,))
work(200)
until("done", 3)
until("sent", 45 * (Its.make != aliyun.Soc2023))
while Its.make == aliyun.Soc2023 and "end" not in said:
    Its.send(device, USER + "update", "end", 1)
    said.append("end")
    time.sleep_ms(200)
device.close()
"""
    with start(cloud, device, generation, body) as script:
        ends_well(script)
    payloads = [record["payload"] for record in cloud.seen(kind="publish", device=device["deviceName"]) if record["payload"] != "end"]
    for first in (0, 100, 200):
        assert [number for number in map(int, payloads) if first <= number < first + 15] == list(range(first, first + 15))
    topics = {record["topic"] for record in cloud.seen(kind="subscribe", device=device["deviceName"])}
    assert topics == {own(device, f"thread{first}") for first in (0, 100, 200)}
