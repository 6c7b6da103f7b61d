"""Processes of blocks under every fault that can be simulated, a seed each; and mutants."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from itertools import chain

import pytest

from tests.support.oracle.blocks import parts_of
from tests.support.simulation import trials
from tests.support.simulation.mutants import MUTANTS
from tests.support.simulation.world import Scenario

SEEDS = 5_000
AT_ONCE = 100
REPEATED = 50
ENOUGH = 3_000
"""Seeds of which one catches every mutant, the rarest of them too."""


def digest() -> str:
    """Return what some simulations came to, all in one."""
    played = [trials.SOUND.play(trials.scenario_of(seed)) for seed in range(REPEATED)]
    return hashlib.sha256(repr(played).encode()).hexdigest()


@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_nothing_is_lost_doubled_or_stuck(first: int) -> None:
    found = list(trials.failures(range(first, first + AT_ONCE)))

    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("name", trials.KEPT)
def test_what_once_broke_holds(name: str) -> None:
    assert not trials.broken(trials.KEPT[name])


@pytest.mark.parametrize("name", MUTANTS)
def test_an_engine_with_one_thing_wrong_is_caught(name: str) -> None:
    scenarios = chain(trials.KEPT.values(), map(trials.scenario_of, range(ENOUGH)))

    assert any(trials.broken(scenario, MUTANTS[name]) for scenario in scenarios)


def test_a_seed_says_everything() -> None:
    environ = {**os.environ, "PYTHONHASHSEED": "1"}
    ask = f"from {__name__} import digest; print(digest())"
    other = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", ask], env=environ, capture_output=True, text=True, check=True
    )

    assert other.stdout.strip() == digest()


def test_a_failure_is_told_as_small_as_it_can_be() -> None:
    first = next(trials.failures(range(ENOUGH), MUTANTS["no sweeper"]))

    assert isinstance(first.scenario, Scenario)
    assert not parts_of(first.scenario.block)
    assert not first.scenario.faults
    assert str(first).startswith(f"seed {first.seed}: Violation: I1: nothing will ever wake")
