"""The ids of a file, made plain for the editor.

XML allows letters of every script in an id, and some tools write blanks into it. The editor's
library leaves out every element whose id holds anything but ASCII letters, digits, `_`, `-` and
`.`. Such an id is written with those, everywhere the file refers to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from engine import xml
from engine.bpmn import vocabulary

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_STRANGE: Final = re.compile(r"[^A-Za-z0-9_.-]")
_OURS: Final = frozenset({vocabulary.MODEL, vocabulary.DI, vocabulary.DC, vocabulary.DD})
_TEXTS: Final = frozenset(map(vocabulary.model, ("name", "text", "documentation", "script")))


def plain(data: bytes) -> bytes:
    """Return the file with ids that the editor can read; the very bytes where they all are.

    Raises:
        UnreadableModel: it is no XML that is safe to read.
    """
    root = xml.load(data)
    ids = [element.get("id", "") for element in _own(root)]
    names = _renamed([one for one in ids if one and not _PLAIN.fullmatch(one)], set(ids))
    if not names:
        return data
    for element in _own(root):
        _rename(element, names)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _own(root: etree._Element) -> Iterator[etree._Element]:
    return (each for each in root.iter("*") if etree.QName(each).namespace in _OURS)


def _renamed(strange: list[str], taken: set[str]) -> Mapping[str, str]:
    """Return what each strange id is called instead; two never become one."""
    found: dict[str, str] = {}
    for identity in dict.fromkeys(strange):
        name = _STRANGE.sub("_", identity)
        name = name if _PLAIN.fullmatch(name) else f"_{name}"
        while name in taken:
            name += "_"
        taken.add(name)
        found[identity] = name
    return found


def _rename(element: etree._Element, names: Mapping[str, str]) -> None:
    for key, value in element.items():
        if key != "name" and (new := _name(str(value), names)):
            element.set(key, new)
    text = element.text or ""
    if not len(element) and element.tag not in _TEXTS and (new := _name(text.strip(), names)):
        element.text = new


def _name(value: str, names: Mapping[str, str]) -> str | None:
    """Return the new form of a reference, which may have a prefix."""
    prefix, colon, local = value.rpartition(":")
    if value in names:
        return names[value]
    return f"{prefix}:{names[local]}" if colon and local in names else None
