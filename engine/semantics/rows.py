"""The rows of a run's state: what is alive in it, each as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

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

    # Enum's own is written in Python, and the state is looked up several times in every step.
    __hash__ = str.__hash__

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
    item: int = 0
    """Which round of the loop around it the token makes, from 1; 0 outside of loops."""
    listened: str = ""
    """How many listeners of a phase are done in its visit, as `phase:number`."""

    def moved(self, status: TokenStatus, since: int, *, activity: str | None = None) -> Token:
        """Return the token as the event of this number leaves it."""
        # Written out: dataclasses.replace takes three times as long, and every event comes here.
        return Token(
            self.id,
            self.at,
            self.scope,
            status,
            self.activity if activity is None else activity,
            since,
            self.resumes,
            self.item,
            self.listened,
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """Where variables live. `live` counts the tokens standing in it; it ends when none is left.

    The root has the id of the instance. An activity with mappings or with something inside has a
    scope of its own, under the activity's id; the activity's token stays in the scope around it.
    """

    id: str
    parent: str = ""
    element: str = ""
    live: int = 0
    variables: Values = field(default_factory=dict)

    def counting(self, more: int) -> Scope:
        """Return the scope with so many more tokens in it."""
        return Scope(self.id, self.parent, self.element, self.live + more, self.variables)


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
    listener: str = ""
    """Which listener's job it is, as `phase:number`; empty for the element's own work."""
    deadline_at: datetime | None = None
    """After which no attempt begins."""


@dataclass(frozen=True, slots=True)
class Timer:
    """A due time. `cycle` is the ISO text of a repeating timer; `left` how often it still comes.

    `left` None means without end. For the rest see `Subscription`.
    """

    id: str
    element: str
    activity: str
    token: str
    due_at: datetime
    cycle: str = ""
    left: int | None = 0
    joint: bool = False


class Awaited(StrEnum):
    """What a subscription waits for."""

    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A message, a signal or a condition that is awaited for an event (`element`).

    `key` None is woken by every message of the name. A condition is the event's definition number
    `ordinal`; `met` says that it holds already. `joint` waits of one event must all come true.
    The wait of an event sub-process has no token, and its activity is the scope it stands in.
    """

    id: str
    element: str
    activity: str
    token: str
    name: str
    key: str | None = None
    kind: Awaited = Awaited.MESSAGE
    joint: bool = False
    ordinal: int = 0
    met: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """An activity that is done several times, `total` times in all where that is known.

    `items` is what a multi-instance goes through; `outputs` what its completed rounds gave, by
    their number. A round completes without touching anything but this row.
    """

    activity: str
    element: str
    total: int | None = None
    started: int = 0
    ended: int = 0
    items: list[Any] = field(default_factory=list)
    outputs: dict[int, Any] = field(default_factory=dict)

    def counting(self, *, started: int = 0, ended: int = 0) -> Loop:
        """Return the loop with so many more rounds started and ended."""
        return Loop(
            self.activity,
            self.element,
            self.total,
            self.started + started,
            self.ended + ended,
            self.items,
            self.outputs,
        )


@dataclass(frozen=True, slots=True)
class Call:
    """A call activity that waits for the run `child`."""

    activity: str
    element: str
    token: str
    child: str


@dataclass(frozen=True, slots=True)
class Compensable:
    """A visit that completed and can be undone; `order` is the number of the event that said so.

    Without a `handler` what completed inside is undone: the records whose scope is this visit.
    """

    activity: str
    element: str
    scope: str
    handler: str = ""
    order: int = 0
    variables: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compensation:
    """Undoing, in the scope of `activity`, what completed in `scope` before the event `order`.

    One after another, the latest first; only visits of `element` where it names one.
    """

    activity: str
    scope: str
    element: str = ""
    order: int = 0


@dataclass(frozen=True, slots=True)
class Activation:
    """A complex gateway that has fired with tokens of some `flows`, and waits for its reset."""

    scope: str
    element: str
    flows: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return what names the gateway among all of the run."""
        return f"{self.scope}/{self.element}"


@dataclass(frozen=True, slots=True)
class Incident:
    """A token that cannot go on until somebody has looked."""

    id: str
    token: str
    element: str
    activity: str
    code: str
    cause: str
