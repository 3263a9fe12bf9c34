"""What is a law, how is it fitted to counts, and does it still hold?"""

from dataclasses import dataclass

# A count may be so much above the law that the page states: another version of the compiler makes other code.
TOLERANCE = 0.10
# The last slope of a line may be so much steeper than the first.
CURVATURE = 1.1
# What no law notices, as a part of the cost: rounding, and what a queue saves up and pays later.
SLACK = 0.02


@dataclass
class Law:
    """The cost is `a + b * n`; `b` is 0 for a constant law."""

    a: float
    b: float

    def at(self, n):
        return self.a + self.b * n


def fitted(points, is_constant):
    """The line through the first and the last of the points, or their maximum."""
    if is_constant:
        return Law(max(cost for _, cost in points), 0)
    (first, low), (last, high) = points[0], points[-1]
    b = (high - low) / (last - first)
    return Law(low - b * first, b)


def off(law, points):
    """The largest distance of a point from the law, as a part of the law's cost there."""
    return max(abs(cost - law.at(n)) / law.at(n) for n, cost in points)


def broken(points, is_constant):
    """Why these points follow no law of that kind; None if they do."""
    costs = [cost for _, cost in points]
    if is_constant:
        if max(costs) > min(costs) * (1 + SLACK):
            return f"is not constant: {min(costs):,.0f} to {max(costs):,.0f}"
        return None
    first, middle, last = points[0], points[len(points) // 2], points[-1]
    slope, later = steepness(first, middle), steepness(middle, last)
    if later * (last[0] - middle[0]) > CURVATURE * slope * (last[0] - middle[0]) + SLACK * last[1]:
        return f"is not linear: the slope grows from {slope:,.2f} to {later:,.2f}"
    return None


def steepness(start, end):
    return (end[1] - start[1]) / (end[0] - start[0])


def worse(points, stated):
    """Why these points cost more than the law that is stated; None if they do not."""
    for n, cost in points:
        if cost > stated.at(n) * (1 + TOLERANCE) + 0.5:
            return f"costs {cost:,.0f} at {n:,}, and the law says {stated.at(n):,.0f}"
    slope = steepness(points[0], points[-1])
    if slope * points[-1][0] > stated.b * (1 + TOLERANCE) * points[-1][0] + SLACK * points[-1][1]:
        return f"costs {slope:,.2f} more for each, and the law says {stated.b:,.2f}"
    return None
