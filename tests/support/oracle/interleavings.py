"""Every order in which the branches of a join can be worked off, with a crash at each point."""

from __future__ import annotations

from collections.abc import Mapping
from math import factorial, prod

from engine.bpmn.elements import ComplexGateway, Gateway, InclusiveGateway, ParallelGateway
from engine.bpmn.process import Process
from engine.semantics.commands import CompleteUserTask
from tests.support.oracle.driver import Watched
from tests.support.processes import a_process

JOINS: Mapping[str, Gateway] = {
    "parallel": ParallelGateway("join"),
    "inclusive": InclusiveGateway("join"),
    "complex": ComplexGateway("join", activation_condition="activationCount = 3"),
}


def process_of(join: Gateway, lengths: tuple[int, ...]) -> Process:
    """Return a fork into branches of so many user tasks each, the join, and a task behind it."""
    builder = a_process().parallel("fork")
    for branch, length in enumerate(lengths):
        builder.at("fork")
        for step in range(length):
            builder.user_task(f"{branch}.{step}")
        if branch:
            builder.to(join.id)
        else:
            builder.node(join)
    return builder.at(join.id).user_task("after").end()


def orders(lengths: tuple[int, ...]) -> int:
    """Return in how many orders branches of these lengths can be worked off."""
    return factorial(sum(lengths)) // prod(map(factorial, lengths))


def walk(join: Gateway, lengths: tuple[int, ...]) -> int:
    """Go all ways from the start and return how many there were.

    Raises:
        AssertionError: Somewhere it does not wait where it should, or a join fires too soon.
    """
    process = process_of(join, lengths)
    first = Watched(process, budget=10_000)
    first.start()
    found, open_points = 0, [(first, (0,) * len(lengths))]
    while open_points:
        run, done = open_points.pop()
        ahead = [branch for branch, length in enumerate(lengths) if done[branch] < length]
        assert run.waiting == sorted([f"{branch}.{done[branch]}" for branch in ahead] or ["after"])
        found += not ahead
        if not ahead:
            _end(run)
        for branch in ahead:
            after = tuple(step + (number == branch) for number, step in enumerate(done))
            open_points.append((_completed(run, f"{branch}.{done[branch]}"), after))
    return found


def _completed(run: Watched, element: str) -> Watched:
    """Return the run, as its tables tell it, with one more task done."""
    other = run.forked()
    other.do(CompleteUserTask(other.task(element), "ada"))
    return other


def _end(run: Watched) -> None:
    last = _completed(run, "after")
    assert last.status == "COMPLETED"
    assert last.passed == ["after", "end"]
