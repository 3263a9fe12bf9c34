"""What the scripts in benches/micropython/ measure, on the unix port and on the emulated board."""

import os
import pathlib
import re
import subprocess
import tempfile
from dataclasses import dataclass

import paho.mqtt.client

import spread
from broker import HOST

SCRIPTS = pathlib.Path(__file__).resolve().parents[1] / "micropython"
LIMIT = 120
# As in common.py.
TOPIC = "/a1B2c3D4e5F/thermometer-0000000001/user/report"
PAYLOAD = '{"temperature":21.5,"humidity":40,"battery":97,"uptime":1234567}'


@dataclass(frozen=True)
class Client:
    """A script, the variable that names the program that runs it, and the variables that name folders with its modules."""

    title: str
    script: str
    program: str = "MICROPYTHON"
    folders: tuple = ()

    def command(self, host, port, what, qos, count):
        return [str(SCRIPTS / f"{self.script}.py"), host, str(port), what, str(qos), str(count)]

    def environment(self):
        path = [".frozen", str(SCRIPTS), *(os.environ[folder] for folder in self.folders)]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ALIYUN_", "SSL_CERT_"))}
        return {**clean, "MICROPYPATH": ":".join(path)}

    def run(self, words, **options):
        options = {"env": self.environment(), "stdout": subprocess.PIPE, "text": True, "check": True, "timeout": LIMIT, **options}
        return subprocess.run(words, **options).stdout


BUILT_IN = Client("built in", "ours")
NATMOD = Client("native module", "ours", "STOCK_MICROPYTHON", ("NATMOD",))
UMQTT = Client("umqtt.simple 1.3.4", "theirs", folders=("UMQTT",))
MQTT_ASYNC = Client("mqtt_async 0.7b4", "theirs_async", folders=("MQTT_ASYNC",))
ALL = [BUILT_IN, NATMOD, UMQTT, MQTT_ASYNC]


def number(broker, client, what, qos, count):
    return float(client.run([os.environ[client.program], *client.command(HOST, broker.port, what, qos, count)]))


# ---- Counts ----


def received(broker, client, qos, count=200):
    """Bytes of heap each message received, beyond the objects handed over, and in all."""
    publisher = paho.mqtt.client.Client()
    publisher.max_inflight_messages_set(100)
    publisher.connect(HOST, broker.port)
    publisher.loop_start()
    words = [os.environ[client.program], *client.command(HOST, broker.port, "receive", qos, count)]
    process = subprocess.Popen(words, env=client.environment(), stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError(f"{client.script}.py did not subscribe")
        for _ in range(count):
            publisher.publish(TOPIC, PAYLOAD, qos)
        taken, made = map(float, process.communicate(timeout=LIMIT)[0].split())
        return taken - made, taken
    finally:
        process.kill()
        process.wait()
        publisher.loop_stop()
        publisher.disconnect()


def writes(broker, client, qos, count=40):
    """System calls that write to a TCP socket, each message published: of two runs, the second with twice as many."""
    return (_writes(broker, client, qos, 2 * count) - _writes(broker, client, qos, count)) / count


def _writes(broker, client, qos, count):
    with tempfile.NamedTemporaryFile("r") as log:
        strace = ["strace", "-f", "-yy", "-qq", "-e", "trace=write,writev,sendto,sendmsg", "-o", log.name]
        client.run([*strace, os.environ[client.program], *client.command(HOST, broker.port, "publish", qos, count)])
        found = sum(bool(re.search(r" (write|writev|sendto|sendmsg)\(\d+<TCP", line)) for line in log)
    if found < count:
        raise RuntimeError(f"{client.script}.py sent {count} messages, and strace tells {found} writes: does it word them in another way?")
    return found


# ---- Rates, and the processor's time ----

ROUNDS = 5
SECONDS = 1
# As in beside.py; the difference of two runs has twice the noise of one.
CPU_AT_LEAST = 0.20


def cpu_us(broker, clients):
    """Samples of the processor's time of a QoS 0 publish, by client."""
    return _rounds(clients, _cpu_us, {client: _count(broker, client, "rate", 0) for client in clients}, broker)


def _cpu_us(broker, client, count):
    # The difference of two runs: starting and connecting do not count.
    count = max(count // 100 * 50, 100)
    return (_processor_seconds(broker, client, 2 * count) - _processor_seconds(broker, client, count)) / count * 1e6


def _processor_seconds(broker, client, count):
    words = [os.environ[client.program], *client.command(HOST, broker.port, "paced", 0, count)]
    process = subprocess.Popen(words, env=client.environment())
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{client.script}.py ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def rates(broker, clients, what, qos):
    """Samples of messages a second, by client."""
    counts = {client: _count(broker, client, what, qos) for client in clients}
    return _rounds(clients, lambda broker, client, count: number(broker, client, what, qos, count), counts, broker)


def _rounds(clients, sample, counts, broker):
    found = {client: [] for client in clients}
    for turn in range(ROUNDS):
        for client in clients if turn % 2 == 0 else reversed(clients):
            found[client].append(sample(broker, client, counts[client]))
    return found


def _count(broker, client, what, qos):
    """How many messages last about SECONDS."""
    count = 20
    for share in (0.1, 1):
        count = max(int(number(broker, client, what, qos, count) * SECONDS * share), 20)
    return count


def ratio(found, client, peer):
    return spread.of_ratios(found[client], found[peer], CPU_AT_LEAST)


def on_the_board(broker, client, count=25):
    """Instructions of an emulated Cortex-M3 for one QoS 0 publish, from the call in Python to the network chip: so few that
    no publish has to wait for space to send, which would count as well."""
    board = [os.environ["BOARD"], "--count-instructions"]
    return 1e9 / float(client.run([*board, *client.command("localhost", broker.port, "rate", 0, count)], stdin=subprocess.DEVNULL))
