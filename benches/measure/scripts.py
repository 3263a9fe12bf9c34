"""What the scripts in benches/micropython/ measure, on the unix port and on the emulated board."""

import os
import pathlib
import re
import statistics
import subprocess
import tempfile

import paho.mqtt.client

from broker import HOST

SCRIPTS = pathlib.Path(__file__).resolve().parents[1] / "micropython"
LIMIT = 120
# As in common.py.
TOPIC = "/a1B2c3D4e5F/thermometer-0000000001/user/report"
PAYLOAD = '{"temperature":21.5,"humidity":40,"battery":97,"uptime":1234567}'

OURS, THEIRS = "ours", "theirs"


def environment():
    path = [".frozen", str(SCRIPTS), os.environ.get("UMQTT", "")]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ALIYUN_", "SSL_CERT_"))}
    return {**clean, "MICROPYPATH": ":".join(path)}


def command(client, host, port, what, qos, count):
    return [str(SCRIPTS / f"{client}.py"), host, str(port), what, str(qos), str(count)]


def run(words, **options):
    return subprocess.run(words, env=environment(), stdout=subprocess.PIPE, text=True, check=True, timeout=LIMIT, **options).stdout


def number(broker, client, what, qos, count):
    return float(run([os.environ["MICROPYTHON"], *command(client, HOST, broker.port, what, qos, count)]))


def median(broker, client, what, qos, count, times):
    return statistics.median(number(broker, client, what, qos, count) for _ in range(times))


def received(broker, client, qos, count):
    """Bytes of heap each message received, beyond the objects handed over, and in all."""
    publisher = paho.mqtt.client.Client()
    publisher.max_inflight_messages_set(100)
    publisher.connect(HOST, broker.port)
    publisher.loop_start()
    words = [os.environ["MICROPYTHON"], *command(client, HOST, broker.port, "receive", qos, count)]
    process = subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError(f"{client}.py did not subscribe")
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
        run([*strace, os.environ["MICROPYTHON"], *command(client, HOST, broker.port, "publish", qos, count)])
        found = sum(bool(re.search(r" (write|writev|sendto|sendmsg)\(\d+<TCP", line)) for line in log)
    if found < count:
        raise RuntimeError(f"{client}.py sent {count} messages, and strace tells {found} writes: does it word them in another way?")
    return found


def on_the_board(broker, client, count=25):
    """Instructions of an emulated Cortex-M3 for one QoS 0 publish, from the call in Python to the network chip: few enough
    that nobody has to wait for room, which would count as well."""
    board = [os.environ["BOARD"], "--count-instructions"]
    return 1e9 / float(run([*board, *command(client, "localhost", broker.port, "rate", 0, count)], stdin=subprocess.DEVNULL))
