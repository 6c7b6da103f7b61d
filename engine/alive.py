"""What is alive in a run, as rows: those that changed are written, those that are gone dropped.

Rows of the machine are frozen, so one that changed is another object: what was loaded is compared
by identity, and nothing is written that stayed as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from common.ids import parsed
from engine import codec, statements
from engine.held import Advance, Held
from engine.references import reference_to
from engine.semantics import events, unfolding
from engine.semantics.events import Event
from engine.semantics.state import (
    Activation,
    Call,
    Compensable,
    Compensation,
    Loop,
    Scope,
    Subscription,
    Timer,
    Token,
)
from engine.statements import Page, Row, Statement

_NOWHERE = Scope("")
_NOTHING: Mapping[str, Any] = {}


def note(page: Page, advance: Advance) -> None:
    """Write what an advance changed of what is alive."""
    held = advance.held
    for name, table in _TABLES.items():
        before, now = held.loaded.get(name, _NOTHING), getattr(held.state, name)
        if not (before or now):
            continue
        for key, row in now.items():
            if before.get(key) is not row:
                page.put(table.write, *table.row(held, row))
        for key in before.keys() - now.keys():
            for statement in table.drop:
                page.put(statement, *table.key(before[key]))
    _variables(page, advance)
    _loop_items(page, advance)


def note_all(page: Page, held: Held, since: Mapping[str, datetime]) -> None:
    """Write everything that is alive, where nothing is; `since` is when each wait was written."""
    for name, table in _TABLES.items():
        for key, row in getattr(held.state, name).items():
            then = replace(held, at=since[key]) if key in since else held
            page.put(table.write, *table.row(then, row))
    for scope in held.state.scopes.values():
        for name, value in scope.variables.items():
            place = (parsed(scope.id), name, held.home.unit_id, held.id)
            page.put(statements.VARIABLE, *place, kept(page, held, value))
    for loop in held.state.loops.values():
        for number in sorted({*range(1, len(loop.items) + 1), *loop.outputs}):
            _loop_item(page, held, loop, number)


def _variables(page: Page, advance: Advance) -> None:
    held = advance.held
    for event in advance.happened:
        if isinstance(event, events.ScopeClosed):
            page.put(statements.DROP_VARIABLES, parsed(event.scope))
    for scope_id, name in _written(advance.happened):
        # What was written before its scope was closed and opened again is gone.
        if name in held.state.scopes.get(scope_id, _NOWHERE).variables:
            text = kept(page, held, held.state.scopes[scope_id].variables[name])
            page.put(statements.VARIABLE, parsed(scope_id), name, held.home.unit_id, held.id, text)


def kept(page: Page, held: Held, value: Any) -> str:
    """Return a value as its row holds it: a large one is written apart, once for the run."""
    text = codec.canonical(value)
    reference = reference_to(text)
    if reference is None:
        return text
    place = (held.id, reference.digest, held.home.unit_id)
    page.put(statements.LARGE_VALUE, *place, reference.size, text)
    return reference.text


def _written(happened: Iterable[Event]) -> Iterator[tuple[str, str]]:
    """Return each variable that was written, once, in order."""
    yield from dict.fromkeys(place for event in happened for place in unfolding.written(event))


def _loop_items(page: Page, advance: Advance) -> None:
    """Write the rounds that have something to keep: a row each, whatever the number of others."""
    held = advance.held
    for loop_id, number in _rounds(advance.happened):
        loop = held.state.loops.get(loop_id)
        if loop is not None:
            _loop_item(page, held, loop, number)


def _loop_item(page: Page, held: Held, loop: Loop, number: int) -> None:
    item = codec.canonical(loop.items[number - 1]) if loop.items else None
    output = codec.canonical(loop.outputs[number]) if number in loop.outputs else None
    key = (parsed(loop.activity), number)
    page.put(statements.LOOP_ITEM, *key, held.home.unit_id, held.id, item, output)


def _rounds(happened: Iterable[Event]) -> Iterator[tuple[str, int]]:
    for event in happened:
        if isinstance(event, events.LoopStarted):
            yield from ((event.activity, number) for number in range(1, len(event.items) + 1))
        if isinstance(event, events.LoopItemCompleted) and event.value is not None:
            yield event.loop, event.index
        if isinstance(event, events.LoopItemsPassed):
            kept = enumerate(event.outputs, event.first)
            yield from ((event.loop, number) for number, value in kept if value is not None)


# A row of the machine as the columns of its table


def _token(held: Held, token: Token) -> Row:
    return (
        parsed(token.id),
        held.home.unit_id,
        held.id,
        token.at,
        parsed(token.scope),
        token.status.value,
        id_of(token.activity),
        token.since,
        token.resumes.value if token.resumes else None,
        token.item,
        token.listened,
    )


def _scope(held: Held, scope: Scope) -> Row:
    owner = held.state.visits.get(scope.id, "")
    place = (id_of(scope.parent), id_of(owner), scope.element, scope.live)
    return (parsed(scope.id), held.home.unit_id, held.id, *place)


def _timer(held: Held, timer: Timer) -> Row:
    return (
        parsed(timer.id),
        held.home.unit_id,
        held.id,
        timer.element,
        parsed(timer.activity),
        id_of(timer.token),
        timer.due_at,
        timer.cycle,
        timer.left,
        timer.joint,
    )


def _subscription(held: Held, awaited: Subscription) -> Row:
    return (
        parsed(awaited.id),
        held.home.unit_id,
        held.home.process_id,
        held.id,
        awaited.element,
        parsed(awaited.activity),
        id_of(awaited.token),
        awaited.kind.value,
        awaited.name,
        awaited.key,
        awaited.joint,
        awaited.ordinal,
        awaited.met,
        held.at,
    )


def _loop(held: Held, loop: Loop) -> Row:
    counts = (loop.total, loop.started, loop.ended)
    return (parsed(loop.activity), held.home.unit_id, held.id, loop.element, *counts)


def _call(held: Held, call: Call) -> Row:
    rest = (call.element, parsed(call.token), parsed(call.child))
    return (parsed(call.activity), held.home.unit_id, held.id, *rest)


def _compensable(held: Held, record: Compensable) -> Row:
    return (
        parsed(record.activity),
        held.home.unit_id,
        held.id,
        record.element,
        parsed(record.scope),
        record.handler,
        record.order,
        codec.canonical(record.variables),
    )


def _compensation(held: Held, undoing: Compensation) -> Row:
    rest = (id_of(undoing.scope), undoing.element, undoing.order)
    return (parsed(undoing.activity), held.home.unit_id, held.id, *rest)


def _activation(held: Held, activation: Activation) -> Row:
    rest = (held.home.unit_id, held.id, list(activation.flows))
    return (parsed(activation.scope), activation.element, *rest)


def _by_id(row: Any) -> Row:
    return (parsed(row.id),)


def _by_activity(row: Any) -> Row:
    return (parsed(row.activity),)


def _by_place(activation: Activation) -> Row:
    return (parsed(activation.scope), activation.element)


@dataclass(frozen=True, slots=True)
class _Table:
    """How the rows of one table of a state are written and dropped."""

    write: Statement
    drop: tuple[Statement, ...]
    row: Callable[[Held, Any], Row]
    key: Callable[[Any], Row]


_TABLES: Mapping[str, _Table] = {
    "tokens": _Table(statements.TOKEN, (statements.DROP_TOKEN,), _token, _by_id),
    "scopes": _Table(statements.SCOPE, (statements.DROP_SCOPE,), _scope, _by_id),
    "timers": _Table(statements.TIMER, (statements.DROP_TIMER,), _timer, _by_id),
    "subscriptions": _Table(
        statements.SUBSCRIPTION, (statements.DROP_SUBSCRIPTION,), _subscription, _by_id
    ),
    "loops": _Table(
        statements.LOOP, (statements.DROP_LOOP_ITEMS, statements.DROP_LOOP), _loop, _by_activity
    ),
    "calls": _Table(statements.CALL, (statements.DROP_CALL,), _call, _by_activity),
    "compensables": _Table(
        statements.COMPENSABLE, (statements.DROP_COMPENSABLE,), _compensable, _by_activity
    ),
    "compensations": _Table(
        statements.COMPENSATION, (statements.DROP_COMPENSATION,), _compensation, _by_activity
    ),
    "activations": _Table(
        statements.ACTIVATION, (statements.DROP_ACTIVATION,), _activation, _by_place
    ),
}


def id_of(text: str) -> UUID | None:
    """Return an id of the machine as the database has it; empty is None."""
    return parsed(text) if text else None
