"""Soundness, said in the words of a problem, with a mend that was tried before it is offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from engine.bpmn.elements import (
    ExclusiveGateway,
    Gateway,
    InclusiveGateway,
    ParallelGateway,
)
from engine.bpmn.process import Process
from engine.lint.finding import about, at, mendable
from engine.problems import Problem, listed, shown
from engine.soundness import Finding, Flaw, judge

CODES: Final[Mapping[Flaw, str]] = {
    Flaw.DEADLOCK: "deadlock",
    Flaw.UNSYNCHRONISED: "synchronisation_missing",
    Flaw.ENDLESS: "end_never_reached",
    Flaw.DEAD: "step_never_reached",
}
_JOIN = ParallelGateway | ExclusiveGateway | InclusiveGateway
_KINDS: Final[Mapping[str, type[Gateway]]] = {
    "parallel": ParallelGateway,
    "exclusive": ExclusiveGateway,
    "inclusive": InclusiveGateway,
}


def soundness(process: Process, bound: int) -> Iterator[Problem]:
    """A run ends whatever is decided, and nothing in it is done twice side by side."""
    verdict = judge(process, bound)
    for found in verdict.findings:
        yield _told(process, found, bound)
    if not verdict.is_complete:
        yield at("soundness_unsettled", process.id, process.name, limit=bound)


def _told(process: Process, found: Finding, bound: int) -> Problem:
    place = process.nodes.get(found.element) or process.flows.get(found.element)
    missing = listed([_called(process, flow) for flow in found.missing])
    code = CODES[found.flaw]
    if place is None:
        told = at(code, process.id, process.name, missing=missing)
    else:
        told = about(code, place, missing=missing)
    kind = _better(process, found, bound)
    shown_by = replace(told, tokens=found.tokens, path=found.path)
    return mendable(shown_by, "gateway", kind=kind) if kind else shown_by


def _called(process: Process, place: str) -> str:
    """Return what a flow without a name is called: by the step it comes from."""
    flow = process.flows.get(place)
    if flow is None or flow.name.strip():
        return shown(place, flow.name if flow else "")
    source = process.nodes.get(flow.source)
    return shown(flow.source, source.name if source else "")


def _better(process: Process, found: Finding, bound: int) -> str:
    """Return the kind of gateway with which the flaw is gone and no other comes, "" if none."""
    node = process.nodes.get(found.element)
    if not isinstance(node, _JOIN) or len(node.outgoing) > 1:
        return ""
    before = _flaws(process, bound) - {(found.flaw, node.id)}
    for kind, made in _KINDS.items():
        if not isinstance(node, made) and _flaws(_with(process, made, node), bound) <= before:
            return kind
    return ""


def _flaws(process: Process, bound: int) -> set[tuple[Flaw | None, str]]:
    """Return what is found where; not to have seen everything is a flaw of its own."""
    verdict = judge(process, bound)
    unsettled = set() if verdict.is_complete else {(None, "")}
    return {(one.flaw, one.element) for one in verdict.findings} | unsettled


def _with(process: Process, made: type[Gateway], node: Gateway) -> Process:
    other = made(node.id, node.name, node.incoming, node.outgoing, node.documentation, node.scope)
    return replace(process, nodes={**process.nodes, node.id: other})
