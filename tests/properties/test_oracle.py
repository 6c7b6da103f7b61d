"""The engine against a plain interpreter: any process of blocks, in any order of its steps."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.oracle import interleavings, trials
from tests.support.oracle.blocks import drawn

SEEDS = 2_000
AT_ONCE = 100
LENGTHS = tuple(product(range(1, 3), repeat=3))


@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_the_engine_does_what_the_oracle_says(first: int) -> None:
    found = list(trials.failures(range(first, first + AT_ONCE)))

    assert not found, "\n".join(map(str, found))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.data())
def test_no_choice_of_blocks_and_steps_parts_the_two(data: st.DataObject) -> None:
    def pick(choices: int) -> int:
        return data.draw(st.integers(0, choices - 1))

    trials.compare(drawn(pick), pick)


@pytest.mark.parametrize("kind", interleavings.JOINS)
def test_a_join_fires_once_in_every_order_of_its_branches(kind: str) -> None:
    join = interleavings.JOINS[kind]
    for lengths in LENGTHS:
        assert interleavings.walk_apart(join, lengths) == interleavings.orders(lengths)
        assert interleavings.walk(join, lengths) == interleavings.orders(lengths)


@pytest.mark.parametrize("kind", interleavings.JOINS)
def test_a_join_fires_once_in_all_orders_of_three_branches_of_four_steps(kind: str) -> None:
    assert interleavings.walk(interleavings.JOINS[kind], (4, 4, 4)) == 34_650
