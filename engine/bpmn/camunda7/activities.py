"""What Camunda 7 says of activities and events, in Zeebe's details."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

from engine.bpmn import extensions
from engine.bpmn.camunda7 import juel
from engine.bpmn.camunda7.rewriting import Rewriting, camunda, expression, said
from engine.bpmn.vocabulary import interlock, model, zeebe

_RETRIED: Final = re.compile(r"R(\d{1,3})/(P\S+)")
_BINDINGS: Final[Mapping[str, str]] = {
    "latest": "latest",
    "deployment": "deployment",
    "versionTag": "versionTag",
}
"""A binding to one version's number stays as it is: numbers are not those of the other engine."""


def user_task(rewriting: Rewriting, element: etree._Element) -> None:
    """Say who does a user task, until when, and how urgently."""
    people = {
        name: rewriting.take_said(element, name)
        for name in ("assignee", "candidateGroups", "candidateUsers")
    }
    rewriting.details(element, zeebe("assignmentDefinition"), **people)
    dates = {name: rewriting.take_said(element, name) for name in ("dueDate", "followUpDate")}
    rewriting.details(element, zeebe("taskSchedule"), **dates)
    priority = rewriting.take_said(element, "priority")
    rewriting.details(element, zeebe("priorityDefinition"), priority=priority)


def external_task(rewriting: Rewriting, element: etree._Element) -> None:
    """Make an external task's topic the type of a job."""
    _job(rewriting, element, element)


def sent_message(rewriting: Rewriting, element: etree._Element) -> None:
    """Do the same for an event whose message is sent by an external task."""
    definition = element.find(model("messageEventDefinition"))
    if definition is not None:
        _job(rewriting, element, definition)


def _job(rewriting: Rewriting, element: etree._Element, settings: etree._Element) -> None:
    topic = said(settings.get(camunda("topic"), ""))
    if settings.get(camunda("type")) == "external" and topic:
        rewriting.take(settings, "type")
        rewriting.take(settings, "topic")
        rewriting.put(element, zeebe("taskDefinition"), {"type": topic})


def retries(rewriting: Rewriting, element: etree._Element) -> None:
    """Say how often a failing job is tried again, and after how long."""
    for node in list(rewriting.extensions(element, "failedJobRetryTimeCycle")):
        found = _RETRIED.fullmatch(extensions.text_in(node))
        if found is not None:
            count, wait = found.groups()
            delays = {"firstDelay": wait, "factor": "1", "cap": wait}
            rewriting.put(element, interlock("retry"), {"attempts": count, **delays})
            rewriting.drop(node)


def decision(rewriting: Rewriting, element: etree._Element) -> None:
    """Name the decision a business rule task asks."""
    asked = rewriting.take_said(element, "decisionRef")
    if asked:
        settings = {
            "decisionId": asked,
            "resultVariable": rewriting.take(element, "resultVariable"),
        }
        bound = _binding(rewriting, element, "decisionRef")
        rewriting.details(element, zeebe("calledDecision"), **settings, **bound)


def script(rewriting: Rewriting, element: etree._Element) -> None:
    """Make a script in JUEL or FEEL an expression; other languages stay, and are refused."""
    written = element.find(model("script"))
    language = (element.get("scriptFormat") or "").strip().lower()
    if written is None or language not in {"juel", "feel"}:
        return
    text = extensions.text_in(written)
    computed = said(text) if language == "juel" else f"={extensions.without_mark(text)}"
    if computed is not None:
        element.remove(written)
        element.attrib.pop("scriptFormat", None)
        result = rewriting.take(element, "resultVariable")
        rewriting.details(element, zeebe("script"), expression=computed, resultVariable=result)


def call(rewriting: Rewriting, element: etree._Element) -> None:
    """Name the called process, and what goes in and out.

    Nothing does by itself in Camunda 7, so what is passed is always said.
    """
    called = said(element.get("calledElement", ""))
    if not called:
        return
    if called.startswith("="):
        element.attrib.pop("calledElement")
    passed = {direction: _passed(rewriting, element, direction) for direction in ("in", "out")}
    settings = {
        "processId": called,
        "propagateAllParentVariables": str(passed["in"]).lower(),
        "propagateAllChildVariables": str(passed["out"]).lower(),
    }
    bound = _binding(rewriting, element, "calledElement")
    rewriting.details(element, zeebe("calledElement"), **settings, **bound)


def _passed(rewriting: Rewriting, element: etree._Element, direction: str) -> bool:
    """Turn `camunda:in` or `camunda:out` into mappings; return whether all is passed."""
    everything = False
    for node in list(rewriting.extensions(element, direction)):
        given = dict(node.attrib)
        if given == {"variables": "all"}:
            everything = True
            rewriting.drop(node)
            continue
        source, target = _source(given), given.pop("target", "")
        if source and target and not given:
            _map(rewriting, element, f"{direction}put", source, str(target))
            rewriting.drop(node)
    return everything


def _source(given: dict[str, str]) -> str | None:
    """Take the source out of a mapping's settings, as an expression."""
    if "source" in given:
        return f"={given.pop('source')}"
    return expression(given.pop("sourceExpression", "")) if "sourceExpression" in given else None


def _binding(rewriting: Rewriting, element: etree._Element, what: str) -> dict[str, str]:
    binding = element.get(camunda(f"{what}Binding"), "")
    if binding not in _BINDINGS:
        return {}
    rewriting.take(element, f"{what}Binding")
    tag = rewriting.take_said(element, f"{what}VersionTag")
    return {"bindingType": _BINDINGS[binding], "versionTag": tag}


def mappings(rewriting: Rewriting, element: etree._Element) -> None:
    """Turn input and output parameters into mappings; one that computes in a script stays."""
    for listed in list(rewriting.extensions(element, "inputOutput")):
        for direction in ("input", "output"):
            for parameter in listed.findall(camunda(f"{direction}Parameter")):
                source = _value(parameter)
                if source is not None and parameter.get("name"):
                    _map(rewriting, element, direction, source, parameter.get("name", ""))
                    rewriting.drop(parameter)
        if not len(listed):
            rewriting.drop(listed)


def _map(
    rewriting: Rewriting, element: etree._Element, direction: str, source: str, target: str
) -> None:
    listed = rewriting.put(element, zeebe("ioMapping"))
    etree.SubElement(listed, zeebe(direction), {"source": source, "target": target})


def _value(parameter: etree._Element) -> str | None:
    """Return a parameter's value as an expression: a text, a list or a map of texts."""
    parts = list(parameter.iterchildren("*"))
    if not parts:
        return expression(extensions.text_in(parameter))
    return _collection(parts[0]) if len(parts) == 1 else None


def _collection(part: etree._Element) -> str | None:
    rows = list(part.iterchildren("*"))
    values = [expression(extensions.text_in(row)) for row in rows if not len(row)]
    known = [value.removeprefix("=") for value in values if value is not None]
    if len(known) != len(rows) or part.tag not in {camunda("list"), camunda("map")}:
        return None
    if part.tag == camunda("list"):
        return f"=[{', '.join(known)}]"
    keys = (juel.quoted(row.get("key", "")) for row in rows)
    pairs = (f"{key}: {value}" for key, value in zip(keys, known, strict=True))
    return f"={{{', '.join(pairs)}}}"


def instances(rewriting: Rewriting, element: etree._Element) -> None:
    """Say what a multi-instance activity goes through."""
    loop = element.find(model("multiInstanceLoopCharacteristics"))
    if loop is None:
        return
    through = said(loop.get(camunda("collection"), ""))
    if through:
        rewriting.take(loop, "collection")
        item = rewriting.take(loop, "elementVariable")
        collection = through if through.startswith("=") else f"={through}"
        settings = {"inputCollection": collection, "inputElement": item}
        rewriting.details(loop, zeebe("loopCharacteristics"), **settings)
