"""The check of docs/laws.md finds a cost that grows faster than its law."""

import re
import sys

import pytest

from micropython import ROOT

sys.path.append(str(ROOT / "benches" / "measure"))

import law  # noqa: E402
import laws  # noqa: E402

PAGE = (ROOT / "docs" / "laws.md").read_text()

NUMBERS = [1, 5, 10, 20, 26]
LINE = [(n, 800 + 1400 * n) for n in NUMBERS]
QUADRATIC = [(n, 800 + 1400 * n + 300 * n * n) for n in NUMBERS]
FLAT = [(n, 2358) for n in NUMBERS]


def test_no_point_is_above_its_law():
    points = [(0, 3330), (5, 3491), (10, 3732), (15, 4238), (19, 3925)]
    found = law.fitted(points, law.LINEAR)
    assert all(cost <= found.at(n) + 1e-9 for n, cost in points) and found.at(15) == pytest.approx(4238)


def test_a_law_is_the_nearest_line_above_the_points():
    found = law.fitted([(0, 1473), (1, 1533), (5, 1562), (10, 1597), (20, 1735)], law.LINEAR)
    assert found.at(1) == pytest.approx(1533) and found.at(20) == pytest.approx(1735)


def test_a_line_is_a_line():
    assert law.broken(LINE, law.LINEAR) is None
    found = law.fitted(LINE, law.LINEAR)
    assert found == law.Law(law.LINEAR, 800, 1400)
    assert law.worse(LINE, found) is None


@pytest.mark.parametrize("points", [QUADRATIC, [(n, 800 + 100 * n * n) for n in NUMBERS]])
def test_a_quadratic_cost_is_no_line(points):
    assert "the slope grows" in law.broken(points, law.LINEAR)


def test_a_cost_that_grows_is_not_constant():
    assert law.broken(FLAT, law.CONSTANT) is None
    assert "not constant" in law.broken([*FLAT, (30, 2358 * 1.06)], law.CONSTANT)


@pytest.mark.parametrize(
    "points",
    [
        [(n, cost * 1.11) for n, cost in LINE],
        [(n, cost + 500) for n, cost in LINE],
        QUADRATIC,
    ],
)
def test_a_cost_above_the_law_is_found(points):
    assert law.worse(points, law.fitted(LINE, law.LINEAR))


def test_a_steeper_line_is_found_where_each_point_is_within_the_tolerance():
    found = law.worse([(n, 1700 + 60 * n) for n in NUMBERS], law.Law(law.LINEAR, 2000, 40))
    assert "has b = 60" in found


def test_a_cost_that_falls_with_its_number_is_checked_as_well():
    points = [(n, 3 + 7200 / n) for n in (25, 55, 1195)]
    found = law.fitted(points, law.INVERSE)
    assert (round(found.a), round(found.b)) == (3, 7200)
    assert law.broken(points, law.INVERSE) is None and law.worse(points, found) is None
    assert law.broken([(n, 3 + 7200 / n + 50000 / n**2) for n in (25, 55, 1195)], law.INVERSE)
    assert law.worse([(n, 3 + 8000 / n) for n in (25, 55, 1195)], found)


def test_a_buffer_that_fills_has_a_law_of_its_own():
    points = [(n, 2100 + 400 * n / (32 - n)) for n in (0, 5, 10, 19)]
    assert law.broken(points, law.LINEAR)
    assert law.broken(points, law.FILLING) is None
    found = law.fitted(points, law.FILLING)
    assert (round(found.a), round(found.b)) == (2100, 400) and law.worse(points, found) is None
    assert law.broken([(n, 2100 + n**3) for n in (0, 10, 19)], law.FILLING)


def test_a_step_behind_the_first_point_is_no_slope():
    points = [(0, 1200), (1, 1450), (5, 1480), (10, 1520), (20, 1680)]
    assert law.worse(points, law.fitted(points, law.FILLING)) is None


def test_a_constant_cost_is_compared_with_its_law():
    stated = law.fitted(FLAT, law.CONSTANT)
    assert law.worse(FLAT, stated) is None
    assert "costs 2,700 at 26" in law.worse([*FLAT[:-1], (26, 2700)], stated)


def test_a_lower_cost_is_no_fault():
    assert law.worse([(n, cost * 0.5) for n, cost in LINE], law.fitted(LINE, law.LINEAR)) is None


def test_the_heap_of_a_link_over_tls_is_what_the_port_says():
    each = float(re.search(r"^\| heap of devices over TLS \|.* ([\d,]+) \|$", PAGE, re.M)[1].replace(",", ""))
    stated = re.search(r"certificates: (\d+) kB in all on x86_64", (ROOT / "ports" / "bsd" / "README.md").read_text())
    # The page of the port counts the struct of the link as well.
    assert each == pytest.approx(1000 * int(stated[1]), rel=0.1)


def test_the_page_states_each_law_that_is_checked():
    stated = laws.committed(PAGE)
    for question, series in laws.all_series():
        for machine in question.machines() if question.is_counted else []:
            if machine == laws.X86 and series.operation in laws.ON_THE_BOARD_ONLY:
                continue
            found = stated[machine, series.name]
            assert found.kind == series.kind
            assert found.at(question.points[-1]) > 0


def test_the_check_accepts_costs_that_are_as_the_page_states():
    stated = laws.committed(PAGE)
    found = {}
    for question, series in laws.all_series():
        for machine in question.machines() if question.is_counted else []:
            if (machine, series.name) in stated:
                of = stated[machine, series.name]
                found[machine, series.operation] = [(n, of.at(n)) for n in question.points]
    found = {key: points for key, points in found.items() if all(cost > 0 for _, cost in points)}
    assert len({kind.kind for kind in stated.values()}) == 4
    assert list(laws.broken(found, stated)) == []


def test_the_check_names_a_law_that_is_broken():
    points = [(1, 2500), (10, 22000), (26, 250000)]
    found = {(laws.M3, "queue"): points}
    stated = {(laws.M3, "QoS 0 messages queued, then sent"): law.Law(law.LINEAR, 300, 2200)}
    (line,) = laws.broken(found, stated)
    assert line.startswith("QoS 0 messages queued, then sent, Cortex-M3: is not")
    assert list(laws.broken({(laws.M3, "queue"): [(n, 300 + 2200 * n) for n in (1, 10, 26)]}, stated)) == []
