"""How much may a measured figure differ in the next run? A ratio is stated with its spread: `0.62 (0.58 to 0.70)`.

A ratio is taken inside a round, in which the two clients run one after the other: what else the machine does then slows
both. The figure is the median over the rounds. The spread reaches from the least to the greatest round, and at least a given
part of the median to each side: five rounds that happen to agree say nothing about a machine that is busier next time.
"""

import re
import statistics
from dataclasses import dataclass

STATED = re.compile(r"([\d,.]+) \(([\d,.]+) to ([\d,.]+)\)")


@dataclass(frozen=True)
class Spread:
    median: float
    low: float
    high: float

    def __contains__(self, number):
        return self.low <= number <= self.high

    def __str__(self):
        return f"{shown(self.median)} ({shown(self.low)} to {shown(self.high)})"


def of(samples, at_least):
    """`at_least`: the part of the median by which the spread reaches to each side, whatever the samples say."""
    median = statistics.median(samples)
    return Spread(median, min(*samples, median * (1 - at_least)), max(*samples, median * (1 + at_least)))


def of_ratios(ours, theirs, at_least):
    """By the samples of each round, in the order of the rounds."""
    return of([mine / other for mine, other in zip(ours, theirs, strict=True)], at_least)


def shown(number):
    if number >= 100:
        return f"{number:,.0f}"
    if number >= 10:
        return f"{number:.1f}".removesuffix(".0")
    return f"{number:.2f}"


def stated(text):
    """The spread that a cell of a page states, as it was rounded there; None if it states none."""
    found = STATED.fullmatch(text.strip())
    return found and Spread(*(float(number.replace(",", "")) for number in found.groups()))
