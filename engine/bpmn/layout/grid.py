"""The grid of a drawing: a column for each step of the way, a row for each branch.

A column is the longest way from a beginning. The first way out of a node goes straight on; every
other one takes the nearest row below that is free from there to where the branches meet again, so
that the main way is a straight line and no flow runs through a node. Flows that lead back are left
out of account; they are drawn around the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Place(NamedTuple):
    """A cell of the grid."""

    column: int
    row: int


class Edge(NamedTuple):
    """A flow: its id, and the nodes it leads from and to."""

    id: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Where nodes stand, which row each flow between columns runs in, and which flows lead back."""

    places: Mapping[str, Place]
    rows: Mapping[str, int]
    back: frozenset[str]


def placed(
    nodes: Sequence[str], edges: Iterable[Edge], turning: frozenset[str] = frozenset()
) -> Grid:
    """Return the grid of a graph; nodes that nothing connects follow each other in rows below.

    The flows in `turning` never go straight on: those that leave an event on an activity's edge.
    """
    known = set(nodes)
    flows = [edge for edge in edges if {edge.source, edge.target} <= known]
    back = frozenset(_leading_back(nodes, flows))
    forward = [edge for edge in flows if edge.id not in back]
    columns, outgoing = _columns(nodes, forward), _by_source(forward)
    reach = _reach(columns, outgoing)
    return _Placing(forward, columns, outgoing, turning, reach).grid(back)


def _leading_back(nodes: Sequence[str], edges: Sequence[Edge]) -> Iterator[str]:
    """Yield the flows that close a cycle, found in the order in which the nodes are given."""
    outgoing = _by_source(edges)
    state: dict[str, str] = {}
    for start in nodes:
        if start in state:
            continue
        state[start] = "open"
        stack = [(start, iter(outgoing.get(start, ())))]
        while stack:
            node, ways = stack[-1]
            edge = next(ways, None)
            if edge is None:
                state[node] = "done"
                stack.pop()
            elif state.get(edge.target) == "open":
                yield edge.id
            elif edge.target not in state:
                state[edge.target] = "open"
                stack.append((edge.target, iter(outgoing.get(edge.target, ()))))


def _columns(nodes: Sequence[str], edges: Sequence[Edge]) -> Mapping[str, int]:
    """Return the column of each node, in an order in which every node follows those before it."""
    waiting = dict.fromkeys(nodes, 0)
    for edge in edges:
        waiting[edge.target] += 1
    outgoing = _by_source(edges)
    columns = {node: 0 for node in nodes if not waiting[node]}
    ready = list(columns)
    order: dict[str, int] = {}
    while ready:
        node = ready.pop(0)
        order[node] = columns[node]
        for edge in outgoing.get(node, ()):
            columns[edge.target] = max(columns.get(edge.target, 0), columns[node] + 1)
            waiting[edge.target] -= 1
            if not waiting[edge.target]:
                ready.append(edge.target)
    return order


def _reach(columns: Mapping[str, int], outgoing: Mapping[str, Sequence[Edge]]) -> Mapping[str, int]:
    """Return the last column that can be reached from each node."""
    found: dict[str, int] = {}
    for node in reversed(list(columns)):
        ahead = (found[edge.target] for edge in outgoing.get(node, ()))
        found[node] = max(ahead, default=columns[node])
    return found


def _by_source(edges: Iterable[Edge]) -> dict[str, list[Edge]]:
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        found.setdefault(edge.source, []).append(edge)
    return found


@dataclass(slots=True)
class _Placing:
    edges: Sequence[Edge]
    columns: Mapping[str, int]
    outgoing: Mapping[str, Sequence[Edge]]
    turning: frozenset[str]
    reach: Mapping[str, int]
    taken: set[Place] = field(default_factory=set)
    places: dict[str, Place] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def grid(self, back: frozenset[str]) -> Grid:
        """Place every node, each after all that lead to it."""
        incoming: dict[str, list[Edge]] = {}
        for edge in self.edges:
            incoming.setdefault(edge.target, []).append(edge)
        for node in self.columns:
            self._place(node, incoming.get(node, []))
            self._branch(node, self.outgoing.get(node, ()), incoming)
        return Grid(self.places, self.rows, back)

    def _place(self, node: str, before: Sequence[Edge]) -> None:
        column = self.columns[node]
        if before:
            # Where branches meet again the topmost of them goes on.
            row = min(self.rows[edge.id] for edge in before)
        else:
            row = max((place.row + 1 for place in self.taken), default=0)
        self.places[node] = Place(column, row)
        self.taken.add(Place(column, row))
        lowest = max((self.rows[edge.id] for edge in before), default=row)
        self.taken.update(Place(column, between) for between in range(row, lowest + 1))

    def _branch(
        self, node: str, ways: Sequence[Edge], incoming: Mapping[str, Sequence[Edge]]
    ) -> None:
        """Give each way out of a node the row that it runs in up to where it meets another."""
        column, row = self.places[node]
        for number, edge in enumerate(self._sorted(ways, incoming)):
            end = self._end(edge.target, incoming)
            first = column + 1
            straight = number == 0 and edge.id not in self.turning
            found = row if straight else self._free(row + 1, column, end)
            self.rows[edge.id] = found
            self.taken.update(Place(between, found) for between in range(first, end + 1))
            self.taken.update(Place(column, between) for between in range(row, found + 1))

    def _sorted(
        self, ways: Sequence[Edge], incoming: Mapping[str, Sequence[Edge]]
    ) -> Sequence[Edge]:
        """Return the ways out: first what leads farthest, and what does not only skip a step."""
        skips = {
            edge.id
            for edge in ways
            if len(incoming[edge.target]) > 1
            and self.columns[edge.target] > self.columns[edge.source] + 1
        }
        return sorted(
            ways,
            key=lambda edge: (
                edge.id in self.turning,
                -self.reach[edge.target],
                edge.id in skips,
            ),
        )

    def _end(self, node: str, incoming: Mapping[str, Sequence[Edge]]) -> int:
        """Return the last column of a branch: that before the node where it meets another."""
        while len(incoming.get(node, ())) == 1 and len(self.outgoing.get(node, ())) == 1:
            node = self.outgoing[node][0].target
        meets = len(incoming.get(node, ())) > 1
        return self.columns[node] - (1 if meets else 0)

    def _free(self, row: int, start: int, end: int) -> int:
        """Return the first row from one on that is free in all columns of a stretch."""
        while any(Place(column, row) in self.taken for column in range(start, end + 1)):
            row += 1
        return row
