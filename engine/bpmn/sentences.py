"""Plain sentences for what changed between two versions, and how much each change weighs.

One table: a path of `facts` to its label, its group, its risk and its words. A sentence is a
phrase, which whoever shows it puts into the reader's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final, Literal

from common.phrases import Phrase, enumerated
from engine.bpmn.vocabulary import kind_words
from engine.expressions import YearsMonths
from engine.expressions.errors import Refusal
from engine.expressions.moments import SECOND
from engine.expressions.temporal import parse_duration

Group = Literal["behaviour", "data", "text", "layout"]
Risk = Literal["none", "low", "medium", "high"]
Name = Callable[[str], str]
"""What the element of an id is called."""

_SHORT = 90
_MOST_CLAUSES = 5


@dataclass(frozen=True, slots=True)
class Words:
    """How one property is told. `{b}` is the value before, `{a}` the one after, `{key}` its key."""

    label: str
    group: Group
    risk: Risk
    changed: str = ""
    added: str = ""
    removed: str = ""
    show: Callable[[str, Name], str] = lambda value, _: quoted(value)
    key: str = ""

    @property
    def spoken(self) -> str:
        """Return the label as a heading."""
        return Phrase(self.label, key=self.key)

    @property
    def within(self) -> str:
        """Return the label as it stands within a sentence."""
        return Phrase(self.label[:1].lower() + self.label[1:], key=self.key)


def quoted(value: str) -> str:
    """Return a value in quotation marks, shortened for a sentence."""
    return Phrase("“{value}”", value=shortened(value))


def shortened(value: str) -> str:
    """Return a value on one line of bearable length, without the mark of an expression."""
    line = " ".join(value.split()).removeprefix("=").strip()
    return line if len(line) <= _SHORT else line[: _SHORT - 1] + "…"


def human_duration(text: str) -> str:
    """Return an ISO duration as people say it: PT1M30S is 1 min 30 s."""
    try:
        length = parse_duration(text.strip())
    except Refusal:
        return shortened(text)
    if isinstance(length, YearsMonths):
        years, months = divmod(abs(length.months), 12)
        parts = [
            (years, Phrase("{count} year", "{count} years", count=years)),
            (months, Phrase("{count} month", "{count} months", count=months)),
        ]
    else:
        days, rest = divmod(abs(length.nanos) // SECOND, 86_400)
        hours, minutes, seconds = rest // 3_600, rest % 3_600 // 60, rest % 60
        parts = [
            (days, Phrase("{count} d", count=days)),
            (hours, Phrase("{count} h", count=hours)),
            (minutes, Phrase("{count} min", count=minutes)),
            (seconds, Phrase("{count} s", count=seconds)),
        ]
    said = [words for count, words in parts if count]
    return reduce(_beside, said) if said else Phrase("{count} s", count=0)


def _beside(before: Phrase, after: Phrase) -> Phrase:
    return Phrase("{before} {after}", before=before, after=after)


def times(text: str) -> str:
    """Return how often: once, twice, 5 times."""
    often = {"1": "once", "2": "twice"}.get(text)
    return Phrase(often) if often else Phrase("{number} times", number=shortened(text))


def approvals(text: str) -> str:
    """Return how many persons must approve."""
    if text.isdecimal():
        return Phrase("{count} approval", "{count} approvals", count=int(text))
    return Phrase("{number} approvals", number=shortened(text))


def _bare(value: str, _: Name) -> str:
    return shortened(value)


def _duration(value: str, _: Name) -> str:
    return human_duration(value)


def _times(value: str, _: Name) -> str:
    return times(value)


def _approvals(value: str, _: Name) -> str:
    return approvals(value)


def _called(value: str, name: Name) -> str:
    return name(value)


def _members(value: str, name: Name) -> str:
    return enumerated([name(one) for one in value.split(", ")])


def _form(_value: str, _: Name) -> str:
    return Phrase("a form")


_WORDS: Final[Mapping[str, Words]] = {
    "conditionExpression": Words(
        "Condition",
        "behaviour",
        "high",
        "is taken when {a} instead of when {b}",
        "is now taken only when {a}",
        "no longer has a condition (it was {b})",
    ),
    "default": Words(
        "Default flow",
        "behaviour",
        "high",
        "goes by default along {a} instead of {b}",
        "goes by default along {a}",
        "no longer has a default flow (it was {b})",
        _called,
    ),
    "sourceRef": Words(
        "From",
        "behaviour",
        "high",
        "starts at {a} instead of {b}",
        "starts at {a}",
        "no longer starts at {b}",
        _called,
    ),
    "targetRef": Words(
        "To",
        "behaviour",
        "high",
        "leads to {a} instead of {b}",
        "leads to {a}",
        "no longer leads to {b}",
        _called,
    ),
    "attachedToRef": Words(
        "Attached to",
        "behaviour",
        "high",
        "watches {a} instead of {b}",
        "watches {a}",
        "no longer watches {b}",
        _called,
    ),
    "cancelActivity": Words(
        "Interrupts",
        "behaviour",
        "high",
        "changes whether it interrupts to {a}",
        "no longer interrupts its activity",
        "now interrupts its activity",
    ),
    "isExecutable": Words(
        "Executable",
        "behaviour",
        "high",
        added="can now be run",
        removed="can no longer be run",
        changed="changes whether it can be run to {a}",
    ),
    "trigger": Words(
        "Trigger",
        "behaviour",
        "high",
        "waits for a {a} instead of a {b}",
        "has a {a} trigger",
        "no longer has a {b} trigger",
        _bare,
    ),
    "timeDuration": Words(
        "Duration",
        "behaviour",
        "medium",
        "waits {a} instead of {b}",
        "waits {a}",
        "no longer waits {b}",
        _duration,
    ),
    "timeDate": Words(
        "Date",
        "behaviour",
        "medium",
        "waits until {a} instead of {b}",
        "waits until {a}",
        "no longer waits until {b}",
        _bare,
    ),
    "timeCycle": Words(
        "Repeats",
        "behaviour",
        "medium",
        "repeats as {a} instead of {b}",
        "repeats as {a}",
        "no longer repeats as {b}",
    ),
    "message": Words(
        "Message",
        "behaviour",
        "high",
        "waits for the message {a} instead of {b}",
        "waits for the message {a}",
        "no longer waits for the message {b}",
    ),
    "subscription.correlationKey": Words("Correlation key", "behaviour", "high"),
    "script.expression": Words(
        "Script",
        "behaviour",
        "high",
        "computes {a} instead of {b}",
        "computes {a}",
        "no longer computes {b}",
    ),
    "script": Words(
        "Script",
        "behaviour",
        "high",
        "computes {a} instead of {b}",
        "computes {a}",
        "no longer computes {b}",
    ),
    "scriptFormat": Words("Script language", "behaviour", "high"),
    "script.resultVariable": Words(
        "Result variable",
        "data",
        "medium",
        "writes its result to {a} instead of {b}",
        "writes its result to {a}",
        "no longer writes its result to {b}",
    ),
    "taskDefinition.type": Words(
        "Connector",
        "behaviour",
        "high",
        "calls the connector {a} instead of {b}",
        "calls the connector {a}",
        "no longer calls the connector {b}",
        _bare,
    ),
    "taskDefinition.retries": Words(
        "Retries",
        "behaviour",
        "low",
        "retries {a} instead of {b}",
        "retries {a}",
        "no longer says how often it retries (it was {b})",
        _times,
    ),
    "retry.attempts": Words(
        "Retries",
        "behaviour",
        "low",
        "retries {a} instead of {b}",
        "retries {a}",
        "no longer says how often it retries (it was {b})",
        _times,
    ),
    "retry.firstDelay": Words(
        "First wait before a retry",
        "behaviour",
        "low",
        "waits {a} instead of {b} before the first retry",
        "waits {a} before the first retry",
        "no longer says how long it waits before the first retry (it was {b})",
        _duration,
    ),
    "retry.cap": Words(
        "Longest wait before a retry",
        "behaviour",
        "low",
        "waits at most {a} instead of {b} between retries",
        "waits at most {a} between retries",
        "no longer says how long it waits at most between retries (it was {b})",
        _duration,
    ),
    "retry.factor": Words("Factor between retries", "behaviour", "low", show=_bare),
    "gate": Words(
        "Approvals needed",
        "behaviour",
        "high",
        "needs {a} instead of {b}",
        "becomes a gate that needs {a}",
        "is no longer a gate (it needed {b})",
        _approvals,
    ),
    "assignmentDefinition.assignee": Words(
        "Assignee",
        "data",
        "high",
        "goes to {a} instead of {b}",
        "goes to {a}",
        "no longer goes to {b}",
        _bare,
    ),
    "assignmentDefinition.candidateGroups": Words(
        "Offered to",
        "data",
        "high",
        "is offered to {a} instead of {b}",
        "is offered to {a}",
        "is no longer offered to {b}",
        _bare,
    ),
    "assignmentDefinition.candidateUsers": Words(
        "Offered to people",
        "data",
        "high",
        "is offered to {a} instead of {b}",
        "is offered to {a}",
        "is no longer offered to {b}",
        _bare,
    ),
    "taskSchedule.dueDate": Words(
        "Due",
        "behaviour",
        "low",
        "is due {a} instead of {b}",
        "is due {a}",
        "is no longer due {b}",
    ),
    "priorityDefinition.priority": Words("Priority", "behaviour", "low"),
    "form": Words(
        "Form",
        "data",
        "medium",
        "asks with a changed form",
        "asks with a form",
        "no longer has a form",
        _form,
    ),
    "documentation": Words(
        "Documentation",
        "text",
        "none",
        "has changed documentation",
        "has documentation",
        "no longer has documentation",
    ),
    "text": Words("Text", "text", "none", "now reads {a} instead of {b}", "reads {a}"),
    "name": Words(
        "Name",
        "text",
        "none",
        "is renamed to {a}",
        "is named {a}",
        "loses its name",
    ),
    "kind": Words(
        "Kind",
        "behaviour",
        "high",
        "becomes a {a} (it was a {b})",
        show=lambda value, _: Phrase(kind_words(value)),
    ),
    "targetNamespace": Words("Namespace", "text", "none"),
    "members": Words(
        "Members",
        "text",
        "low",
        "holds {a} instead of {b}",
        "holds {a}",
        "no longer holds {b}",
        _members,
    ),
}
_FAMILIES: Final[Mapping[str, Words]] = {
    "input": Words(
        "Input {key}",
        "data",
        "medium",
        "passes {a} as {key} instead of {b}",
        "passes {a} as {key}",
        "no longer passes {key} (it was {b})",
    ),
    "output": Words(
        "Output {key}",
        "data",
        "medium",
        "writes {a} to {key} instead of {b}",
        "writes {a} to {key}",
        "no longer writes {b} to {key}",
    ),
    "header": Words("Setting {key}", "behaviour", "medium"),
    "property": Words("Property {key}", "data", "low"),
}
# Where a connector sends its call is more than a value.
_RISKY_INPUTS: Final = frozenset({"url", "method", "connection", "host"})


def words(path: str) -> Words:
    """Return how the property at a path is told; one nobody thought of is still told."""
    if path in _WORDS:
        return _WORDS[path]
    family, _, key = path.partition(" ")
    if family in _FAMILIES and key:
        usual = replace(_FAMILIES[family], key=shortened(key))
        risky = family == "input" and key in _RISKY_INPUTS
        return replace(usual, risk="high") if risky else usual
    if path.startswith("{"):
        # Another tool's note to itself: kept in the file, and nothing here acts on it.
        return Words("Extension {key}", "data", "low", key=shortened(path.rpartition("}")[2]))
    return Words("{key}", "behaviour", "medium", key=_spaced(path))


def clause(path: str, before: str | None, after: str | None, name: Name) -> str:
    """Return the change of one property as a clause that follows the element's name."""
    told = words(path)
    fields = {"key": told.key, "label": told.within}
    if before is None:
        template = told.added or "sets {label} to {a}"
    elif after is None:
        template = told.removed or "no longer sets {label} (it was {b})"
    else:
        template = told.changed or "changes {label} from {b} to {a}"
    if before is not None:
        fields["b"] = told.show(before, name)
    if after is not None:
        fields["a"] = told.show(after, name)
    return Phrase(template, **fields)


def joined(clauses: list[str]) -> str:
    """Return clauses as one enumeration; the rest of a long one is only counted."""
    if len(clauses) > _MOST_CLAUSES:
        rest = len(clauses) - _MOST_CLAUSES + 1
        counted = Phrase("changes {count} more settings", count=rest)
        clauses = [*clauses[: _MOST_CLAUSES - 1], counted]
    if len(clauses) == 1:
        return clauses[0]
    return Phrase("{clauses} and {last}", clauses=enumerated(clauses[:-1]), last=clauses[-1])


def _spaced(path: str) -> str:
    words = re.sub(r"[.:]", " ", path)
    words = re.sub(r"(?<=[a-z])([A-Z])", lambda match: " " + match.group(1).lower(), words)
    return shortened(words)
