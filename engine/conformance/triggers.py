"""What waits to start instances, as a deployment does: timers, messages and signals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.bpmn.elements import Event, FlowNode, ReceiveTask
from engine.bpmn.events import (
    EventDefinition,
    MessageDefinition,
    SignalDefinition,
    TimerDefinition,
)
from engine.bpmn.process import Process
from engine.semantics import starts, timers, variables
from engine.semantics.timers import Due


@dataclass
class Trigger:
    """One definition that can start an instance of a process at `element`.

    `joint` are the definitions of one event that are all needed: it starts with the last of them.
    """

    process: Process
    element: str
    definition: EventDefinition
    due: Due | None = None
    joint: Joint | None = None

    def hears(self, kind: type[MessageDefinition | SignalDefinition], name: str) -> bool:
        """Return whether a message or signal of this name starts the instance."""
        definition = self.definition
        return isinstance(definition, kind) and variables.text_of(definition.name, {}) == name

    def occur(self, values: dict[str, Any]) -> dict[str, Any] | None:
        """Return what the new instance begins with, or None while others are missing."""
        if self.joint is None:
            return values
        return self.joint.occur(self.definition, values)


@dataclass
class Joint:
    """A parallel multiple start event: which of its definitions have occurred, and with what."""

    definitions: tuple[EventDefinition, ...]
    occurred: dict[int, dict[str, Any]] = field(default_factory=dict)

    def occur(self, definition: EventDefinition, values: dict[str, Any]) -> dict[str, Any] | None:
        """Note that one has occurred; with the last return all that they brought."""
        self.occurred[self.definitions.index(definition)] = values
        if len(self.occurred) < len(self.definitions):
            return None
        brought = [self.occurred.pop(index) for index in range(len(self.definitions))]
        return {name: value for values in brought for name, value in values.items()}


def deployed(process: Process, now: datetime) -> Iterator[Trigger]:
    """Yield what starts instances of a process from now on."""
    for node, _gateway in starts.triggered(process):
        definitions = _definitions(node)
        is_joint = getattr(node, "parallel_multiple", False) and len(definitions) > 1
        joint = Joint(definitions) if is_joint else None
        for definition in definitions:
            due = None
            if isinstance(definition, TimerDefinition):
                due = timers.first_due(
                    definition, lambda text: variables.evaluate(text, {}, now), now
                )
            yield Trigger(process, node.id, definition, due, joint)


def _definitions(node: FlowNode) -> tuple[EventDefinition, ...]:
    if isinstance(node, Event):
        return node.definitions
    if isinstance(node, ReceiveTask) and node.definition is not None:
        return (node.definition,)
    return ()
