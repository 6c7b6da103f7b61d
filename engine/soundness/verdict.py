"""What a walk through the states says of a process, in terms of its drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from engine.bpmn.elements import ComplexGateway
from engine.bpmn.process import Process
from engine.soundness.drawing import drawn, levels
from engine.soundness.exploration import Move, Walk, bits, explore
from engine.soundness.graph import Graph
from engine.soundness.reduction import reduce

BOUND = 20_000
"""States of one level that are looked at, at most. Levels are made smaller before, so that few
drawings come near it."""

_MOST_FOUND = 5


class Flaw(Enum):
    """What can go wrong with tokens."""

    DEADLOCK = "deadlock"
    """Tokens wait for others that cannot come."""
    UNSYNCHRONISED = "unsynchronised"
    """Two tokens go along one flow: what follows is done twice, side by side."""
    ENDLESS = "endless"
    """There is always something to do, and no way to the end."""
    DEAD = "dead"
    """A step that paths lead to, and that no run comes to."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A flaw with the shortest run that shows it.

    `element` is where it shows, `tokens` are the flows (or steps) that hold a token then, one that
    holds two named twice; `path` are the steps and flows passed until then, in order. `missing`
    are the flows on which a deadlocked join waits in vain.
    """

    flaw: Flaw
    element: str
    tokens: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of a process.

    `states` is how many were looked at, of at most `bound` for each level; where `is_complete` is
    False there are more, and what was not found may still be there. Complex gateways are taken as
    if they waited for all that can come; where there are any, `is_exact` is False.
    """

    findings: tuple[Finding, ...]
    states: int
    bound: int
    is_complete: bool
    is_exact: bool = True

    @property
    def is_sound(self) -> bool:
        """Return whether nothing was found, and everything was looked at."""
        return self.is_complete and not self.findings


def judge(process: Process, bound: int = BOUND) -> Verdict:
    """Judge every level of a process; see `Verdict` for what the answer holds."""
    walks = [_Level(process, level, bound) for level in levels(process)]
    return Verdict(
        findings=tuple(found for one in walks for found in one.findings()),
        states=sum(len(one.walk.reached) for one in walks),
        bound=bound,
        is_complete=all(one.walk.is_complete for one in walks),
        is_exact=not any(isinstance(node, ComplexGateway) for node in process.nodes.values()),
    )


class _Level:
    """One level, walked through."""

    def __init__(self, process: Process, level: str, bound: int) -> None:
        self._process = process
        self._graph: Graph = drawn(process, level)
        reduce(self._graph)
        self.walk: Walk = explore(self._graph, bound)

    def findings(self) -> list[Finding]:
        found = [*self._deadlocks(), *self._unsynchronised()]
        if not found and self.walk.is_complete:
            found = [*self._endless(), *self._dead()]
        return found[:_MOST_FOUND]

    def _deadlocks(self) -> Iterator[Finding]:
        """Yield a deadlock for each join that a token waits at in vain."""
        told: set[str] = set()
        for state in self.walk.stuck:
            waiting = {self._graph.edges[edge].target for edge in bits(state)}
            for at in sorted(waiting):
                element = self._graph.vertices[at].element
                if element not in told:
                    told.add(element)
                    missing = self._places(
                        edge for edge in self._graph.vertices[at].ins if not state >> edge & 1
                    )
                    yield self._found(Flaw.DEADLOCK, element, state, missing=missing)

    def _unsynchronised(self) -> Iterator[Finding]:
        told: set[str] = set()
        for edge, (state, move) in self.walk.doubled.items():
            element = self._meeting(edge)
            if element not in told:
                told.add(element)
                tokens = self._places([*bits(state & ~move.consumes), *bits(move.produces)])
                path = self._path([*self.walk.moves(state), move])
                yield Finding(Flaw.UNSYNCHRONISED, element, tokens, path)

    def _meeting(self, edge: int) -> str:
        """Return the element at which the tokens met: the nearest merge before the edge."""
        at = self._graph.edges[edge].source
        while at in self._graph.vertices:
            vertex = self._graph.vertices[at]
            if len(vertex.ins) != 1:
                return vertex.element
            at = self._graph.edges[vertex.ins[0]].source
        return self._graph.vertices[self._graph.edges[edge].source].element

    def _endless(self) -> Iterator[Finding]:
        for state in self.walk.trapped[:1]:
            held = self._graph.edges[next(bits(state))]
            element = self._graph.vertices[held.target].element or held.places[-1]
            yield self._found(Flaw.ENDLESS, element, state)

    def _dead(self) -> Iterator[Finding]:
        walked = (self._graph.edges[edge].covers for edge in bits(self.walk.marked))
        alive = set[str]().union(*walked)
        for node in self._process.nodes:
            if node in self._graph.elements and node not in alive:
                yield Finding(Flaw.DEAD, node)

    def _found(self, flaw: Flaw, element: str, state: int, **more: tuple[str, ...]) -> Finding:
        path = self._path(self.walk.moves(state))
        return Finding(flaw, element, self._places(bits(state)), path, **more)

    def _places(self, edges: Iterable[int]) -> tuple[str, ...]:
        return tuple(place for edge in edges for place in self._graph.edges[edge].places)

    def _path(self, moves: Iterable[Move]) -> tuple[str, ...]:
        passed = list(self._graph.edges[self._graph.begin].path)
        for move in moves:
            for edge in bits(move.produces):
                passed += self._graph.edges[edge].path
        return tuple(dict.fromkeys(passed))
