"""Event definitions as written in the file, and what is wrong with them. BPMN 2.0.2, 10.5.5."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from common.phrases import Phrase
from engine.bpmn import extensions
from engine.bpmn.events import (
    EventDefinition,
    MessageDefinition,
    TerminateDefinition,
    TimerDefinition,
)
from engine.bpmn.problems import problem
from engine.bpmn.vocabulary import (
    ALLOWED_DEFINITIONS,
    BOUNDARY_EVENT,
    CATCH_EVENT,
    EVENT_DEFINITIONS,
    model,
    zeebe,
)
from engine.problems import Problem

_KINDS: Mapping[str, str] = {model(tag): kind for tag, kind in EVENT_DEFINITIONS.items()}
_TIMER_PARTS = (("date", "timeDate"), ("duration", "timeDuration"), ("cycle", "timeCycle"))
_EVENTS: Mapping[str, str] = {
    "startEvent": "start event",
    "endEvent": "end event",
    "intermediateCatchEvent": "catch event",
    "boundaryEvent": "boundary event",
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the file: what a publisher calls it, and how the right receiver is found."""

    name: str
    correlation_key: str | None


Messages = Mapping[str, Message]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an event was read as: its definition, whether it runs, and what is wrong."""

    definition: EventDefinition | None
    problems: tuple[Problem, ...]
    runs: bool = True

    @property
    def definitions(self) -> tuple[EventDefinition, ...]:
        """Return what an event keeps: nothing, or the one definition."""
        return () if self.definition is None else (self.definition,)


def messages(root: etree._Element) -> Messages:
    """Return the messages of the file by id."""
    found = {}
    for element in root.iterchildren(model("message")):
        key = extensions.of(element).attribute(zeebe("subscription"), "correlationKey")
        name = (element.get("name") or "").strip()
        found[element.get("id", "")] = Message(name, extensions.expression(key))
    return found


def read(element: etree._Element, name: str, known: Messages) -> Reading:
    """Read what an event waits for or does.

    Problems are those of the definition as written; whether its texts can be read is judged later.
    """
    tag = etree.QName(element).localname
    definitions = [child for child in element.iterchildren("*") if child.tag in _KINDS]
    if element.find(model("eventDefinitionRef")) is not None:
        return _refused(
            element, name, Phrase("{event} with a shared definition", event=Phrase(_EVENTS[tag]))
        )
    if len(definitions) > 1:
        return _refused(
            element, name, Phrase("{event} with several triggers", event=Phrase(_EVENTS[tag]))
        )
    if not definitions:
        return _without(element, name, tag)
    kind = _KINDS[str(definitions[0].tag)]
    if kind not in ALLOWED_DEFINITIONS[tag]:
        words = Phrase("{kind} {event}", kind=Phrase(kind), event=Phrase(_EVENTS[tag]))
        return _refused(element, name, words)
    return _READERS[kind](element, definitions[0], name, known)


def _without(element: etree._Element, name: str, tag: str) -> Reading:
    if tag in {CATCH_EVENT, BOUNDARY_EVENT}:
        missing = problem("event_definition_missing", element.get("id"), name)
        return Reading(None, (missing,), runs=False)
    return Reading(None, ())


def _refused(element: etree._Element, name: str, kind: str) -> Reading:
    remedy = Phrase("Use a timer event, a message catch event, or an event without a trigger.")
    refusal = problem("element_not_supported", element.get("id"), name, kind=kind, remedy=remedy)
    return Reading(None, (refusal,), runs=False)


def _timer(element: etree._Element, definition: etree._Element, name: str, _: Messages) -> Reading:
    given = list(_timer_parts(definition))
    if len(given) == 1:
        part, text = given[0]
        return Reading(TimerDefinition(**{part: text}), ())
    code = "timer_several" if given else "timer_missing"
    wrong = problem(code, element.get("id"), name, count=len(given))
    return Reading(TimerDefinition(), (wrong,))


def _timer_parts(definition: etree._Element) -> Iterator[tuple[str, str]]:
    for part, tag in _TIMER_PARTS:
        for child in definition.iterchildren(model(tag)):
            text = extensions.without_mark("".join(str(text) for text in child.itertext()))
            if text:
                yield part, text


def _message(
    element: etree._Element, definition: etree._Element, name: str, known: Messages
) -> Reading:
    reference = local_name(definition.get("messageRef"))
    message = known.get(reference)
    if message is None or not message.name:
        missing = problem("message_missing", element.get("id"), name)
        return Reading(MessageDefinition(""), (missing,))
    wrong: tuple[Problem, ...] = ()
    if message.correlation_key is None:
        wrong = (
            problem("correlation_missing", element.get("id"), name, message=message.name[:80]),
        )
    return Reading(MessageDefinition(message.name, message.correlation_key), wrong)


def _terminate(
    _element: etree._Element, _definition: etree._Element, _name: str, _known: Messages
) -> Reading:
    return Reading(TerminateDefinition(), ())


def local_name(reference: str | None) -> str:
    """Return the id a reference names: BPMN's references are qualified names."""
    return (reference or "").strip().rpartition(":")[2]


_READERS = {"timer": _timer, "message": _message, "terminate": _terminate}
