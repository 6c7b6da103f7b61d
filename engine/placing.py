"""Rows of what is alive in a run, put into a state of the machine: see `engine.loading`.

Where only a part was read, what is missing says so when it is asked for: nobody guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

from engine import codec
from engine.held import Elsewhere, Held
from engine.large import Values
from engine.references import referred
from engine.semantics import state as machine_state
from engine.semantics.errors import ScopeNotLoaded
from engine.semantics.state import (
    Activation,
    Awaited,
    Call,
    Compensable,
    Compensation,
    Incident,
    InstanceState,
    Job,
    JobStatus,
    Loop,
    Scope,
    Subscription,
    Timer,
    Token,
    TokenStatus,
    UserTask,
    Vote,
)

LoadedRow: TypeAlias = tuple[Any, ...]
"""Of which instance, of which kind, and its columns as a list."""


def place(held: Mapping[UUID, Held], rows: Iterable[LoadedRow]) -> list[UUID]:
    """Put what was read into the states of the runs; return those that must be read whole.

    These are runs that were cut short, and runs in which an earlier release left a scope that
    does not say who holds it open.
    """
    kinds: dict[str, list[LoadedRow]] = {kind: [] for kind in _PUT}
    for row in rows:
        kinds[row[1]].append(row)
    for kind, put in _PUT.items():
        for instance_id, _, fields in kinds[kind]:
            put(held[instance_id].state, fields)
    cut_short = set()
    for instance_id, _, (is_cut_short, troubled, working) in kinds["elsewhere"]:
        held[instance_id].elsewhere = Elsewhere(troubled=troubled, working=working)
        if is_cut_short:
            cut_short.add(instance_id)
    for one in held.values():
        machine_state.indexed(one.state)
        one.remember()
    return [
        instance_id
        for instance_id, one in held.items()
        if instance_id in cut_short or _is_open_ended(one.state)
    ]


def _is_open_ended(state: InstanceState) -> bool:
    return any(scope not in state.visits for scope in state.scopes if scope != state.instance)


class _Items(list[Any]):
    """What a loop goes through, of which some rounds are here: nobody guesses at the others."""

    def __init__(self, loop: str) -> None:
        super().__init__()
        self.loop = loop
        self.known: dict[int, Any] = {}

    def __bool__(self) -> bool:
        return bool(self.known)

    def __getitem__(self, index: Any) -> Any:
        if index not in self.known:
            raise ScopeNotLoaded(self.loop)
        return self.known[index]

    def __len__(self) -> int:
        raise ScopeNotLoaded(self.loop)

    def __iter__(self) -> Iterator[Any]:
        raise ScopeNotLoaded(self.loop)


class _Outputs(dict[int, Any]):
    """What the rounds of a loop gave, of which some are here."""

    def __init__(self, loop: str) -> None:
        super().__init__()
        self.loop = loop

    def __contains__(self, number: object) -> bool:
        if not super().__contains__(number):
            raise ScopeNotLoaded(self.loop)
        return True

    def __missing__(self, number: int) -> Any:
        raise ScopeNotLoaded(self.loop)

    def get(self, number: int, default: Any = None) -> Any:
        """Return what a round gave: one that is not here may have given something all the same."""
        del default
        return self[number]


def _put_scope(state: InstanceState, fields: list[Any]) -> None:
    key, parent, element, live = fields
    state.scopes[key] = Scope(key, parent or "", element, live)


def _put_variable(state: InstanceState, fields: list[Any]) -> None:
    scope, name, text = fields
    if referred(text) is None:
        state.scopes[scope].variables[name] = codec.value_of(text)
    else:
        _reading_late(state, scope).put(name, text)


def _reading_late(state: InstanceState, scope: str) -> Values:
    """Return the variables of a scope as they are where some of them lie apart."""
    before = state.scopes[scope]
    if isinstance(before.variables, Values):
        return before.variables
    values = Values(UUID(state.instance))
    values.update(before.variables)
    state.scopes[scope] = replace(before, variables=values)
    return values


def _put_token(state: InstanceState, fields: list[Any]) -> None:
    key, at, scope, status, activity, since, resumes, item, listened = fields
    again = TokenStatus(resumes) if resumes else None
    state.tokens[key] = Token(
        key, at, scope, TokenStatus(status), activity or "", since, again, item, listened
    )


def _put_user_task(state: InstanceState, fields: list[Any]) -> None:
    key, element, token, holder, quorum, votes = fields
    said = tuple(Vote(vote["person"], vote["decision"], vote["reason"]) for vote in votes)
    state.user_tasks[key] = UserTask(key, element, token, holder, quorum, said)


def _put_job(state: InstanceState, fields: list[Any]) -> None:
    key, element, token, job_type, generation, attempts, stalls, status, *rest = fields
    next_at, listener, deadline_at = rest
    state.jobs[key] = Job(
        key,
        element,
        token,
        job_type,
        generation,
        attempts,
        stalls,
        JobStatus(status),
        _moment(next_at) if next_at else None,
        listener,
        _moment(deadline_at) if deadline_at else None,
    )


def _put_timer(state: InstanceState, fields: list[Any]) -> None:
    key, element, activity, token, due_at, cycle, left, joint = fields
    state.timers[key] = Timer(
        key, element, activity, token or "", _moment(due_at), cycle, left, joint
    )


def _put_subscription(state: InstanceState, fields: list[Any]) -> None:
    key, element, activity, token, name, wanted, kind, *rest = fields
    state.subscriptions[key] = Subscription(
        key, element, activity, token or "", name, wanted, Awaited(kind), *rest
    )


def _put_incident(state: InstanceState, fields: list[Any]) -> None:
    key, token, element, activity, code, cause = fields
    state.incidents[key] = Incident(key, token, element, activity or "", code, cause)


def _put_loop(state: InstanceState, fields: list[Any]) -> None:
    state.loops[fields[0]] = Loop(*fields)


def _put_loop_in_part(state: InstanceState, fields: list[Any]) -> None:
    loop_id, element, total, started, ended = fields
    items, outputs = _Items(loop_id), _Outputs(loop_id)
    state.loops[loop_id] = Loop(loop_id, element, total, started, ended, items, outputs)


def _put_round(state: InstanceState, fields: list[Any]) -> None:
    loop_id, number, item, output = fields
    loop = state.loops[loop_id]
    if item is not None and isinstance(loop.items, _Items):
        loop.items.known[number - 1] = codec.value_of(item)
    if output is not None:
        loop.outputs[number] = codec.value_of(output)


def _put_loop_item(state: InstanceState, fields: list[Any]) -> None:
    loop_id, number, item, output = fields
    # Items come in order, as the statement has them.
    loop = state.loops[loop_id]
    if item is not None:
        loop.items.append(codec.value_of(item))
    if output is not None:
        loop.outputs[number] = codec.value_of(output)


def _put_call(state: InstanceState, fields: list[Any]) -> None:
    state.calls[fields[0]] = Call(*fields)


def _put_compensable(state: InstanceState, fields: list[Any]) -> None:
    key, element, scope, handler, order, variables = fields
    kept = codec.value_of(variables)
    state.compensables[key] = Compensable(key, element, scope, handler, order, kept)


def _put_compensation(state: InstanceState, fields: list[Any]) -> None:
    key, scope, element, order = fields
    state.compensations[key] = Compensation(key, scope or "", element, order)


def _put_activation(state: InstanceState, fields: list[Any]) -> None:
    scope, element, flows = fields
    activation = Activation(scope, element, tuple(flows))
    state.activations[activation.key] = activation


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _put_nothing(_state: InstanceState, _fields: list[Any]) -> None:
    """Leave the state as it is: the row tells of what is not in it."""


#: In this order: scopes come before their variables, loops before their items.
_PUT: Mapping[str, Callable[[InstanceState, list[Any]], None]] = {
    "elsewhere": _put_nothing,
    "scope": _put_scope,
    "variable": _put_variable,
    "token": _put_token,
    "user_task": _put_user_task,
    "job": _put_job,
    "timer": _put_timer,
    "subscription": _put_subscription,
    "incident": _put_incident,
    "loop": _put_loop,
    "loop_in_part": _put_loop_in_part,
    "loop_item": _put_loop_item,
    "round": _put_round,
    "call": _put_call,
    "compensable": _put_compensable,
    "compensation": _put_compensation,
    "activation": _put_activation,
}
