"""One part of a model, by its id: what it is and what people call it.

For whoever speaks of a part and must still say which one once it is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from engine import xml
from engine.bpmn.reading import name_of
from engine.bpmn.references import local_name
from engine.bpmn.vocabulary import MODEL, SEQUENCE_FLOW, local, model

_NOTE = "textAnnotation"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a model. `kind` is its element of BPMN, such as userTask; `name` may be ""."""

    id: str
    kind: str
    name: str


def part_of(data: bytes, identity: str) -> Part | None:
    """Return the part of a model with this id, or None where it has none such.

    A flow without a name is called by what it joins, a note by its text.

    Raises:
        UnreadableModel: the bytes are no XML that is safe to read.
    """
    every = xml.load(data).iter(f"{{{MODEL}}}*")
    own = {named: each for each in every if (named := each.get("id"))}
    found = own.get(identity)
    if found is None:
        return None
    kind = local(found.tag)
    return Part(identity, kind, name_of(found) or _described(kind, found, own))


def _described(kind: str, found: etree._Element, own: dict[str, etree._Element]) -> str:
    if kind == _NOTE:
        return " ".join((found.findtext(model("text")) or "").split())
    if kind != SEQUENCE_FLOW:
        return ""
    ends = (own.get(local_name(found.get(end))) for end in ("sourceRef", "targetRef"))
    names = [name_of(end) for end in ends if end is not None]
    return " → ".join(names) if all(names) else ""
