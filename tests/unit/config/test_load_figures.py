"""The arithmetic of the load test: ratios of pairs, growth, noise, and how a row is shown."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from config.loadtest.drawing import chart, picture
from config.loadtest.figures import Bound, Row, exponent, is_noisy, percentile, spread

_FAST = Row("fast", "Fast", "1/s", Bound(least=0.35, goal=0.6), [50, 10, 60], [100, 20, 100])
_SLOW = Row("slow", "Slow <& steady>", "ms", Bound(most=4, goal=2.5), [9.0], [2.0])


def test_a_ratio_is_the_median_of_the_pairs() -> None:
    # One turn was disturbed on both sides: its pair still says what it is worth.
    assert _FAST.ratio == 0.5
    assert _FAST.ratios == [0.5, 0.5, 0.6]


@pytest.mark.parametrize(
    ("bound", "holds", "reaches"),
    [
        (Bound(least=0.35, goal=0.5), True, True),
        (Bound(least=0.35, goal=0.6), True, False),
        (Bound(least=0.6), False, False),
        (Bound(most=0.5, goal=0.4), True, False),
        (Bound(most=0.5), True, True),
        (Bound(most=0.4, goal=0.3), False, False),
    ],
)
def test_a_bound_holds_and_a_goal_is_reached(*, bound: Bound, holds: bool, reaches: bool) -> None:
    assert (bound.holds(0.5), bound.reaches(0.5)) == (holds, reaches)


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
    assert replace(_FAST, limits=(before, 90, after)).is_noisy is noisy


def test_a_spread_has_its_middle_and_its_ends() -> None:
    assert spread([3, 1, 2]) == {"median": 2, "min": 1, "max": 3}
    assert percentile(list(range(101)), 99) == 99


def test_the_chart_says_what_holds_and_what_does_not() -> None:
    noisy = replace(_SLOW, limits=(100, 50))

    _, fast, figures, _, slow, _ = chart([_FAST, noisy]).splitlines()

    assert fast.endswith("0.50 (at least 0.35, goal 0.6): holds")
    assert figures.strip() == "50 1/s [10, 60] v 100 1/s [20, 100]; ratios 0.5 to 0.6"
    assert slow.endswith("4.50 (at most 4, goal 2.5): MISSED, NOISY: the limit moved")
    # The bound stands in the middle of every bar.
    assert fast[4:34].index("│") == slow[4:34].index("│") == 15
    assert fast.count("█") == 20


def test_what_was_not_measured_is_told_with_the_reason() -> None:
    row = Row("peer", "Peer", "1/s", Bound(least=8), missing="with --peers only")

    assert "not measured: with --peers only" in chart([row])
    assert row.told() == {"name": "Peer", "not_measured": "with --peers only"}
    assert "with --peers only" in picture([row], "today")


def test_the_picture_is_whole_and_shows_each_row() -> None:
    drawn = ET.fromstring(picture([_FAST, _SLOW], "A <title>"))  # noqa: S314  (our own)

    texts = [element.text for element in drawn.iter() if element.tag.endswith("text")]
    assert "Slow <& steady>" in texts
    assert any("MISSED" in str(text) for text in texts)
    bars = [element for element in drawn.iter() if element.get("class") in {"holds", "missed"}]
    assert [bar.get("class") for bar in bars] == ["holds", "missed"]


def test_figures_of_a_row_say_whether_it_reaches_its_goal() -> None:
    told = replace(_FAST, profile=("10 % here",), limits=(100, 110)).told()

    assert told["reaches_goal"] is False
    assert told["holds"] is True
    assert told["profile"] == ["10 % here"]
    assert told["limits"] == [100, 110]
