"""What is a law, how is it fitted to counts, and does it still hold?"""

import itertools
from dataclasses import dataclass

# A count may be so much above the law that the page states: another version of the compiler makes other code.
TOLERANCE = 0.10
# The last slope of a line may be so much steeper than the first.
CURVATURE = 1.1
# What no law notices, as a part of the cost: rounding, and space in the send buffer that is reclaimed now and then.
SLACK = 0.05
# The numbers of the page are rounded.
ROUNDING = 0.5


CONSTANT, LINEAR, INVERSE = "constant", "a + b × n", "a + b / n"
# Of a buffer that holds 32 messages and is full of n: reclaiming the rest moves n messages each time.
FILLING = "a + b × n / (32 − n)"
# What makes a line of each of them.
KINDS = {CONSTANT: lambda n: 0, LINEAR: lambda n: n, INVERSE: lambda n: 1 / n, FILLING: lambda n: n / (32 - n)}


@dataclass
class Law:
    kind: str
    a: float
    b: float = 0

    def at(self, n):
        return self.a + self.b * KINDS[self.kind](n)


def straight(points, kind):
    """The points where their law is a line."""
    return sorted((KINDS[kind](n), cost) for n, cost in points)


def fitted(points, kind):
    """The nearest law that no point is above: their maximum, or a line through two of them."""
    if kind == CONSTANT:
        return Law(kind, max(cost for _, cost in points))
    lines = []
    for start, end in itertools.combinations(straight(points, kind), 2):
        b = steepness(start, end)
        law = Law(kind, start[1] - b * start[0], b)
        above = [law.at(n) / cost for n, cost in points]
        if min(above) > 1 - 1e-9:
            lines.append((max(above), law))
    return min(lines, key=lambda line: line[0])[1]


def broken(points, kind):
    """Why these points follow no law of that kind; None if they do."""
    if kind == CONSTANT:
        costs = [cost for _, cost in points]
        if max(costs) > min(costs) * (1 + SLACK):
            return f"is not constant: {min(costs):,.0f} to {max(costs):,.0f}"
        return None
    points = straight(points, kind)
    first, middle, last = points[0], points[len(points) // 2], points[-1]
    slope, later = steepness(first, middle), steepness(middle, last)
    if (later - CURVATURE * slope) * (last[0] - middle[0]) > SLACK * last[1]:
        return f"is not `{kind}`: the slope grows from {slope:,.2f} to {later:,.2f}"
    return None


def steepness(start, end):
    return (end[1] - start[1]) / (end[0] - start[0])


def worse(points, stated):
    """Why these points cost more than the law that is stated; None if they do not."""
    for n, cost in points:
        if cost > stated.at(n) * (1 + TOLERANCE) + ROUNDING:
            return f"costs {cost:,.0f} at {n:,}, and the law says {stated.at(n):,.0f}"
    if stated.kind == CONSTANT:
        return None
    first, *_, last = straight(points, stated.kind)
    # One of them has the step between an empty buffer and one that is not.
    slope = min(steepness(first, last), fitted(points, stated.kind).b)
    if (slope - stated.b * (1 + TOLERANCE)) * last[0] > SLACK * last[1]:
        return f"has b = {slope:,.2f}, and the law says {stated.b:,.2f}"
    return None
