"""What the root of a file declares once for all its processes, by id. BPMN 2.0.2, 8.4 and 10.5."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn import extensions, vocabulary
from engine.bpmn.events import MessageDefinition
from engine.bpmn.vocabulary import model, zeebe


@dataclass(frozen=True, slots=True)
class References:
    """The declarations of a file.

    `errors` and `escalations` give codes, `signals` and `resources` names. `definitions` are event
    definitions that several events share. `vendors` says that the file knows other engines: only
    then their settings are looked for.
    """

    messages: Mapping[str, MessageDefinition] = field(default_factory=dict)
    signals: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    escalations: Mapping[str, str] = field(default_factory=dict)
    resources: Mapping[str, str] = field(default_factory=dict)
    definitions: Mapping[str, etree._Element] = field(default_factory=dict)
    vendors: bool = False


def of(root: etree._Element, text: str) -> References:
    """Return what the root of a file declares, which is this text."""
    return References(
        messages=dict(_messages(root)),
        signals=dict(_texts(root, "signal", "name")),
        errors=dict(_texts(root, "error", "errorCode")),
        escalations=dict(_texts(root, "escalation", "escalationCode")),
        resources=dict(_texts(root, "resource", "name")),
        vendors=any(uri in text for uri in vocabulary.VENDORS),
        definitions={
            element.get("id", ""): element
            for tag in vocabulary.EVENT_DEFINITIONS
            for element in root.iterchildren(model(tag))
        },
    )


def local_name(reference: str | None) -> str:
    """Return the id a reference names: BPMN's references are qualified names."""
    return (reference or "").strip().rpartition(":")[2]


def _messages(root: etree._Element) -> Iterator[tuple[str, MessageDefinition]]:
    for element in root.iterchildren(model("message")):
        key = extensions.of(element).attribute(zeebe("subscription"), "correlationKey")
        name = (element.get("name") or "").strip()
        yield element.get("id", ""), MessageDefinition(name, extensions.expression(key))


def _texts(root: etree._Element, tag: str, attribute: str) -> Iterator[tuple[str, str]]:
    """Yield what each declaration is known by: its code, or its name where it has none."""
    for element in root.iterchildren(model(tag)):
        written = element.get(attribute) or element.get("name") or ""
        yield element.get("id", ""), written.strip()
