"""What the readers of one process share: its declarations, its flows, and the list of problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from lxml import etree

from common.phrases import Phrase
from engine.bpmn import data, extensions, vocabulary
from engine.bpmn.data import Names
from engine.bpmn.elements import SequenceFlow
from engine.bpmn.extensions import Extensions
from engine.bpmn.problems import problem
from engine.bpmn.references import References, local_name
from engine.bpmn.vocabulary import kind_words, model, zeebe
from engine.problems import Problem

_EMBEDDED_FORM = "camunda-forms:bpmn:"
_LEVELS = frozenset(model(tag) for tag in vocabulary.LEVELS)


class Common(TypedDict):
    """The fields of every flow node."""

    id: str
    name: str
    incoming: tuple[SequenceFlow, ...]
    outgoing: tuple[SequenceFlow, ...]
    documentation: str
    scope: str


@dataclass(slots=True)
class Reading:
    """One process while it is read.

    `problems` are those of the file, or of nobody's interest; `beside` are the forms in files of
    their own, by id.
    """

    process: etree._Element
    known: References
    problems: list[Problem]
    beside: Mapping[str, str]
    names: Names = field(init=False)
    forms: dict[str, str] = field(init=False)
    incoming: dict[str, list[SequenceFlow]] = field(default_factory=dict)
    outgoing: dict[str, list[SequenceFlow]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up what is declared in the process itself."""
        self.names = data.names(self.process)
        self.forms = {
            node.get("id", ""): extensions.text_in(node)
            for node in extensions.of(self.process).all(zeebe("userTaskForm"))
        }

    def wrong(self, code: str, element: etree._Element, **fields: object) -> None:
        """Note a problem of an element."""
        self.problems.append(problem(code, element.get("id"), name_of(element), **fields))

    def judge(self, details: Extensions) -> None:
        """Note what is wrong with an element's extensions."""
        if details.by_tag:
            self.problems.extend(extensions.problems(details, name_of(details.element)))
        if self.known.vendors:
            self.problems.extend(extensions.vendor_problems(details, name_of(details.element)))

    def elements(self, tags: Iterable[str]) -> Iterator[etree._Element]:
        """Yield the elements of these names on all levels of the process, in document order.

        One without an id could never be spoken of again: it is a problem instead. So is a second
        one of the same id, which is told for the whole file.
        """
        seen: set[str] = set()
        for element in self.process.iter([model(tag) for tag in tags]):
            parent = element.getparent()
            if parent is not self.process and (parent is None or parent.tag not in _LEVELS):
                continue
            identity = element.get("id")
            if not identity:
                self.missing_id(element)
            elif identity not in seen:
                seen.add(identity)
                yield element

    def missing_id(self, element: etree._Element) -> None:
        """Note that an element has no id."""
        kind = Phrase(kind_words(etree.QName(element).localname))
        line = element.sourceline
        self.problems.append(problem("missing_id", None, name_of(element), kind=kind, line=line))

    def connect(self, flows: Iterable[SequenceFlow]) -> None:
        """Hang the flows on the nodes they join."""
        for flow in flows:
            self.outgoing.setdefault(flow.source, []).append(flow)
            self.incoming.setdefault(flow.target, []).append(flow)

    def common(self, element: etree._Element) -> Common:
        """Return the fields of every flow node."""
        identity, parent = element.get("id", ""), element.getparent()
        inside = parent is not None and parent is not self.process
        return {
            "id": identity,
            "name": name_of(element),
            "incoming": tuple(self.incoming.get(identity, ())),
            "outgoing": tuple(self.outgoing.get(identity, ())),
            "documentation": documentation_of(element),
            "scope": parent.get("id", "") if inside and parent is not None else "",
        }

    def default(self, element: etree._Element) -> SequenceFlow | None:
        """Return the default flow; one that does not leave the element is a problem."""
        named = element.get("default")
        if named is None:
            return None
        leaving = self.outgoing.get(element.get("id", ""), ())
        found = next((flow for flow in leaving if flow.id == local_name(named)), None)
        if found is None:
            self.wrong("default_not_outgoing", element, flow=named[:80])
        return found

    def form(self, element: etree._Element, details: Extensions) -> str | None:
        """Return the JSON text of the form the element refers to, if it does.

        A key leads to a form drawn in the process, an id to a file beside the model; where only
        one of the two is there, it is meant.
        """
        tag = zeebe("formDefinition")
        given = (details.attribute(tag, key) for key in ("formKey", "formId", "externalReference"))
        named = next((name for name in given if name is not None), None)
        if named is None:
            return None
        drawn = self.forms.get(named.removeprefix(_EMBEDDED_FORM))
        beside = self.beside.get(named)
        found = drawn if details.attribute(tag, "formKey") is not None else beside
        found = found if found is not None else drawn if drawn is not None else beside
        if found is None:
            self.wrong("form_missing", element, form=named[:80])
        return found


def name_of(element: etree._Element) -> str:
    """Return what an element is called, on one line."""
    return " ".join((element.get("name") or "").split())


def documentation_of(element: etree._Element) -> str:
    """Return the text the author left on an element."""
    found = extensions.child(element, "documentation")
    return "" if found is None else extensions.text_in(found)
