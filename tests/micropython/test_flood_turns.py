"""Does the script get its turn while messages come faster than they are taken?"""

from micropython import Script
from scripts import script, user_topic

COUNT = 1500
# Two of these messages fit in the receive buffer, which one run of the pump reads 32 times.
RX_BUFFER, PAYLOAD, PER_RUN = 1100, 400, 2 * 32


def test_the_script_gets_its_turn_in_a_flood(cloud, device, figure):
    body = f"""
    count = 0

    def on_message(data):
        global count
        count += 1
        # Slower than the cloud sends: what waits is enough for one endless run.
        time.sleep_us(2000)
        if count == {COUNT}:
            device.on(Device.ON_SUBCRIBE, None)

    device = Device()
    device.on(Device.ON_SUBCRIBE, on_message)
    online(device, rxBuffer={RX_BUFFER})
    device.subscribe({{"topic": USER + "get"}})
    print("ready")
    turns = most = before = 0
    while count < {COUNT}:
        now = count
        most = max(most, now - before)
        turns += now > before
        before = now
    print("turns", turns, max(most, count - before))
    device.end()
    """
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        cloud.wait_seen(device=device["deviceName"], kind="subscribe")
        for number in range(COUNT):
            cloud.do("publish", topic=user_topic(device, "get"), payload=f"{number:{PAYLOAD}}", qos=0)
        turns, most = map(int, running.wait_line("turns").text.split()[1:])
        assert running.wait() == 0, running.errors
    figure(f"flood of {COUNT} messages: {turns} turns of the script, {most} at most between two of them")
    # Two runs may follow each other within one round of the loop.
    assert turns >= COUNT / PER_RUN / 2 and most <= 2 * PER_RUN
