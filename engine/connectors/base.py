"""What a connector is: a call in, an outcome out, and every failure classified.

A connector runs between transactions, under a lease. It may run twice for one activity when a
worker dies after the effect, so it hands `key` on to whoever acts; the key never changes with the
attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol


class FailureKind(StrEnum):
    """What a failure says about trying again."""

    #: The other side is busy or away for a moment: try again.
    TRANSIENT = "TRANSIENT"
    #: The same call will fail the same way: a person must change something first.
    PERMANENT = "PERMANENT"
    #: Our own surroundings are wrong (no route, a certificate that does not hold): try again,
    #: and tell the operator at once.
    ENVIRONMENTAL = "ENVIRONMENTAL"


@dataclass(frozen=True, slots=True)
class Call:
    """One service task's work.

    Attributes:
        inputs: the values of the task's input mappings.
        headers: the fixed settings of the task, as its model says them.
        key: idempotency key of the activity, the same at every attempt.
        destinations: the hosts and ports the unit allows.
        traceparent: whose call this is, as W3C Trace Context writes it: the run is the trace, the
            attempt is the span.
    """

    inputs: Mapping[str, Any]
    key: str
    headers: Mapping[str, str] = field(default_factory=dict)
    destinations: frozenset[tuple[str, int]] = frozenset()
    traceparent: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The work is done; `result` is what output mappings may read."""

    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """The work is not done, as far as is known.

    Attributes:
        kind: whether to try again.
        code: stable name of the cause, such as `egress_denied`; groups incidents.
        diagnosis: a sentence for the operator.
        request: what was sent, secrets masked.
        answer: what came back, secrets masked and shortened.
        retry_after: seconds the other side asked us to wait, or None.
        at_target: the called system is why, or the way to it: it counts against its circuit.
    """

    kind: FailureKind
    code: str
    diagnosis: str
    request: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)
    retry_after: float | None = None
    at_target: bool = False


@dataclass(frozen=True, slots=True)
class Thrown:
    """The work ended as the model has a name for: a BPMN error of this `code` goes outwards.

    `result` is what the catching event may read; `request` and `answer` are for the operator,
    secrets masked.
    """

    code: str
    message: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)
    request: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)


Outcome = Done | Failed | Thrown


class Connector(Protocol):
    """One way to reach outside, under its contract version."""

    #: Name and contract version, as a model writes it: `http:1`.
    job_type: ClassVar[str]
    #: Inputs without which a model is refused.
    required_inputs: ClassVar[frozenset[str]]

    def run(self, call: Call) -> Outcome:
        """Do the work; never raise for what the outside does."""
        ...
