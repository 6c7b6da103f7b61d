"""The parser: a BPMN file to `Process` values, and what is wrong with the file as written.

Reading is tolerant: whatever can be placed is placed, and what cannot becomes a `Problem`, so that
a draft can be shown with its mistakes. Only bytes that are no BPMN at all are refused outright.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypedDict

from lxml import etree

from common.phrases import Phrase
from engine import xml
from engine.bpmn import event_definitions, extensions, vocabulary
from engine.bpmn.elements import (
    BoundaryEvent,
    EndEvent,
    ExclusiveGateway,
    FlowNode,
    IntermediateCatchEvent,
    IoMapping,
    ParallelGateway,
    ScriptTask,
    SequenceFlow,
    ServiceTask,
    StarlarkTask,
    StartEvent,
    Unsupported,
    UserTask,
)
from engine.bpmn.event_definitions import Messages, local_name
from engine.bpmn.extensions import Extensions
from engine.bpmn.problems import by_kind, problem
from engine.bpmn.process import Process
from engine.bpmn.vocabulary import kind_words, model, zeebe
from engine.problems import Called, Problem, shown
from engine.xml import UnreadableModel

MAX_ID = 255
_ID = re.compile(r"[A-Za-z_À-ÖØ-öø-\u02ff\u0370-\u037d\u037f-\u1fff][\w.\-·]*")
_EMBEDDED_FORM = "camunda-forms:bpmn:"
_FEEL = frozenset({"", "feel", "application/feel", "text/feel"})
_STARLARK = frozenset({"starlark", "application/starlark", "text/starlark", "text/x-starlark"})


@dataclass(frozen=True)
class Model:
    """A file as read: its processes, and what is wrong with how they are written."""

    processes: tuple[Process, ...] = ()
    problems: tuple[Problem, ...] = ()
    #: What the elements without a name are called, by id.
    called: Mapping[str, Called] = field(default_factory=dict)

    @property
    def executable(self) -> tuple[Process, ...]:
        """Return the processes marked as executable."""
        return tuple(process for process in self.processes if process.executable)


class _Common(TypedDict):
    id: str
    name: str
    incoming: tuple[SequenceFlow, ...]
    outgoing: tuple[SequenceFlow, ...]
    documentation: str


class _ActivityCommon(_Common):
    default: SequenceFlow | None
    inputs: tuple[IoMapping, ...]
    outputs: tuple[IoMapping, ...]


def read(data: bytes) -> Model:
    """Return the processes of a BPMN file.

    Raises:
        UnreadableModel: when the bytes are no XML that is safe to read, or no BPMN.
    """
    root = xml.load(data)
    if root.tag != model("definitions"):
        raise _not_bpmn(root)
    problems = [*_identity_problems(root), *_unknown_elements(root)]
    messages = event_definitions.messages(root)
    processes = tuple(
        _ProcessReader(element, messages, problems).read()
        for element in root.iterchildren(model("process"))
    )
    return Model(processes, tuple(problems), _called(root))


def _called(root: etree._Element) -> dict[str, Called]:
    """Return what is said of elements without a name: their kind, or where a flow leads."""
    elements = [each for each in _own(root) if each.get("id") and isinstance(each.tag, str)]
    names = {str(each.get("id")): _name(each) for each in elements}
    found = {
        str(each.get("id")): by_kind(etree.QName(each).localname)
        for each in elements
        if not _name(each).strip() and etree.QName(each).localname in vocabulary.KNOWN
    }

    def end(flow: etree._Element, attribute: str) -> str:
        identity = local_name(flow.get(attribute))
        if (names.get(identity) or "").strip():
            return shown(identity, names[identity])
        return found[identity].within if identity in found else identity[:80]

    for flow in elements:
        identity = str(flow.get("id"))
        if flow.tag == model("sequenceFlow") and identity in found:
            ends = {"source": end(flow, "sourceRef"), "target": end(flow, "targetRef")}
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


def _identity_problems(root: etree._Element) -> Iterator[Problem]:
    """Yield ids that are no ids, and those used more than once in the whole file."""
    ids = [str(element.get("id")) for element in _own(root) if element.get("id") is not None]
    for identity, count in Counter(ids).items():
        short = identity[:80] + ("…" if len(identity) > len(identity[:80]) else "")
        if count > 1:
            yield problem("duplicate_id", short, id=short, count=count)
        if len(identity) > MAX_ID or not _ID.fullmatch(identity):
            yield problem("bad_id", short, id=short, limit=MAX_ID)


def _own(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements of the file; what stands inside extension elements has its own rules."""
    pending = [root]
    while pending:
        element = pending.pop()
        yield element
        if element.tag != model("extensionElements"):
            pending.extend(reversed(element.findall("*")))


def _unknown_elements(root: etree._Element) -> Iterator[Problem]:
    for element in _own(root):
        namespace, local = etree.QName(element).namespace, etree.QName(element).localname
        if namespace == vocabulary.MODEL and local not in vocabulary.KNOWN:
            yield problem("unknown_element", element.get("id"), element.get("name", ""), kind=local)


@dataclass
class _ProcessReader:
    """Reads one process element; `problems` is the list of the whole file."""

    element: etree._Element
    messages: Messages
    problems: list[Problem]
    incoming: dict[str, list[SequenceFlow]] = field(default_factory=dict)
    outgoing: dict[str, list[SequenceFlow]] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)

    def read(self) -> Process:
        """Return the process with its nodes and flows in document order."""
        executable = self.element.get("isExecutable", "false").strip() in {"true", "1"}
        # The problems of a process that is only a drawing keep nobody from running another.
        kept = self.problems if executable else []
        self.problems = kept
        self.forms = _embedded_forms(self.element)
        flows = {flow.id: flow for flow in self._flows()}
        for flow in flows.values():
            self.outgoing.setdefault(flow.source, []).append(flow)
            self.incoming.setdefault(flow.target, []).append(flow)
        nodes = {node.id: node for node in self._nodes()}
        identity = self.element.get("id", "")
        if not identity and executable:
            self._missing_id(self.element)
        kept.extend(extensions.problems(extensions.of(self.element), _name(self.element)))
        return Process(
            id=identity,
            name=_name(self.element),
            nodes=nodes,
            flows=flows,
            executable=executable,
            documentation=_documentation(self.element),
        )

    def _flows(self) -> Iterator[SequenceFlow]:
        for element in self.element.iterchildren(model(vocabulary.SEQUENCE_FLOW)):
            if not element.get("id"):
                self._missing_id(element)
                continue
            yield SequenceFlow(
                id=element.get("id", ""),
                name=_name(element),
                source=local_name(element.get("sourceRef")),
                target=local_name(element.get("targetRef")),
                condition=_condition(element),
            )

    def _nodes(self) -> Iterator[FlowNode]:
        for element in self.element.iterchildren(f"{{{vocabulary.MODEL}}}*"):
            tag = etree.QName(element).localname
            if tag not in vocabulary.FLOW_NODES:
                continue
            if not element.get("id"):
                self._missing_id(element)
                continue
            yield self._node(element, tag)

    def _node(self, element: etree._Element, tag: str) -> FlowNode:
        name, details = _name(element), extensions.of(element)
        self.problems.extend(extensions.problems(details, name))
        refused = next(_refusals(element, tag, name), None)
        if refused is not None:
            self.problems.append(refused)
            return Unsupported(**self._common(element), kind=tag)
        if tag in vocabulary.ALLOWED_DEFINITIONS:
            return self._event(element, tag, details)
        if tag in _GATEWAYS:
            return _GATEWAYS[tag](**self._common(element), default=self._default(element))
        return _ACTIVITIES[tag](self, element, details)

    def _event(self, element: etree._Element, tag: str, details: Extensions) -> FlowNode:
        reading = event_definitions.read(element, _name(element), self.messages)
        self.problems.extend(reading.problems)
        common = self._common(element)
        if not reading.runs:
            return Unsupported(**common, kind=tag)
        if tag == vocabulary.START_EVENT:
            form = self.form(element, details)
            return StartEvent(**common, definition=reading.definition, form=form)
        if tag == vocabulary.BOUNDARY_EVENT:
            return BoundaryEvent(
                **common,
                definition=reading.definition,
                attached_to=local_name(element.get("attachedToRef")),
                interrupting=element.get("cancelActivity", "true").strip() not in {"false", "0"},
            )
        build = EndEvent if tag == vocabulary.END_EVENT else IntermediateCatchEvent
        return build(**common, definition=reading.definition)

    def _common(self, element: etree._Element) -> _Common:
        identity = element.get("id", "")
        return {
            "id": identity,
            "name": _name(element),
            "incoming": tuple(self.incoming.get(identity, ())),
            "outgoing": tuple(self.outgoing.get(identity, ())),
            "documentation": _documentation(element),
        }

    def _default(self, element: etree._Element) -> SequenceFlow | None:
        """Return the default flow; one that does not leave the element is a problem."""
        named = element.get("default")
        if named is None:
            return None
        leaving = self.outgoing.get(element.get("id", ""), ())
        found = next((flow for flow in leaving if flow.id == local_name(named)), None)
        if found is None:
            identity, name = element.get("id"), _name(element)
            self.problems.append(problem("default_not_outgoing", identity, name, flow=named[:80]))
        return found

    def _activity(self, element: etree._Element, details: Extensions) -> _ActivityCommon:
        return {
            **self._common(element),
            "default": self._default(element),
            "inputs": extensions.mappings(details, "input"),
            "outputs": extensions.mappings(details, "output"),
        }

    def user_task(self, element: etree._Element, details: Extensions) -> FlowNode:
        """Return a user task, a gate when it carries our gate element."""
        assignment = zeebe("assignmentDefinition")
        return UserTask(
            **self._activity(element, details),
            assignee=details.attribute(assignment, "assignee"),
            candidate_groups=details.attribute(assignment, "candidateGroups"),
            candidate_users=details.attribute(assignment, "candidateUsers"),
            due=details.attribute(zeebe("taskSchedule"), "dueDate"),
            priority=details.attribute(zeebe("priorityDefinition"), "priority"),
            form=self.form(element, details),
            gate=extensions.gate(details),
        )

    def service_task(self, element: etree._Element, details: Extensions) -> FlowNode:
        """Return a service task with its connector's type, settings and retries."""
        return ServiceTask(
            **self._activity(element, details),
            job_type=details.attribute(zeebe("taskDefinition"), "type") or "",
            headers=extensions.headers(details),
            retry=extensions.retry(details),
        )

    def script_task(self, element: etree._Element, details: Extensions) -> FlowNode:
        """Return a script task; the zeebe script stands above an OMG script."""
        common = self._activity(element, details)
        result_variable = details.attribute(zeebe("script"), "resultVariable") or ""
        written = details.attribute(zeebe("script"), "expression")
        script = element.find(model("script"))
        language = (element.get("scriptFormat") or "").strip()
        if written is None and script is not None:
            text = "".join(str(piece) for piece in script.itertext())
            if language.lower() in _STARLARK:
                return StarlarkTask(
                    **common,
                    # A file may be indented as a whole; in Starlark that would mean something.
                    source=textwrap.dedent(text).strip(),
                    result_variable=result_variable,
                    retry=extensions.retry(details),
                )
            written = text.strip()
            if language.lower() not in _FEEL and "feel" not in language.lower():
                self.problems.append(
                    problem(
                        "script_language", element.get("id"), _name(element), language=language[:40]
                    )
                )
                written = "null"
        return ScriptTask(
            **common,
            expression=extensions.without_mark(written or ""),
            result_variable=result_variable,
        )

    def form(self, element: etree._Element, details: Extensions) -> str | None:
        """Return the JSON text of the form drawn on the element, if it refers to one."""
        tag = zeebe("formDefinition")
        named = details.attribute(tag, "formKey") or details.attribute(tag, "formId")
        if named is None:
            return None
        found = self.forms.get(named.removeprefix(_EMBEDDED_FORM))
        if found is None:
            self.problems.append(
                problem("form_missing", element.get("id"), _name(element), form=named[:80])
            )
        return found

    def _missing_id(self, element: etree._Element) -> None:
        kind = etree.QName(element).localname
        self.problems.append(
            problem("missing_id", None, _name(element), kind=kind, line=element.sourceline)
        )


def _refusals(element: etree._Element, tag: str, name: str) -> Iterator[Problem]:
    """Yield why an element cannot run whatever its settings are."""
    identity = element.get("id")
    if tag in vocabulary.REFUSED:
        remedy = vocabulary.REFUSED[tag]
        yield problem(
            "element_not_supported",
            identity,
            name,
            kind=Phrase(kind_words(tag)),
            remedy=Phrase(remedy),
        )
    for part, remedy in vocabulary.REFUSED_PARTS.items():
        if element.find(model(part)) is not None:
            words = Phrase(kind_words(tag)), Phrase(kind_words(part))
            kind = Phrase("{kind} with {part}", kind=words[0], part=words[1])
            yield problem("element_not_supported", identity, name, kind=kind, remedy=Phrase(remedy))
    if element.get("isForCompensation", "false").strip() in {"true", "1"}:
        yield problem("quantity_not_supported", identity, name, attribute="isForCompensation")
    for attribute in ("startQuantity", "completionQuantity"):
        if element.get(attribute, "1").strip() != "1":
            yield problem("quantity_not_supported", identity, name, attribute=attribute)


def _name(element: etree._Element) -> str:
    return " ".join((element.get("name") or "").split())


def _documentation(element: etree._Element) -> str:
    found = element.find(model("documentation"))
    return "" if found is None else "".join(str(text) for text in found.itertext()).strip()


def _condition(element: etree._Element) -> str | None:
    found = element.find(model("conditionExpression"))
    if found is None:
        return None
    return extensions.without_mark("".join(str(text) for text in found.itertext())) or None


def _embedded_forms(process: etree._Element) -> dict[str, str]:
    return {
        node.get("id", ""): "".join(str(text) for text in node.itertext())
        for node in extensions.of(process).nodes
        if node.tag == zeebe("userTaskForm")
    }


_Build = Callable[[_ProcessReader, etree._Element, Extensions], FlowNode]
_GATEWAYS: Final[Mapping[str, type[ExclusiveGateway | ParallelGateway]]] = {
    vocabulary.EXCLUSIVE_GATEWAY: ExclusiveGateway,
    vocabulary.PARALLEL_GATEWAY: ParallelGateway,
}
_ACTIVITIES: Final[Mapping[str, _Build]] = {
    vocabulary.USER_TASK: _ProcessReader.user_task,
    vocabulary.SERVICE_TASK: _ProcessReader.service_task,
    vocabulary.SCRIPT_TASK: _ProcessReader.script_task,
}
