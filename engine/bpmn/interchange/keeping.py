"""What a save may not lose: details of other tools that the editor's library cannot hold.

The library writes back what it knows of BPMN and most of what it does not know. What it cannot
hold is taken from the file as it was before, on every element that is still there: nobody can have
edited it. Settings of other tools that it does hold may go because somebody removed them; those
are named, so that an unwanted loss is seen at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from lxml import etree

from common.phrases import Phrase
from engine import xml
from engine.bpmn import vocabulary
from engine.bpmn.interchange import drawing
from engine.bpmn.interchange.prefixes import FIXED
from engine.bpmn.vocabulary import model

_KNOWN: Final = frozenset({*FIXED.values(), "http://www.w3.org/XML/1998/namespace"})
_EXTENSIONS: Final = model("extensionElements")
_NEVER_EDITED: Final = frozenset(
    map(
        model,
        (
            *("interface", "itemDefinition", "import", "resource", "partnerEntity", "partnerRole"),
            *("correlationProperty", "endPoint", "relationship", "resourceRole", "performer"),
            *("humanPerformer", "potentialOwner", "auditing", "monitoring"),
        ),
    )
)
"""Parts that no page of the editor shows: what differs in them was lost, not edited."""

_DROPPED: Final = ("messageVisibleKind",)
"""Attributes of the standard's drawing that the library does not write."""

_MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved file with what was put back, and a sentence for each setting that went."""

    file: bytes
    lost: tuple[str, ...] = ()


def kept(before: bytes, after: bytes) -> Kept:
    """Return what is kept of a save that began from the file before it.

    Raises:
        UnreadableModel: one of the two is no XML that is safe to read.
    """
    earlier, root = xml.load(before), xml.load(after)
    old, new = _by_id(earlier), _by_id(root)
    pairs = [(old[key], new[key]) for key in new if key in old]
    changed = [put_back(*pair) for pair in pairs for put_back in _PUT_BACK]
    changed += [_undeclared(earlier, root), drawing.put_right(earlier, root)]
    lost = tuple(sentence for pair in pairs for sentence in _lost(*pair))[:_MOST_NAMED]
    file = etree.tostring(root, xml_declaration=True, encoding="UTF-8") if any(changed) else after
    return Kept(file, lost)


_Key = tuple[str, str]


def _by_id(root: etree._Element) -> Mapping[_Key, etree._Element]:
    """Return the elements of the model and of its drawing, by kind and id; the file itself too.

    What the file declares without an id is known by its place among its like.
    """
    found: dict[_Key, etree._Element] = {(str(root.tag), ""): root}
    for declared in root:
        if declared.get("id") is None and declared.tag in _NEVER_EDITED:
            place = sum(1 for _ in declared.itersiblings(str(declared.tag), preceding=True))
            found[(str(declared.tag), f"#{place}")] = declared
    for element in root.iter(f"{{{vocabulary.MODEL}}}*", f"{{{vocabulary.DI}}}*"):
        drawn = element.get("bpmnElement")
        identity = element.get("id") if drawn is None else f"{drawn} {element.get('id')}"
        if identity and element is not root:
            found.setdefault((str(element.tag), identity), element)
    return found


def _unseen(old: etree._Element, new: etree._Element) -> bool:
    """Put a part back that is never edited, where it came out otherwise."""
    if old.tag not in _NEVER_EDITED or written(old) == written(new):
        return False
    _replace(new, old)
    return True


def _undeclared(old: etree._Element, new: etree._Element) -> bool:
    """Put back what the file declared and the editor never shows, where it is not there at all."""
    there = _by_id(new)
    gone = [
        one
        for key, one in _by_id(old).items()
        if key not in there and one.tag in _NEVER_EDITED and one.getparent() is old
    ]
    for one in gone:
        # Relationships stand last in a file, other declarations may stand first.
        new.insert(len(new) if one.tag == model("relationship") else 0, deepcopy(one))
    return bool(gone)


def _attributes(old: etree._Element, new: etree._Element) -> bool:
    gone = {name: old.get(name, "") for name in _DROPPED if name in old.attrib}
    gone = {name: value for name, value in gone.items() if new.get(name) != value}
    new.attrib.update(gone)
    return bool(gone)


def _direct(old: etree._Element, new: etree._Element) -> bool:
    """Put foreign elements back that stand beside the extension elements, not in them."""
    gone = [child for child in _foreign(old) if not new.findall(str(child.tag))]
    new.extend(deepcopy(child) for child in gone)
    return bool(gone)


def _extended(old: etree._Element, new: etree._Element) -> bool:
    """Put the inside of foreign extensions back: texts between elements, and what they nest."""
    changed = False
    earlier, later = old.find(_EXTENSIONS), new.find(_EXTENSIONS)
    for was, now in _pairs(earlier, later):
        if was is not None and now is not None and written(was) != written(now):
            _replace(now, was)
            changed = True
    return changed


_PUT_BACK: Final[tuple[Callable[[etree._Element, etree._Element], bool], ...]] = (
    _unseen,
    _attributes,
    _direct,
    _extended,
)


def _pairs(
    old: etree._Element | None, new: etree._Element | None
) -> Iterator[tuple[etree._Element | None, etree._Element | None]]:
    """Yield the foreign extensions of two states of an element, in pairs of one kind.

    Where some of a kind went, none of that kind are paired: nobody knows which.
    """
    if old is None:
        return
    for tag in dict.fromkeys(child.tag for child in _foreign(old)):
        earlier = old.findall(str(tag))
        later = [] if new is None else new.findall(str(tag))
        if len(earlier) == len(later):
            yield from zip_longest(earlier, later)
        elif len(earlier) > len(later):
            yield earlier[0], None


def _lost(old: etree._Element, new: etree._Element) -> Iterator[str]:
    """Yield a sentence for each foreign setting of an element that is not there any more."""
    for name in old.attrib:
        if etree.QName(name).namespace not in {None, *_KNOWN} and name not in new.attrib:
            yield _told(old, name)
    for was, now in _pairs(old.find(_EXTENSIONS), new.find(_EXTENSIONS)):
        if was is not None and now is None:
            yield _told(old, was.tag)


def _told(owner: etree._Element, name: object) -> str:
    setting = etree.QName(str(name))
    prefixes = {uri: prefix for prefix, uri in owner.nsmap.items() if prefix}
    prefix = prefixes.get(setting.namespace or "")
    written = f"{prefix}:{setting.localname}" if prefix else setting.localname
    called = owner.get("name") or owner.get("bpmnElement") or owner.get("id") or Phrase("The model")
    return Phrase(
        "{name} no longer has {setting}, a setting of another tool.", name=called, setting=written
    )


def _foreign(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if etree.QName(child).namespace not in _KNOWN)


def _replace(new: etree._Element, old: etree._Element) -> None:
    owner = new.getparent()
    if owner is not None:
        again = deepcopy(old)
        again.tail = new.tail
        owner.replace(new, again)


def written(element: etree._Element) -> str:
    """Return an element as text that does not depend on prefixes, order or indentation."""
    attributes = "".join(f" {key}={value!r}" for key, value in sorted(element.items()))
    inner = " ".join((element.text or "").split())
    for child in element:
        inner += written(child) + " ".join((child.tail or "").split())
    return f"<{element.tag!s}{attributes}>{inner}</>"
