"""Do threads that use devices get along with a collector that runs all the time?

Each thread works for a second, while the main thread collects in a loop. Without the port's own collection
(ports/unix/collector.c) the program crashed, hung, or called what is no callback, in ten runs of ten.
"""

import pytest

from micropython import run
from scripts import script

BODY = """
import _thread

TLS = %r
KEYS = %r
SECONDS = %r
THREADS = 3

stop = False
over = []
bad = []
asked = [0] * THREADS
told = [0] * THREADS


def work(number):
    try:
        while not stop:
            one_turn(number)
    except BaseException as error:
        bad.append(repr(error))
    over.append(number)


def callback(number):
    def on_reply(reply):
        if type(reply) is not dict or reply.get("code") != 200:
            bad.append(repr(reply))
        told[number] += 1
    return on_reply


def asked_for(number, result):
    if result == 0:
        asked[number] += 1
    # What waits for its callback takes memory.
    while not stop and (result != 0 or asked[number] - told[number] > 100):
        time.sleep_ms(1)
        result = 0

%s

# Every global name is there before the threads are: a new one moves the others, and no lock guards them.
number = collections = 0
end = time.ticks_add(time.ticks_ms(), SECONDS * 1000)
for number in range(THREADS):
    _thread.start_new_thread(work, (number,))
while time.ticks_diff(end, time.ticks_ms()) > 0:
%s
    collections += 1
stop = True
wait(lambda: len(over) == THREADS)
wait(lambda: bad or told == asked)
assert collections > 2, collections
print("bad", bad[:3], "idle", [number for number in range(THREADS) if asked[number] == 0])
print(asked, collections)
"""

TURNS = {
    "messages": """
device = online(tls=TLS)

def one_turn(number):
    if number == 0:
        result = device.postProps({"params": {"a": number}}, callback(number))
    elif number == 1:
        result = device.publish({"topic": USER + "a", "payload": "x" * 20, "qos": 1}, callback(number))
    else:
        result = device.postEvent({"id": "e", "params": {"a": {"b": [number]}}}, callback(number))
    asked_for(number, result)
""",
    "buffers that grow": """
devices = [Device() for _ in range(THREADS)]

def one_turn(number):
    device = devices[number]
    if not device.getDeviceInfo():
        device.connect(dict(KEYS[number], tls=TLS, rxBuffer=2000))
    size = 5000 * (1 + asked[number] % 8)
    asked_for(number, device.publish({"topic": "/%s/%s/user/a" % (KEYS[number]["productKey"],
        KEYS[number]["deviceName"]), "payload": "x" * size, "qos": 1}, callback(number)))
""",
    "uploads": """
device = online(tls=TLS)
CONTENT = bytes(range(256)) * 40

def one_turn(number):
    progress = []
    name = "file_%d_%d" % (number, asked[number])
    asked_for(number, 0)
    if not device.uploadContent(name, CONTENT, lambda data: progress.append(data["sent"])):
        bad.append("the upload failed")
    # The callback runs in the main thread, the last time maybe after the method has returned in this one.
    wait(lambda: progress and progress[-1] == len(CONTENT))
    if sorted(progress) != progress:
        bad.append(repr(progress))
    told[number] += 1
""",
    "devices that come and go": """
def one_turn(number):
    asked_for(number, 0)
    log = []
    device = Device()
    device.on(Device.ON_CONNECT, lambda data: log.append(data["code"]))
    device.on(Device.ON_CLOSE, lambda data: log.append("closed"))
    device.on(Device.ON_ERROR, lambda data: bad.append(data["msg"]))
    device.connect(dict(KEYS[number], tls=TLS, rxBuffer=2000))
    wait(lambda: log)
    device.postProps({"params": {"a": number}}, lambda reply: None)
    device.end()
    wait(lambda: len(log) > 1)
    if log != [0, "closed"]:
        bad.append(repr(log))
    told[number] += 1
""",
}

COLLECT = "    gc.collect()"
# The other threads collect: by themselves when there is no room, and one on purpose.
OTHERS_COLLECT = """
    time.sleep_ms(50)
    junk = [bytearray(100) for _ in range(500)]
"""


def stress(cloud, device, tls, what, collect=COLLECT, seconds=1, before=""):
    keys = [
        {name: other[name] for name in ("productKey", "deviceName", "deviceSecret")}
        for other in [device, cloud.new_device(), cloud.new_device()]
    ]
    env = {"ALIYUN_IOT_ENDPOINT": f"localhost:{cloud.tls_port if tls else cloud.tcp_port}"}
    return run(script(BODY % (tls, keys, seconds, before + TURNS[what], collect)), cloud, device, env=env)


def check(ended):
    assert (ended.code, ended.lines[:1]) == (0, ["bad [] idle []"]), (ended.lines, ended.errors)


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("what", TURNS)
def test_threads_and_the_collector(cloud, device, what, tls):
    check(stress(cloud, device, tls, what))


def test_threads_whose_allocations_collect(cloud, device):
    check(stress(cloud, device, False, "messages", OTHERS_COLLECT, before="gc.threshold(20000)"))
