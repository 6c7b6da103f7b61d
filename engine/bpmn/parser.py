"""The parser: a BPMN file to `Process` values, and what is wrong with the file as written.

Reading is tolerant: whatever can be placed is placed, and what cannot becomes a `Problem`, so that
a draft can be shown with its mistakes. Only bytes that are no BPMN at all are refused outright.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from lxml import etree

from common.phrases import Phrase
from engine import xml
from engine.bpmn import process_reader, references, vocabulary
from engine.bpmn.problems import by_kind, problem
from engine.bpmn.process import Process
from engine.bpmn.reading import name_of
from engine.bpmn.references import local_name
from engine.bpmn.vocabulary import model
from engine.problems import Called, Problem, shown
from engine.xml import UnreadableModel

MAX_ID = 255
_ID = re.compile(r"[A-Za-z_À-ÖØ-öø-\u02ff\u0370-\u037d\u037f-\u1fff][\w.\-·]*")
_EXTENSIONS = model("extensionElements")
_OF_BPMN = model("")
_NO_FORMS: Mapping[str, str] = MappingProxyType({})
_KNOWN = frozenset(map(model, vocabulary.KNOWN))


@dataclass(frozen=True)
class Model:
    """A file as read: its processes, and what is wrong with how they are written."""

    processes: tuple[Process, ...] = ()
    problems: tuple[Problem, ...] = ()
    root: etree._Element | None = field(default=None, repr=False)

    @cached_property
    def called(self) -> Mapping[str, Called]:
        """Return what the elements without a name are called, by id: asked for by problems only."""
        return {} if self.root is None else _called(tuple(_own(self.root)))

    @property
    def executable(self) -> tuple[Process, ...]:
        """Return the processes marked as executable."""
        return tuple(process for process in self.processes if process.executable)


def read(data: bytes, forms: Mapping[str, str] = _NO_FORMS) -> Model:
    """Return the processes of a BPMN file.

    `forms` are the JSON texts of the forms that travel with it, by the ids tasks ask for them by.

    Raises:
        UnreadableModel: when the bytes are no XML that is safe to read, or no BPMN.
    """
    root = xml.load(data)
    if root.tag != model("definitions"):
        raise _not_bpmn(root)
    written = _written(root)
    problems = [*_identity_problems(written.ids), *_unknown_elements(root, written.tags)]
    known = references.of(root, xml.decoded(data))
    processes = tuple(
        process_reader.read(element, known, problems, forms)
        for element in root.iterchildren(model("process"))
    )
    return Model(processes, tuple(problems), root)


def _called(own: tuple[etree._Element, ...]) -> dict[str, Called]:
    """Return what is said of elements without a name: their kind, or where a flow leads."""
    names = {str(each.get("id")): name_of(each) for each in own if each.get("id")}
    nameless = {str(each.get("id")): each for each in own if each.get("id") and not name_of(each)}
    found = {
        identity: by_kind(etree.QName(each).localname)
        for identity, each in nameless.items()
        if etree.QName(each).localname in vocabulary.KNOWN
    }

    def end(reference: str | None) -> str:
        identity = local_name(reference)
        if names.get(identity):
            return shown(identity, names[identity])
        return found[identity].within if identity in found else identity[:80]

    for identity, flow in nameless.items():
        if flow.tag == model("sequenceFlow"):
            ends = {"source": end(flow.get("sourceRef")), "target": end(flow.get("targetRef"))}
            found[identity] = Called(
                Phrase("The flow from {source} to {target}", **ends),
                Phrase("the flow from {source} to {target}", **ends),
            )
    return found


def _not_bpmn(root: etree._Element) -> UnreadableModel:
    found = etree.QName(root)
    if found.localname == "definitions":
        return UnreadableModel(
            "The root is in the namespace {found}, which is not that of BPMN 2.0.",
            "Export the model as BPMN 2.0; its namespace is {wanted}.",
            found=(found.namespace or "none")[:100],
            wanted=vocabulary.MODEL,
        )
    return UnreadableModel(
        "The file is XML, but its root is `{found}` and not BPMN's `definitions`.",
        "Choose a .bpmn file exported as BPMN 2.0.",
        found=found.localname[:60],
    )


def _identity_problems(ids: Iterable[str]) -> Iterator[Problem]:
    """Yield ids that are no ids, and those used more than once in the whole file."""
    for identity, count in Counter(ids).items():
        if count > 1:
            short = _short(identity)
            yield problem("duplicate_id", short, id=short, count=count)
        if len(identity) > MAX_ID or not _ID.fullmatch(identity):
            short = _short(identity)
            yield problem("bad_id", short, id=short, limit=MAX_ID)


def _short(identity: str) -> str:
    return identity[:80] + ("…" if len(identity) > len(identity[:80]) else "")


@dataclass(slots=True)
class _Written:
    """What a file says of its own elements: their ids, in its order, and the names of elements."""

    ids: list[str] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)


def _written(root: etree._Element) -> _Written:
    found = _Written()
    for element in _own(root):
        found.tags.add(str(element.tag))
        if (identity := element.get("id")) is not None:
            found.ids.append(identity)
    return found


def _own(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements of a file; what stands in extension elements has rules of its own."""
    pending = [root]
    while pending:
        element = pending.pop()
        yield element
        # Nothing but elements is left by the reader of XML.
        if len(element) and element.tag != _EXTENSIONS:
            pending.extend(reversed(element))


def _unknown_elements(root: etree._Element, tags: Collection[str]) -> Iterator[Problem]:
    unknown = {tag for tag in tags if tag not in _KNOWN and tag.startswith(_OF_BPMN)}
    for element in _own(root) if unknown else ():
        if element.tag in unknown:
            kind = etree.QName(element).localname
            yield problem("unknown_element", element.get("id"), element.get("name", ""), kind=kind)
