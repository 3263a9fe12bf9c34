"""The second board, a Cortex-M4F: code for another processor by both compilers, and an FPU that interrupts share."""

from micropython import Script, run
from scripts import script, user_topic
from test_examples import example  # noqa: F401  (a fixture)
from test_examples import test_post_props, test_upload_file  # noqa: F401
from test_reconnect import test_dropped_and_back  # noqa: F401
from test_threads import test_a_second_thread_publishes  # noqa: F401

RUNS_ON = "MPS2_AN386"

MESSAGES = 20

# The loop and the callback compute the same all the time, while interrupts bring the messages.
COMPUTES = """
def root():
    number = 1.0
    for _ in range(20):
        number = 0.5 * (number + 2.0 / number)
    return number

def arrived(message):
    global count
    count += 1
    roots.add(root())

count, roots = 0, set()
device = online()
device.on(Device.ON_SUBCRIBE, arrived)
device.subscribe({"topic": USER + "get", "qos": 1})
print("ready")
while count < MESSAGES:
    roots.add(root())
print(count, len(roots), abs(root() ** 2 - 2) < 1e-5)
device.end()
"""


# A thread that loses its turn in the middle of an expression finds its floats again, although the others compute other ones.
THREADS = """
import _thread

def terms(first):
    total = first
    for number in range(1, 400):
        total = total + (first * number - total) * (first + 0.5) / (number + first)
    return total

def work(number):
    found[number] = {terms(number + 0.25) for _ in range(40)}

found = {}
alone = [terms(number + 0.25) for number in range(4)]
for number in range(4):
    _thread.start_new_thread(work, (number,))
wait(lambda: len(found) == 4)
print([found[number] == {alone[number]} for number in range(4)])
"""


def test_each_thread_keeps_its_floats():
    ended = run(script(THREADS))
    assert (ended.lines, ended.errors) == (["[True, True, True, True]"], "")


def test_floats_are_kept(cloud, device):
    body = COMPUTES.replace("MESSAGES", str(MESSAGES))
    with Script(script(body), cloud, device) as running:
        running.wait_line("ready")
        cloud.wait_seen(kind="subscribe", device=device["deviceName"])
        for number in range(MESSAGES):
            cloud.do("publish", topic=user_topic(device, "get"), payload=str(number))
        assert running.wait() == 0
    assert running.lines[-1] == f"{MESSAGES} 1 True"
