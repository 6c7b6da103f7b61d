"""An instance as one transaction holds it: locked, loaded, and what then happened to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from common.context import Actor
from engine.bpmn.elements import Retry
from engine.bpmn.process import Process
from engine.decisions.rulebook import NO_DECISIONS, Rulebook
from engine.models.instances import RunState
from engine.semantics.environment import Limits
from engine.semantics.events import Event
from engine.semantics.state import InstanceState, JobStatus, Status

#: The tables of a state whose rows are written as they change.
TABLES = (
    "tokens",
    "scopes",
    "incidents",
    "timers",
    "subscriptions",
    "loops",
    "calls",
    "compensables",
    "compensations",
    "activations",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called a run: the run, its visit that waits, and the calls around the new one."""

    instance_id: UUID
    activity: UUID
    depth: int


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new run is called, and by whom it was started."""

    number: int
    title: str
    business_key: str
    person_id: UUID | None
    account_id: UUID | None
    caller: Caller | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Where an instance belongs, and the model it runs, with the decisions that came with it.

    `given` is what expressions see besides. `limits` are the unit's, but for the budget of one
    transaction; `retry` is how its work is tried again where a model says nothing of it.
    """

    unit_id: UUID
    process_id: UUID
    deployment_id: UUID
    model: Process
    owners: Collection[UUID] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    decisions: Rulebook = NO_DECISIONS
    limits: Limits = field(default_factory=Limits)
    retry: Retry = field(default_factory=Retry)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What stands in the part of a run that was not loaded: open incidents, work for a worker."""

    troubled: bool = False
    working: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """A run as this process left it: good for as long as its journal ends with `head_hash`."""

    state: InstanceState
    elsewhere: Elsewhere
    head_hash: str


@dataclass(frozen=True, slots=True)
class Onward:
    """The job of a run that whoever advanced it does next, under a lease until a moment."""

    activity: str
    lease_until: datetime


@dataclass(slots=True)
class Held:
    """One instance under its lock. `state` moves forward in place; `was` is where it stood.

    `at` is the transaction's time, never earlier than that of the row before. `loaded` are the
    rows as they were, by table of the state: all of the run, or the part that a command reads.
    `on_hold`: a restore lost part of its journal.
    `newer` is the schema of a later release that wrote its rows: then none of them was read.
    """

    id: UUID
    home: Home
    state: InstanceState
    at: datetime
    head_hash: str = ""
    was: RunState = RunState.RUNNING
    opening: Opening | None = None
    caller: Caller | None = None
    on_hold: bool = False
    newer: int = 0
    loaded: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    elsewhere: Elsewhere = Elsewhere()

    def resume(self, left: Left) -> bool:
        """Take the run as it was left; tell whether nobody has moved it since."""
        if self.newer or self.head_hash != left.head_hash:
            return False
        self.state, self.elsewhere = left.state, left.elsewhere
        self.remember()
        return True

    def remember(self) -> Held:
        """Keep the rows as they are now, to tell later which of them have changed."""
        rows = ((table, getattr(self.state, table)) for table in TABLES)
        self.loaded = {table: dict(found) for table, found in rows if found}
        return self


@dataclass(slots=True)
class Advance:
    """What one command made happen to an instance: a row of its journal.

    `delivery` is what was said to the instance by another, where that was the cause. `onward` is
    the job that is begun with it, and `lease_epoch` that of its lease once it is written.
    """

    held: Held
    actor: Actor
    cause: str
    seq_from: int
    happened: list[Event]
    standing: RunState
    hash: str = ""
    delivery: UUID | None = None
    onward: Onward | None = None
    lease_epoch: int = 0

    def is_onward(self, activity: str) -> bool:
        """Tell whether a job is begun with this advance."""
        return self.onward is not None and self.onward.activity == activity

    @property
    def left(self) -> Left:
        """Return the run as it is left, once it is written."""
        return Left(self.held.state, self.held.elsewhere, self.hash)

    @property
    def seq_to(self) -> int:
        """Return the number of the last event."""
        return self.seq_from + len(self.happened) - 1


def standing_of(held: Held) -> RunState:
    """Return where a run stands, as people are told."""
    state = held.state
    if state.status not in (Status.NEW, Status.RUNNING):
        return RunState(state.status.value)
    if state.incidents or held.elsewhere.troubled:
        return RunState.FAILED
    working = any(job.status is JobStatus.PENDING for job in state.jobs.values())
    is_moving = state.moving or working or held.elsewhere.working
    return RunState.RUNNING if is_moving else RunState.WAITING
