"""A file of Camunda 7, rewritten with the execution details this engine reads.

What is converted loses its `camunda:` setting, so that nothing is said twice. What cannot be
converted keeps it and is told by validation: `vendor_setting`, or an expression that cannot be
read. Everything else of the file, the drawing first of all, stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from lxml import etree

from engine import xml
from engine.bpmn import extensions, vocabulary
from engine.bpmn.camunda7 import activities, forms, juel
from engine.bpmn.camunda7.rewriting import CAMUNDA, Rewriting, camunda, said
from engine.bpmn.vocabulary import model, zeebe

_EXPRESSIONS: Final = frozenset(
    model(tag)
    for tag in (
        *("conditionExpression", "condition", "completionCondition", "loopCardinality"),
        *("timeDate", "timeDuration", "timeCycle", "activationCondition", "loopCondition"),
    )
)
_NAMED: Final = frozenset({model("message"), model("signal")})
_QUARTZ_FIELDS: Final = 6
"""Second, minute, hour, day of the month, month, day of the week; a year may follow."""

_WEEKDAY: Final = re.compile(r"(?<![\w#/])[1-7](?![\w/])")
_WITHOUT_MEANING: Final = ("asyncBefore", "asyncAfter", "async", "exclusive")
"""Where a transaction ends in Camunda 7; here every step that waits has one of its own."""


def is_camunda7(root: etree._Element) -> bool:
    """Return whether a file was made for Camunda 7: it knows its settings, and not Zeebe's."""
    known = {*_used(root), *root.nsmap.values()}
    return CAMUNDA in known and vocabulary.ZEEBE not in known


def converted(data: bytes) -> bytes:
    """Return the file with what can be converted, or the very bytes where there is nothing to do.

    Raises:
        UnreadableModel: it is no XML that is safe to read.
    """
    root = xml.load(data)
    if root.tag != model("definitions") or not is_camunda7(root):
        return data
    root = _with_namespaces(root)
    rewriting = Rewriting(root)
    for element in list(root.iter(f"{{{vocabulary.MODEL}}}*")):
        _convert(rewriting, element)
    if not rewriting.changes:
        return data
    etree.cleanup_namespaces(root, keep_ns_prefixes=[prefix for prefix in root.nsmap if prefix])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _used(root: etree._Element) -> Iterator[str]:
    """Yield the namespaces that elements and attributes are in."""
    for element in root.iter("*"):
        yield etree.QName(element).namespace or ""
        for name in element.attrib:
            yield etree.QName(name).namespace or ""


def _with_namespaces(root: etree._Element) -> etree._Element:
    """Return the root with our two namespaces declared; lxml cannot add to an element that is."""
    wanted = {"zeebe": vocabulary.ZEEBE, "interlock": vocabulary.INTERLOCK}
    free: dict[str | None, str] = {
        prefix: uri for prefix, uri in wanted.items() if prefix not in root.nsmap
    }
    new = etree.Element(root.tag, root.attrib, {**root.nsmap, **free})
    new.text = root.text
    new.extend(list(root))
    return new


def _convert(rewriting: Rewriting, element: etree._Element) -> None:
    tag = etree.QName(element).localname
    for name in _WITHOUT_MEANING:
        rewriting.take(element, name)
    if element.tag in _EXPRESSIONS:
        _expression(rewriting, element)
    if element.tag == model("timeCycle"):
        _cycle(rewriting, element)
    if element.tag in _NAMED:
        _name(rewriting, element)
    for convert in _CONVERSIONS.get(tag, ()):
        convert(rewriting, element)


def _expression(rewriting: Rewriting, element: etree._Element) -> None:
    """Rewrite an expression where it stands; one in another language stays as it is."""
    written = extensions.text_in(element)
    if element.get("language") not in {None, "juel"} or not juel.has_expression(written):
        return
    found = said(written)
    if found is not None:
        element.text = found
        element.attrib.pop("language", None)
        rewriting.changes += 1


def _cycle(rewriting: Rewriting, element: etree._Element) -> None:
    """Rewrite a cron expression of Quartz: its week begins with 1 on Sunday, and it has years."""
    fields = extensions.text_in(element).split()
    if len(fields) == _QUARTZ_FIELDS + 1 and fields.pop() not in {"*", "?"}:
        return
    if len(fields) != _QUARTZ_FIELDS:
        return
    *fields, week = fields
    found = _WEEKDAY.sub(lambda day: str(int(day.group()) - 1), week)
    if found != week:
        element.text = " ".join((*fields, found))
        rewriting.changes += 1


def _name(rewriting: Rewriting, element: etree._Element) -> None:
    """Rewrite the name of a message or signal that is computed."""
    written = element.get("name", "")
    found = said(written) if juel.has_expression(written) else None
    if found is not None:
        rewriting.replace(element, "name", found)


def _properties(rewriting: Rewriting, element: etree._Element) -> None:
    for listed in list(rewriting.extensions(element, "properties")):
        target = rewriting.put(element, zeebe("properties"))
        for row in listed.findall(camunda("property")):
            named = {"name": row.get("name", ""), "value": row.get("value", "")}
            etree.SubElement(target, zeebe("property"), named)
        rewriting.drop(listed)


def _process(rewriting: Rewriting, element: etree._Element) -> None:
    tag = rewriting.take(element, "versionTag")
    rewriting.details(element, zeebe("versionTag"), value=tag)


_Convert = Callable[[Rewriting, etree._Element], None]
_JOB: Final[tuple[_Convert, ...]] = (activities.external_task, activities.retries)
_MAPPED: Final[tuple[_Convert, ...]] = (activities.mappings, activities.instances, _properties)
_CONVERSIONS: Final[Mapping[str, tuple[_Convert, ...]]] = {
    "process": (_process, _properties),
    "startEvent": (forms.form, _properties),
    "userTask": (activities.user_task, forms.form, *_MAPPED),
    "serviceTask": (*_JOB, *_MAPPED),
    "sendTask": (*_JOB, *_MAPPED),
    "businessRuleTask": (activities.decision, *_JOB, *_MAPPED),
    "scriptTask": (activities.script, *_MAPPED),
    "callActivity": (activities.call, *_MAPPED),
    "task": _MAPPED,
    "manualTask": _MAPPED,
    "receiveTask": _MAPPED,
    "subProcess": _MAPPED,
    "transaction": _MAPPED,
    "adHocSubProcess": _MAPPED,
    "intermediateThrowEvent": (activities.sent_message, activities.mappings, _properties),
    "endEvent": (activities.sent_message, activities.mappings, _properties),
    "intermediateCatchEvent": (activities.mappings, _properties),
    "boundaryEvent": (_properties,),
}
