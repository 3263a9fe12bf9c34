"""The tables of MicroPython's unix port."""

import statistics

import scripts
import spread
from scripts import ALL, BUILT_IN, MQTT_ASYNC, NATMOD, UMQTT
from table import Row, Table, at_most

# Waiting for each PUBACK, and packets in pieces, cost umqtt.simple so much (see the page).
QOS1_TIMES_UMQTT = 100


def counts(broker, clients):
    """What is the same in every run; ours first."""
    heap = Table("Bytes of heap of a message", [client.title for client in clients])
    writes = Table("Writes to the socket of a publish", [client.title for client in clients])
    for qos in (0, 1):
        # umqtt.simple takes 44 ms for each of QoS 1.
        found = [scripts.number(broker, client, "heap", qos, 20 if qos else 200) for client in clients]
        heap.rows.append(at_most(f"QoS {qos} published", found[0], 0, *found[1:]))
    for qos in (0, 1):
        beyond, in_all = zip(*(scripts.received(broker, client, qos) for client in clients))
        beyond = [max(bytes_of_heap, 0) for bytes_of_heap in beyond]
        heap.rows.append(at_most(f"QoS {qos} received, beyond the objects handed over", beyond[0], 0, *beyond[1:]))
        heap.rows.append(Row(f"QoS {qos} received, with these objects", in_all))
    for qos in (0, 1):
        found = [scripts.writes(broker, client, qos) for client in clients]
        writes.rows.append(at_most(f"QoS {qos}", found[0], 1, *found[1:]))
    return heap, writes


def ratios(broker):
    """The table that states ratios."""
    peers = [UMQTT, MQTT_ASYNC]
    columns = [f"{BUILT_IN.title}, µs", f"{NATMOD.title}, µs", *(f"{BUILT_IN.title} ÷ {peer.title}" for peer in peers)]
    found = scripts.cpu_us(broker, ALL)
    ours = [round(statistics.median(found[client]), 2) for client in (BUILT_IN, NATMOD)]
    row = Row("QoS 0", [*ours, *(scripts.ratio(found, BUILT_IN, peer) for peer in peers)])
    return Table("Processor's time of a publish", columns, [row])


def rates(broker):
    """No ratios: at QoS 1 the peers wait for the network, and this library for the processor."""
    table = Table("Publishes a second", [client.title for client in ALL])
    for qos in (0, 1):
        found = scripts.rates(broker, ALL, "rate", qos)
        row = Row(f"QoS {qos}", [spread.of(found[client], 0) for client in ALL])
        if qos == 1:
            ours, umqtt = (statistics.median(found[client]) for client in (BUILT_IN, UMQTT))
            row.budget, row.met = f"> {QOS1_TIMES_UMQTT} × umqtt.simple's", ours > QOS1_TIMES_UMQTT * umqtt
        table.rows.append(row)
    polled = scripts.rates(broker, [BUILT_IN, NATMOD], "polled", 1)
    samples = [spread.of(polled[client], 0) for client in polled]
    table.rows.append(Row("QoS 1, with poll() while the window is full", [*samples, None, None]))
    return table


def connect(broker):
    samples = {client: [scripts.number(broker, client, "connect", 0, 1) for _ in range(9)] for client in ALL}
    medians = [round(statistics.median(samples[client]), 2) for client in ALL]
    return Table("Milliseconds to connect", [client.title for client in ALL], [Row("plain", medians)])
