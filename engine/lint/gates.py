"""Gates: who could decide, who is told when nobody does, and that time alone never approves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.bpmn.elements import (
    GATE_RESULT,
    Activity,
    BoundaryEvent,
    FlowNode,
    Gateway,
    ParallelGateway,
    ScriptTask,
    SequenceFlow,
    UserTask,
)
from engine.bpmn.events import TimerDefinition
from engine.bpmn.process import Process
from engine.expressions import FeelBudgetExceeded, FeelSyntaxError, parse
from engine.lint.facts import Facts
from engine.lint.finding import about, mendable
from engine.lint.rules import Setting
from engine.problems import Problem, shown

APPROVE, REJECT = "approve", "reject"


def gates_of(process: Process) -> Iterator[UserTask]:
    """Yield the user tasks that decide."""
    return (one for one in process.nodes.values() if isinstance(one, UserTask) and one.gate)


def escalation(process: Process, _setting: Setting) -> Iterator[Problem]:
    """A gate that nobody decides tells somebody, by a time limit at it or around it."""
    for gate in gates_of(process):
        here: FlowNode | None = gate
        while here is not None and not any(_timers(process, here)):
            here = process.nodes.get(here.scope)
        if here is None:
            yield mendable(about("gate_escalation_missing", gate), "escalation")


def quorum(process: Process, facts: Facts) -> Iterator[Problem]:
    """As many people could approve as the quorum asks for; those a variable names are not known."""
    for gate in gates_of(process):
        able = _able(gate, facts)
        needed = gate.gate.quorum if gate.gate else 0
        if able is not None and len(able) < needed:
            found = about("gate_quorum_unreachable", gate, quorum=needed, count=len(able))
            yield mendable(found, "quorum", to=str(len(able))) if able else found


def timeout(process: Process, _setting: Setting) -> Iterator[Problem]:
    """The time limit of a gate never leads where only an approval leads."""
    for gate in gates_of(process):
        decision = _Decision.after(process, gate)
        for event in _timers(process, gate):
            if decision.approves(event):
                found = about("gate_timeout_approves", event, gate=shown(gate.id, gate.name))
                instead = decision.rejection
                way = event.outgoing[0].id if len(event.outgoing) == 1 else ""
                yield (
                    mendable(found, "reconnect", flow=way, to=instead) if instead and way else found
                )


def _timers(process: Process, node: FlowNode) -> Iterator[BoundaryEvent]:
    for event in process.boundaries.get(node.id, ()):
        if any(isinstance(one, TimerDefinition) for one in event.definitions):
            yield event


def _able(gate: UserTask, facts: Facts) -> set[str] | None:
    """Return who could vote; None where a variable says who it is."""
    texts = [gate.assignee, gate.candidate_groups, gate.candidate_users]
    if any(text is not None and text.startswith("=") for text in texts):
        return None
    users = [*_names(gate.assignee), *_names(gate.candidate_users)]
    found = {facts.persons[name] for name in users if name in facts.persons}
    for group in _names(gate.candidate_groups):
        found |= facts.groups.get(group, frozenset())
    return found - facts.authors


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


@dataclass(frozen=True)
class _Decision:
    """Where what a gate decided is read, and which flows are taken then.

    Without a gateway that reads it, whatever follows the gate follows an approval.
    """

    process: Process
    gate: UserTask
    names: frozenset[str]
    node: FlowNode
    approving: tuple[SequenceFlow, ...]
    rejecting: tuple[SequenceFlow, ...]

    @classmethod
    def after(cls, process: Process, gate: UserTask) -> _Decision:
        """Find the decision by looking ahead from the gate, not through other gates."""
        written = [one.target.partition(".")[0] for one in gate.outputs] or [GATE_RESULT]
        names = frozenset(written)
        for node in _ahead(process, gate.outgoing):
            approving = tuple(flow for flow in _taken(node, names, APPROVE))
            rejecting = tuple(flow for flow in _taken(node, names, REJECT))
            if approving != rejecting:
                only = tuple(flow for flow in approving if flow not in rejecting)
                return cls(process, gate, names, node, only, rejecting)
        return cls(process, gate, names, gate, gate.outgoing, ())

    @property
    def rejection(self) -> str:
        """Return the node that a rejection leads to, "" where nothing says so."""
        return self.rejecting[0].target if self.rejecting else ""

    def approves(self, event: BoundaryEvent) -> bool:
        """Return whether an event writes an approval, or leads where only an approval leads."""
        if any(_says_approve(one.source) for one in event.outputs if one.target in self.names):
            return True
        approved = {node.id for node in _ahead(self.process, self.approving)}
        approved -= {node.id for node in _ahead(self.process, self.rejecting)}
        return any(node.id in approved or self._writes(node) for node in self._way(event))

    def _way(self, event: BoundaryEvent) -> Iterator[FlowNode]:
        """Yield where an event leads; the decision goes on as it does without a vote."""
        undecided = tuple(_taken(self.node, self.names, None))
        yield from _ahead(self.process, event.outgoing, {self.node.id: undecided})

    def _writes(self, node: FlowNode) -> bool:
        return (
            isinstance(node, ScriptTask)
            and node.result_variable in self.names
            and _says_approve(node.expression)
        )


def _ahead(
    process: Process,
    flows: Iterable[SequenceFlow],
    instead: dict[str, tuple[SequenceFlow, ...]] | None = None,
) -> Iterator[FlowNode]:
    """Yield the nodes that flows lead to, nearest first; what lies behind a gate is left out."""
    pending = [flow.target for flow in flows]
    seen: set[str] = set()
    for at in pending:
        node = process.nodes.get(at)
        if node is None or at in seen:
            continue
        seen.add(at)
        yield node
        if not (isinstance(node, UserTask) and node.gate):
            out = (instead or {}).get(at, node.outgoing)
            pending += [flow.target for flow in out]


def _taken(node: FlowNode, names: frozenset[str], decision: str | None) -> list[SequenceFlow]:
    """Return the flows that a node takes when this was decided, as far as that alone says."""
    if not isinstance(node, Gateway | Activity) or isinstance(node, ParallelGateway):
        return list(node.outgoing)
    variables: dict[str, str | None] = dict.fromkeys(names, decision)
    chosen = [
        flow
        for flow in node.outgoing
        if flow != node.default and (flow.condition is None or _holds(flow.condition, variables))
    ]
    return chosen or [flow for flow in node.outgoing if flow == node.default]


def _holds(condition: str, variables: dict[str, str | None]) -> bool:
    try:
        return parse(condition).evaluate(variables).value is True
    except (FeelSyntaxError, FeelBudgetExceeded):
        return False


def _says_approve(text: str) -> bool:
    return text.strip().strip('"').casefold() in {APPROVE, "approved"}
