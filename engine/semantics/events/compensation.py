"""Facts about undoing what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.semantics.events.fact import Fact


@dataclass(frozen=True, slots=True)
class ActivityCompensable(Fact):
    """A visit that completed can be undone by `handler`, or, without one, by what is inside it.

    `variables` are those of the visit's own scope, as they were.
    """

    type = "activity_compensable"
    activity: str
    element: str
    scope: str
    handler: str = ""
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompensationStarted(Fact):
    """What completed in `scope` is undone, the latest first: all of it, or one `element` alone.

    `activity` is the visit in whose scope the handlers run.
    """

    type = "compensation_started"
    activity: str
    scope: str
    element: str = ""


@dataclass(frozen=True, slots=True)
class CompensationInvoked(Fact):
    """The visit is being undone, and will not be again."""

    type = "compensation_invoked"
    activity: str


@dataclass(frozen=True, slots=True)
class CompensationOpened(Fact):
    """A token holds the scope of a visit open while handlers run in it."""

    type = "compensation_opened"
    activity: str
    token: str


@dataclass(frozen=True, slots=True)
class ActivityCompensated(Fact):
    """All that was inside the visit is undone."""

    type = "activity_compensated"
    activity: str
    element: str
    token: str
