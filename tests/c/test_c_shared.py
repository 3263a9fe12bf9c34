"""bsd_shared.h: one device that several threads use. Under ThreadSanitizer, which sees each call of the library by touched.h, and
under ASan and UBSan with the other bell."""

import os
import random
import re
import subprocess

import pytest

from network import Fault, Network
from processes import Speaking

SOURCES = ["ports/bsd/bsd_port.c", "ports/bsd/bsd_shared.c", "ports/bsd/tls_mbedtls.c"]
MBEDTLS = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
WRAP = ["-Wl,--wrap=clock_gettime", "-Wl,--wrap=poll"]
TOUCHED = "tests/c/touched.h"
LIMIT = 300
# As in shared.c.
MESSAGES, CLOSES, BURST = 400, 25, 16
CUTS = 12
# Bytes to the next cut at most.
REACH = {"plain": 3_000, "tls": 5_000}
BUILDS = {
    "thread": ["-fsanitize=thread", "-include", TOUCHED],
    "address": ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-DBSD_BELL_BY_UDP"],
}
NO_LOCK = """
#include <pthread.h>
typedef int bsd_mutex;
typedef pthread_t bsd_thread;
static inline bool bsd_mutex_init(bsd_mutex *mutex) { return *mutex = 0, true; }
static inline void bsd_mutex_free(bsd_mutex *mutex) { (void)mutex; }
static inline void bsd_mutex_lock(bsd_mutex *mutex) { (void)mutex; }
static inline void bsd_mutex_unlock(bsd_mutex *mutex) { (void)mutex; }
static inline bsd_thread bsd_thread_self(void) { return pthread_self(); }
static inline bool bsd_thread_is_self(bsd_thread thread) { return pthread_equal(thread, pthread_self()) != 0; }
"""


def at_root(flags, root):
    return [str(root / flag) if flag == TOUCHED else flag for flag in flags]


@pytest.fixture(scope="module", params=BUILDS)
def build(request, pytestconfig):
    return request.param, at_root(BUILDS[request.param], pytestconfig.rootpath)


@pytest.fixture(scope="module")
def shared(compile_c, build):
    name, flags = build
    return compile_c(["tests/c/shared.c", *SOURCES], f"shared-{name}", *flags, *WRAP, "-pthread", libraries=MBEDTLS)


@pytest.fixture(scope="module")
def shared_tell(compile_c, build):
    name, flags = build
    return compile_c(["tests/c/shared_tell.c", *SOURCES[:2]], f"shared-tell-{name}", *flags, "-pthread")


def environment(cloud, device):
    names = {"PRODUCT_KEY": "productKey", "DEVICE_NAME": "deviceName", "DEVICE_SECRET": "deviceSecret"}
    options = {"TSAN_OPTIONS": "second_deadlock_stack=1", "SSL_CERT_FILE": str(cloud.ca_file)}
    return {**os.environ, **options, **{f"ALIYUN_{name}": device[key] for name, key in names.items()}}


def run(program, cloud, device, *arguments):
    command = [program, *map(str, arguments)]
    done = subprocess.run(command, env=environment(cloud, device), capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "ended"
    return done.stdout


def cuts(reach):
    dice = random.Random(1)
    return [Fault(dice.choice(["cut", "reset"]), 600 + dice.randrange(reach)) for _ in range(CUTS)]


@pytest.mark.parametrize("transport", REACH)
@pytest.mark.slow
def test_four_threads_over_a_network_that_is_cut(shared, build, cloud, device, figure, transport):
    """What was accepted at QoS 1 arrives, in the order of each thread; each close is reported once; nobody waits for ever."""
    port = cloud.tls_port if transport == "tls" else cloud.tcp_port
    with Network(port, cuts(REACH[transport])) as network:
        said = run(shared, cloud, device, "storm", transport, network.port)
        assert network.struck == CUTS
    assert f"closed {CLOSES} of {CLOSES}" in said
    payloads = [record["payload"] for record in cloud.seen(kind="publish", device=device["deviceName"])]
    for thread in ("first", "second"):
        numbers = [int(payload.split("-")[1]) for payload in payloads if payload.startswith(f"{thread}-")]
        assert list(dict.fromkeys(numbers)) == list(range(MESSAGES))
    counts = {name: int(count) for name, count in re.findall(r"(\w+) (\d+)", said)}
    assert counts["delivered"] == 2 * MESSAGES
    assert 0 < counts["posts"] == counts["replies"], "each post that was accepted has a reply, or is reported as without one"
    assert counts["rings"] < counts["waits"], "a wait is ended once"
    figure(f"four threads, {transport}, {build[0]} sanitizer, {CUTS} cuts: {' '.join(said.split())}")


def test_who_waits_is_woken_once_and_who_idles_never(shared, cloud, device, figure):
    steps = dict(re.findall(r"^(.+): (rings \d+, waits \d+)$", run(shared, cloud, device, "idle", "plain", cloud.tcp_port), re.M))
    assert steps == {
        "sleeps": "rings 0, waits 0",
        "asks": "rings 0, waits 0",
        "publishes once": "rings 1, waits 1",
        "publishes many": "rings 1, waits 1",
    }
    payloads = [record["payload"] for record in cloud.seen(kind="publish", device=device["deviceName"])]
    assert payloads == ["up", "once", *BURST * ["many"]]
    figure(f"wake-ups of a driving thread: idle 0; a publish 1; {BURST} publishes under one lock 1")


TOLD = """\
close, off: -1
connect: 0
subscribe: 0
publish: 0
publish in an event: 0
connect in an event: -4
answer of another thread: -1
upload place of another thread: 0
close in an event: 0
close again: 0
publish after close: -1
online: 1
message: the event's own text
connect while tell handles the end: -4
close while tell handles the end: -1
connect again: 0
upload: 0
publish beside a block: 0
upload beside a block: -2
upload beside the end of one: -2
set something
answer in tell: 0
ended
"""


class Telling(Speaking):
    def __init__(self, program, cloud, device):
        self.said = []
        self._cloud, self._device = cloud, device
        super().__init__([program, str(cloud.tcp_port)], env=environment(cloud, device))

    def hear(self, words):
        if words == ["set", "something"]:
            self._cloud.do("set", device=self._device["deviceName"], params={"LightSwitch": 0})
        if words is not None:
            self.said.append(" ".join(words))

    def end(self):
        assert self._process.wait(LIMIT) == 0
        self._reader.join()
        return self.said


def test_what_another_thread_gets_while_tell_runs(shared_tell, cloud, device):
    with Telling(shared_tell, cloud, device) as running:
        assert running.end() == TOLD.splitlines()
    name = device["deviceName"]
    assert cloud.wait_seen(kind="set_reply", device=name)["code"] == 200
    assert len(cloud.seen(kind="login", device=name)) == 2
    assert cloud.do("file", device=name, name="log.bin")["size"] == 600


def test_a_device_in_a_task_of_its_own(compile_c, cloud, device):
    # A detached thread's memory may be there at the end.
    flags = ["-fsanitize=undefined", "-fno-sanitize-recover=all", "-pthread"]
    program = compile_c(["tests/c/task.c", "ports/bsd/bsd_task.c", *SOURCES], "task", *flags, libraries=MBEDTLS)
    command = [program, "localhost", str(cloud.tls_port)]
    done = subprocess.run(command, env=environment(cloud, device), capture_output=True, text=True, timeout=LIMIT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["CONNECTION_UP 0", "MODEL_REPLY 200", "CONNECTION_CLOSED 0", "after the end: -1"]
    assert cloud.wait_seen(kind="property_post", device=device["deviceName"])["params"] == {"Counter": 1}
    cloud.wait_seen(kind="disconnect", device=device["deviceName"])


def test_a_facade_without_locks_is_found_out(compile_c, pytestconfig, cloud, device, tmp_path):
    """So ThreadSanitizer sees what it is to see."""
    (tmp_path / "no_lock.h").write_text(NO_LOCK)
    flags = [*at_root(BUILDS["thread"], pytestconfig.rootpath), f'-DBSD_OS_HEADER="{tmp_path}/no_lock.h"', *WRAP, "-pthread"]
    program = compile_c(["tests/c/shared.c", *SOURCES], "shared-without-locks", *flags, libraries=MBEDTLS)
    command = [program, "idle", "plain", str(cloud.tcp_port)]
    options = {**environment(cloud, device), "TSAN_OPTIONS": "halt_on_error=1"}
    done = subprocess.run(command, env=options, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 66 and "ThreadSanitizer: data race" in done.stderr, done.stdout + done.stderr


def test_each_call_on_a_device_is_touched(pytestconfig):
    header = (pytestconfig.rootpath / "include" / "aliyun_iot.h").read_text(encoding="utf-8")
    calls = set(re.findall(r"\b(aliyun_iot_\w+)\([^()]*\baliyun_iot_device \**device\b", header))
    touched = re.findall(r"^#define (aliyun_iot_\w+)\(\.\.\.\) \(touched\+\+, \1\(__VA_ARGS__\)\)$",
        (pytestconfig.rootpath / TOUCHED).read_text(), re.M)
    assert len(calls) > 40 and set(touched) == calls
