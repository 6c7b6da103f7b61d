"""What a file says, as facts by element: flat, normalised, and without the drawing.

The comparison of two versions works on facts, so whatever is not normalised away here shows up as
a change. Normalised are: attributes at their schema default, the order and place of elements, the
prefixes of namespaces, white space where it says nothing, and what editors write for themselves.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from lxml import etree

from engine import xml
from engine.bpmn import vocabulary
from engine.bpmn.references import local_name
from engine.bpmn.vocabulary import interlock, model, zeebe

MODEL_ID: Final = ""
"""Stands for the file as a whole."""

BOUNDS: Final = ("Left", "Top", "Width", "Height")
LINE: Final = "Line"
LABEL: Final = "Label"
"""What a reader calls the ways in which a drawing may differ."""

_WAYPOINT: Final = f"{{{vocabulary.DD}}}waypoint"
_Told = TypeVar("_Told")
_PREFIXES: Final[Mapping[str, str]] = {
    vocabulary.MODEL: "",
    vocabulary.ZEEBE: "",
    vocabulary.INTERLOCK: "",
    **{uri: f"{prefix}:" for uri, prefix in vocabulary.VENDORS.items()},
}
_CONTAINERS: Final = frozenset(
    {
        *("definitions", "process", "subProcess", "transaction", "adHocSubProcess"),
        *("collaboration", "laneSet", "childLaneSet", "lane"),
    }
)
# Parts of their element even where they have an id of their own.
_PARTS: Final = frozenset(
    {
        *("documentation", "extensionElements", "incoming", "outgoing", "flowNodeRef", "ioBinding"),
        *("ioSpecification", "property", "resourceRole", "performer", "potentialOwner"),
        *("humanPerformer", "completionCondition", *vocabulary.EVENT_DEFINITIONS),
        *(*vocabulary.LOOPS, "dataInputAssociation", "dataOutputAssociation"),
    }
)
_DEFAULTS: Final[Mapping[str, str]] = {
    "startQuantity": "1",
    "completionQuantity": "1",
    "isForCompensation": "false",
    "isInterrupting": "true",
    "cancelActivity": "true",
    "parallelMultiple": "false",
    "instantiate": "false",
    "eventGatewayType": "Exclusive",
    "triggeredByEvent": "false",
    "isSequential": "false",
    "cancelRemainingInstances": "true",
    "ordering": "Parallel",
    "waitForCompletion": "true",
    "behavior": "All",
    "isClosed": "false",
    "isExecutable": "false",
    "processType": "None",
    "isCollection": "false",
    "isUnlimited": "true",
    "testBefore": "false",
    "associationDirection": "None",
    "implementation": "##unspecified",
    "textFormat": "text/plain",
    "expressionLanguage": "http://www.w3.org/1999/XPath",
    "typeLanguage": "http://www.w3.org/2001/XMLSchema",
}
_BOOLEANS: Final[Mapping[str, str]] = {"1": "true", "0": "false"}
# What the reader of a drawing can see by itself, and what the editor says about itself.
_SAYS_NOTHING: Final = frozenset(
    {"id", "gatewayDirection", "exporter", "exporterVersion", f"{{{vocabulary.XSI}}}type"}
    | {f"{{{vocabulary.XSI}}}schemaLocation"}
)
_REFERENCES: Final = frozenset(
    {"sourceRef", "targetRef", "attachedToRef", "default", "processRef", "activityRef"}
    | {"messageRef", "signalRef", "errorRef", "escalationRef", "calledElement"}
)
TABLES: Final[Mapping[str, tuple[str, str, str]]] = {
    zeebe("input"): ("input", "target", "source"),
    zeebe("output"): ("output", "target", "source"),
    zeebe("header"): ("header", "key", "value"),
    zeebe("property"): ("property", "name", "value"),
    zeebe("executionListener"): ("listener", "eventType", "type"),
    zeebe("taskListener"): ("listener", "eventType", "type"),
}
_LISTS: Final = frozenset(
    {
        *(zeebe("ioMapping"), zeebe("taskHeaders"), zeebe("properties")),
        *(zeebe("executionListeners"), zeebe("taskListeners")),
    }
)
# A form is told on the step that shows it, and every user task is ours.
_NOTHING_MORE: Final = frozenset({zeebe("userTaskForm"), zeebe("userTask")})
_DECLARED: Final[Mapping[str, str]] = {
    "messageRef": "name",
    "signalRef": "name",
    "errorRef": "errorCode",
    "escalationRef": "escalationCode",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One element of the file: its kind, its name, and everything it says, by path.

    `declared` holds, by path, the ids of what the file declares elsewhere: a message is told by its
    name, and the id only links to it.
    """

    id: str
    kind: str
    name: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    declared: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """A whole file. `places` holds how each element is drawn, by what a reader calls it."""

    items: Mapping[str, Item]
    places: Mapping[str, Mapping[str, str]]


def facts(data: bytes) -> Facts:
    """Return the facts of a file.

    Raises:
        UnreadableModel: when it is no XML that is safe to read.
    """
    root = xml.load(data)
    reader = _Reader(root)
    # Two elements of one id are a mistake, and must not hide behind each other.
    items = dict(_numbered((item.id, item) for item in reader.items()))
    return Facts(items, _places(root))


def _declarations(root: etree._Element) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what the root declares: its kind and id, and the code or name it is known by."""
    for reference, attribute in _DECLARED.items():
        kind = reference.removesuffix("Ref")
        for found in root.iterchildren(model(kind)):
            known = found.get(attribute) or found.get("name") or ""
            yield (kind, found.get("id", "")), known


def _numbered(pairs: Iterable[tuple[str, _Told]]) -> Iterator[tuple[str, _Told]]:
    """Yield the pairs, with a number at each key that came before."""
    seen = Counter[str]()
    for key, told in pairs:
        seen[key] += 1
        yield (key if seen[key] == 1 else f"{key} {seen[key]}"), told


class _Reader:
    def __init__(self, root: etree._Element) -> None:
        self._root = root
        forms = root.iter(zeebe("userTaskForm"))
        self._forms = {form.get("id", ""): _canonical_json(_text(form)) for form in forms}
        self._declared = dict(_declarations(root))

    def items(self) -> Iterator[Item]:
        """Yield every element that stands for itself, the file first."""
        pending = [self._root]
        while pending:
            element = pending.pop()
            yield self._item(element)
            pending.extend(reversed([child for child in element if is_item(element, child)]))

    def _item(self, element: etree._Element) -> Item:
        # A path that comes twice is a second setting of the same kind.
        found = dict(_numbered(self._facts(element)))
        root = element is self._root
        return Item(
            id=MODEL_ID if root else element.get("id", ""),
            kind=_local(element),
            name=_collapsed(element.get("name", "")),
            facts=found,
            declared=dict(_numbered(_declared_by(element))),
        )

    def _facts(self, element: etree._Element) -> Iterator[tuple[str, str]]:
        for path, value in _attributes(element, ""):
            yield self._known(path, value)
        members = sorted(_text(child) for child in element.iterchildren(model("flowNodeRef")))
        if members:
            yield "members", ", ".join(members)
        for child in element.iterchildren("*"):
            if not is_item(element, child):
                yield from self._part(element, child)

    def _part(self, owner: etree._Element, part: etree._Element) -> Iterator[tuple[str, str]]:
        tag = _local(part)
        if part.tag == model("extensionElements"):
            for extension in part.iterchildren("*"):
                yield from self._extension(extension)
        elif part.tag == model("documentation"):
            yield "documentation", _collapsed(_text(part))
            yield from _attributes(part, "documentation.")
        elif tag in vocabulary.EVENT_DEFINITIONS and part.tag == model(tag):
            yield "trigger", vocabulary.EVENT_DEFINITIONS[tag]
            yield from self._trigger(part)
        elif tag in vocabulary.LOOPS and part.tag == model(tag):
            yield from self._loop(part)
        elif part.tag == model("text") and _local(owner) == "textAnnotation":
            yield "text", _collapsed(_text(part))
        elif not _says_nothing(part):
            yield from _tree(part, "")

    def _trigger(self, definition: etree._Element) -> Iterator[tuple[str, str]]:
        if "name" in definition.attrib:
            yield "link", _collapsed(definition.attrib["name"])
        for path, value in _attributes(definition, ""):
            yield self._known(path, value)
        for part in definition.iterchildren("*"):
            yield from _tree(part, "")

    def _known(self, path: str, value: str) -> tuple[str, str]:
        """Return a reference by what others know it as: the id only links inside the file."""
        if path not in _DECLARED:
            return path, value
        kind = path.removesuffix("Ref")
        return kind, self._declared.get((kind, value)) or value

    def _loop(self, loop: etree._Element) -> Iterator[tuple[str, str]]:
        several = _local(loop) == "multiInstanceLoopCharacteristics"
        ordered = loop.get("isSequential", "").strip() in {"true", "1"}
        how = "one after the other" if ordered else "all at once"
        yield "repeats", how if several else "in a loop"
        for path, value in _attributes(loop, "loop."):
            if path != "loop.isSequential":
                yield path, value
        for part in loop.iterchildren("*"):
            for details in part.iterchildren("*") if part.tag == model("extensionElements") else ():
                yield from _attributes(details, "loop.")
            if part.tag != model("extensionElements"):
                yield from _tree(part, "loop.")

    def _extension(self, element: etree._Element) -> Iterator[tuple[str, str]]:
        if element.tag in _LISTS:
            for row in element.iterchildren("*"):
                yield from self._extension(row)
        elif element.tag in TABLES:
            family, key, value = TABLES[str(element.tag)]
            path = f"{family} {element.get(key, '').strip()}"
            yield path, element.get(value, "").strip()
            yield from _others(element, path, {key, value})
        elif element.tag == zeebe("formDefinition"):
            named = element.get("formKey") or element.get("formId") or ""
            yield "form", self._forms.get(named.rpartition(":")[2], named)
            yield from _others(element, "form", {"formKey", "formId"})
        elif element.tag == interlock("gate"):
            yield "gate", element.get("quorum", "1").strip()
            yield from _others(element, "gate", {"quorum"})
        elif element.tag not in _NOTHING_MORE:
            yield from _tree(element, "")


def _tree(element: etree._Element, above: str) -> Iterator[tuple[str, str]]:
    """Yield an element as paths; foreign ones as a whole, for their shape is not ours to know."""
    namespace = etree.QName(element).namespace or ""
    if namespace not in _PREFIXES:
        yield f"{above}{{{namespace}}}{_local(element)}", _written(element)
        return
    path = f"{above}{_PREFIXES[namespace]}{_local(element)}"
    told = list(_attributes(element, f"{path}."))
    own = "".join([element.text or "", *(child.tail or "" for child in element)])
    if own.strip():
        told.append((path, own.strip().replace("\r\n", "\n")))
    for child in element.iterchildren("*"):
        told.extend(_tree(child, f"{path}."))
    yield from told or [(path, "set")]


def _others(element: etree._Element, path: str, told: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the attributes that are not told already: nothing may change unseen."""
    for name, value in _attributes(element, f"{path}."):
        if name.removeprefix(f"{path}.") not in told:
            yield name, value


def _written(element: etree._Element) -> str:
    """Return a foreign element as text that does not depend on prefixes, order or indentation."""
    attributes = "".join(f' {key}="{text}"' for key, text in sorted(element.items()))
    inner = (element.text or "").strip()
    for child in element.iterchildren("*"):
        inner += _written(child) + (child.tail or "").strip()
    return f"<{_local(element)}{attributes}>{inner}</>"


def _attributes(element: etree._Element, above: str) -> Iterator[tuple[str, str]]:
    for name, value in sorted((str(key), str(text)) for key, text in element.attrib.items()):
        qualified = etree.QName(name)
        if name in _SAYS_NOTHING or (name == "name" and not above):
            continue
        written = value.strip()
        if name in _DEFAULTS:
            if _DEFAULTS[name] in _BOOLEANS.values():
                written = _BOOLEANS.get(written, written)
            if written == _DEFAULTS[name]:
                continue
        if name in _REFERENCES:
            written = local_name(written)
        known = _PREFIXES.get(qualified.namespace or vocabulary.MODEL)
        yield f"{above}{name if known is None else known + qualified.localname}", written


def is_item(parent: etree._Element, child: etree._Element) -> bool:
    """Tell whether an element stands for itself, rather than for a part of its parent."""
    return (
        isinstance(child.tag, str)
        and etree.QName(child).namespace == vocabulary.MODEL
        and _local(parent) in _CONTAINERS
        and _local(child) not in _PARTS
        and (child.get("id") is not None or _local(child) in vocabulary.FLOW_NODES)
    )


def _says_nothing(part: etree._Element) -> bool:
    """Tell the drawing and the back links of flows from what an element says."""
    return _local(part) in {"incoming", "outgoing", "flowNodeRef"} or (
        etree.QName(part).namespace in {vocabulary.DI, vocabulary.DC, vocabulary.DD}
    )


def _declared_by(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield what an element, or its trigger, names of what the file declares: kind and id."""
    for owner in (element, *element.iterchildren(*map(model, vocabulary.EVENT_DEFINITIONS))):
        for reference in _DECLARED:
            if reference in owner.attrib:
                yield reference.removesuffix("Ref"), local_name(owner.attrib[reference])


def _places(root: etree._Element) -> Mapping[str, Mapping[str, str]]:
    """Return how each element is drawn, in all diagrams together, and what these say themselves."""
    found: dict[str, list[tuple[str, str]]] = {}
    for part in root.iter(f"{{{vocabulary.DI}}}*"):
        if _local(part) in {"BPMNShape", "BPMNEdge"}:
            found.setdefault(local_name(part.get("bpmnElement")), []).extend(_drawn(part))
        elif _local(part) != "BPMNLabel":
            found.setdefault(MODEL_ID, []).extend(_settings(part))
    return {identity: dict(_numbered(drawn)) for identity, drawn in found.items()}


def _settings(part: etree._Element) -> Iterator[tuple[str, str]]:
    for one in (part, *part.iterchildren(f"{{{vocabulary.DC}}}*")):
        for name, value in sorted((str(name), str(value)) for name, value in one.items()):
            if name != "id":
                yield f"{_local(one)} {etree.QName(name).localname}", value


def _drawn(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield how a shape or a line is drawn: where, how large, and what it looks like."""
    for bounds in element.iterchildren(f"{{{vocabulary.DC}}}Bounds"):
        yield from zip(BOUNDS, _numbers(bounds, "x", "y", "width", "height"), strict=True)
    points = [_numbers(point, "x", "y") for point in element.iterchildren(_WAYPOINT)]
    if points:
        yield LINE, " → ".join(map(", ".join, points))
    for label in element.iterchildren(f"{{{vocabulary.DI}}}BPMNLabel"):
        for bounds in label.iterchildren(f"{{{vocabulary.DC}}}Bounds"):
            yield LABEL, ", ".join(_numbers(bounds, "x", "y", "width", "height"))
        if label.get("labelStyle"):
            yield "Label style", label.get("labelStyle", "")
    for name, value in sorted((str(name), str(value)) for name, value in element.items()):
        if name not in {"id", "bpmnElement"}:
            yield etree.QName(name).localname, value


def _numbers(element: etree._Element, *names: str) -> tuple[str, ...]:
    return tuple(str(_rounded(element.get(name, "0"))) for name in names)


def _rounded(text: str) -> int:
    try:
        return round(float(text))
    except (ValueError, OverflowError):
        return 0


def _canonical_json(text: str) -> str:
    try:
        return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, indent=1)
    except (ValueError, RecursionError):
        return text.strip()


def _text(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext()).strip()


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
