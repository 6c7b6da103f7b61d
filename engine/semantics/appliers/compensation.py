"""What can be undone, and its undoing."""

from __future__ import annotations

from dataclasses import replace

from engine.semantics import events
from engine.semantics.appliers.registry import Appliers, advance, unchanged
from engine.semantics.state import Compensable, Compensation, InstanceState

APPLIERS = Appliers()


@APPLIERS.to(events.ActivityCompensable)
def _compensable(state: InstanceState, event: events.ActivityCompensable) -> None:
    record = Compensable(
        event.activity, event.element, event.scope, event.handler, state.seq, event.variables
    )
    state.keep(record)


@APPLIERS.to(events.CompensationStarted)
def _started(state: InstanceState, event: events.CompensationStarted) -> None:
    state.compensations[event.activity] = Compensation(
        event.activity, event.scope, event.element, state.seq
    )
    # Nothing stands in the scope yet: that makes the first handler begin.
    state.emptied[event.activity] = None


@APPLIERS.to(events.CompensationInvoked)
def _invoked(state: InstanceState, event: events.CompensationInvoked) -> None:
    state.forget(event.activity)


@APPLIERS.to(events.CompensationOpened)
def _opened(state: InstanceState, event: events.CompensationOpened) -> None:
    advance(state, replace(state.tokens[event.token], activity=event.activity), event)


APPLIERS[events.ActivityCompensated] = unchanged
