# What the scripts have in common: `script.py host port what qos count` measures one thing with one client, and prints it.
#
#   heap    bytes on the garbage-collected heap, each message published
#   rate    messages published a second; at QoS 1 acknowledged ones
#   polled  the same, with `poll` called while the window is full
#   receive bytes on the heap each message received, and those of the objects handed over alone
#   connect milliseconds until the session is up
#   publish does no more than that, for others to count
#   paced   the same, with pauses in which the broker reads what was sent, so that no publish waits for it

import gc
import sys
import time

# 47 and 64 bytes.
TOPIC = "/a1B2c3D4e5F/thermometer-0000000001/user/report"
PAYLOAD = '{"temperature":21.5,"humidity":40,"battery":97,"uptime":1234567}'

host, port, what, qos, count = sys.argv[1:]
port, qos, count = int(port), int(qos), int(count)


def run(client):
    if what == "connect":
        client.connect()
        print(client.took_us / 1000)
        client.end()
        return
    client.connect()
    if what == "heap":
        print((heap(client.publish, count) - heap(client.publish, 0)) / count)
    elif what in ("rate", "polled"):
        print(count * 1000000 / duration_us(client.publish, count))
    elif what == "publish":
        client.publish(count)
    elif what == "paced":
        for _ in range(count // 100):
            client.publish(100)
            time.sleep_ms(2)
    elif what == "receive":
        receive(client)
    client.end()


def heap(function, times):
    function(1)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    function(times)
    taken = gc.mem_alloc() - before
    gc.enable()
    return taken


def duration_us(function, times):
    gc.collect()
    begun = time.ticks_us()
    function(times)
    return time.ticks_diff(time.ticks_us(), begun)


def receive(client):
    client.subscribe()
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    print("ready")
    client.receive(count)
    taken = gc.mem_alloc() - before
    before = gc.mem_alloc()
    for _ in range(count):
        client.made()
    made = gc.mem_alloc() - before
    gc.enable()
    print(taken / count, made / count)
