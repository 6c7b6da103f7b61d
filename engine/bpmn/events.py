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
class TerminateDefinition:
    """Ends every token of the scope at once."""


EventDefinition = TimerDefinition | MessageDefinition | TerminateDefinition
