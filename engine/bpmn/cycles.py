"""Circles in directed graphs: strongly connected components, without recursion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, TypeVar

Node = TypeVar("Node")


def circles(graph: Mapping[Node, Sequence[Node]]) -> list[list[Node]]:
    """Return the components that hold a circle, each and all in the order of the graph.

    Tarjan's algorithm with an explicit stack: linear in nodes and edges. Successors that are no
    nodes of the graph are passed over.
    """
    search = _Search(graph)
    for node in graph:
        if node not in search.number:
            search.visit(node)
    order = {node: at for at, node in enumerate(graph)}
    real = [one for one in search.components if len(one) > 1 or one[0] in graph[one[0]]]
    found = [sorted(one, key=order.__getitem__) for one in real]
    return sorted(found, key=lambda one: order[one[0]])


class _Search(Generic[Node]):
    def __init__(self, graph: Mapping[Node, Sequence[Node]]) -> None:
        self._graph = graph
        self._low: dict[Node, int] = {}
        self._open: list[Node] = []
        self._is_open: set[Node] = set()
        self.number: dict[Node, int] = {}
        self.components: list[list[Node]] = []

    def visit(self, root: Node) -> None:
        """Number everything that can be reached from a node."""
        path: list[tuple[Node, Iterator[Node]]] = [self._entered(root)]
        while path:
            node, successors = path[-1]
            new = self._next_new(node, successors)
            if new is not None:
                path.append(self._entered(new))
                continue
            path.pop()
            if path:
                above = path[-1][0]
                self._low[above] = min(self._low[above], self._low[node])
            if self._low[node] == self.number[node]:
                self._close(node)

    def _entered(self, node: Node) -> tuple[Node, Iterator[Node]]:
        self.number[node] = self._low[node] = len(self.number)
        self._open.append(node)
        self._is_open.add(node)
        return node, iter(self._graph[node])

    def _next_new(self, node: Node, successors: Iterator[Node]) -> Node | None:
        """Return the next successor that has no number yet; note the open ones on the way."""
        for successor in successors:
            if successor in self._is_open:
                self._low[node] = min(self._low[node], self.number[successor])
            elif successor not in self.number and successor in self._graph:
                return successor
        return None

    def _close(self, node: Node) -> None:
        component: list[Node] = []
        while not component or component[-1] != node:
            component.append(self._open.pop())
        self._is_open.difference_update(component)
        self.components.append(component)
