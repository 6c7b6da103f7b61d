"""Event definitions: what an event waits for or does. BPMN 2.0.2, 10.5.5."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimerDefinition:
    """Exactly one of the three is set: ISO 8601 text, or FEEL that yields one."""

    date: str | None = None
    duration: str | None = None
    cycle: str | None = None


@dataclass(frozen=True, slots=True)
class MessageDefinition:
    """`name` is what a publisher says; `correlation_key` is FEEL over the waiting instance."""

    name: str
    correlation_key: str | None = None


@dataclass(frozen=True, slots=True)
class SignalDefinition:
    """Heard by everyone who waits for the name; the name is FEEL where it begins with `=`."""

    name: str


@dataclass(frozen=True, slots=True)
class ErrorDefinition:
    """Ends what it is thrown in. A catching event without a `code` takes every error."""

    code: str | None = None


@dataclass(frozen=True, slots=True)
class EscalationDefinition:
    """Tells a scope around without ending anything by itself. Catching without `code`: any."""

    code: str | None = None


@dataclass(frozen=True, slots=True)
class ConditionalDefinition:
    """Occurs whenever the FEEL condition becomes true."""

    condition: str


@dataclass(frozen=True, slots=True)
class CompensationDefinition:
    """Undoes completed activities: `activity` alone, or all of the scope where it is None."""

    activity: str | None = None
    waits: bool = True


@dataclass(frozen=True, slots=True)
class CancelDefinition:
    """Cancels the transaction around it: its end event throws, its boundary event catches."""


@dataclass(frozen=True, slots=True)
class LinkDefinition:
    """A jump to the catching link event of the same name in the same scope."""

    name: str


@dataclass(frozen=True, slots=True)
class TerminateDefinition:
    """Ends every token of the scope at once."""


EventDefinition = (
    TimerDefinition
    | MessageDefinition
    | SignalDefinition
    | ErrorDefinition
    | EscalationDefinition
    | ConditionalDefinition
    | CompensationDefinition
    | CancelDefinition
    | LinkDefinition
    | TerminateDefinition
)
