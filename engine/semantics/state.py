"""The state of one run: scopes, tokens, and what the tokens wait for.

Only what is alive is kept: a finished user task or a consumed token is history, and history
is the journal's. The rows are frozen; the tables that hold them, and the variables of a scope,
belong to whoever loaded the state, and only `evolve` writes to them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from engine.semantics.rows import (
    MOVING,
    Activation,
    Awaited,
    Call,
    Compensable,
    Compensation,
    Incident,
    Job,
    JobStatus,
    Loop,
    Scope,
    Status,
    Subscription,
    Timer,
    Token,
    TokenStatus,
    UserTask,
    Values,
    Vote,
)

__all__ = [
    "MOVING",
    "SCHEMA",
    "Activation",
    "Awaited",
    "Call",
    "Compensable",
    "Compensation",
    "Incident",
    "Index",
    "InstanceState",
    "Job",
    "JobStatus",
    "Loop",
    "Scope",
    "Status",
    "Subscription",
    "Timer",
    "Token",
    "TokenStatus",
    "UserTask",
    "Values",
    "Vote",
    "indexed",
]

K = TypeVar("K")

SCHEMA = 1

Index: TypeAlias = dict[str, None]
"""A set that keeps its order."""


@dataclass(slots=True)
class InstanceState:
    """Everything the machine needs to know of one run; `seq` counts its events so far.

    `transitions` counts the steps since anything came from outside: a loop that feeds itself
    ends as an incident. The fields below `activations` are indexes over the tables above; what has
    no row in them is not there.
    """

    instance: str
    process: str = ""
    status: Status = Status.NEW
    seq: int = 0
    transitions: int = 0
    scopes: dict[str, Scope] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    user_tasks: dict[str, UserTask] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    called: bool = False
    loops: dict[str, Loop] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    compensables: dict[str, Compensable] = field(default_factory=dict)
    compensations: dict[str, Compensation] = field(default_factory=dict)
    activations: dict[str, Activation] = field(default_factory=dict)

    moving: OrderedDict[str, None] = field(default_factory=OrderedDict, repr=False)
    """The work list. A queue: the first of a plain dict is found behind all that left before it."""
    joining: dict[tuple[str, str], Index] = field(default_factory=dict, repr=False)
    standing: dict[str, Index] = field(default_factory=dict, repr=False)
    attached: dict[str, Index] = field(default_factory=dict, repr=False)
    failed: dict[str, str] = field(default_factory=dict, repr=False)
    visits: dict[str, str] = field(default_factory=dict, repr=False)
    """Activity to the token that is in it."""
    positions: dict[str, dict[str, int]] = field(default_factory=dict, repr=False)
    """How many tokens of a scope stand where."""
    touched: Index = field(default_factory=dict, repr=False, compare=False)
    """To be looked at: scopes in which a token moved: their joins, when nothing moves any more."""
    emptied: Index = field(default_factory=dict, repr=False, compare=False)
    """To be looked at: scopes that the last token left."""
    signals: dict[str, Index] = field(default_factory=dict, repr=False)
    """Name of a signal to the subscriptions that wait for it."""
    conditions: Index = field(default_factory=dict, repr=False)
    """Subscriptions that wait for a condition."""
    resetting: dict[str, Index] = field(default_factory=dict, repr=False)
    """Scope to the complex gateways in it that wait for their reset, as keys of their rows."""
    undoable: dict[str, Index] = field(default_factory=dict, repr=False)
    """Scope to the visits in it that can be undone, in order of their completion."""

    @property
    def is_finished(self) -> bool:
        """Return whether nothing can ever happen here again."""
        return self.status in {Status.COMPLETED, Status.CANCELLED}

    def put_token(self, token: Token) -> None:
        """Write a token and every index that knows it."""
        before = self.tokens.get(token.id)
        if before is not None and before.scope == token.scope:
            self._shift(before, token)
            return
        if before is not None:
            self._forget(before)
        self.tokens[token.id] = token
        self.standing.setdefault(token.scope, {})[token.id] = None
        places = self.positions.setdefault(token.scope, {})
        places[token.at] = places.get(token.at, 0) + 1
        self.touched[token.scope] = None
        if token.activity:
            self.visits[token.activity] = token.id
        if token.status in MOVING:
            self.moving[token.id] = None
        elif token.status is TokenStatus.JOINING:
            self.joining.setdefault((token.scope, token.at), {})[token.id] = None

    def drop_token(self, token: str) -> Token:
        """Remove a token and answer with what it was."""
        gone = self.tokens.pop(token)
        self._forget(gone)
        _discard(self.standing, gone.scope, token)
        return gone

    def attach(self, wait: Timer | Subscription) -> None:
        """Note that a timer or a subscription ends with its activity."""
        self.attached.setdefault(wait.activity, {})[wait.id] = None
        if isinstance(wait, Subscription) and wait.kind is Awaited.SIGNAL:
            self.signals.setdefault(wait.name, {})[wait.id] = None
        if isinstance(wait, Subscription) and wait.kind is Awaited.CONDITION:
            self.conditions[wait.id] = None

    def detach(self, wait: Timer | Subscription) -> None:
        """Note that the timer or subscription is gone."""
        _discard(self.attached, wait.activity, wait.id)
        if isinstance(wait, Subscription):
            _discard(self.signals, wait.name, wait.id)
            self.conditions.pop(wait.id, None)

    def activate(self, activation: Activation) -> None:
        """Write that a complex gateway has fired."""
        self.activations[activation.key] = activation
        self.resetting.setdefault(activation.scope, {})[activation.key] = None

    def reset(self, key: str) -> None:
        """Remove that a complex gateway has fired."""
        gone = self.activations.pop(key)
        _discard(self.resetting, gone.scope, key)

    def keep(self, record: Compensable) -> None:
        """Write what can be undone."""
        self.compensables[record.activity] = record
        self.undoable.setdefault(record.scope, {})[record.activity] = None

    def forget(self, activity: str) -> None:
        """Remove what is being undone."""
        record = self.compensables.pop(activity)
        _discard(self.undoable, record.scope, activity)

    def close(self, scope: str) -> None:
        """Remove a scope, and what only mattered in it.

        What completed inside stays where the scope's own visit can be undone.
        """
        del self.scopes[scope]
        self.emptied.pop(scope, None)
        self.touched.pop(scope, None)
        self.loops.pop(scope, None)
        self.compensations.pop(scope, None)
        for gateway in self.resetting.pop(scope, ()):
            del self.activations[gateway]
        pending = [] if scope in self.compensables else [scope]
        while pending:
            inside = list(self.undoable.get(pending.pop(), ()))
            pending += inside
            for activity in inside:
                self.forget(activity)

    def wait(self, key: str) -> Timer | Subscription:
        """Return the timer or the subscription with this id."""
        return self.timers.get(key) or self.subscriptions[key]

    def _shift(self, before: Token, token: Token) -> None:
        """Write a token that stays in its scope: few of the indexes change, and this is often."""
        self.tokens[token.id] = token
        self.touched[token.scope] = None
        if before.status is TokenStatus.JOINING:
            _discard(self.joining, (before.scope, before.at), before.id)
        if token.status is TokenStatus.JOINING:
            self.joining.setdefault((token.scope, token.at), {})[token.id] = None
        if before.at != token.at:
            places = self.positions[token.scope]
            _count_down(places, before.at)
            places[token.at] = places.get(token.at, 0) + 1
        if before.activity != token.activity:
            self.visits.pop(before.activity, None)
            if token.activity:
                self.visits[token.activity] = token.id
        # Taken out and put back: the work list is in order of what moved last.
        self.moving.pop(token.id, None)
        if token.status in MOVING:
            self.moving[token.id] = None

    def _forget(self, token: Token) -> None:
        self.moving.pop(token.id, None)
        _discard(self.joining, (token.scope, token.at), token.id)
        if token.activity:
            self.visits.pop(token.activity, None)
        places = self.positions[token.scope]
        _count_down(places, token.at)
        if not places:
            del self.positions[token.scope]
        self.touched[token.scope] = None


def indexed(state: InstanceState) -> InstanceState:
    """Fill the indexes of a state whose tables were just loaded, in any order of rows."""
    tokens = sorted(state.tokens.values(), key=lambda token: (token.since, token.id))
    state.tokens.clear()
    for token in tokens:
        state.put_token(token)
    waits: Iterable[Timer | Subscription] = (*state.timers.values(), *state.subscriptions.values())
    for wait in waits:
        state.attach(wait)
    for scope in state.scopes.values():
        state.touched[scope.id] = None
    for activation in state.activations.values():
        state.resetting.setdefault(activation.scope, {})[activation.key] = None
    for record in sorted(state.compensables.values(), key=lambda one: one.order):
        state.keep(record)
    state.failed.update({incident.token: incident.id for incident in state.incidents.values()})
    return state


def _count_down(places: dict[str, int], at: str) -> None:
    if places[at] == 1:
        del places[at]
    else:
        places[at] -= 1


def _discard(index: dict[K, Index], key: K, member: str) -> None:
    members = index.get(key)
    if members is None:
        return
    members.pop(member, None)
    if not members:
        del index[key]
