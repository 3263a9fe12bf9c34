"""C clients side by side on one broker: the processor's time, the system calls and the rate of each message.

In each round every client runs once, in an order that turns round from one to the next, so that a machine that slows down or
speeds up meanwhile does so for all. See spread.py for what becomes of the rounds.
"""

import statistics
from dataclasses import dataclass, field

import calls
from calls import Calls
import clients
import spread
from clients import OURS

ROUNDS = 5
# A run lasts about so long: tens of thousands of messages at least, and longer than what the system does now and then.
SECONDS = 2.0
# The part of the median by which a spread reaches to each side at least. Where several messages can wait for a client, what else
# the machine does decides how many it finds at a wake-up, and a wake-up is most of the cost.
AT_LEAST = 0.10
AT_LEAST_IF_MESSAGES_WAIT = 0.30


@dataclass
class Measured:
    """Of one client in one row: a sample for each round."""

    cpu_us: list = field(default_factory=list)
    rate: list = field(default_factory=list)
    connect_ms: list = field(default_factory=list)
    calls: Calls | None = None


def measure(broker, row, rounds=ROUNDS, with_calls=True):
    """By client."""
    names = row.clients()
    counts = {client: _count(broker, client, row) for client in names}
    found = {client: Measured() for client in names}
    for turn in range(rounds):
        for client in names if turn % 2 == 0 else reversed(names):
            run = clients.run(broker, client, row, counts[client])
            found[client].cpu_us.append(run.processor_seconds / run.messages * 1e6)
            found[client].rate.append(run.messages / run.seconds)
            found[client].connect_ms.append(run.connect_ms)
    for client in names if with_calls else ():
        found[client].calls = calls_of(broker, client, row, counts[client])
    return found


def _count(broker, client, row):
    """How many messages last about SECONDS."""
    count = 2000
    for share in (0.15, 1):
        run = clients.run(broker, client, row, count)
        count = max(int(count / run.seconds * SECONDS * share), 200)
    return count


def calls_of(broker, client, row, count):
    # What strace follows takes some fifty times as long.
    count = max(count // (12 if calls.kernel_counts() else 200), 200)
    return calls.per_message(lambda under, n: clients.run(broker, client, row, n, under), count)


def cpu_ratio(row, found, peer):
    """Ours, divided by the peer's."""
    messages_wait = row.receives or row.qos == 1 and row.window > 1
    at_least = AT_LEAST_IF_MESSAGES_WAIT if messages_wait else AT_LEAST
    return spread.of_ratios(found[OURS].cpu_us, found[peer].cpu_us, at_least)


def cpu(found, client):
    return statistics.median(found[client].cpu_us)


def rate(found, client):
    return spread.of(found[client].rate, 0)
