"""What steps are called: a drawing, a list of runs and an audit are read by these names.

Mendling, Reijers and van der Aalst, "Seven Process Modeling Guidelines" (2010).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    ExclusiveGateway,
    FlowNode,
    InclusiveGateway,
    IntermediateCatchEvent,
    SubProcess,
    SubProcessKind,
)
from engine.bpmn.process import Process
from engine.lint.finding import about, mendable
from engine.lint.rules import Setting
from engine.problems import Problem, shown

_CHOICE = ExclusiveGateway | InclusiveGateway


def unnamed(process: Process, _setting: Setting) -> Iterator[Problem]:
    """Steps, events that are waited for, and decisions say what they are for."""
    for node in process.nodes.values():
        if not node.name.strip() and _wants_name(node):
            yield mendable(about("step_unnamed", node), "name")


def too_long(process: Process, setting: Setting) -> Iterator[Problem]:
    """A name can be read at a glance."""
    for node in process.nodes.values():
        count = len(" ".join(node.name.split()))
        if count > (setting.limit or 0):
            found = about("name_too_long", node, count=count, limit=setting.limit)
            yield mendable(found, "name")


def twice(process: Process, _setting: Setting) -> Iterator[Problem]:
    """Steps of one level can be told apart by their names."""
    steps = [node for node in process.nodes.values() if isinstance(node, Activity)]
    names = Counter((node.scope, _folded(node)) for node in steps if node.name.strip())
    for node in steps:
        count = names[node.scope, _folded(node)]
        if count > 1:
            yield mendable(about("name_twice", node, count=count - 1), "name")


def choices(process: Process, _setting: Setting) -> Iterator[Problem]:
    """The ways out of a decision say when they are taken."""
    for node in process.nodes.values():
        if isinstance(node, _CHOICE) and len(node.outgoing) > 1:
            gateway = shown(node.id, node.name)
            for flow in node.outgoing:
                if not flow.name.strip() and flow != node.default:
                    yield mendable(about("choice_unlabelled", flow, gateway=gateway), "name")


def _wants_name(node: FlowNode) -> bool:
    if isinstance(node, SubProcess) and node.kind is SubProcessKind.EVENT:
        return False
    if isinstance(node, _CHOICE):
        return len(node.outgoing) > 1
    if isinstance(node, IntermediateCatchEvent | BoundaryEvent):
        return bool(node.definitions)
    return isinstance(node, Activity)


def _folded(node: FlowNode) -> str:
    return " ".join(node.name.split()).casefold()
