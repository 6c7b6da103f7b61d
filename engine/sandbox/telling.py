"""What happened in a trial, as rows: what kind of thing, where, and what there is to say of it.

A row names no language; whoever shows it has the sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, TypeAlias

from engine.bpmn.process import Process
from engine.conformance.instances import Instance
from engine.sandbox.stage import Heard
from engine.semantics import events
from engine.semantics.events import Event
from engine.semantics.unfolding import unfolded
from engine.steps import Narrator, Step, name_of

Row: TypeAlias = dict[str, Any]

MOST_ROWS = 1_000


def story_of(heard: Iterable[Heard]) -> list[Row]:
    """Return what happened, in order; of a long story, the beginning."""
    tellers: dict[int, _Teller] = {}
    rows: list[Row] = []
    for one in heard:
        teller = tellers.setdefault(id(one.instance), _Teller(one.instance))
        rows += teller.tell(one.event, one.at)
    return rows[:MOST_ROWS]


def steps_of(heard: Iterable[Heard], instance: Instance, state: str) -> list[Step]:
    """Return the steps of one run, as the page of a real one draws them."""
    narrator = Narrator(instance.process)
    own = (one for one in heard if one.instance is instance)
    seq, told = 1, list[Step]()
    for at, batch in groupby(own, key=lambda one: one.at):
        happened = [one.event for one in batch]
        told += narrator.tell(happened, seq, at, "running")
        seq += len(happened)
    return (
        [*told, {"seq": seq, "at": told[-1]["at"], "type": "run", "state": state}] if told else []
    )


@dataclass(slots=True)
class _Teller:
    """Tells the events of one run."""

    instance: Instance
    places: dict[str, str] = field(default_factory=dict)

    @property
    def process(self) -> Process:
        return self.instance.process

    def tell(self, event: Event, at: datetime) -> Iterator[Row]:
        for fact in unfolded(event, 0):
            if isinstance(fact, events.ActivityActivated):
                self.places[fact.activity] = fact.element
            kind, facts = _said(fact)
            if kind:
                element = self._element(fact)
                yield {
                    "at": at.isoformat(),
                    "run": "" if self.instance.parent is None else self.process.name,
                    "kind": kind,
                    "element": element,
                    "name": name_of(self.process.nodes.get(element), element),
                    "facts": facts,
                }

    def _element(self, fact: Event) -> str:
        element = getattr(fact, "element", "")
        activity: str = getattr(fact, "activity", "")
        return element or self.places.get(activity, "")


def _said(fact: Event) -> tuple[str, Row]:
    """Return the kind of what happened and what there is to say of it; nothing for most facts."""
    kind = _KINDS.get(type(fact), "")
    return (kind, {name: _plain(getattr(fact, name)) for name in _FACTS.get(kind, ())})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


_KINDS: dict[type[Event], str] = {
    events.InstanceStarted: "started",
    events.InstanceCompleted: "ended",
    events.InstanceCancelled: "cancelled",
    events.NodePassed: "passed",
    events.ActivityCompleted: "completed",
    events.ActivityTerminated: "interrupted",
    events.VariablesSet: "set",
    events.DecisionMade: "decided",
    events.UserTaskCreated: "asked",
    events.UserTaskVoted: "voted",
    events.UserTaskCompleted: "handed_in",
    events.JobCreated: "called",
    events.AttemptFailed: "attempt_failed",
    events.IncidentRaised: "incident",
    events.IncidentResolved: "incident_resolved",
    events.CallStarted: "call_started",
    events.CallFailed: "call_failed",
    events.TimerScheduled: "timer_set",
    events.TimerTriggered: "timer_fired",
    events.MessageAwaited: "message_awaited",
    events.MessageReceived: "message_received",
    events.SignalAwaited: "signal_awaited",
    events.SignalReceived: "signal_received",
    events.MessageThrown: "message_thrown",
    events.SignalThrown: "signal_thrown",
    events.ErrorThrown: "error_thrown",
    events.EscalationThrown: "escalation_thrown",
    events.CompensationStarted: "compensating",
    events.ErrorEscaped: "error_escaped",
}
_FACTS: dict[str, tuple[str, ...]] = {
    "set": ("values",),
    "asked": ("assignee", "candidate_groups", "candidate_users", "due_at", "quorum"),
    "voted": ("person", "decision", "reason"),
    "handed_in": ("person", "decision"),
    "called": ("job_type",),
    "attempt_failed": ("attempt", "attempts", "kind", "cause", "next_at"),
    "incident": ("code", "cause"),
    "incident_resolved": ("resolution",),
    "call_started": ("called",),
    "call_failed": ("cause",),
    "timer_set": ("due_at",),
    "message_awaited": ("name", "key"),
    "signal_awaited": ("name",),
    "message_thrown": ("name", "key", "variables"),
    "signal_thrown": ("name", "variables"),
    "decided": ("decision", "record"),
    "error_thrown": ("code", "message"),
    "error_escaped": ("code",),
    "escalation_thrown": ("code",),
}
