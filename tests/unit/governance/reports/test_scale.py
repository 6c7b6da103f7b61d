"""Axes begin at nothing and end at or above the highest figure."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.reports.charts import figure, scale


@given(st.floats(min_value=0.01, max_value=1e9))
def test_an_axis_holds_every_figure_in_few_even_steps(highest: float) -> None:
    ticks = scale(highest)

    assert ticks[0] == 0
    assert ticks[-1] >= highest * (1 - 1e-9)
    assert 2 <= len(ticks) <= 7
    assert len({round((b - a) / ticks[1], 6) for a, b in itertools.pairwise(ticks)}) == 1


def test_counted_things_have_no_halves() -> None:
    assert scale(1) == [0, 1]
    assert scale(3) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (6519, "6\u202f519"), (3.5, "3.5"), (2.0, "2")]
)
def test_a_figure_is_read_in_groups(value: float, words: str) -> None:
    assert figure(value) == words
