"""Execution details in `extensionElements`: the zeebe namespace, and ours for what that lacks.

The browser's description of our namespace names the same elements and attributes; a test compares
the two. In the zeebe namespace a text that begins with `=` is an expression, any other is itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from common.phrases import Phrase
from engine.bpmn import vocabulary
from engine.bpmn.elements import ENVIRONMENTAL, Gate, IoMapping, Listener, Retry
from engine.bpmn.problems import problem
from engine.bpmn.vocabulary import interlock, model, zeebe
from engine.problems import Problem

INTERLOCK_ELEMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "gate": ("quorum",),
    "retry": ("attempts", "firstDelay", "factor", "cap", "deadline"),
    "environmentRetry": ("attempts", "firstDelay", "factor", "cap"),
    "circuit": ("throwAfter",),
}
"""Our own extension elements and their attributes. Models are kept for ever: only ever add."""

_ZEEBE_READ: Final = frozenset(
    {
        *("taskDefinition", "taskHeaders", "ioMapping", "assignmentDefinition", "formDefinition"),
        *("userTaskForm", "taskSchedule", "priorityDefinition", "subscription", "script"),
        *("calledElement", "calledDecision", "loopCharacteristics", "adHoc"),
        *("executionListeners", "taskListeners"),
        # They say nothing about what is done: marks of the editor, and free properties.
        *("userTask", "properties", "versionTag", "linkedResources"),
    }
)
_LISTENED: Final[Mapping[str, str]] = {
    "create": "creating",
    "assignment": "assigning",
    "update": "updating",
    "complete": "completing",
    "cancel": "cancelling",
    "canceling": "cancelling",
}
"""Older and other spellings of the turns of a user task."""

_BINDINGS: Final[Mapping[str, str]] = {"deployment": "pinned", "versionTag": "tag"}
_LISTENERS: Final[Mapping[str, frozenset[str]]] = {
    "execution": frozenset({"start", "end"}),
    "task": frozenset({"creating", "assigning", "updating", "completing", "cancelling"}),
}
_UNHEARD: Final = frozenset({"updating", "cancelling"})
_PASSED: Final = vocabulary.GATEWAYS | {
    *(vocabulary.START_EVENT, vocabulary.BOUNDARY_EVENT, "process")
}
"""Elements at which no token rests while a listener would be told."""
_LIST: Final = model("extensionElements")
_PARTS: Final = frozenset(map(model, vocabulary.LOOPS | set(vocabulary.EVENT_DEFINITIONS)))
_FAMILIES: Final = {zeebe("executionListeners"): "execution", zeebe("taskListeners"): "task"}
_MAPPINGS: Final = zeebe("ioMapping")
_MOST_QUORUM = 20
_MOST_ATTEMPTS = 100
_MOST_FACTOR = 10.0

_Fault = tuple[str, Mapping[str, object]]
"""The code of a problem, and its fields."""


@dataclass(frozen=True, slots=True)
class Extensions:
    """The extension elements of one BPMN element, by their qualified names."""

    element: etree._Element
    by_tag: Mapping[str, Sequence[etree._Element]]

    def all(self, tag: str) -> Sequence[etree._Element]:
        """Return the extension elements with this qualified name."""
        return self.by_tag.get(tag, ())

    def first(self, tag: str) -> etree._Element | None:
        """Return the first extension element with this qualified name."""
        found = self.by_tag.get(tag)
        return found[0] if found else None

    def attribute(self, tag: str, name: str) -> str | None:
        """Return an attribute of the first such extension element, None when it is not there."""
        found = self.by_tag.get(tag)
        return (found[0].get(name) or "").strip() or None if found else None


def of(element: etree._Element) -> Extensions:
    """Return the extension elements of a BPMN element; they may be spread over several lists."""
    found: dict[str, list[etree._Element]] = {}
    if len(element):
        for listed in element.iterchildren(_LIST):
            for node in listed:
                found.setdefault(str(node.tag), []).append(node)
    return Extensions(element, found)


def expression(text: str | None) -> str | None:
    """Return the FEEL of a zeebe text: what follows `=`, or the text itself as a FEEL string."""
    if text is None:
        return None
    if text.startswith("="):
        return text[1:].strip()
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def without_mark(text: str) -> str:
    """Return OMG expression text without the `=` that some editors write before it."""
    return text.strip().removeprefix("=").strip()


def child(element: etree._Element, tag: str) -> etree._Element | None:
    """Return the first child of the standard's with this name; quicker than a path would."""
    return next(element.iterchildren(model(tag)), None) if len(element) else None


def text_in(element: etree._Element) -> str:
    """Return all text inside an element."""
    return "".join(str(text) for text in element.itertext()).strip()


def child_expression(element: etree._Element, tag: str) -> str | None:
    """Return the FEEL of a child that holds an expression, None where there is none."""
    found = child(element, tag)
    return None if found is None else without_mark(text_in(found)) or None


def is_true(element: etree._Element, attribute: str) -> bool:
    """Return whether an attribute that is false by default says true."""
    return element.get(attribute, "").strip() in {"true", "1"}


def is_false(element: etree._Element, attribute: str) -> bool:
    """Return whether an attribute that is true by default says false."""
    return element.get(attribute, "").strip() in {"false", "0"}


def mappings(extensions: Extensions, direction: str) -> tuple[IoMapping, ...]:
    """Return the complete mappings of one direction, "input" or "output"."""
    if _MAPPINGS not in extensions.by_tag:
        return ()
    return tuple(
        IoMapping(expression(source) or "", target)
        for source, target in _mapping_pairs(extensions, direction)
        if source and target
    )


def _mapping_pairs(extensions: Extensions, direction: str) -> Iterator[tuple[str, str]]:
    for mapping in extensions.all(_MAPPINGS):
        for node in mapping.iterchildren(zeebe(direction)):
            yield node.get("source", "").strip(), node.get("target", "").strip()


def headers(extensions: Extensions) -> Mapping[str, str]:
    """Return the fixed settings of a service task's connector."""
    return {
        node.get("key", ""): node.get("value", "")
        for listed in extensions.all(zeebe("taskHeaders"))
        for node in listed.iterchildren(zeebe("header"))
    }


def listeners(extensions: Extensions, family: str) -> tuple[Listener, ...]:
    """Return the complete listeners of one family, "execution" or "task", in their order."""
    if zeebe(f"{family}Listeners") not in extensions.by_tag:
        return ()
    return tuple(
        Listener(event, job_type, Retry(attempts=attempts))
        for event, job_type, attempts in _listener_settings(extensions, family)
        if event and job_type
    )


def _listener_settings(extensions: Extensions, family: str) -> Iterator[tuple[str, str, int]]:
    for node in _listener_nodes(extensions, family):
        event = node.get("eventType", "").strip()
        attempts = _whole(node.get("retries", ""))
        usual = Retry().attempts if attempts is None else attempts
        yield _LISTENED.get(event, event), node.get("type", "").strip(), usual


def _listener_nodes(extensions: Extensions, family: str) -> Iterator[etree._Element]:
    for listed in extensions.all(zeebe(f"{family}Listeners")):
        yield from listed.iterchildren(zeebe(f"{family}Listener"))


def binding(extensions: Extensions, tag: str) -> tuple[str, str]:
    """Return which version of what it calls an element is bound to, and the tag where it says one.

    Pinned is what was there when this model was published (`deployment` in the zeebe namespace).
    """
    written = extensions.attribute(tag, "bindingType") or "latest"
    return _BINDINGS.get(written, "latest"), extensions.attribute(tag, "versionTag") or ""


def gate(extensions: Extensions) -> Gate | None:
    """Return the gate of a user task. An unreadable quorum counts as 1 here and is a problem."""
    node = extensions.first(interlock("gate"))
    if node is None:
        return None
    quorum = _whole(node.get("quorum", "1"))
    return Gate(quorum if quorum is not None and 1 <= quorum <= _MOST_QUORUM else 1)


def retry(extensions: Extensions) -> Retry:
    """Return how a service task is retried; what cannot be read keeps its usual value."""
    told = _whole(extensions.attribute(zeebe("taskDefinition"), "retries") or "")
    usual = Retry(is_usual=True) if told is None else Retry(attempts=told)
    return _retry(extensions, "retry", usual)


def environment_retry(extensions: Extensions) -> Retry:
    """Return how a service task is retried when our own surroundings were the cause."""
    return _retry(extensions, "environmentRetry", ENVIRONMENTAL)


def throw_after(extensions: Extensions) -> str:
    """Return after how long an open circuit throws, "" where it does not."""
    return extensions.attribute(interlock("circuit"), "throwAfter") or ""


def _retry(extensions: Extensions, tag: str, usual: Retry) -> Retry:
    node = extensions.first(interlock(tag))
    if node is None:
        return usual
    attempts, factor = _whole(node.get("attempts", "")), _number(node.get("factor", ""))
    return Retry(
        attempts=usual.attempts if attempts is None else attempts,
        first_delay=node.get("firstDelay", usual.first_delay).strip(),
        factor=usual.factor if factor is None else factor,
        cap=node.get("cap", usual.cap).strip(),
        deadline=node.get("deadline", usual.deadline).strip(),
    )


def problems(extensions: Extensions, name: str) -> Iterator[Problem]:
    """Yield what is wrong with the extension elements themselves."""
    for tag in extensions.by_tag:
        for code, fields in _FAULTS.get(tag, _unknown)(extensions, tag):
            yield problem(code, extensions.element.get("id"), name, **fields)


def vendor_problems(extensions: Extensions, name: str) -> Iterator[Problem]:
    """Yield the settings of other engines on an element and on its event and loop definitions."""
    element = extensions.element
    parts = [part for part in element if part.tag in _PARTS]
    names = [str(name) for part in (element, *parts) for name in part.attrib]
    names += extensions.by_tag
    names += [tag for part in parts for tag in of(part).by_tag]
    for written in names:
        namespace, _, setting = written[1:].partition("}")
        vendor = vocabulary.VENDORS.get(namespace) if written[:1] == "{" else None
        if vendor is not None:
            told = f"{vendor}:{setting}"
            yield problem("vendor_setting", element.get("id"), name, setting=told)


def _none(_extensions: Extensions, _tag: str) -> Iterable[_Fault]:
    """Yield nothing: an element that is read elsewhere, or says nothing about what is done."""
    return ()


def _unknown(_extensions: Extensions, tag: str) -> Iterator[_Fault]:
    """Yield execution details nobody here would obey; foreign extensions are none of ours.

    Ours may only be there to be obeyed, so that one from a later version is no small matter.
    """
    qualified = etree.QName(tag)
    if qualified.namespace == vocabulary.ZEEBE:
        yield "extension_ignored", {"setting": f"zeebe:{qualified.localname}"}
    if qualified.namespace == vocabulary.INTERLOCK:
        yield "extension_not_supported", {"setting": f"interlock:{qualified.localname}"}


def _unknown_attributes(extensions: Extensions, tag: str) -> Iterator[_Fault]:
    kind = vocabulary.local(tag)
    for node in extensions.all(tag):
        for attribute in set(node.attrib) - set(INTERLOCK_ELEMENTS[kind]):
            yield "extension_not_supported", {"setting": f"interlock:{kind} {attribute}"}


def _mapping_faults(extensions: Extensions, _tag: str) -> Iterator[_Fault]:
    for direction in ("input", "output"):
        for source, target in _mapping_pairs(extensions, direction):
            if not source or not target:
                part = "target" if source else "source"
                fields = {"direction": Phrase(direction), "part": Phrase(part)}
                yield "mapping_incomplete", fields


def _listener_faults(extensions: Extensions, tag: str) -> Iterator[_Fault]:
    """Yield the listeners that cannot be read, or that nobody tells: the machine goes on there."""
    family = _FAMILIES[tag]
    if family == "execution" and vocabulary.local(extensions.element.tag) in _PASSED:
        yield "extension_ignored", {"setting": "zeebe:executionListeners"}
    for node in _listener_nodes(extensions, family):
        yield from _out_of_bounds("attempts", node.get("retries"))
    for event, job_type, _ in _listener_settings(extensions, family):
        if event not in _LISTENERS[family] or not job_type:
            told = Phrase("“{event}”, “{job}”", event=event[:40], job=job_type[:40])
            yield "listener_unreadable", {"what": told}
        if event in _UNHEARD:
            yield "extension_ignored", {"setting": f"zeebe:taskListener {event}"}


def _gate_faults(extensions: Extensions, tag: str) -> Iterator[_Fault]:
    yield from _unknown_attributes(extensions, tag)
    written = extensions.all(tag)[0].get("quorum", "1")
    quorum = _whole(written)
    if quorum is None or not 1 <= quorum <= _MOST_QUORUM:
        yield "gate_quorum", {"quorum": written[:20]}


def _retry_faults(extensions: Extensions, tag: str) -> Iterator[_Fault]:
    yield from _unknown_attributes(extensions, tag)
    node = extensions.all(tag)[0]
    for setting in ("attempts", "factor"):
        yield from _out_of_bounds(setting, node.get(setting))


def _definition_faults(extensions: Extensions, tag: str) -> Iterator[_Fault]:
    yield from _out_of_bounds("attempts", extensions.attribute(tag, "retries"))


def _out_of_bounds(setting: str, text: str | None) -> Iterator[_Fault]:
    if text is not None and not _in_bounds(setting, text):
        told = Phrase("{setting} “{text}”", setting=Phrase(setting), text=text[:20])
        yield "retry_unreadable", {"what": told}


def _in_bounds(setting: str, text: str) -> bool:
    if setting == "factor":
        factor = _number(text)
        return factor is not None and 1 <= factor <= _MOST_FACTOR
    attempts = _whole(text)
    return attempts is not None and 1 <= attempts <= _MOST_ATTEMPTS


def _whole(text: str) -> int | None:
    text = text.strip()
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000000") else None
    )


def _number(text: str) -> float | None:
    whole, _, fraction = text.strip().partition(".")
    if _whole(whole) is None or (fraction and _whole(fraction) is None):
        return None
    return float(f"{whole}.{fraction or 0}")


_FAULTS: Final[Mapping[str, Callable[[Extensions, str], Iterable[_Fault]]]] = {
    **{zeebe(name): _none for name in _ZEEBE_READ},
    zeebe("taskDefinition"): _definition_faults,
    _MAPPINGS: _mapping_faults,
    **dict.fromkeys(_FAMILIES, _listener_faults),
    interlock("gate"): _gate_faults,
    interlock("retry"): _retry_faults,
    interlock("environmentRetry"): _retry_faults,
    interlock("circuit"): _unknown_attributes,
}
"""What may be wrong with each extension element that is read."""
