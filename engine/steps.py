"""Events to the steps that browsers and the API know: the public vocabulary of a run.

An event says what happened to a token; a step says what a person sees on the diagram. Steps never
hold a variable's value. The vocabulary is schema 1 of the live frames and of `GET /api/v1/runs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import UnionType
from typing import Any, TypeAlias

from engine.bpmn.elements import (
    CallActivity,
    EventBasedGateway,
    FlowNode,
    Gateway,
    IntermediateCatchEvent,
    ManualTask,
    ReceiveTask,
    ScriptTask,
    ServiceTask,
    StarlarkTask,
    SubProcess,
    UserTask,
)
from engine.bpmn.events import EventDefinition, MessageDefinition, TimerDefinition
from engine.bpmn.process import Process
from engine.semantics import events
from engine.semantics.events import Event
from engine.semantics.state import Incident, Token
from engine.semantics.unfolding import unfolded

Step: TypeAlias = dict[str, Any]

_KINDS: tuple[tuple[type[FlowNode] | UnionType, str], ...] = (
    (UserTask | ManualTask, "user"),
    (ReceiveTask, "message"),
    (CallActivity, "call"),
    (SubProcess, "subprocess"),
    (ServiceTask, "service"),
    (ScriptTask, "script"),
    (StarlarkTask, "script"),
    (Gateway, "gateway"),
)
_WAITED_FOR: Mapping[type[EventDefinition], str] = {
    TimerDefinition: "timer",
    MessageDefinition: "message",
}
_WAITING = UserTask | ManualTask | ReceiveTask | IntermediateCatchEvent | EventBasedGateway
_RUN_STATES: Mapping[type[Event], str] = {
    events.InstanceStarted: "running",
    events.InstancePaused: "paused",
    events.InstanceResumed: "running",
    events.InstanceCompleted: "completed",
    events.InstanceCancelled: "cancelled",
}


@dataclass(slots=True)
class Narrator:
    """Tells the events of one run as steps.

    `places` and `incidents` are what it must know of earlier events: the element of an activity,
    and the element and activity of an incident.
    """

    process: Process
    places: dict[str, str] = field(default_factory=dict)
    incidents: dict[str, tuple[str, str]] = field(default_factory=dict)
    attempts: dict[str, tuple[int, int]] = field(default_factory=dict)

    def tell(self, happened: Iterable[Event], seq: int, at: datetime, state: str) -> list[Step]:
        """Return the steps of one advance, of which `seq` is the number of the first event.

        The last step says where the run stands now (`state`).
        """
        told: list[Step] = []
        last = seq
        for last, event in enumerate(happened, seq):
            parts = enumerate(unfolded(event, last))
            told += (
                self._dated(step, last, at)
                for part, fact in parts
                for step in self._steps(fact, f"{last}.{part}" if part else f"{last}")
            )
        return [*told, self._dated({"type": "run", "state": state.lower()}, last, at)]

    @staticmethod
    def _dated(step: Step, seq: int, at: datetime) -> Step:
        return {"seq": seq, "at": at.isoformat(), **step}

    def _steps(self, event: Event, place: str) -> Iterator[Step]:
        match event:
            case events.SequenceFlowTaken():
                yield {"type": "flow", "flow": event.flow}
            case events.NodePassed():
                passed = f"{event.token}/{place}"
                yield self._activated(event.element, passed)
                yield {"type": "completed", "element": event.element, "activity": passed}
            case events.ActivityActivated():
                self.places[event.activity] = event.element
                yield self._activated(event.element, event.activity)
            case events.ActivityCompleted():
                yield {"type": "completed", "element": event.element, "activity": event.activity}
            case events.LoopItemCompleted():
                element = self.places.get(event.activity, "")
                yield {"type": "completed", "element": element, "activity": event.activity}
            case events.ActivityTerminated():
                yield {"type": "cancelled", "element": event.element, "activity": event.activity}
            case _:
                yield from self._troubles(event)

    def _troubles(self, event: Event) -> Iterator[Step]:
        match event:
            case events.AttemptFailed():
                self.attempts[event.activity] = (event.attempt, event.attempts)
                if event.next_at is not None:
                    yield self._attempted(event, event.next_at)
            case events.IncidentRaised():
                self.incidents[event.incident] = (event.element, event.activity)
                yield self._failed(event)
            case events.IncidentResolved(resolution="retried"):
                element, activity = self.incidents.get(event.incident, ("", ""))
                yield {"type": "retried", "element": element, "activity": activity}
            case _ if type(event) in _RUN_STATES:
                yield {"type": "run", "state": _RUN_STATES[type(event)]}
            case _:
                return

    def _activated(self, element: str, activity: str) -> Step:
        node = self.process.nodes.get(element)
        return {
            "type": "activated",
            "element": element,
            "activity": activity,
            "name": name_of(node, element),
            "kind": kind_of(node),
            "state": "waiting" if isinstance(node, _WAITING) else "running",
        }

    def _attempted(self, event: events.AttemptFailed, next_at: datetime) -> Step:
        return {
            "type": "attempted",
            "element": self.places.get(event.activity, ""),
            "activity": event.activity,
            "attempt": event.attempt,
            "attempts": event.attempts,
            "cause": event.cause,
            "next_at": next_at.isoformat(),
        }

    def _failed(self, event: events.IncidentRaised) -> Step:
        attempt, attempts = self.attempts.get(event.activity, (0, 0))
        return {
            "type": "failed",
            "element": event.element,
            "activity": event.activity,
            "cause": event.cause,
            "attempt": attempt,
            "attempts": attempts,
        }


def narrator_of(
    process: Process, tokens: Iterable[Token], incidents: Iterable[Incident]
) -> Narrator:
    """Return a narrator who knows what is alive in a run: enough to tell what comes next."""
    standing = {token.activity: token.at for token in tokens if token.activity}
    troubled = {one.id: (one.element, one.activity) for one in incidents}
    return Narrator(process, standing, troubled)


def kind_of(node: FlowNode | None) -> str:
    """Return the public word for a kind of node."""
    if isinstance(node, IntermediateCatchEvent):
        kinds = {_WAITED_FOR.get(type(one), "event") for one in node.definitions}
        return kinds.pop() if len(kinds) == 1 else "event"
    return next((word for kind, word in _KINDS if isinstance(node, kind)), "event")


def name_of(node: FlowNode | None, element: str) -> str:
    """Return what a node is called, or its id where it has no name."""
    return (node.name if node else "") or element
