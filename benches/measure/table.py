"""The tables of the page: how they are written, read again, and compared."""

import re
from dataclasses import dataclass, field

import spread
from spread import shown


@dataclass
class Row:
    name: str
    cells: list
    # What the budget says, and whether it is met; None where there is no budget.
    budget: str = ""
    met: bool | None = None
    missed: str = ""
    # Our figure, where it is a count: the same wherever it is made, as far as the compiler is.
    count: float | None = None

    def verdict(self):
        if self.met is None:
            return self.budget
        return f"{self.budget}: met" if self.met else f"{self.budget}: **missed{self.missed and ': ' + self.missed}**"

    def line(self, has_budgets):
        return _line([self.name, *map(cell, self.cells), *([self.verdict()] if has_budgets else [])])


@dataclass
class Table:
    title: str
    columns: list
    rows: list = field(default_factory=list)

    def __str__(self):
        has_budgets = any(row.budget for row in self.rows)
        heads = ["", *self.columns, *(["budget"] if has_budgets else [])]
        rule = "|" + "---|" + "---:|" * len(self.columns) + ("---|" if has_budgets else "")
        lines = [row.line(has_budgets) for row in self.rows]
        return "\n".join([f"#### {self.title}", "", _line(heads), rule, *lines])


def cell(content):
    return "" if content is None else shown_count(content) if isinstance(content, (int, float)) else str(content)


def shown_count(number):
    return f"{number:,.0f}" if number >= 100 else f"{number:.2f}".rstrip("0").rstrip(".")


def at_most(name, ours, limit, *theirs):
    """A count of ours that has a budget, beside the peers'."""
    missed = f"{shown_count(ours - limit)} more"
    return Row(name, [ours, *theirs], f"≤ {shown_count(limit)}", ours <= limit, missed, ours)


def _line(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


# ---- Read again ----


def read(page):
    """The cells of a page, by title of the table, name of the row and head of the column."""
    found = {}
    for title, text in re.findall(r"^#### (.*)\n\n((?:\|.*\n?)+)", page, re.MULTILINE):
        heads, _, *rows = [[word.strip() for word in line.strip("|").split("|")] for line in text.strip().split("\n")]
        for name, *cells in rows:
            found.update({(title, name, head): word for head, word in zip(heads[1:], cells, strict=True)})
    return found


def counts_that_are_worse(tables, page, tolerance):
    """The counts that are more than a page says, and those of budgets that it says are met."""
    known = read(page)
    for table in tables:
        for row in table.rows:
            if row.count is None:
                continue
            words = known.get((table.title, row.name, table.columns[0]))
            if words is None:
                yield f"docs/benchmarks.md has no row `{row.name}` in `{table.title}`"
                continue
            stated = float(words.replace(",", ""))
            was_met = known.get((table.title, row.name, "budget"), "").endswith(": met")
            if row.count > stated * (1 + tolerance) + 0.05:
                yield f"{row.name}: {shown_count(row.count)}, and docs/benchmarks.md says {words}"
            elif was_met and row.met is False:
                yield f"{row.name}: {shown_count(row.count)}, over the budget ({row.budget}) that docs/benchmarks.md says is met"


def ratios_outside(tables, page):
    """The ratios that differ by more than the spread that a page states, in words; and how many were compared."""
    known = read(page)
    outside, compared = [], 0
    for table in tables:
        for row in table.rows:
            for head, content in zip(table.columns, row.cells):
                if "÷" not in head or content is None:
                    continue
                before = spread.stated(known.get((table.title, row.name, head), ""))
                if before is None:
                    outside.append(f"docs/benchmarks.md states no spread for `{row.name}`, {head}")
                    continue
                compared += 1
                if float(shown(content.median).replace(",", "")) not in before:
                    outside.append(f"{table.title}: {row.name}, {head}: {content}; docs/benchmarks.md says {before}")
    return outside, compared
