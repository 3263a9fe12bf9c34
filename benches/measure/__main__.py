"""Measures, and writes docs/benchmarks.md.

With --check: counts again what is the same in every run, and fails where it is worse than that page says.
With --compare: measures every ratio again, and fails where one differs from that page by more than its spread there.

`cargo xtask bench` builds what is needed, names it in the environment, and runs this.
"""

import os
import pathlib
import sys

import c_tables
import clients
import conditions
import instruction_tables
import micropython_tables
import scripts
import table
from broker import Broker, one_processor

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
# A count of instructions may differ by so much from what another version of the compiler makes of the same source.
TOLERANCE = 0.10


def write():
    clients.compile_ours()
    clients.compile_peers()
    with one_processor(), Broker() as broker:
        found = c_tables.measured(broker)
        micropython_cpu = micropython_tables.ratios(broker)
    calls, writes = c_tables.counts(found)
    with Broker() as broker:
        heap, micropython_writes = micropython_tables.counts(broker, scripts.ALL)
        places = {
            "conditions": conditions.line(),
            "coremqtt": os.environ["COREMQTT_VERSION"],
            "cpu": c_tables.ratios(found),
            "calls": calls,
            "writes": writes,
            "rates": c_tables.rates(found),
            "connect": c_tables.connect(found),
            "heap": heap,
            "micropython_writes": micropython_writes,
            "micropython_cpu": micropython_cpu,
            "micropython_rates": micropython_tables.rates(broker),
            "micropython_connect": micropython_tables.connect(broker),
            "core": instruction_tables.core(),
            "archive": instruction_tables.archive(broker, instruction_tables.PEERS),
            "cortex_m3": instruction_tables.cortex_m3(),
            "firmware": instruction_tables.firmware(broker),
        }
    text = (pathlib.Path(__file__).parent / "page.md.in").read_text()
    for name, content in places.items():
        text = text.replace("{" + name + "}", str(content))
    PAGE.write_text(text)
    print(text)
    return 0


def check():
    clients.compile_ours()
    with Broker() as broker:
        tables = [
            *c_tables.steady_counts(broker),
            *micropython_tables.counts(broker, [scripts.BUILT_IN]),
            instruction_tables.core(),
            instruction_tables.archive(broker, []),
            instruction_tables.cortex_m3(),
        ]
    found = list(table.counts_that_are_worse(tables, PAGE.read_text(), TOLERANCE))
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


def compare():
    clients.compile_ours()
    clients.compile_peers()
    with one_processor(), Broker() as broker:
        tables = [c_tables.ratios(c_tables.measured(broker, with_calls=False)), micropython_tables.ratios(broker)]
    outside, compared = table.ratios_outside(tables, PAGE.read_text())
    print(*outside, sep="\n", end="\n" if outside else "")
    print(f"{compared} ratios compared, {len(outside)} outside the spread that docs/benchmarks.md states")
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv else compare() if "--compare" in sys.argv else write())
