"""The work of a job: what its connector or the script runner is given, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine import agenda
from engine.actions import circuits
from engine.actions.attempts import Tried
from engine.actions.circuits import ORDINARY, Passage
from engine.bpmn.elements import Activity, FlowNode, ServiceTask, ThrowEvent
from engine.connectors.base import Outcome
from engine.held import Left


@dataclass(frozen=True, slots=True)
class Work:
    """One job as its connector needs it, or as the script runner does where it has a `script`.

    `tried` is what is kept of the attempt, `passage` what its circuit said; `deployment_id` is that
    of its run. `given` is what came of it where nobody is asked: its workers died at it, or its
    system was left alone for too long. What is `apart` has not begun: it is to be begun alone.
    `until`, on the monotonic clock of this process, is how long it goes on with the run, and `left`
    the run as it left it.
    """

    generation: int
    key: str
    tried: Tried
    deployment_id: UUID
    passage: Passage = ORDINARY
    inputs: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    destinations: frozenset[tuple[str, int]] = frozenset()
    script: str = ""
    given: Outcome | None = None
    apart: bool = False
    until: float = 0.0
    left: Left | None = None

    @property
    def queue(self) -> str:
        """Return where it belongs: whose workers are of its kind, and reach its system's zone."""
        return agenda.queue_for(self.tried.target, script=bool(self.script))

    @property
    def circuit(self) -> circuits.Key:
        """Return whose circuit the call goes through."""
        return circuits.Key(self.tried.unit_id, self.tried.job_type, self.tried.target)


def headers_of(node: FlowNode | None) -> Mapping[str, str]:
    """Return the fixed settings of a step's connector: the model's, and no run's."""
    return node.headers if isinstance(node, ServiceTask | ThrowEvent) else {}


def inputs_of(own: Mapping[str, Any], node: FlowNode | None) -> dict[str, Any]:
    """Return what the input mappings wrote: nothing else of the run leaves with the call."""
    mappings = node.inputs if isinstance(node, Activity) else ()
    names = {mapping.target.partition(".")[0] for mapping in mappings}
    return {name: own[name] for name in own if name in names}
