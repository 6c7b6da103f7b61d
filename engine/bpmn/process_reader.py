"""One process element to a `Process`: its flows, and its nodes on all levels. No recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypedDict

from lxml import etree

from common.phrases import Phrase
from engine.bpmn import activity_reader, event_definitions, extensions, vocabulary
from engine.bpmn.data import inputs, outputs
from engine.bpmn.elements import (
    BoundaryEvent,
    ComplexGateway,
    EndEvent,
    EventBasedGateway,
    ExclusiveGateway,
    FlowNode,
    Gateway,
    InclusiveGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    Listener,
    ParallelGateway,
    SequenceFlow,
    StartEvent,
    Unsupported,
)
from engine.bpmn.events import CompensationDefinition, EventDefinition
from engine.bpmn.extensions import Extensions
from engine.bpmn.process import Process
from engine.bpmn.reading import Reading, documentation_of, name_of
from engine.bpmn.references import References, local_name
from engine.bpmn.vocabulary import kind_words, local, model, zeebe
from engine.problems import Problem


def read(
    element: etree._Element,
    known: References,
    problems: list[Problem],
    forms: Mapping[str, str],
) -> Process:
    """Return a process; what is wrong with one that is to be executed is added to `problems`.

    The problems of a process that is only a drawing keep nobody from running another.
    """
    executable = extensions.is_true(element, "isExecutable")
    reading = Reading(element, known, problems if executable else [], forms)
    flows = {flow.id: flow for flow in _flows(reading)}
    reading.connect(flows.values())
    if not element.get("id"):
        reading.missing_id(element)
    details = extensions.of(element)
    reading.judge(details)
    _foreign_languages(reading)
    _foreign_correlations(reading)
    handlers = _handlers(reading)
    nodes = (_node(reading, found, handlers) for found in reading.elements(vocabulary.FLOW_NODES))
    return Process(
        id=element.get("id", ""),
        name=name_of(element),
        nodes={node.id: node for node in nodes},
        flows=flows,
        executable=executable,
        documentation=documentation_of(element),
        version_tag=details.attribute(zeebe("versionTag"), "value") or "",
        is_detailed=_is_detailed(element),
    )


def _is_detailed(process: etree._Element) -> bool:
    """Return whether a file was written with an engine in mind that asks for execution details."""
    return not {vocabulary.ZEEBE, vocabulary.INTERLOCK}.isdisjoint(process.nsmap.values())


def _foreign_languages(reading: Reading) -> None:
    """Note expressions that name a language of their own.

    XPath is what the standard assumes where nothing is said, and what editors write unasked.
    """
    for element in _WITH_LANGUAGE(reading.process):
        language = element.get("language", "").strip()
        if not language or any(known in language.lower() for known in ("feel", "xpath")):
            continue
        place = next((at for at in element.iterancestors() if at.get("id")), element)
        what = Phrase(kind_words(local(element.tag)))
        reading.wrong("language_unknown", place, what=what, language=language[:60])


def _foreign_correlations(reading: Reading) -> None:
    """Note the standard's own way to find the run a message is for, which nothing here reads.

    BPMN 2.0.2, 8.4.2: properties are taken from messages by expressions, and compared with those
    of a process. Here a message says its key, and an event the key it waits for.
    """
    process = reading.process
    root = process.getparent()
    declared = [] if root is None else root.iterchildren(model("correlationProperty"))
    for element in (*declared, *process.iterchildren(model("correlationSubscription"))):
        kind = Phrase(kind_words(local(element.tag)))
        reading.wrong("correlation_ignored", element, kind=kind)


def _flows(reading: Reading) -> Iterator[SequenceFlow]:
    for element in reading.elements([vocabulary.SEQUENCE_FLOW]):
        # Most flows hold nothing, and there are more of them than of all else.
        if len(element) or reading.known.vendors:
            reading.judge(extensions.of(element))
        yield SequenceFlow(
            id=element.get("id", ""),
            name=name_of(element),
            source=local_name(element.get("sourceRef")),
            target=local_name(element.get("targetRef")),
            condition=extensions.child_expression(element, "conditionExpression"),
        )


def _handlers(reading: Reading) -> Mapping[str, str]:
    """Return the activity that each compensation event's association leads to."""
    associations = list(reading.process.iter(model("association")))
    if not associations:
        return {}
    activities = {found.get("id") for found in reading.elements(vocabulary.ACTIVITIES)}
    found = {}
    for association in associations:
        source = local_name(association.get("sourceRef"))
        target = local_name(association.get("targetRef"))
        ends = ((source, target), (target, source))
        found.update({event: activity for event, activity in ends if activity in activities})
    return found


def _node(reading: Reading, element: etree._Element, handlers: Mapping[str, str]) -> FlowNode:
    tag, details = local(element.tag), extensions.of(element)
    reading.judge(details)
    if tag in vocabulary.REFUSED:
        reading.wrong("element_not_supported", element, kind=Phrase(kind_words(tag)))
        return Unsupported(**reading.common(element), kind=tag)
    if tag in vocabulary.ACTIVITIES:
        return activity_reader.read(reading, element, details)
    if tag in vocabulary.GATEWAYS:
        return _gateway(reading, element)
    definitions, problems = event_definitions.read(element, name_of(element), reading.known)
    reading.problems.extend(problems)
    if tag == vocabulary.BOUNDARY_EVENT:
        return _boundary(reading, element, definitions, handlers.get(element.get("id", ""), ""))
    return _EVENTS[tag](reading, element, definitions, details)


def _gateway(reading: Reading, element: etree._Element) -> FlowNode:
    tag, common = local(element.tag), reading.common(element)
    if tag == "eventBasedGateway":
        return EventBasedGateway(
            **common,
            instantiate=extensions.is_true(element, "instantiate"),
            parallel=element.get("eventGatewayType", "").strip() == "Parallel",
        )
    default = reading.default(element)
    if tag == "complexGateway":
        condition = extensions.child_expression(element, "activationCondition")
        return ComplexGateway(**common, default=default, activation_condition=condition)
    return _GATEWAYS[tag](**common, default=default)


def _start(
    reading: Reading,
    element: etree._Element,
    definitions: tuple[EventDefinition, ...],
    details: Extensions,
) -> FlowNode:
    return StartEvent(
        **reading.common(element),
        definitions=definitions,
        form=reading.form(element, details),
        interrupting=not extensions.is_false(element, "isInterrupting"),
        parallel_multiple=extensions.is_true(element, "parallelMultiple"),
        outputs=outputs(element, reading.names) + extensions.mappings(details, "output"),
    )


def _catch(
    reading: Reading,
    element: etree._Element,
    definitions: tuple[EventDefinition, ...],
    details: Extensions,
) -> FlowNode:
    return IntermediateCatchEvent(
        **reading.common(element),
        definitions=definitions,
        parallel_multiple=extensions.is_true(element, "parallelMultiple"),
        outputs=outputs(element, reading.names) + extensions.mappings(details, "output"),
        **_listened(details),
    )


def _throw(
    reading: Reading,
    element: etree._Element,
    definitions: tuple[EventDefinition, ...],
    details: Extensions,
) -> FlowNode:
    is_end = local(element.tag) == vocabulary.END_EVENT
    return (EndEvent if is_end else IntermediateThrowEvent)(
        **reading.common(element),
        definitions=definitions,
        job_type=details.attribute(zeebe("taskDefinition"), "type") or "",
        headers=extensions.headers(details),
        retry=extensions.retry(details),
        environment_retry=extensions.environment_retry(details),
        inputs=inputs(element, reading.names) + extensions.mappings(details, "input"),
        outputs=extensions.mappings(details, "output"),
        **_listened(details),
    )


class _Listened(TypedDict):
    start_listeners: tuple[Listener, ...]
    end_listeners: tuple[Listener, ...]


def _listened(details: Extensions) -> _Listened:
    found = extensions.listeners(details, "execution")
    return {
        "start_listeners": tuple(one for one in found if one.event == "start"),
        "end_listeners": tuple(one for one in found if one.event == "end"),
    }


def _boundary(
    reading: Reading,
    element: etree._Element,
    definitions: tuple[EventDefinition, ...],
    handler: str,
) -> FlowNode:
    details = extensions.of(element)
    compensates = any(isinstance(one, CompensationDefinition) for one in definitions)
    return BoundaryEvent(
        **reading.common(element),
        definitions=definitions,
        attached_to=local_name(element.get("attachedToRef")),
        interrupting=not extensions.is_false(element, "cancelActivity"),
        parallel_multiple=extensions.is_true(element, "parallelMultiple"),
        outputs=outputs(element, reading.names) + extensions.mappings(details, "output"),
        handler=handler if compensates else "",
    )


_WITH_LANGUAGE: Final = etree.XPath(
    "descendant::bpmn:*[@language]", namespaces={"bpmn": vocabulary.MODEL}
)
_GATEWAYS: Final[Mapping[str, type[Gateway]]] = {
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
}
_BuildEvent = Callable[[Reading, etree._Element, tuple[EventDefinition, ...], Extensions], FlowNode]
_EVENTS: Final[Mapping[str, _BuildEvent]] = {
    vocabulary.START_EVENT: _start,
    vocabulary.CATCH_EVENT: _catch,
    vocabulary.THROW_EVENT: _throw,
    vocabulary.END_EVENT: _throw,
}
