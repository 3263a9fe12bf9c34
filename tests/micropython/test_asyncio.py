"""Does a device get along with a program that is made of asyncio's tasks?

A callback runs between two bytecodes of whatever task there is, as a scheduled function does, so what asyncio says of those
holds: `ThreadSafeFlag` wakes a task from there, `Event` does not until something else is due.
"""

import time

from micropython import Script, run
from scripts import script

BEGIN = """
import asyncio

def soon(awaitable):
    return asyncio.wait_for(awaitable, 30)

connected = asyncio.ThreadSafeFlag()
device = Device()
device.on(Device.ON_CONNECT, lambda data: connected.set())
"""


def test_a_callback_wakes_a_task(cloud, device):
    body = BEGIN + """
changed = asyncio.ThreadSafeFlag()
values = []

def on_props(request):
    values.append(request["params"])
    changed.set()

async def main():
    device.connect(key_info)
    await soon(connected.wait())
    device.on(Device.ON_PROPS, on_props)
    for number in range(3):
        print("ready", number)
        await soon(changed.wait())
        print(values)

asyncio.run(main())
print("end", device.end())
"""
    with Script(script(body), cloud, device) as running:
        for number in range(3):
            running.wait_line(f"ready {number}")
            cloud.do("set", device=device["deviceName"], params={"n": number})
        assert running.wait() == 0, running.errors
    told = [f'{{"n":{number}}}' for number in range(3)]
    lines = [line for number in range(3) for line in (f"ready {number}", str(told[: number + 1]))]
    assert running.lines == [*lines, "end 0"]


def test_callbacks_come_while_all_tasks_sleep(cloud, device):
    """Within the sleep, which keeps its length; an event that they set is seen when the sleep is over."""
    body = BEGIN + """
seen = asyncio.Event()
heard = []

def on_props(request):
    heard.append(time.ticks_ms())
    seen.set()

async def main():
    device.connect(key_info)
    await soon(connected.wait())
    device.on(Device.ON_PROPS, on_props)
    print("ready")
    start = time.ticks_ms()
    await asyncio.sleep(5)
    print(seen.is_set(), len(heard), time.ticks_diff(heard[-1], start), time.ticks_diff(time.ticks_ms(), start))
    await seen.wait()

asyncio.run(main())
print("end", device.end())
"""
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        for number in range(15):
            cloud.do("set", device=device["deviceName"], params={"n": number})
            time.sleep(0.15)
        assert running.wait() == 0, running.errors
    is_set, heard, last, took = running.lines[1].split()
    assert (is_set, heard) == ("True", "15")
    # Begun anew with the last of them it would take so much longer.
    assert int(last) < 5_000 <= int(took) < 5_000 + int(last)


def test_tasks_go_on_while_a_device_connects_and_works(cloud, device):
    """One task counts, one publishes at QoS 1 whenever there is room, and none waits for the other."""
    body = BEGIN + """
ticks = 0

async def tick():
    global ticks
    while True:
        ticks += 1
        await asyncio.sleep_ms(10)

async def publish():
    for number in range(100):
        while device.publish({"topic": USER + "update", "payload": str(number), "qos": 1}) != 0:
            await asyncio.sleep_ms(1)
        await asyncio.sleep_ms(0)

async def main():
    ticking = asyncio.create_task(tick())
    device.connect(key_info)
    await soon(connected.wait())
    before = ticks
    publishing = asyncio.create_task(publish())
    await asyncio.sleep_ms(100)
    await publishing
    ticking.cancel()
    print(before > 0, ticks > before)

asyncio.run(main())
print("end", device.end())
"""
    ended = run(script(body), cloud, device)
    assert (ended.code, ended.lines, ended.errors) == (0, ["True True", "end 0"], "")
    cloud.wait_seen(kind="disconnect", device=device["deviceName"])
    published = cloud.seen(kind="publish", device=device["deviceName"])
    assert [record["payload"] for record in published] == [str(number) for number in range(100)]


def test_a_task_answers_a_service(cloud, device):
    """The callback puts the answer off, and a task that may wait gives it: two at once, the second one first."""
    body = BEGIN + """
called = asyncio.ThreadSafeFlag()
calls = []

def on_service(request):
    calls.append(request)
    called.set()
    return Device.LATER

async def answer(request):
    seconds = json.loads(request["params"])["after"]
    await asyncio.sleep(seconds)
    return device.reply(request["msg_id"], 200, {"after": seconds})

async def main():
    device.connect(key_info)
    await soon(connected.wait())
    device.on(Device.ON_SERVICE, on_service)
    print("ready")
    tasks = []
    while len(tasks) < 2:
        await soon(called.wait())
        while calls:
            tasks.append(asyncio.create_task(answer(calls.pop(0))))
    print(await asyncio.gather(*tasks))

asyncio.run(main())
print("end", device.end())
"""
    name = device["deviceName"]
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        asked = [cloud.do("service", device=name, service="Wait", params={"after": after})["id"] for after in (2, 0)]
        assert running.wait() == 0, running.errors
    assert running.lines == ["ready", "[0, 0]", "end 0"]
    replies = [(record["id"], record["code"], record["data"]) for record in cloud.seen(kind="service_reply", device=name)]
    assert replies == [(asked[1], 200, {"after": 0}), (asked[0], 200, {"after": 2})]


def test_ctrl_c_ends_the_loop_and_the_device_can_still_be_ended(cloud, device):
    body = BEGIN + """
async def main():
    device.connect(key_info)
    await soon(connected.wait())
    print("ready")
    await asyncio.sleep(100)

try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("end", device.end())
"""
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        running.interrupt()
        assert running.wait(50) == 0, running.errors
    assert running.lines == ["ready", "end 0"]
    cloud.wait_seen(kind="disconnect", device=device["deviceName"])
