"""The state of one run: scopes, tokens, and what the tokens wait for.

Only what is alive is kept: a finished user task or a consumed token is history, and history
is the journal's. The rows are frozen; the tables that hold them, and the variables of a scope,
belong to whoever loaded the state, and only `evolve` writes to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

K = TypeVar("K")

SCHEMA = 1
Values: TypeAlias = dict[str, Any]
"""Variables by name. A value is what JSON can say: no dates, no decimals, no objects."""


class Status(StrEnum):
    """Where a run stands. Whether it waits or has failed follows from its tokens."""

    NEW = "NEW"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class TokenStatus(StrEnum):
    """What a token does: on a flow, at a join, in an activity, out of it.

    A READY, ENTERING, COMPLETING or LEAVING token moves without help from outside.
    """

    READY = "READY"
    JOINING = "JOINING"
    ENTERING = "ENTERING"
    ACTIVE = "ACTIVE"
    COMPLETING = "COMPLETING"
    LEAVING = "LEAVING"
    FAILED = "FAILED"


MOVING = frozenset(
    {
        TokenStatus.READY,
        TokenStatus.ENTERING,
        TokenStatus.COMPLETING,
        TokenStatus.LEAVING,
    }
)


class JobStatus(StrEnum):
    """Whether a worker may take the job, or an operator must look at it first."""

    PENDING = "PENDING"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Token:
    """Control, standing `at` a sequence flow or a flow node.

    `since` is the number of the event that last moved it: the order of arrival at a join, and the
    order of work, are read from it, so that a state loaded from rows goes on as it would have.
    """

    id: str
    at: str
    scope: str = ""
    status: TokenStatus = TokenStatus.READY
    activity: str = ""
    since: int = 0
    resumes: TokenStatus | None = None
    """What a FAILED token becomes again when its incident is retried."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where variables live. `live` counts the tokens standing in it; it ends when none is left.

    The root has the id of the instance. An activity with mappings has a scope of its own, under
    the activity's id; it holds variables only, the token stays in the scope around it.
    """

    id: str
    parent: str = ""
    element: str = ""
    live: int = 0
    variables: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person said at a gate."""

    person: str
    decision: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UserTask:
    """Work that waits for a person. A `quorum` of 0 means it is not a gate."""

    activity: str
    element: str
    token: str
    assignee: str = ""
    quorum: int = 0
    votes: tuple[Vote, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """Work that waits for a connector.

    `attempts` counts the failures since the last retry by an operator; `stalls` those that were
    not the called system's fault and so use up no attempt.
    """

    activity: str
    element: str
    token: str
    type: str
    generation: int = 1
    attempts: int = 0
    stalls: int = 0
    status: JobStatus = JobStatus.PENDING
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """A due time. `cycle` is the ISO text of a repeating timer; `left` how often it still comes.

    `left` None means without end.
    """

    id: str
    element: str
    activity: str
    token: str
    due_at: datetime
    cycle: str = ""
    left: int | None = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """A message that is awaited. `key` None is woken by every message of the name."""

    id: str
    element: str
    activity: str
    token: str
    name: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """A token that cannot go on until somebody has looked."""

    id: str
    token: str
    element: str
    activity: str
    code: str
    cause: str


Index: TypeAlias = dict[str, None]
"""A set that keeps its order."""


@dataclass(slots=True)
class InstanceState:
    """Everything the machine needs to know of one run; `seq` counts its events so far.

    `transitions` counts the steps since anything came from outside: a loop that feeds itself
    ends as an incident. The fields below `incidents` are indexes over the tables above.
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

    moving: Index = field(default_factory=dict, repr=False)
    joining: dict[tuple[str, str], Index] = field(default_factory=dict, repr=False)
    standing: dict[str, Index] = field(default_factory=dict, repr=False)
    attached: dict[str, Index] = field(default_factory=dict, repr=False)
    failed: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_finished(self) -> bool:
        """Return whether nothing can ever happen here again."""
        return self.status in {Status.COMPLETED, Status.CANCELLED}

    def put_token(self, token: Token) -> None:
        """Write a token and every index that knows it."""
        before = self.tokens.get(token.id)
        if before is not None:
            self._forget(before)
        self.tokens[token.id] = token
        self.standing.setdefault(token.scope, {})[token.id] = None
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

    def attach(self, activity: str, wait: str) -> None:
        """Note that a timer or a subscription ends with this activity."""
        self.attached.setdefault(activity, {})[wait] = None

    def detach(self, activity: str, wait: str) -> None:
        """Note that the timer or subscription is gone."""
        _discard(self.attached, activity, wait)

    def _forget(self, token: Token) -> None:
        self.moving.pop(token.id, None)
        _discard(self.joining, (token.scope, token.at), token.id)


def indexed(state: InstanceState) -> InstanceState:
    """Fill the indexes of a state whose tables were just loaded, in any order of rows."""
    tokens = sorted(state.tokens.values(), key=lambda token: (token.since, token.id))
    for token in tokens:
        state.put_token(token)
    waits: Iterable[Timer | Subscription] = (*state.timers.values(), *state.subscriptions.values())
    for wait in waits:
        state.attach(wait.activity, wait.id)
    state.failed.update({incident.token: incident.id for incident in state.incidents.values()})
    return state


def _discard(index: dict[K, Index], key: K, member: str) -> None:
    members = index.get(key)
    if members is None:
        return
    members.pop(member, None)
    if not members:
        del index[key]
