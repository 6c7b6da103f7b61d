"""Data objects and their associations, read as variables and mappings. BPMN 2.0.2, 10.4.

A data object is the variable of its name. What a drawing tool adds only to hang an arrow on, an
association without a declared input or output at its end, moves no data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.bpmn import extensions
from engine.bpmn.elements import IoMapping
from engine.bpmn.references import local_name
from engine.bpmn.vocabulary import model

_NAME: Final = re.compile(r"[^\W\d]\w*")
_NO_NAME: Final = re.compile(r"\W|^(?=\d)")
_REFERENCE: Final = model("dataObjectReference")
_ITEMS: Final = frozenset(
    model(tag)
    for tag in (
        *("dataObject", "dataObjectReference", "dataStoreReference", "property"),
        *("dataInput", "dataOutput", "inputDataItem", "outputDataItem"),
    )
)
_ARROWS: Final = (model("dataInputAssociation"), model("dataOutputAssociation"))


@dataclass(frozen=True, slots=True)
class Names:
    """The variable that each item of a process stands for, by the item's id.

    `moves` says whether any data is drawn to move at all.
    """

    variables: Mapping[str, str]
    moves: bool

    def of(self, reference: str | None) -> str:
        """Return the variable a reference means, "" where it names no item."""
        return self.variables.get(local_name(reference), "")


@dataclass(frozen=True, slots=True)
class Association:
    """One arrow of data: FEEL `source`, the item it leads to, and that item's variable."""

    source: str
    item: str
    target: str


def names(process: etree._Element) -> Names:
    """Return the variables that the items of a process stand for, on all its levels."""
    items = {element.get("id", ""): element for element in process.iter(*_ITEMS)}
    found = {identity: _variable(element, items) for identity, element in items.items()}
    return Names(found, moves=next(process.iter(*_ARROWS), None) is not None)


def inputs(element: etree._Element, known: Names) -> tuple[IoMapping, ...]:
    """Return what the data associations of an activity or throw event bring into it."""
    if not known.moves:
        return ()
    looped = _looped(element, "loopDataInputRef")
    return tuple(
        IoMapping(found.source, found.target)
        for found in _incoming(element, known)
        if found.item != looped and found.source != found.target
    )


def outputs(element: etree._Element, known: Names) -> tuple[IoMapping, ...]:
    """Return what the data associations of an activity or catch event take out of it."""
    if not known.moves:
        return ()
    looped = _looped(element, "loopDataOutputRef")
    return tuple(
        IoMapping(found.source, found.target)
        for found in _associations(element, "dataOutputAssociation", known)
        if looped is None or found.source != known.of(looped)
    )


def looped_over(element: etree._Element, known: Names) -> str | None:
    """Return the FEEL of the collection a multi-instance activity goes through."""
    reference = _looped(element, "loopDataInputRef")
    if reference is None:
        return None
    brought = (found.source for found in _incoming(element, known) if found.item == reference)
    return next(brought, known.of(reference) or reference)


def collected_in(element: etree._Element, known: Names) -> str:
    """Return the variable that takes the results of a multi-instance activity."""
    reference = _looped(element, "loopDataOutputRef")
    if reference is None:
        return ""
    collected = known.of(reference) or reference
    taken = _associations(element, "dataOutputAssociation", known)
    return next((found.target for found in taken if found.source == collected), collected)


def _variable(element: etree._Element, items: Mapping[str, etree._Element]) -> str:
    """Return an item's name where it can be a variable's, else its id made into one."""
    if element.tag == _REFERENCE:
        element = items.get(local_name(element.get("dataObjectRef")), element)
    name = (element.get("name") or "").strip()
    return name if _NAME.fullmatch(name) else _NO_NAME.sub("_", element.get("id", ""))


def _incoming(element: etree._Element, known: Names) -> Iterator[Association]:
    declared = {
        item.get("id")
        for holder in (element, extensions.child(element, "ioSpecification"))
        if holder is not None
        for item in holder.iterchildren(model("dataInput"))
    }
    for found in _associations(element, "dataInputAssociation", known):
        if found.item in declared:
            yield found


def _associations(element: etree._Element, tag: str, known: Names) -> Iterator[Association]:
    for association in element.iterchildren(model(tag)):
        item = local_name(association.findtext(model("targetRef")))
        target = known.of(item)
        source = extensions.child_expression(association, "transformation")
        assigned = list(association.iterchildren(model("assignment")))
        for assignment in assigned:
            read = extensions.child_expression(assignment, "from")
            written = extensions.child_expression(assignment, "to") or target
            if read and written:
                yield Association(read, item, written)
        if not assigned:
            source = source or known.of(association.findtext(model("sourceRef")))
            if source and target:
                yield Association(source, item, target)


def _looped(element: etree._Element, tag: str) -> str | None:
    loop = extensions.child(element, "multiInstanceLoopCharacteristics")
    written = None if loop is None else loop.findtext(model(tag))
    return local_name(written) or None
