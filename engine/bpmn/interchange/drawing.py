"""What a save may not do to the drawing: leave out what the editor did not show, add what was not.

The editor's library shows one diagram, and of it only what stands in a pool where there are pools.
What it did not show it leaves out when it writes; nobody can take an element's shape away without
the element, so such a shape is put back. It also gives an empty collapsed sub-process a sheet of
its own, and says of an exclusive gateway that its cross is shown, as it is anyway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from typing import Final

from lxml import etree

from engine.bpmn import vocabulary
from engine.bpmn.references import local_name
from engine.bpmn.vocabulary import model

_PLANE: Final = f"{{{vocabulary.DI}}}BPMNPlane"
_DIAGRAM: Final = f"{{{vocabulary.DI}}}BPMNDiagram"
_DRAWN: Final = (f"{{{vocabulary.DI}}}BPMNShape", f"{{{vocabulary.DI}}}BPMNEdge")
_MARKER: Final = "isMarkerVisible"


def put_right(old: etree._Element, new: etree._Element) -> bool:
    """Change the drawing of a saved file to what was drawn; tell whether anything was changed."""
    changed = [correct(old, new) for correct in _CORRECTIONS]
    return any(changed)


def _left_out(old: etree._Element, new: etree._Element) -> bool:
    """Put back the shapes and lines of what is still in the model, and of nothing in it."""
    # An element may be drawn on two sheets, of which one was shown.
    there = Counter(_key(each) for each in new.iter(*_DRAWN))
    drawn = Counter(_key(each) for each in old.iter(*_DRAWN))
    same = {(_key(each), each.get("id")) for each in new.iter(*_DRAWN)}
    ids = {each.get("id") for each in new.iter(f"{{{vocabulary.MODEL}}}*")}
    gone = [
        each
        for each in old.iter(*_DRAWN)
        if there[_key(each)] < drawn[_key(each)]
        and (_key(each), each.get("id")) not in same
        and (not _of(each) or _of(each) in ids)
    ]
    planes = {_of(plane): plane for plane in new.iter(_PLANE)}
    first = next(iter(planes.values()), None)
    for each in gone:
        owner = each.getparent()
        plane = first if owner is None else planes.get(_of(owner), first)
        if plane is not None:
            plane.append(deepcopy(each))
    return bool(gone)


def _empty_sheets(old: etree._Element, new: etree._Element) -> bool:
    """Take away the empty sheets of sub-processes that had none before."""
    before = {_of(plane) for plane in old.iter(_PLANE)}
    sheets = [
        diagram
        for diagram in new.findall(_DIAGRAM)
        for plane in diagram.findall(_PLANE)
        if not len(plane) and _of(plane) not in before
    ]
    for sheet in sheets:
        new.remove(sheet)
    return bool(sheets)


def _markers(old: etree._Element, new: etree._Element) -> bool:
    """Say nothing of an exclusive gateway's cross where nothing was said."""
    gateways = {each.get("id") for each in old.iter(model("exclusiveGateway"))}
    unsaid = {
        _key(shape)
        for shape in old.iter(_DRAWN[0])
        if _MARKER not in shape.attrib and _of(shape) in gateways
    }
    found = [
        shape for shape in new.iter(_DRAWN[0]) if _MARKER in shape.attrib and _key(shape) in unsaid
    ]
    for shape in found:
        del shape.attrib[_MARKER]
    return bool(found)


_CORRECTIONS: Final[tuple[Callable[[etree._Element, etree._Element], bool], ...]] = (
    _left_out,
    _empty_sheets,
    _markers,
)


def _of(drawn: etree._Element) -> str:
    return local_name(drawn.get("bpmnElement"))


def _key(drawn: etree._Element) -> tuple[str, str]:
    """Return what a shape or line is known by: what it stands for, else itself."""
    return str(drawn.tag), _of(drawn) or f"#{drawn.get('id')}"
