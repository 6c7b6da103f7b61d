"""What may be asked of a run. Imperative; a command may be refused, an event may not.

Who may ask is judged before a command gets here; what the run's own state forbids is judged here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Values: TypeAlias = dict[str, Any]


class FailureKind(StrEnum):
    """Whose fault a failed attempt was, and so what happens next.

    TRANSIENT uses up an attempt and is tried again; PERMANENT (the request itself is wrong) asks
    for an operator at once; ENVIRONMENTAL (our own side was away) is tried again for free.
    """

    TRANSIENT = "TRANSIENT"
    PERMANENT = "PERMANENT"
    ENVIRONMENTAL = "ENVIRONMENTAL"


@dataclass(frozen=True, slots=True)
class StartInstance:
    """Begin at the none start event, or at `element`, which something has triggered.

    That is a start event, or what begins a process without one: an event behind a gateway that
    instantiates, or such a receive task. A `called` run belongs to a call activity of another.
    """

    variables: Values = field(default_factory=dict)
    business_key: str = ""
    element: str = ""
    called: bool = False


@dataclass(frozen=True, slots=True)
class AssignUserTask:
    """Give a user task to a person, or back to its candidates when `person` is empty."""

    activity: str
    person: str


@dataclass(frozen=True, slots=True)
class CompleteUserTask:
    """Finish a user task, or cast a vote at a gate: then `decision` is approve or reject."""

    activity: str
    person: str
    variables: Values = field(default_factory=dict)
    decision: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CompleteJob:
    """Hand in the result of a service task."""

    activity: str
    generation: int
    result: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FailJob:
    """Report a failed attempt. `retry_after` (seconds) is what the called system asked for."""

    activity: str
    generation: int
    cause: str
    kind: FailureKind = FailureKind.TRANSIENT
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True)
class TriggerTimer:
    """Say that a timer's time has come."""

    timer: str


@dataclass(frozen=True, slots=True)
class CorrelateMessage:
    """Deliver a message to the subscription that was chosen for it."""

    subscription: str
    variables: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeliverSignal:
    """Let the subscription that waits for a signal hear it."""

    subscription: str
    variables: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThrowError:
    """Say that a job's work ended in an error the model has a name for (`code`)."""

    activity: str
    generation: int
    code: str
    message: str = ""
    variables: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompleteCall:
    """Hand in the results of a called run."""

    activity: str
    variables: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FailCall:
    """Say that a called run ended with an error that it did not catch."""

    activity: str
    code: str
    message: str = ""
    variables: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EscalateCall:
    """Pass on an escalation that a called run did not catch; that run goes on."""

    activity: str
    code: str
    variables: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefuseCall:
    """Say why a called run could not be made: no such process, or calls nested too deep."""

    activity: str
    cause: str


@dataclass(frozen=True, slots=True)
class RetryIncident:
    """Let the token of an incident try again, with a new budget of attempts."""

    incident: str


@dataclass(frozen=True, slots=True)
class SetVariables:
    """Correct variables from outside; `scope` empty means the whole run."""

    values: Values
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """Let no token advance until Resume."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on, with everything that arrived in between."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the run and everything it waits for."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on after the transition budget of one transaction was spent."""


Command = (
    StartInstance
    | AssignUserTask
    | CompleteUserTask
    | CompleteJob
    | FailJob
    | TriggerTimer
    | CorrelateMessage
    | DeliverSignal
    | ThrowError
    | CompleteCall
    | FailCall
    | EscalateCall
    | RefuseCall
    | RetryIncident
    | SetVariables
    | Pause
    | Resume
    | Cancel
    | Continue
)
