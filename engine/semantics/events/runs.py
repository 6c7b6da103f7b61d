"""Facts about the run as a whole, its scopes and variables, and its incidents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.semantics.events.fact import Fact


@dataclass(frozen=True, slots=True)
class InstanceStarted(Fact):
    """The run exists; its root scope has the id of the instance.

    A `called` run belongs to a call activity of another: what it cannot catch, that one is told.
    From `number` on it is what the shell knows of the beginning, so that the journal alone can tell
    it: the machine never looks there. `caller` waits in its visit `visit`, `depth` calls around.
    """

    type = "instance_started"
    instance: str
    process: str
    element: str
    business_key: str = ""
    called: bool = False
    number: int = 0
    title: str = ""
    deployment: str = ""
    starter: str = ""
    account: str = ""
    caller: str = ""
    visit: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class InstancePaused(Fact):
    """No token advances from here on."""

    type = "instance_paused"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class InstanceResumed(Fact):
    """Tokens advance again."""

    type = "instance_resumed"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class InstanceCompleted(Fact):
    """No token is left."""

    type = "instance_completed"


@dataclass(frozen=True, slots=True)
class InstanceCancelled(Fact):
    """Somebody ended the run before its time."""

    type = "instance_cancelled"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BudgetSpent(Fact):
    """The transaction's share of transitions is used up; the shell sends `Continue`."""

    type = "budget_spent"
    transitions: int


@dataclass(frozen=True, slots=True)
class ErrorEscaped(Fact):
    """A called run ends with an error that nothing in it caught; its caller is told."""

    type = "error_escaped"
    code: str
    message: str = ""
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EscalationEscaped(Fact):
    """Nothing in a called run caught an escalation; its caller is told, and the run goes on."""

    type = "escalation_escaped"
    code: str
    variables: dict[str, Any] = field(default_factory=dict)


# Scopes and variables


@dataclass(frozen=True, slots=True)
class ScopeOpened(Fact):
    """A place for variables exists; an activity's own has the activity's id."""

    type = "scope_opened"
    scope: str
    parent: str
    element: str


@dataclass(frozen=True, slots=True)
class ScopeClosed(Fact):
    """The scope and its variables are gone."""

    type = "scope_closed"
    scope: str


@dataclass(frozen=True, slots=True)
class VariablesSet(Fact):
    """Variables were written to one scope. The only event that carries values."""

    type = "variables_set"
    scope: str
    values: dict[str, Any] = field(default_factory=dict)


# Incidents


@dataclass(frozen=True, slots=True)
class IncidentRaised(Fact):
    """A token cannot go on; `code` is that of the error, `cause` says it in words."""

    type = "incident_raised"
    incident: str
    token: str
    element: str
    activity: str
    code: str
    cause: str


@dataclass(frozen=True, slots=True)
class IncidentResolved(Fact):
    """The token tries again (`retried`), or is about to go (`terminated`)."""

    type = "incident_resolved"
    incident: str
    resolution: str
