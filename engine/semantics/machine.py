"""handle(process, state, command, env): judge a command, then go on until every token rests.

The work list is the state's own: the tokens that move, oldest first. There is no recursion, and
nothing is kept beside the state, so a run that was stopped half-way (paused, or out of budget)
goes on from its rows exactly as it would have.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from common.errors import DomainError
from engine.bpmn.process import Process
from engine.semantics import behaviours, catch_events, completion, gliding, joins, sizes, waits
from engine.semantics.commands import Command, Continue, Resume
from engine.semantics.decide import decide
from engine.semantics.environment import Environment
from engine.semantics.errors import RunRunaway, told
from engine.semantics.events import (
    BudgetSpent,
    ConditionAwaited,
    Event,
    IncidentRaised,
    InstanceCompleted,
    SignalThrown,
    VariablesSet,
)
from engine.semantics.evolve import evolve
from engine.semantics.state import InstanceState, Status, Subscription, Token, Values
from engine.semantics.turn import Turn


def handle(
    process: Process, state: InstanceState, command: Command, env: Environment
) -> tuple[InstanceState, list[Event]]:
    """Carry out one command and return the state and what happened.

    `state` is the caller's own copy and is moved forward in place; after a refusal it is as it
    was. Where the last event is `BudgetSpent` tokens still move: commit, then send `Continue`.

    Raises:
        DomainError: The command is refused. What fails later becomes an incident instead.
    """
    turn = Turn(process, state, env)
    # Conditions that nobody could judge while the run stood still are judged now.
    work = _Work(turn, conditions_changed=isinstance(command, Resume | Continue))
    work.record(decide(turn, command))
    while state.status is Status.RUNNING and (token := work.next_token()) is not None:
        if turn.spent >= env.limits.budget:
            work.record([BudgetSpent(turn.spent)])
            return state, work.happened
        work.record(_advance(turn, token))
        turn.spent += 1
    work.record(_ending(turn))
    return state, work.happened


def is_unfinished(happened: list[Event]) -> bool:
    """Return whether the run ran out of budget and must be continued."""
    return bool(happened) and isinstance(happened[-1], BudgetSpent)


_FOLLOWED = frozenset({VariablesSet, ConditionAwaited, SignalThrown})
"""The events that others may follow without any token's doing."""


@dataclass(slots=True)
class _Work:
    """What has happened so far, and what must be looked at because of it, before any next step."""

    turn: Turn
    conditions_changed: bool
    happened: list[Event] = field(default_factory=list)
    heard: deque[tuple[str, Values]] = field(default_factory=deque)
    judged: deque[str] = field(default_factory=deque)

    def record(self, events: Iterable[Event]) -> None:
        """Apply events, and then what follows from them without any token's doing."""
        self._apply(events)
        while (following := self._next()) is not None:
            self._apply(following)

    def next_token(self) -> Token | None:
        """Return the token that moves next; when none does, one that a join has waited with."""
        state = self.turn.state
        while not state.moving and state.touched:
            scope = next(iter(state.touched))
            token = joins.ready(self.turn, scope) if scope in state.scopes else None
            if token is not None:
                return token
            del state.touched[scope]
            if scope in state.scopes:
                self.record(joins.resets(self.turn, scope))
        return state.tokens[next(iter(state.moving))] if state.moving else None

    def _apply(self, events: Iterable[Event]) -> None:
        for event in list(events):
            evolve(self.turn.state, event)
            self.happened.append(event)
            if type(event) not in _FOLLOWED:
                continue
            if isinstance(event, VariablesSet):
                self.conditions_changed = True
            if isinstance(event, ConditionAwaited):
                self.judged.append(event.subscription)
            if isinstance(event, SignalThrown):
                waiting = self.turn.state.signals.get(event.name, ())
                self.heard.extend((subscription, event.variables) for subscription in waiting)

    def _next(self) -> list[Event] | None:
        """Return what follows next, or None when nothing does.

        Who heard a signal goes first, then conditions, then scopes that nothing is left in: what
        the first two begin there is still in time.
        """
        turn, state = self.turn, self.turn.state
        if self.heard:
            # A signal reaches all that wait for it at once, however many, and each is a transition.
            turn.spent += 1
            subscription, values = self.heard.popleft()
            awaited = state.subscriptions.get(subscription)
            return _received(turn, awaited, values) if awaited else []
        if self.judged and state.status is Status.RUNNING:
            awaited = state.subscriptions.get(self.judged.popleft())
            return catch_events.judge(turn, awaited) if awaited else []
        if self.conditions_changed and state.conditions and state.status is Status.RUNNING:
            self.conditions_changed = False
            self.judged.extend(state.conditions)
            return []
        if state.emptied:
            scope = next(iter(state.emptied))
            del state.emptied[scope]
            return _completed(turn, scope)
        return None


def _advance(turn: Turn, token: Token) -> list[Event]:
    """Return one step of a token, or the incident that stops it: the only place they are made."""
    transitions = turn.state.transitions + turn.spent
    try:
        if transitions >= turn.env.limits.transitions:
            raise RunRunaway(transitions=transitions)
        return gliding.glide(turn, token) or _fitting(turn, token, behaviours.step(turn, token))
    except DomainError as error:
        return [_incident(turn, token, error)]


def _fitting(turn: Turn, token: Token, events: list[Event]) -> list[Event]:
    """Return the events of a step, after a look that it writes no more than a variable may hold."""
    for event in events:
        if type(event) is VariablesSet:
            node = turn.node(token)
            step, limit = node.name or node.id, turn.env.limits.variable_bytes
            sizes.require_fit(event.values.items(), step, limit)
    return events


def _incident(turn: Turn, token: Token, error: DomainError) -> IncidentRaised:
    return IncidentRaised(
        incident=turn.env.ids(),
        token=token.id,
        element=turn.node(token).id,
        activity=token.activity,
        code=error.code,
        cause=told(error),
    )


def _completed(turn: Turn, scope: str) -> list[Event]:
    """Return what follows when a scope is empty, or the incident of whoever holds it open."""
    owner = turn.owner(scope)
    try:
        events = completion.emptied(turn, scope)
        return _fitting(turn, owner, events) if owner else events
    except DomainError as error:
        return [_incident(turn, owner, error)] if owner else []


def _received(turn: Turn, awaited: Subscription, values: Values) -> list[Event]:
    """Return what hearing a signal leads to.

    Whether it can be heard was seen before it was thrown; another that heard it first may have
    changed that, and then it goes past this one.
    """
    try:
        return catch_events.receive(turn, awaited, values)
    except DomainError:
        return []


def _ending(turn: Turn) -> list[Event]:
    """Complete the run when its last token is gone; its variables stay to be read."""
    state = turn.state
    if state.status is not Status.RUNNING or state.scopes[state.instance].live:
        return []
    return [*waits.cancel_starts(turn, state.instance), InstanceCompleted()]
