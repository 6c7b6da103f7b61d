"""Walking through the states of a graph, nearest first, up to a bound.

A state is a set of edges, as the bits of a number. A second token on an edge is what is looked for,
so no state has one, and every graph has finitely many.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from engine.soundness.graph import Graph, Role, Vertex

_MOST_WAYS = 12
"""Edges of one split of which any may be taken; with more, there are too many ways to try."""


@dataclass(frozen=True, slots=True)
class Move:
    """What a vertex can do: consume the tokens of these edges and produce those."""

    vertex: int
    consumes: int
    produces: int
    clears: bool = False


@dataclass(slots=True)
class Walk:
    """What was seen. States are numbers; each knows from where, and by which move, it was reached.

    `stuck` are states that no move leaves; `doubled` are the edges that got a second token, each
    with the state and the move; `trapped` are states from which the end cannot be reached, though
    there is always something to do. `marked` are the edges that held a token in any state.
    """

    reached: dict[int, tuple[int, Move] | None]
    marked: int
    stuck: list[int] = field(default_factory=list)
    doubled: dict[int, tuple[int, Move]] = field(default_factory=dict)
    trapped: list[int] = field(default_factory=list)
    is_complete: bool = True

    def moves(self, state: int) -> list[Move]:
        """Return the moves from the beginning to a state, a shortest way."""
        found: list[Move] = []
        step = self.reached[state]
        while step is not None:
            state, move = step
            found.append(move)
            step = self.reached[state]
        return found[::-1]


def explore(graph: Graph, bound: int) -> Walk:
    """Walk until every state was seen, or more than `bound` of them."""
    walker = _Walker(graph)
    while walker.pending:
        walker.visit(walker.pending.popleft())
        if len(walker.walk.reached) > bound:
            walker.walk.is_complete = False
            return walker.walk
    walker.find_trapped()
    return walker.walk


def bits(state: int) -> Iterator[int]:
    """Yield the edges that hold a token."""
    while state:
        lowest = state & -state
        yield lowest.bit_length() - 1
        state ^= lowest


class _Walker:
    """A walk under way: what is still to be visited, and what leads back."""

    def __init__(self, graph: Graph) -> None:
        begin = 1 << graph.begin
        self._moves = _Moves(graph)
        self._before: dict[int, list[int]] = defaultdict(list)
        self._troubled: list[int] = []
        self.walk = Walk({begin: None}, begin, is_complete=self._moves.are_all)
        self.pending = deque([begin])

    def visit(self, state: int) -> None:
        """Make every move that a state allows, each from the state itself."""
        enabled = list(self._moves.enabled(state))
        if state and not enabled:
            self.walk.stuck.append(state)
            self._troubled.append(state)
        for move in enabled:
            self._make(move, state)

    def _make(self, move: Move, state: int) -> None:
        left = 0 if move.clears else state & ~move.consumes
        if left & move.produces:
            for edge in bits(left & move.produces):
                self.walk.doubled.setdefault(edge, (state, move))
            self._troubled.append(state)
            return
        after = left | move.produces
        self._before[after].append(state)
        if after not in self.walk.reached:
            self.walk.reached[after] = (state, move)
            self.walk.marked |= after
            self.pending.append(after)

    def find_trapped(self) -> None:
        """Find the states that lead neither to the end nor to what was found already."""
        fine = {0, *self._troubled}
        pending = list(fine)
        while pending:
            for state in self._before[pending.pop()]:
                if state not in fine:
                    fine.add(state)
                    pending.append(state)
        self.walk.trapped = [state for state in self.walk.reached if state not in fine]


def _mask(edges: Iterable[int]) -> int:
    return sum(1 << edge for edge in edges)


class _Moves:
    """The moves of a graph: those that need certain tokens, and those of joins that look around."""

    def __init__(self, graph: Graph) -> None:
        self.are_all = True
        self._plain: list[Move] = []
        self._gathers: list[tuple[int, int, int, dict[int, int]]] = []
        for at, vertex in graph.vertices.items():
            if vertex.role is Role.GATHER:
                upstream = {edge: _mask(graph.upstream(edge, at)) for edge in vertex.ins}
                known = (at, _mask(vertex.ins), _mask(vertex.outs), upstream)
                self._gathers.append(known)
            else:
                self._plain += self._of(at, vertex)

    def enabled(self, state: int) -> Iterator[Move]:
        for move in self._plain:
            if state & move.consumes == move.consumes:
                yield move
        for at, ins, produces, upstream in self._gathers:
            came = state & ins
            if came and not _can_come(state, came, ins & ~came, upstream):
                yield Move(at, came, produces)

    def _of(self, at: int, vertex: Vertex) -> Iterator[Move]:
        ins = [1 << edge for edge in vertex.ins]
        outs = _mask(vertex.outs)
        if vertex.role is Role.SYNC:
            yield Move(at, _mask(vertex.ins), outs)
        elif vertex.role is Role.CHOICE:
            yield from (Move(at, came, 1 << out) for came in ins for out in vertex.outs)
        elif vertex.role is Role.MULTI:
            yield from (Move(at, came, some) for came in ins for some in self._some(vertex))
        else:
            clears = vertex.role is Role.STOP
            yield from (Move(at, came, outs, clears) for came in ins)

    def _some(self, vertex: Vertex) -> Iterator[int]:
        """Yield the sets of edges that may be taken together; without any, it is the default."""
        always = _mask(vertex.always)
        free = [out for out in vertex.outs if out not in vertex.always and out != vertex.default]
        if len(free) > _MOST_WAYS:
            self.are_all = False
            free = free[:_MOST_WAYS]
        for count in range(len(free) + 1):
            for chosen in combinations(free, count):
                if chosen or always:
                    yield always | _mask(chosen)
        if not always and vertex.default is not None:
            yield 1 << vertex.default


def _can_come(state: int, came: int, missing: int, upstream: dict[int, int]) -> bool:
    """Return whether a token can reach an edge that has none, but by one that has (13.4.3)."""
    to_missing = to_came = 0
    for edge in bits(missing):
        to_missing |= upstream[edge]
    for edge in bits(came):
        to_came |= upstream[edge]
    return bool(state & to_missing & ~to_came)
