"""Ten thousand QoS 1 messages each way over a link that is cut at 500 random points, with the broker restarted in between.

`courier.c` carries them. Its clock skips the waits between two attempts, which would take hours; the sockets, the broker
and all else are real.
"""

import collections
import queue
import random
import threading
import time

import paho.mqtt.client as mqtt
import pytest

from mosquitto import Broker
from network import Fault, Network
from processes import Speaking

COUNT, CUTS = 10_000, 500
# Bytes to the next cut at most, so that the last one falls into the last quarter of the messages.
REACH = {("up", "plain"): 780, ("up", "tls"): 6_000, ("down", "plain"): 750, ("down", "tls"): 4_500}


@pytest.fixture(scope="session")
def courier(compile_c):
    sources = ["tests/c/courier.c", "ports/bsd/bsd_port.c", "ports/bsd/tls_mbedtls.c"]
    libraries = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
    return compile_c(sources, "courier", "-Wl,--wrap=clock_gettime", libraries=libraries)


class Peer:
    """The other side, on the broker's own port: what it got, and what is to be sent."""

    def __init__(self, port):
        self.got = []
        self.arrived = threading.Event()
        self.paho = mqtt.Client("peer", clean_session=False)
        self.paho.max_queued_messages_set(0)
        self.paho.on_connect = lambda client, *_: client.subscribe("up", 1)
        self.paho.on_subscribe = lambda *_: self.arrived.set()
        self.paho.on_message = lambda _, __, message: self.got.append(int(message.payload))
        self.paho.connect("127.0.0.1", port)
        self.paho.loop_start()
        assert self.arrived.wait(60)

    def send(self, number):
        self.paho.publish("down", str(number), 1)

    def close(self):
        self.paho.disconnect()
        self.paho.loop_stop()


class Courier(Speaking):
    """The program while it runs: its lines, until it has ended."""

    def __init__(self, program, cloud, *arguments):
        self._lines = queue.Queue()
        self.hear = self._lines.put
        super().__init__([program, *map(str, arguments)], env={"SSL_CERT_FILE": str(cloud.ca_file)})

    def lines(self, within=180):
        """Each line as its words; fails if nothing is said for so long."""
        while (words := self._lines.get(timeout=within)) is not None:
            yield words
        assert self._process.wait(60) == 0


class Cuts:
    """Cuts each connection at a random point, in order or not, until CUTS were made."""

    def __init__(self, reach, seed=1):
        self._dice = random.Random(seed)
        self._reach = reach
        self.network = None

    def __iter__(self):
        # A connection may end by itself before its cut: the broker is restarted.
        while self.network.struck < CUTS:
            yield Fault(self._dice.choice(["cut", "reset"]), self._dice.randrange(self._reach))


def cut_network(port, reach):
    cuts = Cuts(reach)
    cuts.network = Network(port, cuts)
    return cuts.network


def first_arrivals(numbers):
    return list(dict.fromkeys(numbers))


def wait_until(condition, what, seconds=180):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what()
        time.sleep(0.01)


def tell(figure, name, arrived, network, ended):
    losses, failures, kicks, marked, skipped = ended[1:]
    figure(
        f"{name}: {COUNT} messages over {network.struck} cuts ({losses} sessions and {failures} handshakes lost, one restart), "
        f"{len(arrived) - COUNT} duplicates, {int(skipped) / 3.6e6:.1f} hours of waiting skipped"
    )


SESSIONS = pytest.mark.parametrize("session", ["clean", "kept"])
TRANSPORTS = pytest.mark.parametrize("transport", ["plain", "tls"])


@SESSIONS
@TRANSPORTS
def test_from_the_device(courier, cloud, tmp_path, figure, session, transport):
    with Broker(tmp_path, cloud.dir) as broker:
        port = broker.tls_port if transport == "tls" else broker.tcp_port
        peer = Peer(broker.tcp_port)
        with cut_network(port, REACH["up", transport]) as network:
            with Courier(courier, cloud, "up", COUNT, session, transport, network.port) as running:
                wait_until(lambda: len(peer.got) >= COUNT // 2, lambda: len(peer.got))
                broker.restart()
                [*_, ended] = running.lines()
            # What was acknowledged to the device is the broker's: the peer, too, gets it once it is back.
            wait_until(lambda: len(set(peer.got)) == COUNT, lambda: len(set(peer.got)))
        peer.close()
    assert network.struck >= CUTS
    assert first_arrivals(peer.got) == list(range(COUNT))
    tell(figure, f"device to cloud, {transport}, {session} sessions", peer.got, network, ended)


@SESSIONS
@TRANSPORTS
def test_to_the_device(courier, cloud, tmp_path, figure, session, transport):
    """A broker keeps nothing for a clean session that is away (MQTT 3.1.1, section 3.1.2.4): there the sender keeps it,
    and sends again whatever was not answered when the subscription is back."""
    arrived = []
    with Broker(tmp_path, cloud.dir) as broker:
        port = broker.tls_port if transport == "tls" else broker.tcp_port
        peer = Peer(broker.tcp_port)
        with cut_network(port, REACH["down", transport]) as network:
            with Courier(courier, cloud, "down", COUNT, session, transport, network.port) as running:
                for words in running.lines():
                    if words[0] == "got":
                        arrived.append(int(words[1]))
                        if session == "clean" and arrived[-1] + 1 < COUNT:
                            peer.send(arrived[-1] + 1)
                        if len(arrived) == COUNT // 2:
                            broker.restart()
                    elif words[0] == "subscribed" and session == "clean":
                        peer.send(arrived[-1] + 1 if arrived else 0)
                    elif words[0] == "subscribed" and not arrived:
                        for number in range(COUNT):
                            peer.send(number)
                    ended = words
        peer.close()
    assert network.struck >= CUTS
    assert first_arrivals(arrived) == list(range(COUNT))
    tell(figure, f"cloud to device, {transport}, {session} sessions", arrived, network, ended)
