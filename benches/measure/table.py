"""The table: its rows, how it is written, and how it is compared with the one that is committed."""

import re
from dataclasses import dataclass


@dataclass
class Row:
    name: str
    ours: float
    theirs: float | None = None
    # What the budget says, and whether it is met; None where there is no budget.
    budget: str = ""
    met: bool | None = None
    missed: str = ""
    # A count, which is the same wherever it is made, as far as the compiler is.
    is_count: bool = False

    def text(self):
        verdict = "" if self.met is None else "met" if self.met else f"**missed: {self.missed}**"
        theirs = "" if self.theirs is None else shown(self.theirs)
        return f"| {self.name} | {shown(self.ours)} | {theirs} | {self.budget} | {verdict} |"


@dataclass
class Heading:
    name: str
    peer: str

    def text(self):
        peer = f"**{self.peer}**" if self.peer else ""
        return f"| **{self.name}** | **this library** | {peer} | | |"


def shown(number):
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.2f}".rstrip("0").rstrip(".")


def at_most(name, ours, limit, theirs=None, is_count=True):
    missed = f"{shown(ours - limit)} more" + (f" ({ours / limit:.2f} ×)" if limit else "")
    return Row(name, ours, theirs, f"≤ {shown(limit)}", ours <= limit, missed, is_count)


def ratio(name, ours, theirs, least, over=False):
    found = ours / theirs
    budget = f"> {least} × peer" if over else f"≥ {least} × peer"
    row = Row(name, ours, theirs, budget, found > least if over else found >= least, f"{found:.2f} ×")
    row.budget += f"; is {shown(found)} ×"
    return row


def committed(page):
    """By row of a page's table: our column, and whether it says that the budget is met."""
    rows = re.findall(r"^\| ([^|*]+) \| ([0-9.,]+) \|.*?\| ([^|]*) \|$", page, re.MULTILINE)
    return {name: (float(number.replace(",", "")), verdict == "met") for name, number, verdict in rows}


def worse(rows, page, tolerance):
    """The counts that are worse than a page says, and those of budgets that it says are met."""
    known = committed(page)
    for row in rows:
        if not isinstance(row, Row) or not row.is_count:
            continue
        if row.name not in known:
            yield f"docs/benchmarks.md has no row `{row.name}`"
            continue
        number, was_met = known[row.name]
        if row.ours > number * (1 + tolerance) + 0.005:
            yield f"{row.name}: {shown(row.ours)}, and docs/benchmarks.md says {shown(number)}"
        elif was_met and row.met is False:
            yield f"{row.name}: {shown(row.ours)}, over the budget ({row.budget}) that docs/benchmarks.md says is met"
