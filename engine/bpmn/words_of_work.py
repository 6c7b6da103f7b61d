"""How the work is told: tasks, calls, their data, and texts for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from common.phrases import Phrase
from engine.bpmn.property_words import (
    Words,
    any_form,
    as_approvals,
    as_times,
    bare,
    duration,
    members,
)
from engine.bpmn.vocabulary import kind_words

_CALLED_PROCESS: Final = Words(
    "Called process",
    "behaviour",
    "high",
    "calls {a} instead of {b}",
    "calls {a}",
    "no longer calls {b}",
    bare,
)

WORK: Final[Mapping[str, Words]] = {
    "calledElement": _CALLED_PROCESS,
    "calledElement.processId": _CALLED_PROCESS,
    "calledElement.bindingType": Words("Version that is called", "behaviour", "high", show=bare),
    "calledElement.propagateAllParentVariables": Words(
        "All variables go in", "data", "medium", show=bare
    ),
    "calledElement.propagateAllChildVariables": Words(
        "All variables come out", "data", "medium", show=bare
    ),
    "calledDecision.decisionId": Words(
        "Decision",
        "behaviour",
        "high",
        "asks the decision {a} instead of {b}",
        "asks the decision {a}",
        "no longer asks the decision {b}",
        bare,
    ),
    "calledDecision.resultVariable": Words(
        "Result variable",
        "data",
        "medium",
        "writes the decision to {a} instead of {b}",
        "writes the decision to {a}",
        "no longer writes the decision to {b}",
    ),
    "versionTag.value": Words("Version tag", "text", "low"),
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
        bare,
    ),
    "taskDefinition.retries": Words(
        "Retries",
        "behaviour",
        "low",
        "retries {a} instead of {b}",
        "retries {a}",
        "no longer says how often it retries (it was {b})",
        as_times,
    ),
    "retry.attempts": Words(
        "Retries",
        "behaviour",
        "low",
        "retries {a} instead of {b}",
        "retries {a}",
        "no longer says how often it retries (it was {b})",
        as_times,
    ),
    "retry.firstDelay": Words(
        "First wait before a retry",
        "behaviour",
        "low",
        "waits {a} instead of {b} before the first retry",
        "waits {a} before the first retry",
        "no longer says how long it waits before the first retry (it was {b})",
        duration,
    ),
    "retry.cap": Words(
        "Longest wait before a retry",
        "behaviour",
        "low",
        "waits at most {a} instead of {b} between retries",
        "waits at most {a} between retries",
        "no longer says how long it waits at most between retries (it was {b})",
        duration,
    ),
    "retry.factor": Words("Factor between retries", "behaviour", "low", show=bare),
    "gate": Words(
        "Approvals needed",
        "behaviour",
        "high",
        "needs {a} instead of {b}",
        "becomes a gate that needs {a}",
        "is no longer a gate (it needed {b})",
        as_approvals,
    ),
    "assignmentDefinition.assignee": Words(
        "Assignee",
        "data",
        "high",
        "goes to {a} instead of {b}",
        "goes to {a}",
        "no longer goes to {b}",
        bare,
    ),
    "assignmentDefinition.candidateGroups": Words(
        "Offered to",
        "data",
        "high",
        "is offered to {a} instead of {b}",
        "is offered to {a}",
        "is no longer offered to {b}",
        bare,
    ),
    "assignmentDefinition.candidateUsers": Words(
        "Offered to people",
        "data",
        "high",
        "is offered to {a} instead of {b}",
        "is offered to {a}",
        "is no longer offered to {b}",
        bare,
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
        any_form,
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
        members,
    ),
}
FAMILIES: Final[Mapping[str, Words]] = {
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
    "listener": Words(
        "Listener {key}",
        "behaviour",
        "medium",
        "tells {a} instead of {b} ({key})",
        "tells {a} ({key})",
        "no longer tells {b} ({key})",
        bare,
    ),
}

RENAMED: Final = Words("Name", "data", "medium", "has {a} where it had {b}, with the same value")
"""A row of such a table under another key."""
