"""What a script may publish while there is no session, and how long it waits for one."""

import socket

import pytest

from micropython import run
from scripts import script, user_topic


@pytest.mark.parametrize("queue, results", [(None, 20 * [0] + [-2]), (3, 3 * [0] + [-2]), (0, [-1])])
def test_offline_messages_queue_up_to_the_bound_and_then_say_so(device, queue, results):
    more = {} if queue is None else {"offlineQueue": queue}
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        body = f"""
        device = Device()
        device.on(Device.ON_ERROR, lambda error: None)
        device.connect(dict(key_info, host="127.0.0.1", port={nobody.getsockname()[1]}, **{more}))
        results = []
        while not results or results[-1] == 0:
            results.append(device.publish({{"topic": USER + "x", "payload": "x", "qos": 1}}))
        print(results, device.publish({{"topic": USER + "x", "payload": "x"}}))
        device.end()
        """
        result = run(script(body), device=device)
    assert result.lines == [f"{results} -1"], result.errors


def test_what_was_queued_arrives_in_order(cloud, device):
    body = """
    device = Device()
    device.connect(key_info)
    for n in range(20):
        assert device.publish({"topic": USER + "x", "payload": str(n), "qos": 1}) == 0
    wait(lambda: device.publish({"topic": USER + "x", "payload": "last", "qos": 1}) == 0)
    device.end()
    """
    result = run(script(body), cloud, device)
    assert result.code == 0, result.errors
    topic = user_topic(device, "x")
    cloud.wait_seen(kind="disconnect", device=device["deviceName"])
    seen = cloud.seen(kind="publish", device=device["deviceName"])
    assert [message["payload"] for message in seen if message["topic"] == topic] == [str(n) for n in range(20)] + ["last"]


def test_an_attempt_takes_no_longer_than_connect_timeout(device):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        body = f"""
        errors = []
        device = Device()
        device.on(Device.ON_ERROR, errors.append)
        start = time.ticks_ms()
        device.connect(dict(key_info, host="localhost", port={mute.getsockname()[1]}, connectTimeout=1))
        wait(lambda: errors)
        print(errors[0]["code"], time.ticks_diff(time.ticks_ms(), start))
        device.end()
        """
        result = run(script(body), device=device)
    code, took = result.lines[0].split()
    assert code == "-40" and 950 < int(took) < 9_000, "not the ten seconds that it takes by default"


@pytest.mark.parametrize("key, value", [("offlineQueue", -1), ("offlineQueue", 21), ("connectTimeout", 0)])
def test_bounds_are_told(device, key, value):
    result = run(script(f"attempt(Device().connect, dict(key_info, {key}={value}))"), device=device)
    assert result.lines[0].startswith(f"ValueError '{key}' must be"), result.lines
