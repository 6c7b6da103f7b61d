"""Rules about what may never end: loops without a wait or a way out, forks in loops, calls.

All are legal; a limit stops a run that shows them. They are told so that nobody needs the limit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from engine.bpmn.cycles import circles
from engine.bpmn.elements import (
    Activity,
    CallActivity,
    ComplexGateway,
    EventBasedGateway,
    ExclusiveGateway,
    FlowNode,
    InclusiveGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ManualTask,
    ParallelGateway,
    ReceiveTask,
    SubProcess,
    SubProcessKind,
    UserTask,
)
from engine.bpmn.events import LinkDefinition
from engine.bpmn.graph_rules import about
from engine.bpmn.process import Process
from engine.problems import Problem, listed, shown

_CHOOSE = ExclusiveGateway | InclusiveGateway | ComplexGateway | EventBasedGateway
_WAIT = UserTask | ManualTask | ReceiveTask | EventBasedGateway | CallActivity
_JOIN = ParallelGateway | InclusiveGateway | ComplexGateway


def problems(process: Process) -> Iterator[Problem]:
    """Yield the loops of a process that a run could not end by itself."""
    graph = {node.id: _successors(process, node) for node in process.nodes.values()}
    found = circles(graph)
    for circle in found:
        yield from _forks(process, circle)
    waiting = _waiting(process)
    automatic = {at: graph[at] for circle in found for at in circle if at not in waiting}
    for circle in circles(automatic):
        yield from _endless(process, circle)


def calls(
    processes: Iterable[Process], published: Mapping[str, Collection[str]] | None
) -> Iterator[Problem]:
    """Yield the calls that lead back to their own process, and those that lead to nothing known.

    Where nobody says what is `published`, the processes of the file are all that is known.
    """
    by_id = {process.id: process for process in processes}
    graph = {at: [call.called for call in _calls(one)] for at, one in by_id.items()}
    around = {at: number for number, circle in enumerate(circles(graph)) for at in circle}
    for process in by_id.values():
        for call in _calls(process):
            if published is not None:
                yield from _unpublished(process, call, published)
            elif call.called not in by_id:
                yield about("call_unknown", call, called=call.called[:80])
            if process.id in around and around[process.id] == around.get(call.called):
                yield about("call_circular", call, called=call.called[:80])


def _unpublished(
    process: Process, call: CallActivity, published: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    """Yield a call of what is not published; one that is pinned could never be made later."""
    own = {process.id: {process.version_tag}}
    tags = {*published.get(call.called, ()), *own.get(call.called, ())}
    called = call.called[:80]
    if call.called not in published and call.called not in own:
        pinned = call.binding == "pinned"
        yield about(
            "call_pinned_unpublished" if pinned else "call_unpublished", call, called=called
        )
    elif call.binding == "tag" and call.version_tag not in tags:
        yield about("call_tag_unpublished", call, called=called, tag=call.version_tag[:80])


def _calls(process: Process) -> Iterator[CallActivity]:
    for node in process.nodes.values():
        if isinstance(node, CallActivity) and node.called and not node.called.startswith("="):
            yield node


def _successors(process: Process, node: FlowNode) -> list[str]:
    if isinstance(node, IntermediateThrowEvent) and isinstance(node.definition, LinkDefinition):
        caught = process.link(node.scope, node.definition.name)
        return [] if caught is None else [caught.id]
    return [flow.target for flow in node.outgoing]


def _waiting(process: Process) -> set[str]:
    """Return the nodes where a run rests, and the sub-processes that hold one."""
    found: set[str] = set()
    for node in process.nodes.values():
        at: FlowNode | None = node if _waits(node) else None
        while at is not None and at.id not in found:
            found.add(at.id)
            at = process.nodes.get(at.scope)
    return found


def _waits(node: FlowNode) -> bool:
    if isinstance(node, IntermediateCatchEvent):
        return not isinstance(node.definition, LinkDefinition)
    if isinstance(node, SubProcess):
        return node.kind is SubProcessKind.ADHOC
    # A called process may wait; what it does is not told here.
    return isinstance(node, _WAIT)


def _endless(process: Process, circle: list[str]) -> Iterator[Problem]:
    """A circle of steps that do not wait ends only where something decides to leave it."""
    inside = frozenset(circle)
    nodes = [process.nodes[at] for at in circle]
    if not any(_may_leave(process, node, inside) for node in nodes):
        steps = listed([shown(node.id, node.name) for node in nodes])
        yield about("loop_endless", nodes[0], steps=steps)


def _may_leave(process: Process, node: FlowNode, inside: frozenset[str]) -> bool:
    leaving = any(flow.target not in inside for flow in node.outgoing)
    if isinstance(node, _CHOOSE):
        return leaving
    if not isinstance(node, Activity):
        return False
    chosen = any(flow.condition is not None for flow in node.outgoing)
    return (leaving and chosen) or bool(process.boundaries.get(node.id))


def _forks(process: Process, circle: list[str]) -> Iterator[Problem]:
    """A fork whose flows lead back to it unjoined makes more tokens with every turn."""
    inside: Mapping[str, FlowNode] = {at: process.nodes[at] for at in circle}
    if any(isinstance(node, _JOIN) and len(node.incoming) > 1 for node in inside.values()):
        return
    for node in inside.values():
        back = [flow for flow in _always_taken(node) if flow in inside]
        if len(back) > 1:
            yield about("fork_endless", node, count=len(back))


def _always_taken(node: FlowNode) -> list[str]:
    if isinstance(node, _CHOOSE):
        return []
    return [flow.target for flow in node.outgoing if flow.condition is None]
