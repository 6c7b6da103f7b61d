"""Where a grid lies on paper, and the bends of its flows: pixels, from the upper left corner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from engine.bpmn.layout.grid import Edge, Grid

GAP: Final = 50
LABELLED_GAP: Final = 90
"""Between columns, and where flows that say their condition leave."""

_ROW_GAP: Final = 40
_LEAST_ROW: Final = 36
_BETWEEN: Final = 10
_AROUND: Final = 48
"""How far from the nodes a flow that leads back runs."""


class Point(NamedTuple):
    """A place on paper."""

    x: float
    y: float


class Box(NamedTuple):
    """The bounds of a shape."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """Return its middle."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    @property
    def right(self) -> float:
        """Return where it ends to the right."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return where it ends below."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Node:
    """What is to be placed: its size, and whether flows leave it below (a gateway, an edge)."""

    id: str
    width: float
    height: float
    below: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A level on paper, with its upper left corner at 0, 0."""

    boxes: Mapping[str, Box]
    lines: Mapping[str, tuple[Point, ...]]
    width: float
    height: float


def on_paper(
    grid: Grid,
    nodes: Sequence[Node],
    edges: Iterable[Edge],
    *,
    labelled: frozenset[str],
    attached: Mapping[str, str],
) -> Sheet:
    """Return the bounds of the nodes and the points of the flows.

    The flows in `labelled` have words on them. `attached` are the nodes that sit on the lower edge
    of another one, which is their value; they have no place in the grid.
    """
    flows = list(edges)
    known = {node.id: node for node in nodes}
    above = _AROUND if grid.back else 0.0
    lefts = _lefts(grid, known, flows, labelled)
    tops = _tops(grid, known, above)
    boxes = {}
    for identity, place in grid.places.items():
        node = known[identity]
        left, width = lefts[place.column]
        top, height = tops[place.row]
        x, y = left + (width - node.width) / 2, top + (height - node.height) / 2
        boxes[identity] = Box(x, y, node.width, node.height)
    boxes |= _attached(attached, known, boxes)
    router = _Router(grid, known, boxes, tops)
    lines = {edge.id: router.line(edge) for edge in flows}
    return Sheet(boxes, lines, *_extent(boxes, lines))


def _attached(
    hosts: Mapping[str, str], known: Mapping[str, Node], boxes: Mapping[str, Box]
) -> dict[str, Box]:
    """Return where nodes on a lower edge stand, side by side from the right."""
    count = Counter[str]()
    found = {}
    for identity, host in hosts.items():
        node, box = known[identity], boxes[host]
        count[host] += 1
        x = box.right - count[host] * (node.width + _BETWEEN)
        found[identity] = Box(x, box.bottom - node.height / 2, node.width, node.height)
    return found


def _lefts(
    grid: Grid, known: Mapping[str, Node], edges: Sequence[Edge], labelled: frozenset[str]
) -> list[tuple[float, float]]:
    """Return the left side and the width of each column."""
    wide = {grid.places[edge.source].column for edge in edges if edge.id in labelled}
    widths: dict[int, float] = {}
    for identity, place in grid.places.items():
        widths[place.column] = max(widths.get(place.column, 0), known[identity].width)
    found, x = [], 0.0
    for column in range(max(widths, default=-1) + 1):
        found.append((x, widths.get(column, 0)))
        x += widths.get(column, 0) + (LABELLED_GAP if column in wide else GAP)
    return found


def _tops(grid: Grid, known: Mapping[str, Node], above: float) -> list[tuple[float, float]]:
    """Return the upper side and the height of each row."""
    heights = dict.fromkeys(grid.rows.values(), float(_LEAST_ROW))
    for identity, place in grid.places.items():
        heights[place.row] = max(heights.get(place.row, _LEAST_ROW), known[identity].height)
    found, y = [], above
    for row in range(max(heights, default=-1) + 1):
        found.append((y, heights.get(row, _LEAST_ROW)))
        y += heights.get(row, _LEAST_ROW) + _ROW_GAP
    return found


@dataclass(frozen=True, slots=True)
class _Router:
    grid: Grid
    known: Mapping[str, Node]
    boxes: Mapping[str, Box]
    tops: Sequence[tuple[float, float]]

    def line(self, edge: Edge) -> tuple[Point, ...]:
        """Return the points of a flow, the first and the last on the borders of its ends."""
        source, target = self.boxes[edge.source], self.boxes[edge.target]
        if edge.id in self.grid.back:
            return self._around(source, target, edge)
        top, height = self.tops[self.grid.rows[edge.id]]
        y = top + height / 2
        return _cleaned([*self._out(edge, source, y), *self._into(edge, target, y)])

    def _out(self, edge: Edge, source: Box, y: float) -> list[Point]:
        middle = source.middle
        if y == middle.y:
            return [Point(source.right, y)]
        if self.known[edge.source].below:
            return [Point(middle.x, source.bottom), Point(middle.x, y)]
        bend = source.right + GAP / 2
        return [Point(source.right, middle.y), Point(bend, middle.y), Point(bend, y)]

    def _into(self, edge: Edge, target: Box, y: float) -> list[Point]:
        middle = target.middle
        if y == middle.y:
            return [Point(target.x, y)]
        if self.known[edge.target].below and y > middle.y:
            return [Point(middle.x, y), Point(middle.x, target.bottom)]
        bend = target.x - GAP / 2
        return [Point(bend, y), Point(bend, middle.y), Point(target.x, middle.y)]

    def _around(self, source: Box, target: Box, edge: Edge) -> tuple[Point, ...]:
        """Lead a flow back: above the rest where both ends stand in the first row, else below."""
        start, end = (self.grid.places.get(node) for node in (edge.source, edge.target))
        if start is None or end is None:
            return source.middle, target.middle
        if {start.row, end.row} == {0}:
            y = min(source.y, target.y) - _AROUND
            ends = Point(source.middle.x, source.y), Point(target.middle.x, target.y)
        else:
            # Into its left side: below it may be where its own branches leave.
            y = self._lowest(end.column, start.column) + _AROUND / 2
            x, level = target.x - GAP / 2, target.middle.y
            turns = Point(source.middle.x, y), Point(x, y), Point(x, level)
            return Point(source.middle.x, source.bottom), *turns, Point(target.x, level)
        return ends[0], Point(ends[0].x, y), Point(ends[1].x, y), ends[1]

    def _lowest(self, first: int, last: int) -> float:
        """Return where the nodes of some columns end below."""
        return max(
            self.boxes[node].bottom
            for node, place in self.grid.places.items()
            if first <= place.column <= last
        )


def _cleaned(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return a line without points that it does not bend at."""
    found: list[Point] = []
    for point in points:
        if found and found[-1] == point:
            continue
        if len(found) > 1 and _is_straight(found[-2], found[-1], point):
            found.pop()
        found.append(point)
    return tuple(found)


def _is_straight(first: Point, second: Point, third: Point) -> bool:
    return first.x == second.x == third.x or first.y == second.y == third.y


def _extent(boxes: Mapping[str, Box], lines: Mapping[str, Sequence[Point]]) -> tuple[float, float]:
    points = [point for line in lines.values() for point in line]
    right = max([*(box.right for box in boxes.values()), *(point.x for point in points)], default=0)
    low = max([*(box.bottom for box in boxes.values()), *(point.y for point in points)], default=0)
    return right, low
