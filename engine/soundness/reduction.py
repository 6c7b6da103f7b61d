"""Making a graph smaller where that changes no answer.

The rules are those for free-choice nets of Murata, "Petri Nets: Properties, Analysis and
Applications" (1989), V.C, said for splits and joins; van Dongen, van der Aalst and Verbeek,
"Verification of EPCs: Using Reduction Rules and Petri Nets" (2005), say them so too. Each keeps
whether tokens can get stuck and whether two can meet on one edge, and where that is seen.
"""

from __future__ import annotations

from collections import deque
from itertools import groupby

from engine.soundness.graph import SINKS, Edge, Graph, Role, Vertex

_SAME_FATE = {
    Role.CHOICE: frozenset({Role.MERGE, Role.GATHER}) | SINKS,
    Role.SPLIT: frozenset({Role.SYNC, Role.GATHER}) | SINKS,
    Role.MULTI: frozenset({Role.GATHER}) | SINKS,
}
"""The targets at which several edges out of a split are as good as one."""


def reduce(graph: Graph) -> None:
    """Apply the rules until none applies."""
    pending = deque(graph.vertices)
    while pending:
        at = pending.popleft()
        vertex = graph.vertices.get(at)
        if vertex is not None and _reduced(graph, at, vertex):
            near = {*graph.sources(vertex.ins), *graph.sources([graph.begin])}
            near |= {graph.edges[out].target for out in vertex.outs if out in graph.edges}
            pending.extend({at, *near, *_around(graph, vertex)} & graph.vertices.keys())


def _around(graph: Graph, vertex: Vertex) -> set[int]:
    """Return the vertices at the far ends of what lies around a vertex that may be gone."""
    edges = [graph.edges[at] for at in (*vertex.ins, *vertex.outs) if at in graph.edges]
    return {end for edge in edges for end in (edge.source, edge.target)}


def _reduced(graph: Graph, at: int, vertex: Vertex) -> bool:
    return (
        _without_loop(graph, vertex) or _in_line(graph, at, vertex) or _side_by_side(graph, vertex)
    )


def _in_line(graph: Graph, at: int, vertex: Vertex) -> bool:
    """Join the only edge into a vertex with the only edge out of it."""
    if len(vertex.ins) != 1 or len(vertex.outs) != 1 or vertex.ins == vertex.outs:
        return False
    before, after = graph.edges[vertex.ins[0]], graph.edges[vertex.outs[0]]
    if before.source == -1 and vertex.ins[0] != graph.begin:
        return False
    ins = graph.vertices[after.target].ins
    ins[ins.index(vertex.outs[0])] = vertex.ins[0]
    del graph.edges[vertex.outs[0]], graph.vertices[at]
    before.prolong(after)
    return True


def _side_by_side(graph: Graph, vertex: Vertex) -> bool:
    """Make one edge of several that lead from a split to a target where they share their fate."""
    targets = _SAME_FATE.get(vertex.role, frozenset())
    by_target = sorted(vertex.outs, key=lambda out: graph.edges[out].target)
    for target, group in groupby(by_target, key=lambda out: graph.edges[out].target):
        outs = list(group)
        partly = vertex.role is Role.MULTI and len(outs) < len(vertex.outs)
        if len(outs) == 1 or partly or graph.vertices[target].role not in targets:
            continue
        kept, *others = outs
        _unite([graph.edges[out] for out in outs], is_choice=vertex.role is Role.CHOICE)
        for out in others:
            graph.unlink(out)
        if vertex.role is Role.MULTI:
            vertex.always = frozenset({kept})
        return True
    return False


def _unite(edges: list[Edge], *, is_choice: bool) -> None:
    """Make the first edge stand for all: for the shortest of a choice, else for all together."""
    first = edges[0]
    shortest = min(edges, key=lambda edge: len(edge.path))
    told = [shortest] if is_choice else edges
    first.covers.update(*(edge.covers for edge in edges))
    first.places = tuple(place for edge in told for place in edge.places)
    first.path = deque(element for edge in told for element in edge.path)


def _without_loop(graph: Graph, vertex: Vertex) -> bool:
    """Take away the edge by which a choice leads back to the merge right before it."""
    if vertex.role is not Role.CHOICE or len(vertex.outs) == 1 or len(vertex.ins) != 1:
        return False
    forward = graph.edges[vertex.ins[0]]
    merge = graph.vertices.get(forward.source)
    if merge is None or merge.role is not Role.MERGE or len(merge.outs) != 1:
        return False
    back = [out for out in vertex.outs if graph.edges[out].target == forward.source]
    for out in back[: len(vertex.outs) - 1]:
        forward.covers |= graph.edges[out].covers
        graph.unlink(out)
    return bool(back)
