"""One seed, one process, one order of its steps: does the engine come to what the oracle says?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random  # noqa: TID251 - nothing but the seed decides
from typing import Any

from tests.support.oracle import driver, interpreter
from tests.support.oracle.blocks import NESTED, VARIABLES, Block, Pick, Sequence, drawn
from tests.support.oracle.drawing import process_of

START = {name: number for number, name in enumerate(VARIABLES)}
BUDGETS = (3, 10_000)
"""Transitions in one transaction: cut short again and again, and never."""
_ORDERS = 5
"""In how many orders a smaller process is tried before it counts as sound."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A seed whose process the engine and the oracle disagree on, and a smaller such process."""

    seed: int
    block: Block
    why: str

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.why}\n  {self.block}"


def failures(seeds: Iterable[int]) -> Iterator[Failure]:
    """Try one seed after another and yield what went wrong, made as small as can be."""
    for seed in seeds:
        pick = picks(seed)
        block = drawn(pick)
        why = disagreement(block, pick)
        if why:
            yield _shrunk(Failure(seed, block, why))


def picks(seed: int) -> Pick:
    """Return the chance of a seed."""
    return Random(seed).randrange  # noqa: S311 - no secret depends on it


def disagreement(block: Block, pick: Pick) -> str:
    """Return what the engine does other than the oracle, "" where they agree."""
    try:
        compare(block, pick)
    except Exception as wrong:  # noqa: BLE001 - whatever the engine raises is a finding
        return f"{type(wrong).__name__}: {wrong}"[:500]
    return ""


def compare(block: Block, pick: Pick) -> None:
    """Run a process and compare it with the oracle.

    Raises:
        AssertionError: They differ, or the run broke one of its own rules.
    """
    run = driver.Watched(process_of(block), BUDGETS[pick(len(BUDGETS))])
    run.start(**START)
    driver.play(run, driver.answers_of(block), pick)
    expected = interpreter.outcome(block, START)
    stuck = [(one.element, one.cause) for one in run.state.incidents.values()]
    assert run.status == "COMPLETED", f"{run.status}, waits at {run.waiting}, stuck: {stuck}"
    visited = driver.visited(run)
    differing = {
        name: (visited[name], expected.visited[name])
        for name in sorted(visited | expected.visited)
        if visited[name] != expected.visited[name]
    }
    assert not differing, f"visited, expected: {differing}"
    assert run.variables == expected.variables


def _shrunk(failure: Failure) -> Failure:
    """Return the smallest failing process that can be reached by leaving parts out."""
    found: Failure | None = failure
    while found:
        failure, found = found, None
        for block in smaller(failure.block):
            whys = (disagreement(block, picks(failure.seed + order)) for order in range(_ORDERS))
            why = next(filter(None, whys), "")
            if why:
                found = replace(failure, block=block, why=why)
                break
    return failure


def smaller(block: Block) -> Iterator[Block]:
    """Yield what a block becomes when something in it is left out."""
    parts: tuple[Block, ...] = getattr(block, "parts", ())
    nested = {name: getattr(block, name) for name in NESTED if hasattr(block, name)}
    yield from (*parts, *nested.values())
    if isinstance(block, Sequence):
        for number in range(len(parts) if len(parts) > 1 else 0):
            yield replace(block, parts=parts[:number] + parts[number + 1 :])
    for number, part in enumerate(parts):
        for less in smaller(part):
            yield _with(block, parts=(*parts[:number], less, *parts[number + 1 :]))
    for name, inner in nested.items():
        for less in smaller(inner):
            yield _with(block, **{name: less})


def _with(block: Any, **fields: Any) -> Block:
    changed: Block = replace(block, **fields)
    return changed
