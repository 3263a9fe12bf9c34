"""The tables of the C clients."""

import sys

import beside
import calls
import clients
from clients import COREMQTT, LIBMOSQUITTO, OURS, PAHO
from table import Row, Table

PEERS = [LIBMOSQUITTO, PAHO, COREMQTT]
# System calls and writes of a message, where a budget has them.
RECEIVED_OVER_TLS = 1.5
WRITES_OF_A_WINDOW = 0.5


def measured(broker, with_calls=True):
    """Of all clients, by row; takes minutes."""
    found = {}
    for number, row in enumerate(clients.ROWS, 1):
        print(f"    {number} of {len(clients.ROWS)}: {row}", file=sys.stderr)
        found[row] = beside.measure(broker, row, with_calls=with_calls)
    return found


def ratios(found):
    """The table that states ratios."""
    table = Table("Processor's time of a message", [f"{OURS}, µs", *(f"÷ {peer}" for peer in PEERS)])
    for row, by_client in found.items():
        beside_peers = [beside.cpu_ratio(row, by_client, peer) if peer in by_client else None for peer in PEERS]
        ours = round(beside.cpu(by_client, OURS), 2)
        table.rows.append(Row(str(row), [ours, *beside_peers], "≤ libmosquitto's", beside_peers[0].median <= 1))
    return table


def rates(found):
    """No ratios: on a busy machine a rate is the part of the processor that the client and the broker get."""
    table = Table("Messages a second", [OURS, *PEERS])
    for row, by_client in found.items():
        samples = [beside.rate(by_client, client) if client in by_client else None for client in (OURS, *PEERS)]
        table.rows.append(Row(str(row), samples))
    return table


def counts(found):
    """The tables of system calls and of writes."""
    all_calls = Table("System calls of a message", [OURS, *PEERS])
    writes = Table("Writes to the network of a message", [OURS, *PEERS])
    for row, by_client in found.items():
        by_peer = [by_client[client].calls if client in by_client else None for client in (OURS, *PEERS)]
        all_calls.rows.append(_calls(row, [counted and counted.all for counted in by_peer]))
        if not row.receives:
            writes.rows.append(_writes(row, [counted and counted.writes for counted in by_peer]))
    return all_calls, writes


def _calls(row, numbers):
    ours, libmosquitto = numbers[:2]
    limit, budget = libmosquitto / 2, "≤ half of libmosquitto's"
    if row.receives and row.qos == 0 and row.tls:
        limit, budget = min(limit, RECEIVED_OVER_TLS), f"{budget}, ≤ {RECEIVED_OVER_TLS}"
    return _counted(row, numbers, budget, limit)


def _writes(row, numbers):
    # A publish by itself is one write.
    limit = WRITES_OF_A_WINDOW if row.qos == 1 and row.window > 1 else 1
    return _counted(row, numbers, f"≤ {limit}", limit)


def _counted(row, numbers, budget, limit):
    # As the page states them: the broker does not accept one in a thousand writes at once, and it is repeated.
    over = round(numbers[0], 2) - round(limit, 2)
    return Row(str(row), numbers, budget, over <= 0, f"{over:.2f} more")


def connect(found):
    table = Table("Milliseconds to connect", [OURS, *PEERS])
    for tls in (False, True):
        rows = [by_client for row, by_client in found.items() if row.tls == tls]
        table.rows.append(Row("TLS" if tls else "plain", [_connect_ms(rows, client) for client in (OURS, *PEERS)]))
    return table


def _connect_ms(rows, client):
    samples = [ms for by_client in rows if client in by_client for ms in by_client[client].connect_ms]
    return round(sorted(samples)[len(samples) // 2], 2) if samples else None


# ---- What is the same in every run ----

STEADY = [clients.Row(False, 0, 20, False), clients.Row(False, 1, 1, False), clients.Row(False, 0, 20, True)]


def steady_counts(broker, count=1000):
    """Ours alone, in the rows in which the broker's pace plays no part."""
    all_calls, writes = Table("System calls of a message", [OURS]), Table("Writes to the network of a message", [OURS])
    for row in STEADY:
        found = calls.per_message(lambda under, n, row=row: clients.run(broker, OURS, row, n, under), count)
        all_calls.rows.append(Row(str(row), [found.all], count=found.all))
        writes.rows.append(Row(str(row), [found.writes], count=found.writes))
    return all_calls, writes
