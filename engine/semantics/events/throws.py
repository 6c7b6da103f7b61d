"""Facts about what is thrown: signals, messages, errors, escalations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.semantics.events.fact import Fact


@dataclass(frozen=True, slots=True)
class SignalThrown(Fact):
    """A signal goes to everyone who waits for its name, in this run and in others."""

    type = "signal_thrown"
    element: str
    token: str
    name: str
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageThrown(Fact):
    """A message goes to the one who waits for its name and key, wherever that is."""

    type = "message_thrown"
    element: str
    token: str
    name: str
    key: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErrorThrown(Fact):
    """An error goes outwards; `element` is the event or activity that threw it."""

    type = "error_thrown"
    element: str
    token: str
    code: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class EscalationThrown(Fact):
    """An escalation goes outwards; `element` is the event that threw it."""

    type = "escalation_thrown"
    element: str
    token: str
    code: str
