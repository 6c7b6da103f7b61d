"""What the core is told instead of looking it up: the time, fresh ids, chance, and the limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from engine.bpmn.elements import Retry


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a run is stopped before it harms others; settings of the unit fill them in."""

    budget: int = 10_000
    """Transitions in one transaction, then the run is put back in the queue."""
    transitions: int = 1_000_000
    """Transitions without anything from outside, then an incident."""
    tokens: int = 100_000
    """Live tokens in one scope, then an incident."""
    variable_bytes: int = 16 * 1024 * 1024
    """The most that one variable may hold, as JSON; a step that would write more stops."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision gave, which `version` of it was asked, and the record of how it came about.

    The record is what JSON can say.
    """

    value: object
    version: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)


Decide: TypeAlias = Callable[[str, str, str, Mapping[str, Any]], Decided]
"""Makes a decision: its id, binding (pinned, latest or tag), version tag, and what is seen."""


@dataclass(frozen=True, slots=True)
class Environment:
    """`now` is the transaction's time in UTC; `ids` gives unique ids; `fraction` lies in [0, 1).

    `given` is what every expression sees besides the variables, such as the unit's `connection`s.
    It hides a variable of its name, so that whoever may set one cannot redirect a call. `decide`
    makes the decisions of business rule tasks, with models that lie ready: it is no I/O either.
    `retry` is how work is tried again of which the model says nothing.
    """

    now: datetime
    ids: Callable[[], str]
    fraction: Callable[[], float]
    limits: Limits = field(default_factory=Limits)
    given: Mapping[str, Any] = field(default_factory=dict)
    decide: Decide | None = None
    retry: Retry = field(default_factory=Retry)
