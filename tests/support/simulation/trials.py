"""One seed, one simulation: does everything hold all the way, and what is the least that breaks?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tests.support.oracle.blocks import Block, Over, Pick, Several, Wait, Work, drawn, parts_of
from tests.support.oracle.trials import picks, smaller
from tests.support.simulation import faults
from tests.support.simulation.faults import Fault
from tests.support.simulation.world import Engine, Scenario

SOUND = Engine()
"""The engine as it is."""
KEPT: Mapping[str, Scenario] = {
    "a transaction ended before a join that was ready": Scenario(
        Several("split", (Over("c", 9),), (Wait("wait", 9), Wait("other", 8))), 2, frozenset()
    ),
    "a failure was handed in twice under one lease": Scenario(
        Work("job", by_person=False, target="f", value=9),
        32,
        frozenset({Fault.REPLY_LOST, Fault.COMMIT_UNKNOWN}),
    ),
}
"""What once broke, smaller than it was found."""
_DEPTH = 1
_ORDERS = 5
"""In how many orders a smaller scenario is tried before it counts as sound."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A scenario that breaks something, the smallest that was found, and the seed it began with."""

    seed: int
    scenario: Scenario
    why: str

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.why}\n  {self.scenario}"


def scenario_of(seed: int) -> Scenario:
    """Return what a seed says: the process, the order of everything, and what goes wrong."""
    pick = picks(seed)
    return Scenario(_process(pick), seed, faults.drawn(pick))


def failures(seeds: Iterable[int], engine: Engine = SOUND) -> Iterator[Failure]:
    """Try one seed after another and yield what broke, made as small as can be."""
    for seed in seeds:
        scenario = scenario_of(seed)
        why = broken(scenario, engine)
        if why:
            yield _shrunk(Failure(seed, scenario, why), engine)


def broken(scenario: Scenario, engine: Engine = SOUND) -> str:
    """Return what does not hold in a scenario, "" where everything does."""
    try:
        engine.play(scenario)
    except Exception as wrong:  # noqa: BLE001 - whatever the engine raises is a finding
        return f"{type(wrong).__name__}: {wrong}"[:500]
    return ""


def _process(pick: Pick) -> Block:
    """Return a block with something inside: one step alone has little to go wrong."""
    block = drawn(pick, peopled=True, depth=_DEPTH)
    while not parts_of(block):
        block = drawn(pick, peopled=True, depth=_DEPTH)
    return block


def _shrunk(failure: Failure, engine: Engine) -> Failure:
    """Return the smallest failing scenario that can be reached by leaving something out."""
    found: Failure | None = failure
    while found:
        failure, found = found, None
        for scenario in _smaller(failure.scenario):
            why = broken(scenario, engine)
            if why:
                found = replace(failure, scenario=scenario, why=why)
                break
    return failure


def _smaller(scenario: Scenario) -> Iterator[Scenario]:
    """Yield a scenario with less in its process, or less that goes wrong, in several orders."""
    for fault in sorted(scenario.faults):
        yield replace(scenario, faults=scenario.faults - {fault})
    for block in smaller(scenario.block):
        for order in range(_ORDERS):
            yield replace(scenario, block=block, order=scenario.order + order)
