"""The check of docs/laws.md finds a cost that grows faster than its law."""

import sys

import pytest

from micropython import ROOT

sys.path.append(str(ROOT / "benches" / "measure"))

import law  # noqa: E402

NUMBERS = [1, 5, 10, 20, 26]
LINE = [(n, 800 + 1400 * n) for n in NUMBERS]
QUADRATIC = [(n, 800 + 1400 * n + 300 * n * n) for n in NUMBERS]
FLAT = [(n, 2358) for n in NUMBERS]


def test_a_line_is_a_line():
    assert law.broken(LINE, is_constant=False) is None
    found = law.fitted(LINE, is_constant=False)
    assert (found.a, found.b, law.off(found, LINE)) == (800, 1400, 0)
    assert law.worse(LINE, found) is None


@pytest.mark.parametrize("points", [QUADRATIC, [(n, 800 + 100 * n * n) for n in NUMBERS]])
def test_a_quadratic_cost_is_no_line(points):
    assert "not linear" in law.broken(points, is_constant=False)


def test_a_cost_that_grows_is_not_constant():
    assert law.broken(FLAT, is_constant=True) is None
    assert "not constant" in law.broken([*FLAT, (30, 2358 * 1.03)], is_constant=True)


@pytest.mark.parametrize(
    "points",
    [
        [(n, cost * 1.11) for n, cost in LINE],
        [(n, cost + 500) for n, cost in LINE],
        QUADRATIC,
    ],
)
def test_a_cost_above_the_law_is_found(points):
    assert law.worse(points, law.fitted(LINE, is_constant=False))


def test_a_steeper_line_is_found_where_each_point_is_within_the_tolerance():
    found = law.worse([(n, 1700 + 60 * n) for n in NUMBERS], law.Law(2000, 40))
    assert "more for each" in found


def test_a_lower_cost_is_no_fault():
    assert law.worse([(n, cost * 0.5) for n, cost in LINE], law.fitted(LINE, is_constant=False)) is None
