"""What passed without resting, told in the words of the facts that tell of one node at a time.

Whoever reads a journal for what happened in it reads it through `unfolded`; whoever only wants to
know what became of the state needs none of this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from engine.semantics.events import (
    ActivityActivated,
    ActivityCompleted,
    Event,
    Glided,
    LoopItemCompleted,
    LoopItemsPassed,
    LoopItemStarted,
    NodePassed,
    Passage,
    Passing,
    ScriptEvaluated,
    SequenceFlowTaken,
    TokenConsumed,
    VariablesSet,
    WorkDone,
)


def unfolded(event: Event, seq: int) -> Iterator[Event]:
    """Yield the facts that an event stands for: itself, or those of each node or round of many.

    `seq` is the event's number: visits have ids made of it, of whose they are, and their place.
    All of a glide is told of the token that glided; the tokens of branches that met again have no
    names. Of a round no scope is told, since nothing is left of it.
    """
    if isinstance(event, Glided):
        yield from _glided(event, seq)
    elif isinstance(event, LoopItemsPassed):
        yield from _rounds(event, seq)
    else:
        yield event


def story(happened: Iterable[Event], seq: int) -> Iterator[Event]:
    """Yield what some events stand for, in order; `seq` is the number of the first."""
    for number, event in enumerate(happened, seq):
        yield from unfolded(event, number)


def written(event: Event) -> Iterator[tuple[str, str]]:
    """Yield the scope and the name of each variable that an event wrote."""
    if isinstance(event, VariablesSet):
        yield from ((event.scope, name) for name in event.values)
    elif isinstance(event, Glided):
        yield from ((_place(event, name), name) for name, _ in event.written)
    elif isinstance(event, LoopItemsPassed):
        yield from ((scope, name) for name, _ in event.written if (scope := event.places[name]))


def _glided(event: Glided, seq: int) -> Iterator[Event]:
    values = iter(event.written)
    for number, passage in enumerate(event.passages):
        yield from _passed(event, passage, f"{event.token}/{seq}/{number}", values)
        yield from (SequenceFlowTaken(flow, event.token, event.scope) for flow in passage.flows)
    if not event.at:
        yield TokenConsumed(event.token)


def _passed(
    event: Glided, passage: Passage, visit: str, values: Iterator[tuple[str, Any]]
) -> Iterator[Event]:
    element, token = passage.element, event.token
    if passage.passing is Passing.NODE:
        yield NodePassed(element, token)
    if passage.passing in _WORK:
        yield ActivityActivated(visit, element, token)
        if passage.passing is Passing.RESULT:
            name, value = next(values)
            yield VariablesSet(_place(event, name), {name: value})
        yield _WORK[passage.passing](visit, token)
        yield ActivityCompleted(visit, element, token)


def _rounds(event: LoopItemsPassed, seq: int) -> Iterator[Event]:
    values, outputs = iter(event.written), iter(event.outputs)
    for number in range(event.first, event.first + event.rounds):
        visit = token = f"{event.loop}/{seq}/{number}"
        yield LoopItemStarted(event.loop, number, token)
        yield ActivityActivated(visit, event.element, token)
        if event.passing is Passing.RESULT:
            name, value = next(values)
            yield VariablesSet(event.places[name] or visit, {name: value})
        yield _WORK[event.passing](visit, token)
        yield LoopItemCompleted(event.loop, number, token, visit, next(outputs, None))
        yield TokenConsumed(token)


def _place(event: Glided, name: str) -> str:
    return event.places.get(name, event.scope)


_WORK: dict[Passing, Callable[[str, str], Event]] = {
    Passing.TASK: WorkDone,
    Passing.SCRIPT: ScriptEvaluated,
    Passing.RESULT: ScriptEvaluated,
}
