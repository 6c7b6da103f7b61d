"""The prefixes of a file, freed for the editor.

The editor's library writes what it knows under fixed prefixes, and keeps one address for each
prefix. A file that binds one of them to another address (`interlock:` to anything but ours), or one
prefix to two addresses in two places, cannot be saved by it, or loses foreign attributes without a
word. Such a prefix gets another name first; what it stands for stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, cast

from lxml import etree

from engine import xml
from engine.bpmn import vocabulary

FIXED: Final[Mapping[str, str]] = {
    "bpmn": vocabulary.MODEL,
    "bpmndi": vocabulary.DI,
    "dc": vocabulary.DC,
    "di": vocabulary.DD,
    "xsi": vocabulary.XSI,
    "bioc": vocabulary.BIOC,
    "color": vocabulary.COLOR,
    "zeebe": vocabulary.ZEEBE,
    "interlock": vocabulary.INTERLOCK,
}
"""What the editor writes under which prefix; a test holds it against what the editor registers."""

_QUALIFIED: Final = re.compile(r"\s*([A-Za-z_][\w.-]*):([\w.-]+)\s*")
_TYPE: Final = f"{{{vocabulary.XSI}}}type"


def freed(data: bytes) -> bytes:
    """Return the file with each prefix bound once, and the editor's to what the editor means.

    Raises:
        UnreadableModel: it is no XML that is safe to read.
    """
    root = xml.load(data)
    bound: dict[str, str] = dict(FIXED)
    claimed = {uri for prefix, uri in _declared(root) if bound.setdefault(prefix, uri) != uri}
    if not claimed:
        return data
    names: dict[str, str] = {}
    for uri in sorted(claimed):
        names[uri] = _free({*bound, *names.values()})
    _rename_values(root, names, bound)
    return etree.tostring(_redeclared(root, names, bound), xml_declaration=True, encoding="UTF-8")


def _declared(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield every prefix that the file declares anywhere, with the address it is bound to."""
    # What comes with this event is a pair, of which the library's types know nothing.
    walked = cast("Iterator[tuple[str, tuple[str, str]]]", etree.iterwalk(root, ("start-ns",)))
    for _event, (prefix, uri) in walked:
        if prefix:
            yield prefix, uri


def _free(taken: set[str]) -> str:
    """Return a prefix that nobody uses."""
    place = 1
    while f"vendor{place}" in taken:
        place += 1
    return f"vendor{place}"


def _rename_values(
    root: etree._Element, names: Mapping[str, str], bound: Mapping[str, str]
) -> None:
    """Rename the prefixes inside values: `structureRef` and `xsi:type` hold qualified names."""

    def renamed(element: etree._Element, value: str) -> str | None:
        found = _QUALIFIED.fullmatch(value)
        uri = element.nsmap.get(found.group(1), "") if found else ""
        if found is None or uri not in names or bound.get(found.group(1)) == uri:
            return None
        return f"{names[uri]}:{found.group(2)}"

    for element in root.iter("*"):
        for key, value in element.items():
            if (str(key).endswith("Ref") or key == _TYPE) and (new := renamed(element, str(value))):
                element.set(key, new)
        if str(element.tag).endswith("Ref") and (new := renamed(element, element.text or "")):
            element.text = new


def _redeclared(
    root: etree._Element, names: Mapping[str, str], bound: Mapping[str, str]
) -> etree._Element:
    """Return the root with other prefixes; lxml cannot rename one on an element that is there."""
    kept: dict[str | None, str] = {
        prefix: uri for prefix, uri in root.nsmap.items() if not prefix or bound[prefix] == uri
    }
    freed: dict[str | None, str] = {name: uri for uri, name in names.items()}
    new = etree.Element(root.tag, root.attrib, {**kept, **freed})
    new.text = root.text
    new.extend(list(root))
    prefixes = [prefix for prefix in (*kept, *freed) if prefix]
    etree.cleanup_namespaces(new, top_nsmap=freed, keep_ns_prefixes=prefixes)
    return new
