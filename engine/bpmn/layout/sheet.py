"""A drawing for a file that has none: shapes and lines for every flow node, pool and sub-process.

Pools stand under each other, a sub-process holds what is in it, boundary events sit on the lower
edge of their activity. Lanes, data and notes are not drawn; they stay in the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine import xml
from engine.bpmn import vocabulary
from engine.bpmn.layout.grid import Edge, placed
from engine.bpmn.layout.routes import Box, Node, Point, Sheet, on_paper
from engine.bpmn.references import local_name
from engine.bpmn.vocabulary import model

_EVENT: Final = 36
_GATEWAY: Final = 50
_TASK: Final = (110, 80)
_WIDE_TASK: Final = (150, 80)
_LONG_NAME: Final = 30
_EMPTY_POOL: Final = (600, 60)
_PADDING: Final = 40
_POOL_HEAD: Final = 30
_BETWEEN_POOLS: Final = 40
_CORNER: Final = Point(160, 80)
_LABEL: Final = (110, 28)
_ABOVE: Final = 34
_NAMESPACES: Final[Mapping[str | None, str]] = {
    "bpmndi": vocabulary.DI,
    "dc": vocabulary.DC,
    "di": vocabulary.DD,
}


def has_drawing(root: etree._Element) -> bool:
    """Tell whether anything in a file is drawn."""
    return next(root.iter(f"{{{vocabulary.DI}}}BPMNShape"), None) is not None


def drawn(data: bytes) -> bytes:
    """Return a file with a drawing of its processes; the very bytes where it has one.

    Raises:
        UnreadableModel: it is no XML that is safe to read.
    """
    root = xml.load(data)
    if has_drawing(root) or next(_nodes_of(root), None) is None:
        return data
    for empty in root.findall(f"{{{vocabulary.DI}}}BPMNDiagram"):
        root.remove(empty)
    _Drawing(root).write()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _nodes_of(root: etree._Element) -> Iterator[etree._Element]:
    return root.iter(*map(model, vocabulary.FLOW_NODES))


@dataclass(frozen=True, slots=True)
class _Level:
    """A level on paper, with the levels inside it."""

    element: etree._Element
    sheet: Sheet
    inner: Mapping[str, _Level]


class _Drawing:
    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._ids = {element.get("id") for element in root.iter("*")}

    def write(self) -> None:
        """Append the diagrams to the file: one of all pools, or one of each process."""
        collaboration = self._root.find(model("collaboration"))
        if collaboration is not None:
            self._pools(self._plane(collaboration), collaboration)
            return
        for process in self._root.findall(model("process")):
            self._level(self._plane(process), _arranged(process), _CORNER)

    def _plane(self, shown: etree._Element) -> etree._Element:
        diagram = etree.SubElement(
            self._root, _di("BPMNDiagram"), {"id": self._fresh("Diagram")}, dict(_NAMESPACES)
        )
        facts = {"id": self._fresh("Plane"), "bpmnElement": shown.get("id", "")}
        return etree.SubElement(diagram, _di("BPMNPlane"), facts)

    def _pools(self, plane: etree._Element, collaboration: etree._Element) -> None:
        processes = {each.get("id"): each for each in self._root.findall(model("process"))}
        middles: dict[str, Box] = {}
        y = _CORNER.y
        for pool in collaboration.findall(model("participant")):
            process = processes.get(local_name(pool.get("processRef")))
            level = None if process is None else _arranged(process)
            box = Box(_CORNER.x, y, *_EMPTY_POOL)
            if level is not None:
                width = level.sheet.width + _POOL_HEAD + 2 * _PADDING
                box = Box(_CORNER.x, y, width, level.sheet.height + 2 * _PADDING)
            middles[pool.get("id", "")] = box
            self._shape(plane, pool, box, isHorizontal="true")
            if level is not None:
                corner = Point(box.x + _POOL_HEAD + _PADDING, y + _PADDING)
                middles |= self._level(plane, level, corner)
            y = box.bottom + _BETWEEN_POOLS
        for flow in collaboration.findall(model("messageFlow")):
            ends = [middles.get(local_name(flow.get(end))) for end in ("sourceRef", "targetRef")]
            if ends[0] is not None and ends[1] is not None:
                self._line(plane, flow, _message(ends[0], ends[1]))

    def _level(self, plane: etree._Element, level: _Level, corner: Point) -> dict[str, Box]:
        """Write a level and what is inside it; return where each of its nodes stands."""
        boxes: dict[str, Box] = {}
        for node in _flow_nodes(level.element):
            identity = node.get("id", "")
            if identity not in level.sheet.boxes:
                continue
            box = _moved(level.sheet.boxes[identity], corner)
            boxes[identity] = box
            inner = level.inner.get(identity)
            expanded = {"isExpanded": "true"} if inner is not None else {}
            self._shape(plane, node, box, **expanded)
            if inner is not None:
                boxes |= self._level(plane, inner, Point(box.x + _PADDING, box.y + _PADDING))
        for flow in level.element.findall(model("sequenceFlow")):
            points = level.sheet.lines.get(flow.get("id", ""), ())
            if points:
                moved = [Point(point.x + corner.x, point.y + corner.y) for point in points]
                self._line(plane, flow, moved)
        return boxes

    def _shape(
        self, plane: etree._Element, element: etree._Element, box: Box, **attributes: str
    ) -> None:
        shape = etree.SubElement(plane, _di("BPMNShape"), self._of(element) | attributes)
        _bounds(shape, box)
        if _is_labelled(element):
            _label(shape, _name_place(element, box))

    def _line(self, plane: etree._Element, element: etree._Element, points: list[Point]) -> None:
        line = etree.SubElement(plane, _di("BPMNEdge"), self._of(element))
        for point in points:
            etree.SubElement(line, f"{{{vocabulary.DD}}}waypoint", _rounded(x=point.x, y=point.y))
        if element.get("name") and len(points) > 1:
            _label(line, _label_place(points))

    def _of(self, element: etree._Element) -> dict[str, str]:
        identity = element.get("id", "")
        return {"id": self._fresh(f"{identity}_di"), "bpmnElement": identity}

    def _fresh(self, wanted: str) -> str:
        while wanted in self._ids:
            wanted += "_"
        self._ids.add(wanted)
        return wanted


def _arranged(element: etree._Element) -> _Level:
    """Return a process or sub-process on paper, its sub-processes as large as what they hold."""
    nodes = list(_flow_nodes(element))
    inner = {
        node.get("id", ""): _arranged(node)
        for node in nodes
        if vocabulary.local(node.tag) in vocabulary.SUB_PROCESSES
        and next(_flow_nodes(node), None) is not None
    }
    hosts = {
        node.get("id", ""): local_name(node.get("attachedToRef"))
        for node in nodes
        if vocabulary.local(node.tag) == vocabulary.BOUNDARY_EVENT
    }
    edges = [
        Edge(
            flow.get("id", ""), local_name(flow.get("sourceRef")), local_name(flow.get("targetRef"))
        )
        for flow in element.findall(model("sequenceFlow"))
    ]
    standing = [node.get("id", "") for node in nodes if node.get("id", "") not in hosts]
    hosts = {event: host for event, host in hosts.items() if host in standing}
    # For the grid a flow of a boundary event is one of the activity it sits on.
    seen = [edge._replace(source=hosts.get(edge.source, edge.source)) for edge in edges]
    turning = frozenset(edge.id for edge in edges if edge.source in hosts)
    known = {*standing, *hosts}
    # One width for all activities of a level: a drawing of two looks untidy.
    long = any(len(node.get("name") or "") > _LONG_NAME for node in nodes)
    task = _WIDE_TASK if long else _TASK
    sheet = on_paper(
        placed(standing, seen, turning),
        [_sized(node, inner, task) for node in nodes],
        [edge for edge in edges if {edge.source, edge.target} <= known],
        labelled=frozenset(
            flow.get("id", "")
            for flow in element.findall(model("sequenceFlow"))
            if flow.get("name")
        ),
        attached=hosts,
    )
    return _Level(element, sheet, inner)


def _flow_nodes(element: etree._Element) -> Iterator[etree._Element]:
    return element.iterchildren(*map(model, vocabulary.FLOW_NODES))


def _sized(node: etree._Element, inner: Mapping[str, _Level], task: tuple[float, float]) -> Node:
    identity, kind = node.get("id", ""), vocabulary.local(node.tag)
    if identity in inner:
        sheet = inner[identity].sheet
        return Node(identity, sheet.width + 2 * _PADDING, sheet.height + 2 * _PADDING)
    if kind in vocabulary.EVENTS:
        return Node(identity, _EVENT, _EVENT, below=kind == vocabulary.BOUNDARY_EVENT)
    if kind in vocabulary.GATEWAYS:
        return Node(identity, _GATEWAY, _GATEWAY, below=True)
    return Node(identity, *task)


def _message(source: Box, target: Box) -> list[Point]:
    """Lead a message straight between pools: down or up, with one bend where it must."""
    down = source.y < target.y
    start = Point(source.middle.x, source.bottom if down else source.y)
    end = Point(target.middle.x, target.y if down else target.bottom)
    if start.x == end.x:
        return [start, end]
    middle = (start.y + end.y) / 2
    return [start, Point(start.x, middle), Point(end.x, middle), end]


def _is_labelled(element: etree._Element) -> bool:
    """Tell whether a shape has its name beside it, not in it."""
    kind = vocabulary.local(element.tag)
    return bool(element.get("name")) and kind in vocabulary.EVENTS | vocabulary.GATEWAYS


def _name_place(element: etree._Element, box: Box) -> Point:
    """Return where the name of an event or gateway stands, out of the way of its flows."""
    kind = vocabulary.local(element.tag)
    if kind in vocabulary.GATEWAYS:
        return Point(box.middle.x - _LABEL[0] / 2, box.y - _ABOVE)
    if kind == vocabulary.BOUNDARY_EVENT:
        return Point(box.x - _LABEL[0] - 2, box.bottom - 8)
    return Point(box.middle.x - _LABEL[0] / 2, box.bottom + 6)


def _label_place(points: list[Point]) -> Point:
    """Return where the words of a flow stand: on its first stretch, beside or above it."""
    first, second = points[0], points[1]
    if first.x == second.x:
        # Down out of a gateway: the words stand where the way goes on.
        third = points[2] if len(points) > 2 else second  # noqa: PLR2004  (there is a bend)
        return Point(min(first.x, third.x) + 8, second.y - _LABEL[1] + 8)
    return Point(first.x + 2, first.y - 20)


def _bounds(owner: etree._Element, box: Box) -> None:
    numbers = _rounded(x=box.x, y=box.y, width=box.width, height=box.height)
    etree.SubElement(owner, f"{{{vocabulary.DC}}}Bounds", numbers)


def _label(owner: etree._Element, place: Point) -> None:
    label = etree.SubElement(owner, _di("BPMNLabel"))
    _bounds(label, Box(place.x, place.y, *_LABEL))


def _moved(box: Box, by: Point) -> Box:
    return box._replace(x=box.x + by.x, y=box.y + by.y)


def _rounded(**numbers: float) -> dict[str, str]:
    return {name: f"{number:g}" for name, number in numbers.items()}


def _di(name: str) -> str:
    return f"{{{vocabulary.DI}}}{name}"
