"""The drawing of a file, read and set on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from lxml import etree

from engine import xml
from engine.bpmn import vocabulary
from engine.bpmn.layout import Box, Point, drawn
from engine.bpmn.picture import signs, words
from engine.bpmn.references import local_name
from engine.bpmn.vocabulary import model

_MARGIN: Final = 24
_BOLD: Final = frozenset({vocabulary.END_EVENT})
_DOUBLE: Final = frozenset(
    {vocabulary.CATCH_EVENT, vocabulary.THROW_EVENT, vocabulary.BOUNDARY_EVENT}
)
_SHAPE: Final = f"{{{vocabulary.DI}}}BPMNShape"
_EDGE: Final = f"{{{vocabulary.DI}}}BPMNEdge"
_LABEL: Final = f"{{{vocabulary.DI}}}BPMNLabel"
_BEHIND: Final = ("participant", "lane", "group", *sorted(vocabulary.SUB_PROCESSES))
_HEAD: Final = (
    '<defs><marker id="{id}-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8"'
    ' markerHeight="8" orient="auto-start-reverse"><path class="bpmn-arrow" d="M0 1L10 5L0 9z"'
    ' fill="#22262e"/></marker></defs>'
)


def svg(data: bytes, *, name: str = "picture") -> str:
    """Return the first sheet of a model as SVG; a model without a drawing is drawn first.

    `name` keeps the ids of two pictures on one page apart.

    Raises:
        UnreadableModel: it is no XML that is safe to read.
    """
    root = xml.load(drawn(data))
    elements = {str(each.get("id")): each for each in root.iter("*") if each.get("id")}
    plane = next(root.iter(f"{{{vocabulary.DI}}}BPMNPlane"), None)
    parts = [] if plane is None else list(_parts(plane, elements, name))
    box = _extent([] if plane is None else list(plane))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bpmn-picture" role="img"'
        f' aria-label="{escape(_title(root))}"'
        f' viewBox="{box.x:g} {box.y:g} {box.width:g} {box.height:g}" width="{box.width:g}"'
        f' height="{box.height:g}" font-family="Inter, system-ui, Noto Sans, Liberation Sans,'
        f' sans-serif" font-size="{words.SIZE}">{_HEAD.format(id=name)}{"".join(parts)}</svg>'
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One shape of the drawing with the element it stands for."""

    element: etree._Element
    shape: etree._Element
    box: Box

    @property
    def kind(self) -> str:
        return vocabulary.local(self.element.tag)

    @property
    def name(self) -> str:
        return self.element.get("name") or ""


def _parts(
    plane: etree._Element, elements: Mapping[str, etree._Element], name: str
) -> Iterator[str]:
    """Yield what is drawn, what lies behind first."""
    found = [part for shape in plane.findall(_SHAPE) if (part := _part(shape, elements))]
    found.sort(key=lambda part: _BEHIND.index(part.kind) if part.kind in _BEHIND else len(_BEHIND))
    behind = [part for part in found if part.kind in _BEHIND]
    for part in behind:
        yield _drawn(part)
    for edge in plane.findall(_EDGE):
        flow = elements.get(local_name(edge.get("bpmnElement")))
        if flow is not None:
            yield _line(edge, flow, name)
    for part in found:
        if part not in behind:
            yield _drawn(part)


def _part(shape: etree._Element, elements: Mapping[str, etree._Element]) -> _Part | None:
    element = elements.get(local_name(shape.get("bpmnElement")))
    box = _box(shape)
    return None if element is None or box is None else _Part(element, shape, box)


def _drawn(part: _Part) -> str:
    if part.kind in vocabulary.EVENTS:
        inside = _event(part)
    elif part.kind in vocabulary.GATEWAYS:
        inside = _gateway(part)
    elif part.kind in vocabulary.ACTIVITIES:
        inside = _activity(part)
    else:
        inside = _other(part)
    identity = escape(str(part.element.get("id")))
    return f'<g data-element="{identity}">{inside}</g>'


def _event(part: _Part) -> str:
    middle, radius = part.box.middle, part.box.width / 2
    width = 3.5 if part.kind in _BOLD else 1.5
    dash = ' stroke-dasharray="5 4"' if _does_not_interrupt(part.element) else ""
    ring = (
        f'<circle class="bpmn-shape" cx="{middle.x:g}" cy="{middle.y:g}" r="{{r:g}}" fill="#fff"'
        f' stroke="#22262e" stroke-width="{width}"{dash}/>'
    )
    rings = ring.format(r=radius)
    if part.kind in _DOUBLE:
        rings += ring.format(r=radius - 3.5)
    outline = signs.EVENT.get(_trigger(part.element), "")
    throws = part.kind in {vocabulary.END_EVENT, vocabulary.THROW_EVENT}
    if outline:
        rings += signs.sign(outline, middle.x - 8, middle.y - 8, filled=throws)
    return rings + _beside(part)


def _gateway(part: _Part) -> str:
    box, middle = part.box, part.box.middle
    corners = (
        f"{middle.x:g},{box.y:g} {box.right:g},{middle.y:g} "
        f"{middle.x:g},{box.bottom:g} {box.x:g},{middle.y:g}"
    )
    return (
        f'<polygon class="bpmn-shape" points="{corners}" fill="#fff" stroke="#22262e"'
        ' stroke-width="1.5"/>'
        + signs.sign(signs.GATEWAY[part.kind], middle.x - 10, middle.y - 10, size=20)
        + _beside(part)
    )


def _activity(part: _Part) -> str:
    box = part.box
    is_open = part.kind in vocabulary.SUB_PROCESSES and part.shape.get("isExpanded") == "true"
    width = 4 if part.kind == "callActivity" else 1.5
    dash = ' stroke-dasharray="3 3"' if part.element.get("triggeredByEvent") == "true" else ""
    drawn = (
        f'<rect class="bpmn-{"ground" if is_open else "shape"}" x="{box.x:g}" y="{box.y:g}"'
        f' width="{box.width:g}" height="{box.height:g}" rx="10" fill="#fff" stroke="#22262e"'
        f' stroke-width="{width}"{dash}/>'
    )
    outline = signs.ACTIVITY.get(part.kind, "")
    if outline:
        filled = part.kind == "sendTask"
        drawn += signs.sign(outline, box.x + 6, box.y + 6, filled=filled)
    return drawn + _marks(part, is_open=is_open) + _inside(part, is_open=is_open)


def _inside(part: _Part, *, is_open: bool) -> str:
    box = part.box
    if is_open:
        lines = words.wrapped(part.name, box.width - 20, 1)
        return words.block(lines, box.middle.x, box.y + 6)
    lines = words.wrapped(part.name, box.width - 14, max(1, int((box.height - 12) / words.LINE)))
    top = box.middle.y - len(lines) * words.LINE / 2
    if part.kind in signs.ACTIVITY:
        top = max(top, box.y + 18)  # below the sign
    return words.block(lines, box.middle.x, top)


def _marks(part: _Part, *, is_open: bool) -> str:
    """Return the small signs at the lower edge: collapsed, repeated."""
    found = []
    several = part.element.find(model("multiInstanceLoopCharacteristics"))
    if part.element.find(model("standardLoopCharacteristics")) is not None:
        found.append(signs.MANY["loop"])
    if several is not None:
        one_by_one = several.get("isSequential") == "true"
        found.append(signs.MANY["sequential" if one_by_one else "parallel"])
    if part.kind in vocabulary.SUB_PROCESSES and not is_open:
        found.append("M2 2h12v12H2zM8 5v6M5 8h6")
    left = part.box.middle.x - 8 * len(found)
    return "".join(
        signs.sign(outline, left + 16 * place + 1, part.box.bottom - 17, size=14)
        for place, outline in enumerate(found)
    )


def _other(part: _Part) -> str:
    """Draw a pool, a lane, a note, data, a group."""
    box = part.box
    if part.kind in {"participant", "lane"}:
        return _pool(part)
    if part.kind == "textAnnotation":
        said = "".join(str(text) for text in part.element.itertext()).strip()
        edge = f"M{box.x + 12:g} {box.y:g}H{box.x:g}V{box.bottom:g}H{box.x + 12:g}"
        lines = words.wrapped(said, box.width - 14, max(1, int(box.height / words.LINE)))
        return f'<path class="bpmn-line" d="{edge}" fill="none" stroke="#22262e"/>' + words.block(
            lines, box.x + 8, box.y + 3, anchor="start"
        )
    dash = ' stroke-dasharray="8 4 2 4"' if part.kind == "group" else ""
    kind, fill = ("bpmn-line", "none") if part.kind == "group" else ("bpmn-shape", "#fff")
    return (
        f'<rect class="{kind}" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}"'
        f' height="{box.height:g}" rx="4" fill="{fill}" stroke="#22262e"{dash}/>' + _beside(part)
    )


def _pool(part: _Part) -> str:
    box = part.box
    upright = part.shape.get("isHorizontal") != "false"
    rect = (
        f'<rect class="bpmn-ground" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}"'
        f' height="{box.height:g}" fill="#fff" stroke="#22262e"/>'
    )
    room = box.height if upright else box.width
    lines = words.wrapped(part.name, room - 8, 1)
    if not upright:
        return rect + words.block(lines, box.middle.x, box.y + 6)
    x, y = box.x + 15, box.middle.y
    turned = words.block(lines, x, y - words.LINE / 2)
    rule = (
        f'<path class="bpmn-line" d="M{box.x + 30:g} {box.y:g}V{box.bottom:g}" fill="none"'
        ' stroke="#22262e"/>'
    )
    return (
        rect
        + (rule if part.kind == "participant" else "")
        + f'<g transform="rotate(-90 {x:g} {y:g})">{turned}</g>'
    )


def _beside(part: _Part) -> str:
    """Return the name of what has no room for it inside."""
    if not part.name:
        return ""
    label = part.shape.find(_LABEL)
    place = None if label is None else _box(label)
    if place is None:
        place = Box(part.box.middle.x - 55, part.box.bottom + 4, 110, 30)
    lines = words.wrapped(part.name, max(place.width, 60) + 12, 3)
    return words.block(lines, place.middle.x, place.y)


def _line(edge: etree._Element, flow: etree._Element, name: str) -> str:
    points = [
        Point(_number(point.get("x")), _number(point.get("y")))
        for point in edge.findall(f"{{{vocabulary.DD}}}waypoint")
    ]
    kind = vocabulary.local(flow.tag)
    dash = {"messageFlow": ' stroke-dasharray="8 5"', "sequenceFlow": ""}.get(
        kind, ' stroke-dasharray="2 4"'
    )
    arrow = "" if kind == "association" else f' marker-end="url(#{name}-arrow)"'
    path = " ".join(f"{point.x:g},{point.y:g}" for point in points)
    drawn = (
        f'<polyline class="bpmn-line" points="{path}" fill="none" stroke="#22262e"'
        f' stroke-width="1.5" stroke-linejoin="round"{dash}{arrow}/>'
    )
    said = flow.get("name") or ""
    identity = escape(str(flow.get("id")))
    return f'<g data-element="{identity}">{drawn}{_said(edge, points, said)}</g>'


def _said(edge: etree._Element, points: list[Point], said: str) -> str:
    if not said or not points:
        return ""
    label = edge.find(_LABEL)
    place = None if label is None else _box(label)
    if place is None:
        middle = points[len(points) // 2]
        return words.block(words.wrapped(said, 110, 2), middle.x, middle.y - 20)
    lines = words.wrapped(said, max(place.width, 60), 3)
    return words.block(lines, place.x + 2, place.y, anchor="start")


def _box(shape: etree._Element) -> Box | None:
    bounds = shape.find(f"{{{vocabulary.DC}}}Bounds")
    if bounds is None:
        return None
    return Box(*(_number(bounds.get(name)) for name in ("x", "y", "width", "height")))


def _number(text: str | None) -> float:
    """Return a number that is sensible on paper, whatever a file says."""
    try:
        found = float(text or 0)
    except ValueError:
        return 0.0
    return found if abs(found) < 1_000_000 else 0.0  # noqa: PLR2004  (a kilometre of paper)


def _title(root: etree._Element) -> str:
    """Return what the drawing is called: by its first process that has a name."""
    names = (each.get("name") for each in root.iter(model("process"), model("participant")))
    return next(filter(None, names), "BPMN")


def _extent(parts: list[etree._Element]) -> Box:
    """Return the bounds of everything on a sheet, with a margin."""
    xs: list[float] = []
    ys: list[float] = []
    for part in parts:
        for bounds in part.iter(f"{{{vocabulary.DC}}}Bounds"):
            x, y = _number(bounds.get("x")), _number(bounds.get("y"))
            xs += [x, x + _number(bounds.get("width"))]
            ys += [y, y + _number(bounds.get("height"))]
        for point in part.iter(f"{{{vocabulary.DD}}}waypoint"):
            xs.append(_number(point.get("x")))
            ys.append(_number(point.get("y")))
    if not xs:
        return Box(0, 0, 2 * _MARGIN, 2 * _MARGIN)
    left, top = min(xs) - _MARGIN, min(ys) - _MARGIN
    return Box(left, top, max(xs) + _MARGIN - left, max(ys) + _MARGIN - top)


def _trigger(element: etree._Element) -> str:
    kinds = (vocabulary.EVENT_DEFINITIONS.get(vocabulary.local(child.tag)) for child in element)
    return next((kind for kind in kinds if kind), "")


def _does_not_interrupt(element: etree._Element) -> bool:
    return "false" in {element.get("cancelActivity"), element.get("isInterrupting")}
