"""Which nodes are plain, and how a token passes each of them: worked out once per process.

A token rests, is watched, or can be cut short at most nodes: there every status it takes is a fact
of its own. A node is *plain* where none of that can be, so that nobody could tell its statuses
apart, neither from inside the run nor from outside:

- it does its work at once: a script in FEEL, a task that says nothing of how, an exclusive gateway,
  a parallel one, a none event on the way or at the end;
- nothing is attached to it or told of it: no boundary event, no listener, no mapping (which opens a
  scope), no loop (of a multi-instance the rounds may be plain: `rounds`), and nothing undoes it;
- it has one way out, or is a gateway that chooses, parts or joins, but does not both join and part;
- it stands in no ad-hoc sub-process, whose order and end are judged at every step;
- nothing in the process waits for a condition, which every write may bring about.

Plain tokens glide (`gliding`). Where a plain node cannot be passed after all, because its
expression fails or no flow holds, the token takes the ordinary way, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from common.errors import DomainError
from engine.bpmn.elements import (
    Activity,
    EndEvent,
    Event,
    ExclusiveGateway,
    FlowNode,
    IntermediateThrowEvent,
    ParallelGateway,
    ScriptTask,
    SequenceFlow,
    SubProcess,
    SubProcessKind,
    Task,
    ThrowEvent,
)
from engine.bpmn.events import ConditionalDefinition
from engine.bpmn.process import Process
from engine.expressions import Run
from engine.semantics.errors import NoOutgoingFlow
from engine.semantics.events import Passage, Passing
from engine.semantics.formulas import Formula
from engine.semantics.trails import Trail
from engine.semantics.variables import MAX_NAME


class Plan(Protocol):
    """How a token passes one node that it reaches on one flow."""

    def passed(self, trail: Trail) -> str:
        """Pass the node and return the flow to go on with, or "" where the branch ends or waits.

        Raises:
            DomainError: The node cannot be passed, and the trail is as it was.
        """


class Plans(dict[str, Plan | None]):
    """By the id of a flow: how a token passes the node it leads to, None where it is not plain.

    `departures` says, by the id of a node, how a token leaves it that goes on along one flow;
    `rounds` holds the plans of those who pass the rounds of a loop.
    """

    def __init__(self, process: Process) -> None:
        """Work out each plan when it is first asked for."""
        super().__init__()
        self.departures = _Departures(process)
        self.rounds: dict[str, Any] = {}
        self._process = process
        self._is_quiet = not _waits_for_conditions(process)

    def is_undisturbed(self, node: Activity) -> bool:
        """Return whether nobody can tell the statuses apart that a token has in an activity."""
        return self._is_quiet and _is_undisturbed(self._process, node)

    def __missing__(self, flow: str) -> Plan | None:
        """Work out the plan of a flow, and keep it."""
        self[flow] = plan = self._plan(self._process.flows.get(flow))
        return plan

    def _plan(self, flow: SequenceFlow | None) -> Plan | None:
        node = self._process.nodes[flow.target] if flow else None
        if flow is None or node is None or not self._is_quiet or not _is_plain(self._process, node):
            return None
        try:
            return _PLANS[type(node)](node, flow)
        except DomainError:
            # A text that is no FEEL, or fails every time, is told of where it would be read.
            return None


class _Departures(dict[str, Passage | None]):
    def __init__(self, process: Process) -> None:
        super().__init__()
        self._process = process

    def __missing__(self, element: str) -> Passage | None:
        node = self._process.nodes[element]
        is_simple = _goes_one_way(node) and node.outgoing and not _is_in_adhoc(self._process, node)
        self[element] = found = _passage(node, Passing.LEFT) if is_simple else None
        return found


def plans_of(process: Process) -> Plans:
    """Return the plans of a process, the same ones for as long as it lives."""
    found: Plans | None = process.derived.get(Plans)
    if found is None:
        found = process.derived[Plans] = Plans(process)
    return found


# What plain means


def _is_plain(process: Process, node: FlowNode) -> bool:
    if type(node) not in _PLANS or _is_in_adhoc(process, node):
        return False
    if isinstance(node, Activity):
        return not node.loop and _is_undisturbed(process, node) and _goes_one_way(node)
    if isinstance(node, ThrowEvent):
        is_none = not (node.definitions or node.job_type)
        return is_none and not _is_told_of(node) and _goes_one_way(node)
    if isinstance(node, ParallelGateway):
        return len(node.incoming) == 1 or _goes_one_way(node)
    return bool(node.outgoing)


def _is_undisturbed(process: Process, node: Activity) -> bool:
    is_watched = node.id in process.boundaries or node.for_compensation
    return not (is_watched or _is_told_of(node) or _is_in_adhoc(process, node))


def _is_told_of(node: Activity | ThrowEvent) -> bool:
    return bool(node.inputs or node.outputs or node.start_listeners or node.end_listeners)


def _goes_one_way(node: FlowNode) -> bool:
    is_choice = isinstance(node, Activity) and any(one.condition for one in node.outgoing)
    return len(node.outgoing) <= 1 and not is_choice


def _is_in_adhoc(process: Process, node: FlowNode) -> bool:
    around = process.nodes.get(node.scope)
    return isinstance(around, SubProcess) and around.kind is SubProcessKind.ADHOC


def _waits_for_conditions(process: Process) -> bool:
    return any(
        isinstance(definition, ConditionalDefinition)
        for node in process.nodes.values()
        if isinstance(node, Event)
        for definition in node.definitions
    )


# How each kind is passed


@dataclass(frozen=True, slots=True)
class _Passed:
    """A node that is passed for nothing but its place; `onward` is its one way, "" for none."""

    passage: Passage
    onward: str

    def passed(self, trail: Trail) -> str:
        trail.passages.append(self.passage)
        return self.onward or trail.end()


@dataclass(frozen=True, slots=True)
class _Parted:
    """A parallel gateway with several flows out of it."""

    passage: Passage

    def passed(self, trail: Trail) -> str:
        onward = trail.part(self.passage.flows)
        trail.passages.append(self.passage)
        return onward


@dataclass(frozen=True, slots=True)
class _Scripted:
    """A script task; `target` is the variable of its result."""

    passage: Passage
    onward: str
    formula: Formula
    target: str

    def passed(self, trail: Trail) -> str:
        value = trail.value(self.formula)
        if self.target:
            trail.write(self.target, value)
        trail.passages.append(self.passage)
        return self.onward or trail.end()


@dataclass(frozen=True, slots=True)
class _Assigned:
    """A script task that gives the same value every time."""

    passage: Passage
    onward: str
    value: str | float | None
    target: str

    def passed(self, trail: Trail) -> str:
        if self.target:
            trail.write(self.target, self.value)
        trail.passages.append(self.passage)
        return self.onward or trail.end()


@dataclass(frozen=True, slots=True)
class _Chosen:
    """An exclusive gateway; the first way whose condition holds is taken, one without at once."""

    element: str
    ways: tuple[tuple[Formula | None, Passage], ...]

    def passed(self, trail: Trail) -> str:
        for formula, passage in self.ways:
            if formula is None or trail.holds(formula, passage.flows[0]):
                trail.passages.append(passage)
                return passage.flows[0]
        raise NoOutgoingFlow(element=self.element)


@dataclass(frozen=True, slots=True)
class _Joined:
    """A parallel gateway with several flows in; reached on `flow`."""

    passage: Passage
    onward: str
    flow: str
    ways: int

    def passed(self, trail: Trail) -> str:
        if not trail.meet(self.passage.element, self.flow, self.ways):
            return ""
        trail.passages.append(self.passage)
        return self.onward or trail.end()


def _passage(node: FlowNode, passing: Passing) -> Passage:
    return Passage(node.id, passing, tuple(flow.id for flow in node.outgoing))


def _onward(node: FlowNode) -> str:
    return node.outgoing[0].id if node.outgoing else ""


def _of_node(node: FlowNode, _flow: SequenceFlow) -> Plan:
    return _Passed(_passage(node, Passing.NODE), _onward(node))


def _of_task(node: Task, _flow: SequenceFlow) -> Plan:
    return _Passed(_passage(node, Passing.TASK), _onward(node))


def _of_script(node: ScriptTask, _flow: SequenceFlow) -> Plan | None:
    passing = Passing.RESULT if node.result_variable else Passing.SCRIPT
    if len(node.result_variable) > MAX_NAME:
        return None
    passage, formula = _passage(node, passing), Formula.of(node.expression)
    if formula.reads_nothing:
        value = formula.value(Run(), {})
        if value is None or isinstance(value, str | int | float):
            return _Assigned(passage, _onward(node), value, node.result_variable)
    return _Scripted(passage, _onward(node), formula, node.result_variable)


def _of_exclusive(node: ExclusiveGateway, _flow: SequenceFlow) -> Plan:
    default = [node.default] if node.default else []
    flows = [flow for flow in node.outgoing if flow not in default]
    ways = [(_condition(flow), Passage(node.id, Passing.NODE, (flow.id,))) for flow in flows]
    ways += [(None, Passage(node.id, Passing.NODE, (flow.id,))) for flow in default]
    return _Chosen(node.id, tuple(ways))


def _condition(flow: SequenceFlow) -> Formula | None:
    return None if flow.condition is None else Formula.of(flow.condition)


def _of_parallel(node: ParallelGateway, flow: SequenceFlow) -> Plan:
    passage = _passage(node, Passing.NODE)
    if len(node.incoming) > 1:
        return _Joined(passage, _onward(node), flow.id, len(node.incoming))
    return _Parted(passage) if len(node.outgoing) > 1 else _Passed(passage, _onward(node))


# Each function takes the node type it is registered for; a mapping cannot say so.
_Planned: TypeAlias = Callable[[Any, SequenceFlow], Plan | None]
_PLANS: Mapping[type[FlowNode], _Planned] = {
    Task: _of_task,
    ScriptTask: _of_script,
    ExclusiveGateway: _of_exclusive,
    ParallelGateway: _of_parallel,
    IntermediateThrowEvent: _of_node,
    EndEvent: _of_node,
}
