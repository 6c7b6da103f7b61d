"""A file as parts, each under a key that means the same in every state of the file.

What has an id is known by it, a drawing by what it draws, a row of a table by its key, a reference
by what it names; anything else by its owner and its place among its like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.bpmn import vocabulary
from engine.bpmn.facts import TABLES, is_item
from engine.bpmn.interchange.keeping import written
from engine.bpmn.interchange.prefixes import FIXED
from engine.bpmn.references import local_name
from engine.bpmn.vocabulary import model, zeebe

ROOT: Final = ""
OWNER: Final = "owner()"
TEXT: Final = "text()"
WHOLE: Final = "whole()"
LINE: Final = "line()"
"""What a part says beside its attributes: where it belongs, its text, a foreign part as it is
written, and the way of a flow. No attribute has such a name."""

WAYPOINT: Final = f"{{{vocabulary.DD}}}waypoint"
DERIVED: Final = frozenset(map(model, ("incoming", "outgoing")))
"""What flow nodes repeat of the flows: follows from them."""

_DRAWINGS: Final = frozenset({f"{{{vocabulary.DI}}}BPMNShape", f"{{{vocabulary.DI}}}BPMNEdge"})
_KNOWN: Final = frozenset(FIXED.values())
_FORM: Final = zeebe("userTaskForm")


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a file: what it says by itself, and where it hangs.

    `about` is the element that a person would name: of a drawing what it draws, of a setting the
    step that has it. `is_drawing` tells the drawing from the model.
    """

    key: str
    element: etree._Element
    says: Mapping[str, str]
    about: str
    is_drawing: bool

    @property
    def owner(self) -> str:
        """Return the key of the part it hangs in."""
        return self.says.get(OWNER, ROOT)


Parts = Mapping[str, Part]


def parts_of(root: etree._Element) -> dict[str, Part]:
    """Return the parts of a file by key, owners before what they own."""
    forms = {
        local_name(one.get("formKey") or one.get("formId") or "").rpartition(":")[2]: one
        for one in root.iter(zeebe("formDefinition"))
    }
    shown_on = {form: _nearest_id(one) for form, one in forms.items()}
    seen = Counter[str]()
    found: dict[str, Part] = {}
    pending: list[tuple[etree._Element, str, str]] = [(root, ROOT, ROOT)]
    while pending:
        element, owner, about = pending.pop()
        drawn = element.get("bpmnElement")
        is_shape = element.tag in _DRAWINGS and drawn is not None
        if is_shape:
            about = local_name(drawn or "")
        elif element.tag == _FORM:
            about = shown_on.get(element.get("id", ""), about)
        elif _is_told(element):
            about = element.get("id", "")
        key = ROOT if element is root else _key(element, owner)
        seen[key] += 1
        if seen[key] > 1:
            key = f"{key} {seen[key]}"
        says = {} if element is root else {OWNER: owner}
        says.update(_says(element))
        found[key] = Part(key, element, says, about, _is_drawing(element))
        pending.extend((child, key, about) for child in reversed(list(inside(element))))
    return found


def _is_told(element: etree._Element) -> bool:
    owner = element.getparent()
    return owner is not None and is_item(owner, element)


def inside(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements of a part that are parts of their own."""
    if not is_foreign(element):
        yield from (child for child in element.iterchildren("*") if child.tag != WAYPOINT)


def is_foreign(element: etree._Element) -> bool:
    """Tell what another tool wrote: its shape is not ours to know, so it counts as a whole."""
    return etree.QName(element).namespace not in _KNOWN


def references(part: Part) -> Iterator[str]:
    """Yield the ids that a part names, but for what merely follows from the flows."""
    for name, value in part.says.items():
        if name in ("default", "bpmnElement") or name.endswith("Ref"):
            yield local_name(value)
    if TEXT in part.says and etree.QName(part.element).localname in ("sourceRef", "targetRef"):
        yield local_name(part.says[TEXT])


def _key(element: etree._Element, owner: str) -> str:
    drawn, identity = element.get("bpmnElement"), element.get("id")
    if element.tag in _DRAWINGS and drawn is not None:
        return f"drawing of {local_name(drawn)}"
    if identity is not None:
        return f"#{identity}"
    row = TABLES.get(str(element.tag))
    if row is not None:
        return f"{owner}/{row[0]} {element.get(row[1], '')}"
    text = (element.text or "").strip()
    named = etree.QName(element).localname
    is_reference = text and (element.tag in DERIVED or named.endswith("Ref"))
    return f"{owner}/{named} {text}" if is_reference else f"{owner}/{named}"


def _says(element: etree._Element) -> Iterator[tuple[str, str]]:
    if is_foreign(element):
        yield WHOLE, written(element)
        return
    yield from ((str(name), str(value)) for name, value in element.attrib.items())
    text = (element.text or "").strip()
    if text:
        yield TEXT, text
    points = [written(point) for point in element.iterchildren(WAYPOINT)]
    if points:
        yield LINE, "".join(points)


def _is_drawing(element: etree._Element) -> bool:
    return etree.QName(element).namespace in (vocabulary.DI, vocabulary.DC, vocabulary.DD)


def _nearest_id(element: etree._Element) -> str:
    owners = (one for one in element.iterancestors() if _is_told(one))
    return next((one.get("id", "") for one in owners), ROOT)
