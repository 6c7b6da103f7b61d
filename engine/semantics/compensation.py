"""Compensation: what was done is undone, the latest first. BPMN 2.0.2, 13.5.5.

Whoever throws it rests, and in a scope of its visit one handler runs after the other. A completed
sub-process is undone by opening its scope again, with its variables as they were, and undoing in
there; so is the round of a loop. Nothing here calls itself: each scope has a row that says what is
undone in it, and whenever the last token has left a scope the next handler begins.
"""

from __future__ import annotations

from engine.bpmn.elements import SubProcess, SubProcessKind, ThrowEvent
from engine.bpmn.events import CancelDefinition, CompensationDefinition
from engine.semantics import transactions
from engine.semantics.events import (
    ActivityCompensated,
    CompensationInvoked,
    CompensationOpened,
    CompensationStarted,
    Event,
    ScopeClosed,
    ScopeOpened,
    TokenConsumed,
    TokenSummoned,
    VariablesSet,
    WorkBegun,
    WorkDone,
)
from engine.semantics.state import Compensable, Compensation, Token
from engine.semantics.turn import Turn


def begin(turn: Turn, token: Token, event: ThrowEvent) -> list[Event]:
    """Undo one activity, or all of the scope; the event waits for it unless it says otherwise.

    One that does not wait leaves a token of its own behind, which holds the handlers.
    """
    definition = _definition(event)
    where = _where(turn, token, definition.activity)
    only = definition.activity or ""
    if not definition.waits:
        held = transactions.hold(turn, event.id, token.scope, where, only)
        return [*held, WorkDone(token.activity, token.id)]
    begun: list[Event] = [WorkBegun(token.activity, token.id)]
    if token.activity not in turn.state.scopes:
        begun.append(ScopeOpened(token.activity, where, event.id))
    return [*begun, CompensationStarted(token.activity, where, only)]


def advance(turn: Turn, going_on: Compensation, owner: Token) -> list[Event]:
    """Let the next handler begin, or end the compensation when there is none."""
    record = _next(turn, going_on)
    if record is not None:
        return _invoke(turn, going_on.activity, record)
    node = turn.node(owner)
    if isinstance(node, ThrowEvent):
        if any(isinstance(one, CancelDefinition) for one in node.definitions):
            return transactions.leave(turn, owner)
        if _definition(node).waits:
            return [WorkDone(owner.activity, owner.id)]
    return [
        ScopeClosed(owner.activity),
        ActivityCompensated(owner.activity, owner.at, owner.id),
        TokenConsumed(owner.id),
    ]


def _next(turn: Turn, going_on: Compensation) -> Compensable | None:
    for activity in reversed(turn.state.undoable.get(going_on.scope, {})):
        record = turn.state.compensables[activity]
        if record.order < going_on.order and going_on.element in {"", record.element}:
            return record
    return None


def _invoke(turn: Turn, scope: str, record: Compensable) -> list[Event]:
    invoked: list[Event] = [CompensationInvoked(record.activity)]
    if record.handler and not record.variables and not _is_inside(turn, record):
        return [*invoked, TokenSummoned(turn.env.ids(), record.handler, scope)]
    holder = turn.env.ids()
    invoked += [
        TokenSummoned(holder, record.element, scope),
        CompensationOpened(record.activity, holder),
        ScopeOpened(record.activity, scope, record.element),
    ]
    if record.variables:
        invoked.append(VariablesSet(record.activity, record.variables))
    # A handler undoes the whole; without one, what completed inside is undone.
    within = "" if record.handler else record.activity
    invoked.append(CompensationStarted(record.activity, within))
    if record.handler:
        invoked.append(TokenSummoned(turn.env.ids(), record.handler, record.activity))
    return invoked


def _is_inside(turn: Turn, record: Compensable) -> bool:
    """Return whether the handler is an event sub-process of what it undoes."""
    return turn.process.nodes[record.handler].scope == record.element


def _where(turn: Turn, token: Token, activity: str | None) -> str:
    """Return the scope whose completed activities are meant.

    That of the throwing event; from an event sub-process it is the scope this one stands in.
    """
    target = turn.process.nodes.get(activity or "")
    for scope in turn.outwards(token.scope):
        element = "" if scope == turn.state.instance else turn.state.scopes[scope].element
        node = turn.process.nodes.get(element)
        if scope in turn.state.loops or (element and not isinstance(node, SubProcess)):
            continue
        is_event = isinstance(node, SubProcess) and node.kind is SubProcessKind.EVENT
        if target.scope == element if target else not is_event:
            return scope
    return token.scope


def _definition(event: ThrowEvent) -> CompensationDefinition:
    found = (one for one in event.definitions if isinstance(one, CompensationDefinition))
    return next(found, CompensationDefinition())
