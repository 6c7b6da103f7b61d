"""The arithmetic of the load test: ratios of pairs, growth, and when a row is marked NOISY."""

from __future__ import annotations

import pytest

from tests.support.figures import Row, chart, exponent, is_noisy, spread


def test_a_ratio_is_the_median_of_the_pairs() -> None:
    # One turn was disturbed on both sides: its pair still says what it is worth.
    row = Row("r", "1/s", ours=[50, 10, 60], theirs=[100, 20, 100], least=0.5)

    assert row.ratio == 0.5
    assert row.holds


@pytest.mark.parametrize(
    ("least", "most", "holds"),
    [(0.35, None, True), (0.6, None, False), (None, 0.5, True), (None, 0.4, False)],
)
def test_a_bound_holds_or_is_missed(
    *, least: float | None, most: float | None, holds: bool
) -> None:
    assert Row("r", "", [1.0], [2.0], least, most).holds is holds


def test_growth_in_proportion_has_the_exponent_one() -> None:
    assert exponent((100, 2.0), (10_000, 200.0)) == pytest.approx(1)
    assert exponent((10, 1.0), (1_000, 10_000.0)) == pytest.approx(2)


@pytest.mark.parametrize(
    ("before", "after", "noisy"),
    [(100, 100, False), (100, 81, False), (100, 79, True), (79, 100, True)],
)
def test_a_limit_that_moves_by_more_than_a_fifth_is_noise(
    *, before: float, after: float, noisy: bool
) -> None:
    assert is_noisy(before, after) is noisy


def test_a_spread_has_its_middle_and_its_ends() -> None:
    assert spread([3, 1, 2]) == {"median": 2, "min": 1, "max": 3}


def test_the_chart_says_what_holds_and_what_does_not() -> None:
    rows = [
        Row("fast", "1/s", [70], [100], least=0.35),
        Row("slow", "ms", [9.0], [2.0], most=4.0, is_noisy=True),
    ]

    fast, slow = chart(rows).splitlines()

    assert fast.endswith("0.70  at least 0.35: holds")
    assert slow.endswith("4.50  at most 4: MISSED, NOISY: the limit moved")
    assert fast.count("█") == 39
    assert fast[45:85][20] == slow[45:85][20] == "│"
