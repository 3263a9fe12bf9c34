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
from law import CONSTANT, FILLING, INVERSE, KINDS, LINEAR, Law
from laws_devices import PLAIN, TLS, Devices
from picture import Axis

HERE = pathlib.Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "docs"
PAGE, PICTURES = DOCS / "laws.md", DOCS / "pictures"
# Where a cost is counted. What is no instruction is the same on each machine.
M3, X86, ANY = "Cortex-M3", "x86_64", ""
INSTRUCTIONS, WAKE_UPS = "instructions", "wake-ups an hour"


@dataclass
class Series:
    """An operation of benches/board and benches/instructions."""

    operation: str
    # In the table and in the picture.
    name: str
    legend: str
    kind: str = LINEAR


@dataclass
class Question:
    """Series whose costs depend on the same number."""

    key: str
    title: str
    against: Axis
    # Where it is counted; the board counts at points of its own.
    points: list
    series: list
    unit: str = INSTRUCTIONS
    # Whether its points are counts, which are the same wherever they are made; times are shown and not checked.
    is_counted: bool = True
    is_drawn: bool = True

    def machines(self):
        return [M3, X86] if self.unit == INSTRUCTIONS else [ANY]


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
            Series("in_flight0", "QoS 0 publish with others in flight", "QoS 0", FILLING),
            Series("in_flight1", "QoS 1 publish with others in flight, and the PUBACK of the oldest", "QoS 1 and a PUBACK", FILLING),
        ],
    ),
    Question(
        "subscriptions",
        "A received message, by subscriptions",
        Axis("subscriptions"),
        [1, 50, 200],
        [
            Series("subscriptions_last", "message received, the last subscription matches", "the last matches"),
            Series("subscriptions_same_end", "the same, the others differ in the middle", "others differ in the middle"),
            Series("subscriptions_wildcards", "the same, the others have wildcards", "others have wildcards"),
            Series("subscriptions_first", "message received, the first subscription matches", "the first matches", CONSTANT),
            Series("subscriptions_none", "message received that no subscription matches", "none matches"),
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
    Question(
        "reconnect",
        "A lost link and the next login, by subscriptions",
        Axis("subscriptions"),
        [0, 100, 200],
        [Series("reconnect", "reconnect, until the server has confirmed all subscriptions", "reconnect")],
    ),
    Question(
        "keepalive",
        "Wake-ups of an idle device",
        Axis("seconds of keepalive, less 5"),
        [25, 55, 115, 295, 595, 1195],
        [Series("idle_keepalive", "idle device, by its keepalive less 5 s", "one device", INVERSE)],
        WAKE_UPS,
    ),
    Question(
        "idle",
        "Wake-ups of idle devices",
        Axis("devices in one process"),
        [1, 10, 100, 1000],
        [Series("idle_devices", "idle devices, a keepalive of 60 s", "all devices")],
        WAKE_UPS,
    ),
    Question(
        "heap",
        "Heap of devices over TLS",
        Axis("devices in one process"),
        [1, 10, 100, 1000],
        [Series(f"heap {TLS}", "heap of devices over TLS", "all devices")],
        "bytes",
    ),
    Question(
        "logins",
        "Logins of devices",
        Axis("devices in one process"),
        [1, 2, 4, 8],
        [Series(f"logins {link}", f"logins of devices, {link}", link) for link in (TLS, PLAIN)],
        "instructions of a program",
    ),
    Question(
        "messages",
        "A QoS 1 message and its PUBACK, by devices",
        Axis("devices in one process"),
        [1, 2, 4, 8],
        [Series(f"message {link}", f"QoS 1 publish and its PUBACK, {link}", link, CONSTANT) for link in (TLS, PLAIN)],
        "instructions of a program",
    ),
    Question(
        "time",
        "A QoS 1 message and its PUBACK, by devices",
        Axis("devices in one process", logarithmic=True),
        [1, 10, 100, 1000],
        [Series(f"microseconds {link}", "", link, CONSTANT) for link in (TLS, PLAIN)],
        "microseconds of the processor",
        is_counted=False,
    ),
    Question(
        "login-time",
        "A login, by devices",
        Axis("devices in one process", logarithmic=True),
        [1, 10, 100, 1000],
        [Series(f"login_milliseconds {link}", "", link, CONSTANT) for link in (TLS, PLAIN)],
        "milliseconds of the processor",
        is_counted=False,
        is_drawn=False,
    ),
]
# A count on x86_64 takes two runs under valgrind, so the check counts the series only that others do not imply.
ON_THE_BOARD_ONLY = {"subscriptions_same_end", "subscriptions_wildcards", "subscriptions_first", "payload1"}


def all_series():
    return [(question, series) for question in QUESTIONS for series in question.series]


# ---- Counts ----


def measured(with_times):
    """Points by machine and operation."""
    found = {}
    for (operation, n), cost in programs.on_the_cortex_m3().items():
        found.setdefault((M3, operation), []).append((n, cost))
    tasks = []
    with Devices() as devices:
        for question, series in all_series():
            operation, _, link = series.operation.partition(" ")
            for n in question.points:
                if link and (question.is_counted or with_times):
                    found.setdefault((ANY, series.operation), []).append((n, getattr(devices, operation)(n, link)))
                elif question.unit == WAKE_UPS:
                    found.setdefault((ANY, operation), []).append((n, wake_ups(operation, n)))
                elif question.unit == INSTRUCTIONS and operation not in ON_THE_BOARD_ONLY:
                    tasks.append((operation, n))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        costs = pool.map(lambda task: programs.instructions(*task, count=50), tasks)
        for (operation, n), cost in zip(tasks, costs):
            found.setdefault((X86, operation), []).append((n, cost))
    return found


def wake_ups(operation, n, hours=24):
    """An hour's; a day has enough of them that the last one before its end does not matter."""
    seconds = n + 5 if operation == "idle_keepalive" else n
    return programs.printed(operation, seconds, hours) / hours


# ---- The page ----


def shown(number):
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def instruction_laws(laws):
    """A row for each series: the law on both machines."""
    yield "| instructions | law | Cortex-M3: a | b | x86_64: a | b |"
    yield "|---|---|---|---|---|---|"
    for question, series in all_series():
        if question.unit == INSTRUCTIONS:
            found = [laws.get((machine, series.operation)) for machine in (M3, X86)]
            yield f"| {series.name} | {series.kind} | {' | '.join(cells for one in found for cells in numbers(one))} |"


def other_laws(laws):
    yield "| what | unit | law | a | b |"
    yield "|---|---|---|---|---|"
    for question, series in all_series():
        if question.unit != INSTRUCTIONS and question.is_counted:
            cells = numbers(laws[ANY, series.operation])
            yield f"| {series.name} | {question.unit} | {series.kind} | {' | '.join(cells)} |"


def numbers(one):
    if one is None:
        return "", ""
    return shown(one.a), "" if one.kind == CONSTANT else shown(one.b)


def committed(page):
    """The laws that the page states, by machine and name of a series."""
    laws = {}
    for line in page.splitlines():
        name, *cells = line.strip("| ").split(" | ") if line.startswith("| ") else [""]
        kind = next((cell for cell in cells if cell in KINDS), None)
        if kind:
            cells = line.removesuffix(" |").split(f" | {kind} | ")[1].split(" | ")
            found = [float(cell.replace(",", "") or 0) for cell in cells]
            pairs = [Law(kind, *found[at : at + 2]) for at in range(0, len(found), 2)]
            laws.update({(machine, name): law for machine, law in zip([M3, X86] if len(pairs) > 1 else [ANY], pairs)})
    return laws


def broken(found, stated):
    """Each law that does not hold any more, in words."""
    for question, series in all_series():
        for machine in question.machines():
            points = found.get((machine, series.operation))
            if points is None or not question.is_counted:
                continue
            known = stated.get((machine, series.name))
            reason = law.broken(points, series.kind) or (None if known else "is not in docs/laws.md")
            # What TLS takes depends on the version of mbedTLS and on the processor: its law holds everywhere, its numbers do not.
            if not series.operation.endswith(TLS):
                reason = reason or law.worse(points, known)
            if reason:
                yield f"{series.name}{', ' + machine if machine else ''}: {reason}"


def values(question, found):
    """What was counted, a row for each number."""
    pairs = [(machine, series) for machine in question.machines() for series in question.series]
    columns = [(machine, series) for machine, series in pairs if (machine, series.operation) in found]
    costs = [dict(found[machine, series.operation]) for machine, series in columns]
    names = [f"{series.legend}, {machine or question.unit}" for machine, series in columns]
    yield "| " + " | ".join([question.against.label, *names]) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for n in sorted({n for cost in costs for n in cost}):
        cells = [shown(cost[n]) if n in cost else "" for cost in costs]
        yield "| " + " | ".join([f"{n:,}", *cells]) + " |"


def draw(question, found):
    machine = question.machines()[0]
    series = [(series.legend, found[machine, series.operation]) for series in question.series[:4]]
    title = f"{question.title} ({machine})" if machine else question.title
    return picture.lines(title, question.against, Axis(question.unit, binary=question.unit == "bytes"), series)


def write(found):
    kinds = {series.operation: series.kind for _, series in all_series()}
    found = {key: points for key, points in found.items() if key[1] in kinds}
    laws = {key: law.fitted(points, kinds[key[1]]) for key, points in found.items()}
    words = {"instruction laws": "\n".join(instruction_laws(laws)), "other laws": "\n".join(other_laws(laws))}
    PICTURES.mkdir(exist_ok=True)
    for question in QUESTIONS:
        words[question.key] = "\n".join(values(question, found))
        if question.is_drawn:
            name = f"{question.key}.svg"
            (PICTURES / name).write_text(draw(question, found))
            words[question.key] = f"![{question.title}](pictures/{name})\n\n{words[question.key]}"
    for (machine, operation), points in found.items():
        short = {M3: "m3 ", X86: "x86 ", ANY: ""}[machine]
        words[f"{short}{operation} b"] = shown(laws[machine, operation].b)
        words.update({f"{short}{operation} {n}": shown(cost) for n, cost in points})
    head = (HERE / "laws.md.in").read_text()
    PAGE.write_text(re.sub(r"\{([\w -]+)\}", lambda place: words[place[1]], head))


def main():
    if "--check" in sys.argv:
        stated = committed(PAGE.read_text())
        lines = list(broken(measured(with_times=False), stated))
        print("\n".join(lines))
        return 1 if lines else 0
    write(measured(with_times=True))
    print("\n".join(line for line in PAGE.read_text().splitlines() if line.startswith("|")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
