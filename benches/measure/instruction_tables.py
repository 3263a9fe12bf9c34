"""The tables of instructions: what one operation takes, in each of the ways that the library is built."""

import clients
import programs
import scripts
from budgets import BUDGETS, COREMQTT, GROWING, OPERATIONS
from clients import LIBMOSQUITTO, OURS
from table import Row, Table, at_most


def core():
    table = Table("The core alone, compiled for speed (opt-level 3), x86_64", [OURS, "coreMQTT 2.3.1"])
    for name, title in OPERATIONS.items():
        table.rows.append(at_most(title, programs.instructions(name), BUDGETS[name], COREMQTT.get(name)))
    return table


ARCHIVE = [("QoS 0 publish", clients.Row(False, 0, 20, False)), ("QoS 1 publish and its PUBACK", clients.Row(False, 1, 1, False))]


def archive(broker, peers):
    """Of the whole program: the archive through its C ABI, the port, and the C library's part of the sockets."""
    columns = [OURS, *peers]
    table = Table("The archive for computers, C ABI and port over BSD sockets included, x86_64", columns)
    for title, row in ARCHIVE:
        found = [_of_a_client(broker, client, row) for client in columns]
        table.rows.append(Row(title, found, count=found[0]))
    return table


def _of_a_client(broker, client, row, count=1000):
    # As much as twice as many messages take more, so that connecting does not count.
    one, two = (programs.collected(clients.command(broker, client, row, n)) for n in (count, 2 * count))
    return (two - one) / count


def cortex_m3():
    table = Table("The archive for bare metal, compiled for size, through its C ABI, emulated Cortex-M3", [OURS])
    board = programs.on_the_cortex_m3()
    for name in ("qos0", "qos1", "received"):
        table.rows.append(Row(OPERATIONS[name], [board[name, 0]], count=board[name, 0]))
    for (name, n), (title, limit) in GROWING.items():
        table.rows.append(at_most(title, board[name, n], limit))
    return table


def firmware(broker):
    found = [scripts.on_the_board(broker, client) for client in (scripts.BUILT_IN, scripts.UMQTT)]
    rows = [Row("QoS 0 publish, from Python to the network chip", found)]
    return Table("The whole firmware: MicroPython and lwIP on the emulated Cortex-M3", [OURS, scripts.UMQTT.title], rows)


PEERS = [LIBMOSQUITTO, clients.COREMQTT]
