"""Where the fields of a template are written: every kind of place there is, and what stands there.

The kinds and their names are those of the open schema, and some of ours for what it lacks. A value
that begins with `=` is an expression, as everywhere in a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lxml import etree

from designer.steps.elements import Binding
from engine.bpmn import extensions
from engine.bpmn.extensions import INTERLOCK_ELEMENTS, Extensions
from engine.bpmn.references import local_name
from engine.bpmn.vocabulary import interlock, model, zeebe

ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "zeebe:taskDefinition": frozenset({"type", "retries"}),
    "zeebe:calledElement": frozenset(
        {
            *("processId", "bindingType", "versionTag"),
            *("propagateAllParentVariables", "propagateAllChildVariables"),
        }
    ),
    "zeebe:formDefinition": frozenset({"formId", "externalReference", "bindingType", "versionTag"}),
    "zeebe:calledDecision": frozenset(
        {"decisionId", "resultVariable", "bindingType", "versionTag"}
    ),
    "zeebe:script": frozenset({"expression", "resultVariable"}),
    "zeebe:assignmentDefinition": frozenset({"assignee", "candidateUsers", "candidateGroups"}),
    "zeebe:priorityDefinition": frozenset({"priority"}),
    "zeebe:taskSchedule": frozenset({"dueDate", "followUpDate"}),
    "zeebe:adHoc": frozenset({"outputCollection", "outputElement", "activeElementsCollection"}),
    **{
        f"interlock:{name}": frozenset(attributes)
        for name, attributes in INTERLOCK_ELEMENTS.items()
    },
}
"""Kinds that are attributes of one extension element, with the attributes there are."""

OF_THE_ELEMENT: Final = frozenset({"name", "isForCompensation", "cancelActivity"})
"""Attributes of the step itself that a template may write. Its id, for one, is the model's."""

KEYS: Final[Mapping[str, str]] = {
    "property": "name",
    "zeebe:input": "name",
    "zeebe:output": "source",
    "zeebe:property": "name",
    "zeebe:taskHeader": "key",
    "bpmn:Message#property": "name",
    "bpmn:Message#zeebe:subscription#property": "name",
    "bpmn:Signal#property": "name",
    "bpmn:TimerEventDefinition#property": "name",
    "zeebe:taskDefinition:type": "",
    "zeebe:userTask": "",
    **dict.fromkeys(ATTRIBUTES, "property"),
}
"""Every kind that runs here, with the member of the binding that names the place; "" for none."""

NOT_HERE: Final = frozenset(
    {
        *("zeebe:linkedResource", "zeebe:jobPriorityDefinition", "zeebe:agentDefinition"),
        *("zeebe:executionListener", "zeebe:taskListener"),
        "bpmn:ConditionalEventDefinition#property",
        "bpmn:ConditionalEventDefinition#zeebe:conditionalFilter#property",
    }
)
"""Kinds of the schema that no template may bring here: nothing would obey them."""

NAMES: Final[Mapping[str, frozenset[str]]] = {
    **ATTRIBUTES,
    "property": OF_THE_ELEMENT,
    "bpmn:Message#property": frozenset({"name"}),
    "bpmn:Message#zeebe:subscription#property": frozenset({"correlationKey"}),
    "bpmn:Signal#property": frozenset({"name"}),
    "bpmn:TimerEventDefinition#property": frozenset({"timeDate", "timeDuration", "timeCycle"}),
}
"""The names that a kind knows, where it does not take any."""

MANY: Final = frozenset({"zeebe:input", "zeebe:output", "zeebe:taskHeader", "zeebe:property"})
"""Kinds of which a step has any number; only they may be left out where a field is optional."""

_LISTS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "zeebe:input": (zeebe("ioMapping"), zeebe("input"), "target", "source"),
    "zeebe:output": (zeebe("ioMapping"), zeebe("output"), "source", "target"),
    "zeebe:taskHeader": (zeebe("taskHeaders"), zeebe("header"), "key", "value"),
    "zeebe:property": (zeebe("properties"), zeebe("property"), "name", "value"),
}
_USUAL: Final[Mapping[str, str]] = {
    "bindingType": "latest",
    "propagateAllParentVariables": "true",
    "propagateAllChildVariables": "true",
}
"""What an attribute says that is left out, where its element is there."""
_PREFIXES: Final = {"zeebe": zeebe, "interlock": interlock}


def value_at(element: etree._Element, binding: Binding) -> str | None:
    """Return what a step says at a place, None where it says nothing there."""
    kind, name = binding.kind, binding.name
    if kind == "property":
        return element.get(name)
    if kind.startswith("bpmn:"):
        return _of_trigger(element, kind, name)
    details = extensions.of(element)
    if kind in _LISTS:
        return _listed(details, kind, name)
    if kind == "zeebe:userTask":
        return "" if details.first(zeebe("userTask")) is not None else None
    if kind == "zeebe:taskDefinition:type":
        kind, name = "zeebe:taskDefinition", "type"
    prefix, _, tag = kind.partition(":")
    found = details.first(_PREFIXES[prefix](tag))
    return None if found is None else found.get(name, _USUAL.get(name))


def _listed(details: Extensions, kind: str, name: str) -> str | None:
    outer, inner, key, value = _LISTS[kind]
    rows = (row for listed in details.all(outer) for row in listed.iterchildren(inner))
    return next((row.get(value, "") for row in rows if row.get(key) == name), None)


def _of_trigger(element: etree._Element, kind: str, name: str) -> str | None:
    """Return what the message, signal or timer says that a step waits for or sends."""
    if kind == "bpmn:TimerEventDefinition#property":
        found = element.find(f"{model('timerEventDefinition')}/{model(name)}")
        return None if found is None else extensions.text_in(found)
    declared = _declared(element, "signal" if kind.startswith("bpmn:Signal") else "message")
    if declared is None:
        return None
    if kind == "bpmn:Message#zeebe:subscription#property":
        return extensions.of(declared).attribute(zeebe("subscription"), name)
    return declared.get(name)


def _declared(element: etree._Element, what: str) -> etree._Element | None:
    holders = [element, *element.iterchildren(model(f"{what}EventDefinition"))]
    named = next((one.get(f"{what}Ref") for one in holders if one.get(f"{what}Ref")), None)
    if named is None:
        return None
    root = element.getroottree().getroot()
    wanted = local_name(named)
    return next((one for one in root.iterchildren(model(what)) if one.get("id") == wanted), None)
