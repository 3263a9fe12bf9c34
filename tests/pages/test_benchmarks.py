"""The arithmetic behind docs/benchmarks.md: the spread of a ratio, what is counted, and what is compared with the page."""

import random
import re
import statistics
import sys

import pytest

from micropython import ROOT

sys.path.append(str(ROOT / "benches" / "measure"))

import beside  # noqa: E402
import budgets  # noqa: E402
import c_tables  # noqa: E402
import calls  # noqa: E402
import clients  # noqa: E402
import spread  # noqa: E402
from spread import Spread  # noqa: E402
from table import Row, Table, at_most, counts_that_are_worse, ratios_outside, read  # noqa: E402

PAGE = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")

# ---- The rule of the spread ----


def test_a_ratio_is_taken_inside_a_round():
    # The machine is half as fast in the second round: for both.
    assert spread.of_ratios([1, 2, 1], [2, 4, 2], 0) == Spread(0.5, 0.5, 0.5)
    with pytest.raises(ValueError):
        spread.of_ratios([1, 2], [2], 0)


def test_the_spread_reaches_to_every_round_and_to_the_least_part():
    assert spread.of([10, 12, 9, 11, 30], 0.1) == Spread(11, 9, 30)
    wide = spread.of([10.0, 10.1, 9.9], 0.1)
    assert (wide.low, wide.high) == pytest.approx((9, 11))


def run_of(machine, ours, theirs, rounds):
    """A run on a made-up machine: it is slower or faster for a time, and now and then something else hits one sample."""
    found = [], []
    pace = 1.0
    for _ in range(rounds):
        pace = min(max(pace * machine.uniform(0.7, 1.4), 0.3), 3.0)
        for samples, cost in zip(found, (ours, theirs)):
            hit = machine.uniform(1.5, 3) if machine.random() < 0.05 else 1
            samples.append(cost * pace * hit * machine.gauss(1, 0.025))
    return found


def left(at_least, rule, times=2000):
    """How many of so many second runs have a ratio outside the spread that the first one states."""
    machine = random.Random(7)
    outside = 0
    for _ in range(times):
        stated = rule(*run_of(machine, 0.65, 1.0, beside.ROUNDS), at_least)
        again = rule(*run_of(machine, 0.65, 1.0, beside.ROUNDS), at_least)
        outside += again.median not in stated
    return outside / times


def test_a_second_run_stays_inside_the_stated_spread():
    assert left(beside.AT_LEAST, spread.of_ratios) < 0.01


def test_neither_part_of_the_rule_is_enough_by_itself():
    assert left(0, spread.of_ratios) > 0.02

    def of_medians(ours, theirs, at_least):
        return spread.of([statistics.median(ours) / statistics.median(theirs)], at_least)

    # Not in rounds: a machine whose pace changes is not the same machine for both.
    assert left(beside.AT_LEAST, of_medians) > 0.02


def test_the_spread_is_wider_where_messages_can_wait_for_a_client():
    found = {client: beside.Measured(cpu_us=[cost] * 5) for client, cost in ((clients.OURS, 1.0), (clients.PAHO, 2.0))}
    parts = {row: beside.cpu_ratio(row, found, clients.PAHO).high / 0.5 - 1 for row in clients.ROWS}
    wide = {str(row) for row, part in parts.items() if part == pytest.approx(0.3)}
    assert wide == {f"{row}{tls}" for row in ("QoS 1, window 20", "QoS 0 received", "QoS 1 received") for tls in ("", ", TLS")}
    assert all(part == pytest.approx(0.1) for row, part in parts.items() if str(row) not in wide)


def test_what_has_changed_is_outside():
    machine = random.Random(11)
    stated = spread.of_ratios(*run_of(machine, 0.65, 1.0, 5), beside.AT_LEAST)
    for changed in (0.65 * 1.5, 0.65 / 1.5):
        quiet = [changed * machine.gauss(1, 0.02) for _ in range(5)]
        assert spread.of_ratios(quiet, [1.0] * 5, 0.1).median not in stated or stated.high / stated.low > 2


@pytest.mark.parametrize("number", [0.6249, 1.005, 9.994, 12.04, 99.96, 101.4, 3230.2])
def test_a_stated_spread_can_be_read_again(number):
    stated = Spread(number, number * 0.9, number * 1.2)
    again = spread.stated(str(stated))
    for one, other in zip((again.median, again.low, again.high), (stated.median, stated.low, stated.high)):
        assert one == pytest.approx(other, rel=0.009)
    assert spread.stated("1.8") is None and spread.stated("") is None


# ---- What is counted ----


def test_perf_counts_every_call_and_the_writes():
    text = "# started\n\n50,,raw_syscalls:sys_enter,70,100.00,,\n" + "".join(
        f"{count},,syscalls:sys_enter_{name},70,100.00,,\n" for name, count in (("write", 1), ("writev", 2), ("sendto", 3), ("sendmsg", 4))
    )
    assert calls.from_perf(text) == calls.Calls(50, 10)
    with pytest.raises(RuntimeError, match="sys_enter_sendmsg"):
        calls.from_perf(text.replace("4,,syscalls:sys_enter_sendmsg", "<not counted>,,syscalls:sys_enter_sendmsg"))


def test_strace_counts_every_call_and_the_writes_to_the_network():
    text = (
        '7 sendto(5<TCP:[127.0.0.1:4->127.0.0.1:5]>, "0"..., 115, MSG_NOSIGNAL, NULL, 0) = 115\n'
        '7 write(6<UNIX-STREAM:[1->2]>, "\\0", 1) = 1\n'
        "8 poll([{fd=5<TCP:[1]>, events=POLLIN}], 1, 1000 <unfinished ...>\n"
        '7 writev(5<TCP:[1]>, [{iov_base="0"..., iov_len=2}], 1) = 2\n'
        "8 <... poll resumed>) = 1 ([{fd=5, revents=POLLIN}])\n"
        "7 +++ exited with 0 +++\n"
    )
    assert calls.from_strace(text) == calls.Calls(4, 2)


def test_calls_are_the_difference_of_two_runs(monkeypatch):
    monkeypatch.setattr(calls, "_counted", lambda run, count: calls.Calls(500 + 3 * count, 40 + count))
    assert calls.per_message(None, 100) == calls.Calls(3, 1)


# ---- Tables ----


def table(ours=0.58, count=5, limit=6):
    return Table(
        "T",
        ["this library", "÷ peer"],
        [Row("ratio", [1.5, Spread(ours, ours * 0.9, ours * 1.1)], "≤ 1", True), at_most("count", count, limit, None)],
    )


def test_a_table_can_be_read_again():
    known = read(f"text\n\n{table()}\n\n{Table('U', ['a'], [Row('r', [1])])}\n")
    assert known["T", "ratio", "÷ peer"] == "0.58 (0.52 to 0.64)"
    assert known["T", "count", "this library"] == "5" and known["T", "count", "budget"] == "≤ 6: met"
    assert known["U", "r", "a"] == "1"


@pytest.mark.parametrize(("ours", "outside"), [(0.58, 0), (0.638, 0), (0.525, 0), (0.66, 1), (0.5, 1)])
def test_a_ratio_outside_its_spread_is_named(ours, outside):
    found, compared = ratios_outside([table(ours)], str(table()))
    assert (len(found), compared) == (outside, 1)
    assert not outside or "ratio, ÷ peer" in found[0]


def test_a_ratio_that_the_page_does_not_state_is_named():
    found, compared = ratios_outside([table()], "nothing")
    assert compared == 0 and "states no spread" in found[0]


def test_a_count_may_be_a_tenth_more_but_not_over_a_budget_that_was_met():
    worse = lambda **now: list(counts_that_are_worse([table(**now)], str(table(count=100, limit=105)), 0.1))  # noqa: E731
    assert worse(count=105, limit=105) == [] and worse(count=50, limit=105) == []
    assert "over the budget" in worse(count=109, limit=105)[0]
    assert "docs/benchmarks.md says 100" in worse(count=111, limit=120)[0]
    assert "no row" in list(counts_that_are_worse([table()], "nothing", 0.1))[0]


def test_budgets_of_system_calls_depend_on_libmosquitto():
    row = clients.Row(True, 0, 1, True)
    assert c_tables._calls(row, [1.5, 3.0, None, None]).met and not c_tables._calls(row, [1.6, 4.0, None, None]).met
    assert not c_tables._calls(clients.Row(False, 0, 20, False), [1.1, 2.0, None, None]).met
    assert c_tables._writes(clients.Row(False, 1, 20, False), [0.5, 1]).met
    assert not c_tables._writes(clients.Row(False, 1, 20, False), [0.51, 1]).met
    assert not c_tables._writes(clients.Row(False, 0, 20, False), [1.05, 1]).met


# ---- The committed page ----


def test_the_page_has_every_ratio_with_its_spread():
    known = read(PAGE)
    title = "Processor's time of a message"
    for row in clients.ROWS:
        for client in row.clients()[1:]:
            assert spread.stated(known[title, str(row), f"÷ {client}"]), f"{row}, {client}"
    assert not re.search(r"\{\w+\}", PAGE), "a place that nothing was written to"


def test_the_page_states_the_budgets_that_are_in_force():
    known = read(PAGE)
    limits = {title: limit for (title, limit) in budgets.GROWING.values()}
    limits |= {title: budgets.BUDGETS[name] for name, title in budgets.OPERATIONS.items()}
    stated = {name: words for (_, name, head), words in known.items() if head == "budget" and words and name in limits}
    assert stated.keys() == limits.keys()
    for name, words in stated.items():
        assert re.match(r"≤ ([\d,]+):", words)[1] == f"{limits[name]:,}", name
