"""Does the script get its turn while messages come faster than they are taken?"""

from micropython import Script
from scripts import script, user_topic

COUNT = 1500


def test_the_script_gets_its_turn_in_a_flood(cloud, device, figure):
    body = f"""
    count = 0

    def on_message(data):
        global count
        count += 1
        if count == {COUNT}:
            device.on(Device.ON_SUBCRIBE, None)

    device = Device()
    device.on(Device.ON_SUBCRIBE, on_message)
    online(device)
    device.subscribe({{"topic": USER + "get"}})
    print("ready")
    most = before = 0
    while count < {COUNT}:
        now = count
        most = max(most, now - before)
        before = now
    print("most", max(most, count - before))
    device.end()
    """
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        cloud.wait_seen(device=device["deviceName"], kind="subscribe")
        for number in range(COUNT):
            cloud.do("publish", topic=user_topic(device, "get"), payload=f"{number}")
        most = int(running.wait_line("most").text.split()[1])
        assert running.wait() == 0, running.errors
    figure(f"flood of {COUNT} messages: {most} at most between two turns of the script")
    assert most < COUNT / 2
