"""The run, its scopes and variables, and its incidents."""

from __future__ import annotations

from dataclasses import replace

from engine.semantics import events
from engine.semantics.appliers.registry import Appliers, heard, unchanged
from engine.semantics.state import Incident, InstanceState, Scope, Status, TokenStatus

APPLIERS = Appliers()


@APPLIERS.to(events.InstanceStarted)
def _started(state: InstanceState, event: events.InstanceStarted) -> None:
    state.process = event.process
    state.called = event.called
    state.status = Status.RUNNING


@APPLIERS.to(events.InstancePaused)
def _paused(state: InstanceState, _event: events.InstancePaused) -> None:
    state.status = Status.PAUSED


@APPLIERS.to(events.InstanceResumed)
def _resumed(state: InstanceState, _event: events.InstanceResumed) -> None:
    state.status = Status.RUNNING


@APPLIERS.to(events.InstanceCompleted)
def _completed(state: InstanceState, _event: events.InstanceCompleted) -> None:
    state.status = Status.COMPLETED


@APPLIERS.to(events.InstanceCancelled)
def _cancelled(state: InstanceState, _event: events.InstanceCancelled) -> None:
    state.status = Status.CANCELLED


@APPLIERS.to(events.BudgetSpent)
def _budget_spent(state: InstanceState, event: events.BudgetSpent) -> None:
    state.transitions += event.transitions


APPLIERS[events.ErrorEscaped] = unchanged
APPLIERS[events.EscalationEscaped] = unchanged


# Scopes and variables


@APPLIERS.to(events.ScopeOpened)
def _scope_opened(state: InstanceState, event: events.ScopeOpened) -> None:
    state.scopes[event.scope] = Scope(event.scope, event.parent, event.element)


@APPLIERS.to(events.ScopeClosed)
def _scope_closed(state: InstanceState, event: events.ScopeClosed) -> None:
    state.close(event.scope)


@APPLIERS.to(events.VariablesSet)
def _variables_set(state: InstanceState, event: events.VariablesSet) -> None:
    state.scopes[event.scope].variables.update(event.values)


# Incidents


@APPLIERS.to(events.IncidentRaised)
def _incident_raised(state: InstanceState, event: events.IncidentRaised) -> None:
    token = state.tokens[event.token]
    state.put_token(
        replace(token, status=TokenStatus.FAILED, resumes=token.status, since=state.seq)
    )
    state.incidents[event.incident] = Incident(
        event.incident, event.token, event.element, event.activity, event.code, event.cause
    )
    state.failed[event.token] = event.incident


@APPLIERS.to(events.IncidentResolved)
def _incident_resolved(state: InstanceState, event: events.IncidentResolved) -> None:
    incident = state.incidents.pop(event.incident)
    token = state.tokens[incident.token]
    del state.failed[incident.token]
    status = token.resumes or TokenStatus.READY
    state.put_token(replace(token, status=status, resumes=None, since=state.seq))
    held = state.scopes.get(token.activity)
    if held is not None and not held.live:
        # What the end of the scope leads to failed, and is looked at once more.
        state.emptied[held.id] = None
    heard(state)
