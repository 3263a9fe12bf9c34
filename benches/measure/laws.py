"""Measures how costs grow, and writes docs/laws.md and its pictures; with --check only whether each law still holds.

`cargo xtask laws` builds what is needed, says in the environment where it is, and runs this.
"""

import concurrent.futures
import pathlib
import re
import sys
from dataclasses import dataclass

import law
import picture
import programs
from law import Law
from picture import Axis

HERE = pathlib.Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "docs"
PAGE, PICTURES = DOCS / "laws.md", DOCS / "pictures"
M3, X86 = "Cortex-M3", "x86_64"


@dataclass
class Series:
    """An operation of benches/board and benches/instructions."""

    operation: str
    # In the table and in the picture.
    name: str
    legend: str
    is_constant: bool = False


@dataclass
class Question:
    """Series whose costs depend on the same number."""

    key: str
    title: str
    against: Axis
    # Where x86_64 is counted; the board counts at points of its own.
    points: list
    series: list


QUESTIONS = [
    Question(
        "queue",
        "A queue of messages, published and then sent",
        Axis("messages in the queue"),
        [1, 13, 26],
        [Series("queue", "QoS 0 messages queued, then sent", "QoS 0")],
    ),
    Question(
        "in-flight",
        "A publish, by messages in flight",
        Axis("QoS 1 messages that wait for their PUBACK"),
        [0, 10, 19],
        [
            Series("in_flight0", "QoS 0 publish with others in flight", "QoS 0", is_constant=True),
            Series("in_flight1", "QoS 1 publish with others in flight, and the PUBACK of the oldest", "QoS 1 and a PUBACK"),
        ],
    ),
    Question(
        "subscriptions",
        "A received message, by subscriptions",
        Axis("subscriptions"),
        [1, 50, 200],
        [
            Series("subscriptions_last", "message received, the last subscription matches", "the last matches"),
            Series("subscriptions_wildcards", "the same, the others have wildcards", "the others have wildcards"),
            Series("subscriptions_none", "message received that no subscription matches", "none matches"),
            Series("subscriptions_first", "message received, the first subscription matches", "the first matches", is_constant=True),
        ],
    ),
    Question(
        "payload",
        "A message, by its payload",
        Axis("bytes of payload", binary=True),
        [16, 4096, 262144],
        [
            Series("payload0", "QoS 0 publish of a payload", "QoS 0 publish"),
            Series("payload1", "QoS 1 publish of a payload, and its PUBACK", "QoS 1 publish"),
            Series("payload_received", "message received with a payload", "received"),
        ],
    ),
    Question(
        "read",
        "One read, by the messages that it brings",
        Axis("messages in one read"),
        [1, 25, 50],
        [Series("read", "QoS 0 messages received in one read", "received")],
    ),
]
# A count on x86_64 takes two runs under valgrind, so the check counts the series only that others do not imply.
ON_THE_BOARD_ONLY = {"subscriptions_wildcards", "subscriptions_first", "payload1"}


def all_series():
    return [(question, series) for question in QUESTIONS for series in question.series]


# ---- Counts ----


def counts():
    """Points by machine and operation."""
    found = {}
    known = {series.operation for _, series in all_series()}
    for (operation, n), cost in programs.on_the_cortex_m3().items():
        if operation in known:
            found.setdefault((M3, operation), []).append((n, cost))
    tasks = [
        (series.operation, n)
        for question, series in all_series()
        if series.operation not in ON_THE_BOARD_ONLY
        for n in question.points
    ]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        costs = pool.map(lambda task: programs.instructions(*task, count=50), tasks)
        for (operation, n), cost in zip(tasks, costs):
            found.setdefault((X86, operation), []).append((n, cost))
    return found


# ---- The page ----


def shown(number):
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def table(rows):
    """One row for each series: the law on both machines."""
    yield "| what | law | Cortex-M3: a | b | x86_64: a | b |"
    yield "|---|---|---|---|---|---|"
    for name, is_constant, laws in rows:
        kind = "constant" if is_constant else "linear"
        numbers = [shown(part) if found else "" for found in laws for part in ((found.a, found.b) if found else (0, 0))]
        yield f"| {name} | {kind} | {' | '.join(numbers)} |"


def committed(page):
    """By name of a series: the laws on both machines that the page states."""
    number = r"(-?[\d.,]*)"
    rows = re.findall(rf"^\| ([^|]+) \| (?:constant|linear) \| {number} \| {number} \| {number} \| {number} \|$", page, re.M)
    laws = {}
    for name, *numbers in rows:
        a, b, c, d = (float(number.replace(",", "")) if number else None for number in numbers)
        laws[name] = {M3: Law(a, b), X86: None if c is None else Law(c, d)}
    return laws


def broken(found, page):
    """Each law that does not hold any more, in words."""
    stated = committed(page)
    for _, series in all_series():
        for machine in (M3, X86):
            points = found.get((machine, series.operation))
            if points is None:
                continue
            known = stated.get(series.name, {}).get(machine)
            reason = law.broken(points, series.is_constant) or (law.worse(points, known) if known else "is not in docs/laws.md")
            if reason:
                yield f"{series.name}, {machine}: {reason}"


def values(question, found):
    """What was counted, a row for each number."""
    columns = [(machine, series) for machine in (M3, X86) for series in question.series if (machine, series.operation) in found]
    costs = [dict(found[machine, series.operation]) for machine, series in columns]
    yield "| " + " | ".join([question.against.label, *(f"{series.legend}, {machine}" for machine, series in columns)]) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for n in sorted({n for cost in costs for n in cost}):
        cells = [shown(cost[n]) if n in cost else "" for cost in costs]
        yield "| " + " | ".join([f"{n:,}", *cells]) + " |"


def draw(question, found):
    series = [(series.legend, found[M3, series.operation]) for series in question.series]
    return picture.lines(f"{question.title} (Cortex-M3)", question.against, Axis("instructions"), series)


def write(found):
    laws = {key: law.fitted(points, is_constant(key[1])) for key, points in found.items()}
    rows = [
        (series.name, series.is_constant, [laws.get((machine, series.operation)) for machine in (M3, X86)])
        for _, series in all_series()
    ]
    words = {"laws": "\n".join(table(rows))}
    PICTURES.mkdir(exist_ok=True)
    for question in QUESTIONS:
        name = f"{question.key}.svg"
        (PICTURES / name).write_text(draw(question, found))
        words[question.key] = f"![{question.title}](pictures/{name})\n\n" + "\n".join(values(question, found))
    for (machine, operation), points in found.items():
        short = "m3" if machine == M3 else "x86"
        words[f"{short} {operation} b"] = shown(laws[machine, operation].b)
        for n, cost in points:
            words[f"{short} {operation} {n}"] = shown(cost)
    head = (HERE / "laws.md").read_text()
    PAGE.write_text(re.sub(r"\{([\w -]+)\}", lambda place: words[place[1]], head))


def is_constant(operation):
    return next(series.is_constant for _, series in all_series() if series.operation == operation)


def main():
    found = counts()
    if "--check" in sys.argv:
        lines = list(broken(found, PAGE.read_text()))
        print("\n".join(lines))
        return 1 if lines else 0
    write(found)
    print("\n".join(line for line in PAGE.read_text().splitlines() if line.startswith("|")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
