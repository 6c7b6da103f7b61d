"""Holding the steps of a model against the templates they were made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from common.phrases import Phrase
from designer.steps import bindings, filling
from designer.steps.elements import Binding, Field, Template
from designer.steps.filling import Filling
from designer.steps.texts import TEXTS
from engine.bpmn import parser
from engine.bpmn.parser import Model
from engine.bpmn.reading import name_of
from engine.bpmn.vocabulary import local, zeebe
from engine.problems import Problem, filled, named

_TEMPLATE: Final = zeebe("modelerTemplate")
_VERSION: Final = zeebe("modelerTemplateVersion")
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Use:
    """A step that says which template it was made from, and which version of it."""

    element: str
    name: str
    template: str
    version: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a catalogue says of one version: the template, None where it has none such.

    `retired` is the reason for which the template is not to be used any more, "" while it may be.
    """

    template: Template | None = None
    retired: str = ""


Find = Callable[[str, int], Found]
"""The catalogue: a template's id and a version to what is known of it."""


def has_uses(model: bytes) -> bool:
    """Tell quickly whether a model may hold a step of a template."""
    return b"modelerTemplate" in model or b"\x00" in model[:4]


def uses(model: bytes) -> list[Use]:
    """Return the steps of a model that name a template, in document order.

    Raises:
        UnreadableModel: the bytes are no model.
    """
    return [use for _, use in _used(parser.read(model))]


def said_at(model: bytes, element: str, templates: Iterable[Template]) -> dict[Binding, str]:
    """Return what a step of a model says at each place that one of these templates knows.

    Raises:
        UnreadableModel: the bytes are no model.
    """
    step = next((each for each, use in _used(parser.read(model)) if use.element == element), None)
    if step is None:
        return {}
    places = {each.binding for template in templates for each in template.fields}
    said = ((place, bindings.value_at(step, place)) for place in places)
    return {place: text for place, text in said if text}


def problems(model: bytes, find: Find) -> list[Problem]:
    """Return what is wrong with the steps of a readable model that were made from templates.

    Raises:
        UnreadableModel: the bytes are no model.
    """
    read = parser.read(model)
    found = [each for element, use in _used(read) for each in _of_step(element, use, find)]
    return [named(each, read.called) for each in found] if found else []


def _used(read: Model) -> Iterator[tuple[etree._Element, Use]]:
    for element in () if read.root is None else read.root.iter():
        template = element.get(_TEMPLATE)
        # A message of a template bears its mark too; it is judged with its step.
        if template and element.get("id") and local(element.tag) != "message":
            yield element, Use(element.get("id", ""), name_of(element), template, _version(element))


def _type_of(element: etree._Element) -> str:
    """Return an element's name as templates write it: `bpmn:ServiceTask` for a serviceTask."""
    tag = local(element.tag)
    return f"bpmn:{tag[:1].upper()}{tag[1:]}"


def _version(element: etree._Element) -> int:
    text = (element.get(_VERSION) or "").strip()
    most_digits = 9
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most_digits else 0


def _of_step(element: etree._Element, use: Use, find: Find) -> Iterator[Problem]:
    found = find(use.template, use.version)
    template = found.template
    if found.retired:
        shown = template.name if template else use.template
        yield _problem("template_retired", use, template=_called(shown), reason=found.retired)
    elif template is None:
        yield _problem("template_unknown", use, template=_called(use.template))
    elif _type_of(element) != template.element:
        yield _problem("template_misplaced", use, template=_called(template.name))
    else:
        yield from _of_fields(element, use, template)


def _of_fields(element: etree._Element, use: Use, template: Template) -> Iterator[Problem]:
    filled_in = Filling(template, lambda binding: bindings.value_at(element, binding))
    for each in filled_in.shown():
        told = _of_field(each, filled_in)
        if told is not None:
            code, fields = told
            yield _problem(code, use, template=_called(template.name), **fields)


def _of_field(of: Field, filled_in: Filling) -> tuple[str, dict[str, Any]] | None:
    said = filled_in.said(of.binding)
    if of.is_fixed:
        wanted = filling.written(of)
        is_marked = of.binding.kind != "zeebe:userTask" or said is not None
        if (said or "") == wanted and is_marked:
            return None
        place = of.label or str(of.binding)
        return "template_changed", {"place": place, "value": wanted[:_SHOWN]}
    if not said:
        empty = of.constraints.not_empty and not of.optional
        return ("template_value_missing", {"field": of.name}) if empty else None
    sentence = filling.fault(of, filled_in)
    if sentence is None:
        return None
    shown = {"field": of.name, "value": said[:_SHOWN], "sentence": sentence}
    return "template_value_unfit", shown


def _problem(code: str, use: Use, **fields: Any) -> Problem:
    return filled(TEXTS, code, use.element, use.name, **fields)


def _called(name: str) -> Phrase:
    return Phrase("“{name}”", name=name[:_SHOWN])
