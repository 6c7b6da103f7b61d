"""Timers, messages, signals and conditions that are waited for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeAlias

from engine.semantics import events
from engine.semantics.appliers.registry import Appliers, heard, move
from engine.semantics.events import Event
from engine.semantics.state import Awaited, InstanceState, Subscription, Timer

APPLIERS = Appliers()


@APPLIERS.to(events.TimerScheduled)
def _timer_scheduled(state: InstanceState, event: events.TimerScheduled) -> None:
    timer = Timer(
        event.timer,
        event.element,
        event.activity,
        event.token,
        event.due_at,
        event.cycle,
        event.left,
        event.joint,
    )
    state.timers[timer.id] = timer
    _begin(state, timer, event)


@APPLIERS.to(events.TimerTriggered)
def _timer_triggered(state: InstanceState, event: events.TimerTriggered) -> None:
    _occur(state, state.timers.pop(event.timer), event)


@APPLIERS.to(events.TimerCancelled)
def _timer_cancelled(state: InstanceState, event: events.TimerCancelled) -> None:
    state.detach(state.timers.pop(event.timer))


@APPLIERS.to(events.MessageAwaited)
def _message_awaited(state: InstanceState, event: events.MessageAwaited) -> None:
    _subscribe(state, _subscription(event, name=event.name, key=event.key), event)


@APPLIERS.to(events.SignalAwaited)
def _signal_awaited(state: InstanceState, event: events.SignalAwaited) -> None:
    _subscribe(state, _subscription(event, name=event.name, kind=Awaited.SIGNAL), event)


@APPLIERS.to(events.ConditionAwaited)
def _condition_awaited(state: InstanceState, event: events.ConditionAwaited) -> None:
    awaited = _subscription(
        event, name="", kind=Awaited.CONDITION, ordinal=event.ordinal, met=event.met
    )
    _subscribe(state, awaited, event)


@APPLIERS.to(events.MessageReceived)
def _message_received(state: InstanceState, event: events.MessageReceived) -> None:
    _occur(state, state.subscriptions.pop(event.subscription), event)


@APPLIERS.to(events.SignalReceived)
def _signal_received(state: InstanceState, event: events.SignalReceived) -> None:
    _occur(state, state.subscriptions.pop(event.subscription), event)


@APPLIERS.to(events.ConditionMet)
def _condition_met(state: InstanceState, event: events.ConditionMet) -> None:
    _end(state, state.subscriptions.pop(event.subscription), event)


@APPLIERS.to(events.ConditionLapsed)
def _condition_lapsed(state: InstanceState, event: events.ConditionLapsed) -> None:
    awaited = state.subscriptions[event.subscription]
    state.subscriptions[awaited.id] = replace(awaited, met=False)


@APPLIERS.to(events.SubscriptionCancelled)
def _subscription_cancelled(state: InstanceState, event: events.SubscriptionCancelled) -> None:
    state.detach(state.subscriptions.pop(event.subscription))


_Awaiting: TypeAlias = events.MessageAwaited | events.SignalAwaited | events.ConditionAwaited


def _subscription(event: _Awaiting, **rest: Any) -> Subscription:
    return Subscription(
        event.subscription, event.element, event.activity, event.token, joint=event.joint, **rest
    )


def _subscribe(state: InstanceState, awaited: Subscription, event: _Awaiting) -> None:
    state.subscriptions[awaited.id] = awaited
    _begin(state, awaited, event)


def _begin(state: InstanceState, wait: Timer | Subscription, event: Event) -> None:
    state.attach(wait)
    if _is_own(state, wait):
        move(state, wait.token, event)


def _occur(state: InstanceState, wait: Timer | Subscription, event: Event) -> None:
    _end(state, wait, event)
    heard(state)


def _end(state: InstanceState, wait: Timer | Subscription, event: Event) -> None:
    """Let the token go on, unless other waits of the same event must come true as well."""
    state.detach(wait)
    if _is_own(state, wait) and not (wait.joint and _others(state, wait)):
        move(state, wait.token, event)


def _others(state: InstanceState, wait: Timer | Subscription) -> bool:
    attached = state.attached.get(wait.activity, ())
    return any(state.wait(other).element == wait.element for other in attached)


def _is_own(state: InstanceState, wait: Timer | Subscription) -> bool:
    """Return whether it is the token's own wait, and not that of an event around it."""
    return bool(wait.token) and state.tokens[wait.token].at == wait.element
