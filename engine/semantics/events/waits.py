"""Facts about waiting: for a time, a message, a signal, a condition.

A wait belongs to the visit `activity` and is for the event `element`; where `token` is empty it is
that of an event sub-process, and `activity` the scope it stands in. `joint` waits of one event are
all needed for it to occur.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.semantics.events.fact import Fact


@dataclass(frozen=True, slots=True)
class TimerScheduled(Fact):
    """A due time exists. Each turn of a cycle is a timer of its own."""

    type = "timer_scheduled"
    timer: str
    element: str
    activity: str
    token: str
    due_at: datetime
    cycle: str = ""
    left: int | None = 0
    joint: bool = False


@dataclass(frozen=True, slots=True)
class TimerTriggered(Fact):
    """The time has come and the timer is used up."""

    type = "timer_triggered"
    timer: str
    element: str


@dataclass(frozen=True, slots=True)
class TimerCancelled(Fact):
    """Nobody waits for the timer any more."""

    type = "timer_cancelled"
    timer: str


@dataclass(frozen=True, slots=True)
class MessageAwaited(Fact):
    """A message of this name and key will be received; key None takes any."""

    type = "message_awaited"
    subscription: str
    element: str
    activity: str
    token: str
    name: str
    key: str | None = None
    joint: bool = False


@dataclass(frozen=True, slots=True)
class MessageReceived(Fact):
    """The message came and the subscription is used up."""

    type = "message_received"
    subscription: str
    element: str


@dataclass(frozen=True, slots=True)
class SubscriptionCancelled(Fact):
    """Nobody waits for the message any more."""

    type = "subscription_cancelled"
    subscription: str


@dataclass(frozen=True, slots=True)
class SignalAwaited(Fact):
    """A signal of this name will be heard."""

    type = "signal_awaited"
    subscription: str
    element: str
    activity: str
    token: str
    name: str
    joint: bool = False


@dataclass(frozen=True, slots=True)
class SignalReceived(Fact):
    """The signal came and the subscription is used up."""

    type = "signal_received"
    subscription: str
    element: str


@dataclass(frozen=True, slots=True)
class ConditionAwaited(Fact):
    """The condition of the event's definition number `ordinal` is watched.

    `met` says that it holds already: it has to lapse before it can occur again.
    """

    type = "condition_awaited"
    subscription: str
    element: str
    activity: str
    token: str
    ordinal: int = 0
    joint: bool = False
    met: bool = False


@dataclass(frozen=True, slots=True)
class ConditionMet(Fact):
    """The condition became true and the subscription is used up."""

    type = "condition_met"
    subscription: str
    element: str


@dataclass(frozen=True, slots=True)
class ConditionLapsed(Fact):
    """The condition is no longer true, so that it can become true again."""

    type = "condition_lapsed"
    subscription: str
