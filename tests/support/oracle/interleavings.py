"""Every order in which the branches of a join can be worked off, with a crash at each point."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import factorial, prod

from engine.bpmn.elements import ComplexGateway, Gateway, InclusiveGateway, ParallelGateway
from engine.bpmn.process import Process
from engine.codec import canonical, state_text
from engine.semantics.commands import CompleteUserTask
from engine.semantics.state import InstanceState
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

    Ways that have come to one state, but for what its rows are called, are gone on with as one.

    Raises:
        AssertionError: Somewhere it does not wait where it should, or a join fires too soon.
    """
    first = Watched(process_of(join, lengths), budget=10_000)
    first.start()
    met = {"": (first, 1)}
    for step in range(sum(lengths)):
        further: dict[str, tuple[Watched, int]] = {}
        for run, ways in met.values():
            _look(run, lengths, step)
            for element in run.waiting:
                after = _completed(run, element)
                name = _nameless(after.folded)
                further[name] = (after, further.get(name, (after, 0))[1] + ways)
        met = further
    for run, _ways in met.values():
        _look(run, lengths, sum(lengths))
        _end(run)
    return sum(ways for _run, ways in met.values())


def walk_apart(join: Gateway, lengths: tuple[int, ...]) -> int:
    """Go all ways from the start, each by itself, and return how many there were.

    Raises:
        AssertionError: Somewhere it does not wait where it should, or a join fires too soon.
    """
    first = Watched(process_of(join, lengths), budget=10_000)
    first.start()
    found, open_points = 0, [(first, sum(lengths))]
    while open_points:
        run, left = open_points.pop()
        _look(run, lengths, sum(lengths) - left)
        if left:
            open_points += [(_completed(run, element), left - 1) for element in run.waiting]
        else:
            found += 1
            _end(run)
    return found


def _look(run: Watched, lengths: tuple[int, ...], done: int) -> None:
    """Be sure that every branch waits at its next step, and `after` when all of them have met."""
    at = dict(element.split(".") for element in run.waiting if element != "after")
    steps = [int(at.get(str(branch), length)) for branch, length in enumerate(lengths)]
    assert sum(steps) == done
    assert ("after" in run.waiting) is (done == sum(lengths))


def _nameless(state: InstanceState) -> str:
    """Return a state's text with its rows called by the order in which they came to move."""
    text = state_text(state)
    tokens = sorted(state.tokens.values(), key=lambda token: token.since)
    for number, token in enumerate(tokens):
        text = text.replace(f'"{token.id}"', f'"t{number}"')
        text = text.replace(f'"since":{token.since},', f'"since":"{number}",')
        if token.activity:
            text = text.replace(f'"{token.activity}"', f'"a{number}"')
    return canonical({**json.loads(text), "seq": 0})


def _completed(run: Watched, element: str) -> Watched:
    """Return the run, as its tables tell it, with one more task done."""
    other = run.forked()
    other.do(CompleteUserTask(other.task(element), "ada"))
    return other


def _end(run: Watched) -> None:
    last = _completed(run, "after")
    assert last.status == "COMPLETED"
    assert last.passed == ["after", "end"]
