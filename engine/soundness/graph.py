"""The control flow of one level as splits and joins, with data left out.

Every choice is possible. The roles are the control-flow patterns 1 to 7, 11 and 43 of van der
Aalst, ter Hofstede, Kiepuszewski and Barros, "Workflow Patterns" (2003), as BPMN 2.0.2, 13.3 to
13.5 gives them to its elements.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto


class Role(Enum):
    """What a vertex does with tokens."""

    CHOICE = auto()
    """Sends a token along one edge."""
    SPLIT = auto()
    """Sends a token along every edge."""
    MULTI = auto()
    """Sends tokens along those edges that are always taken, and any of the others; at least one."""
    MERGE = auto()
    """Passes every token on as it comes."""
    SYNC = auto()
    """Waits for a token on every edge."""
    GATHER = auto()
    """Waits for every token that can still come."""
    END = auto()
    """Consumes a token."""
    STOP = auto()
    """Consumes all tokens of the level."""


SINKS = frozenset({Role.END, Role.STOP})


@dataclass(slots=True)
class Edge:
    """A place for a token on its way from one vertex to another.

    `places` are the elements of the drawing at which the token is shown while it waits at the
    target; `path` are the elements it passed since the source, on the shortest way; `covers` are
    all that lie between the two.
    """

    source: int
    target: int
    places: tuple[str, ...]
    path: deque[str]
    covers: set[str]

    def prolong(self, after: Edge) -> None:
        """Go on along another edge. The longer of the two is kept: a chain costs its length."""
        self.target = after.target
        self.places = after.places or self.places
        if len(after.path) > len(self.path):
            after.path.extendleft(reversed(self.path))
            self.path = after.path
        else:
            self.path.extend(after.path)
        small, large = sorted((self.covers, after.covers), key=len)
        large |= small
        self.covers = large


@dataclass(slots=True)
class Vertex:
    """A split, a join or a sink. `element` is whose it is in the drawing, "" of the level's own."""

    role: Role
    element: str
    ins: list[int] = field(default_factory=list)
    outs: list[int] = field(default_factory=list)
    always: frozenset[int] = frozenset()
    default: int | None = None


class Graph:
    """Vertices and edges by number. `begin` is the edge that holds the first token.

    `elements` are the parts of the drawing that paths lead to.
    """

    def __init__(self) -> None:
        self.vertices: dict[int, Vertex] = {}
        self.edges: dict[int, Edge] = {}
        self.begin = -1
        self.elements: frozenset[str] = frozenset()

    def vertex(self, role: Role, element: str) -> int:
        """Add a vertex."""
        number = len(self.vertices)
        self.vertices[number] = Vertex(role, element)
        return number

    def edge(self, source: int, target: int, *elements: str) -> int:
        """Add an edge along which these elements lie; a token is shown at the last of them."""
        number = len(self.edges)
        places = elements[-1:]
        self.edges[number] = Edge(source, target, places, deque(elements), set(elements))
        if source in self.vertices:
            self.vertices[source].outs.append(number)
        self.vertices[target].ins.append(number)
        return number

    def sources(self, edges: Iterable[int]) -> Iterator[int]:
        """Yield the vertices that these edges come from."""
        return (self.edges[at].source for at in edges if self.edges[at].source in self.vertices)

    def unlink(self, number: int) -> None:
        """Take an edge away."""
        edge = self.edges.pop(number)
        if edge.source in self.vertices:
            self.vertices[edge.source].outs.remove(number)
        if edge.target in self.vertices:
            self.vertices[edge.target].ins.remove(number)

    def upstream(self, end: int, join: int) -> frozenset[int]:
        """Return the edges from which a token can come to the end of one, not through the join."""
        found = {end}
        pending = [at for at in self.sources([end]) if at != join]
        seen = {join, *pending}
        while pending:
            before = self.vertices[pending.pop()].ins
            found.update(before)
            new = {at for at in self.sources(before) if at not in seen}
            seen |= new
            pending += new
        return frozenset(found)
