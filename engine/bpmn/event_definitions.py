"""Event definitions as written in the file, and what is wrong with them. BPMN 2.0.2, 10.5.5."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from common.phrases import Phrase
from engine.bpmn import extensions
from engine.bpmn.events import (
    CancelDefinition,
    CompensationDefinition,
    ConditionalDefinition,
    ErrorDefinition,
    EscalationDefinition,
    EventDefinition,
    LinkDefinition,
    MessageDefinition,
    SignalDefinition,
    TerminateDefinition,
    TimerDefinition,
)
from engine.bpmn.problems import problem
from engine.bpmn.references import References, local_name
from engine.bpmn.vocabulary import (
    ALLOWED_DEFINITIONS,
    BOUNDARY_EVENT,
    CATCH_EVENT,
    END_EVENT,
    EVENT_DEFINITIONS,
    START_EVENT,
    SUB_PROCESS,
    SUB_PROCESSES,
    THROW_EVENT,
    local,
    model,
    zeebe,
)
from engine.problems import Problem, listed

_KINDS: Mapping[str, str] = {model(tag): kind for tag, kind in EVENT_DEFINITIONS.items()}
_TIMER_PARTS = (("date", "timeDate"), ("duration", "timeDuration"), ("cycle", "timeCycle"))
_POSITIONS: Mapping[str, str] = {
    END_EVENT: "end event",
    CATCH_EVENT: "intermediate catch event",
    THROW_EVENT: "intermediate throw event",
    BOUNDARY_EVENT: "boundary event",
}
_WAITS = frozenset({CATCH_EVENT, BOUNDARY_EVENT})


@dataclass(slots=True)
class Reading:
    """One event while it is read: its element, its name, what the file declares, what is wrong."""

    element: etree._Element
    name: str
    known: References
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, code: str, **fields: object) -> None:
        """Note a problem of this event."""
        self.problems.append(problem(code, self.element.get("id"), self.name, **fields))


def read(
    element: etree._Element, name: str, known: References
) -> tuple[tuple[EventDefinition, ...], list[Problem]]:
    """Return what an event waits for or does, and what is wrong with how that is written.

    Whether its texts can be read is judged later.
    """
    reading = Reading(element, name, known)
    tag, position = local(element.tag), _position(element)
    written = list(_written(reading))
    if not written and tag in _WAITS and not reading.problems:
        reading.wrong("event_definition_missing")
    found = []
    for definition in written:
        kind = _KINDS[str(definition.tag)]
        if kind in ALLOWED_DEFINITIONS[position]:
            found.append(_READERS[kind](reading, definition))
        else:
            words = Phrase("{kind} {event}", kind=Phrase(kind), event=Phrase(position))
            reading.wrong("event_not_allowed", kind=words, allowed=_allowed(position))
    return tuple(found), reading.problems


def message_of(reading: Reading, reference: str | None) -> MessageDefinition | None:
    """Return the message a reference names; without one, or without a name, it is a problem."""
    if reference is None:
        reading.wrong("message_missing")
        return None
    found = reading.known.messages.get(local_name(reference))
    if found is None:
        reading.wrong("reference_missing", what=Phrase("message"), reference=reference[:80])
    elif not found.name:
        reading.wrong("message_missing")
    return found


def _allowed(position: str) -> str:
    kinds = [Phrase(kind) for kind in sorted(ALLOWED_DEFINITIONS[position])]
    return listed(kinds) or Phrase("no trigger at all")


def _position(element: etree._Element) -> str:
    tag = local(element.tag)
    if tag != START_EVENT:
        return _POSITIONS[tag]
    parent = element.getparent()
    if parent is None or local(parent.tag) not in SUB_PROCESSES:
        return "start event"
    if parent.tag == model(SUB_PROCESS) and extensions.is_true(parent, "triggeredByEvent"):
        return "start event of an event sub-process"
    return "start event of a sub-process"


def _written(reading: Reading) -> Iterator[etree._Element]:
    """Yield the definitions of an event, its own and those it shares with others."""
    for child in reading.element.iterchildren("*"):
        if child.tag in _KINDS:
            yield child
        elif child.tag == model("eventDefinitionRef"):
            reference = (child.text or "").strip()
            shared = reading.known.definitions.get(local_name(reference))
            if shared is None:
                reading.wrong(
                    "reference_missing", what=Phrase("event definition"), reference=reference[:80]
                )
            else:
                yield shared


def _timer(reading: Reading, definition: etree._Element) -> TimerDefinition:
    given = list(_timer_parts(definition))
    if len(given) == 1:
        part, text = given[0]
        return TimerDefinition(**{part: text})
    reading.wrong("timer_several" if given else "timer_missing", count=len(given))
    return TimerDefinition()


def _timer_parts(definition: etree._Element) -> Iterator[tuple[str, str]]:
    for part, tag in _TIMER_PARTS:
        for child in definition.iterchildren(model(tag)):
            if text := extensions.without_mark(extensions.text_in(child)):
                yield part, text


def _message(reading: Reading, definition: etree._Element) -> MessageDefinition:
    sent = extensions.of(reading.element).attribute(zeebe("taskDefinition"), "type")
    if sent is not None and definition.get("messageRef") is None:
        return MessageDefinition("")
    found = message_of(reading, definition.get("messageRef"))
    if found is None:
        return MessageDefinition("")
    if found.name and found.correlation_key is None and _is_correlated(reading.element):
        reading.wrong("correlation_missing", message=found.name[:80])
    return found


def _is_correlated(element: etree._Element) -> bool:
    """Return whether the event waits inside a run, where the right run must be found."""
    tag = local(element.tag)
    return tag in _WAITS or (tag == START_EVENT and _position(element) != "start event")


def _signal(reading: Reading, definition: etree._Element) -> SignalDefinition:
    name = _referenced(reading, definition.get("signalRef"), "signal", reading.known.signals)
    if not name and not reading.problems:
        reading.wrong("signal_missing")
    return SignalDefinition(name or "")


def _error(reading: Reading, definition: etree._Element) -> ErrorDefinition:
    code = _referenced(reading, definition.get("errorRef"), "error", reading.known.errors)
    return ErrorDefinition(code or None)


def _escalation(reading: Reading, definition: etree._Element) -> EscalationDefinition:
    reference = definition.get("escalationRef")
    code = _referenced(reading, reference, "escalation", reading.known.escalations)
    return EscalationDefinition(code or None)


def _referenced(
    reading: Reading, reference: str | None, what: str, known: Mapping[str, str]
) -> str | None:
    if reference is None:
        return None
    found = known.get(local_name(reference))
    if found is None:
        reading.wrong("reference_missing", what=Phrase(what), reference=reference[:80])
    return found


def _conditional(reading: Reading, definition: etree._Element) -> ConditionalDefinition:
    condition = extensions.child_expression(definition, "condition")
    if condition is None:
        reading.wrong("condition_missing")
    return ConditionalDefinition(condition or "false")


def _compensation(_: Reading, definition: etree._Element) -> CompensationDefinition:
    activity = local_name(definition.get("activityRef")) or None
    waits = not extensions.is_false(definition, "waitForCompletion")
    return CompensationDefinition(activity, waits)


def _link(reading: Reading, definition: etree._Element) -> LinkDefinition:
    name = (definition.get("name") or "").strip()
    if not name:
        reading.wrong("link_missing")
    return LinkDefinition(name)


def _cancel(_reading: Reading, _definition: etree._Element) -> CancelDefinition:
    return CancelDefinition()


def _terminate(_reading: Reading, _definition: etree._Element) -> TerminateDefinition:
    return TerminateDefinition()


_READERS: Mapping[str, Callable[[Reading, etree._Element], EventDefinition]] = {
    "timer": _timer,
    "message": _message,
    "signal": _signal,
    "error": _error,
    "escalation": _escalation,
    "conditional": _conditional,
    "compensation": _compensation,
    "link": _link,
    "cancel": _cancel,
    "terminate": _terminate,
}
