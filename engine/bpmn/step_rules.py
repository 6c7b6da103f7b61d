"""Rules about single steps: can their texts be read, and is everything there they need to run?"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields
from typing import TypeAlias

from common.phrases import Phrase
from engine.bpmn import timers
from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    FlowNode,
    IntermediateCatchEvent,
    ScriptTask,
    SequenceFlow,
    ServiceTask,
    StarlarkTask,
    StartEvent,
    UserTask,
    WorkerTask,
)
from engine.bpmn.events import EventDefinition, MessageDefinition, TimerDefinition
from engine.bpmn.problems import problem
from engine.bpmn.process import Process
from engine.expressions import FeelSyntaxError, parse
from engine.forms import Field, Form, FormUnreadable
from engine.problems import Problem

KnownJobs: TypeAlias = Mapping[str, Collection[str]]
"""The connectors that are installed: job type to the names of the inputs it needs."""

MAX_WRITTEN = 1_000_000
_NEVER_READ = frozenset({"documentation", "name"})
_VARIABLE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def problems(process: Process, known_jobs: KnownJobs | None) -> Iterator[Problem]:
    """Yield what keeps single steps and flows from running; None installs every connector."""
    if _written(process) > MAX_WRITTEN:
        yield problem("too_many_expressions", process.id, process.name, limit=MAX_WRITTEN)
        return
    for flow in process.flows.values():
        yield from _expression(flow, Phrase("condition"), flow.condition)
    for node in process.nodes.values():
        if isinstance(node, Activity):
            yield from _mappings(node)
        for kind, rule in _RULES.items():
            if isinstance(node, kind):
                yield from rule(node)
        if isinstance(node, ServiceTask):
            yield from _connector(node, known_jobs)
    yield from _decisions(process)


def _written(process: Process) -> int:
    """Return how many characters of expressions and forms there are to read, before reading any.

    A form counts as often as it is used, because it is read as often.
    """
    total = sum(len(flow.condition or "") for flow in process.flows.values())
    for node in process.nodes.values():
        total += _length(node)
        if isinstance(node, Activity):
            total += sum(len(mapping.source) for mapping in (*node.inputs, *node.outputs))
        definition = getattr(node, "definition", None)
        if definition is not None:
            total += _length(definition)
    return total


def _length(value: FlowNode | EventDefinition) -> int:
    texts = [getattr(value, one.name) for one in fields(value) if one.name not in _NEVER_READ]
    return sum(len(text) for text in texts if isinstance(text, str))


def _expression(place: FlowNode | SequenceFlow, what: str, text: str | None) -> Iterator[Problem]:
    """Yield the problem of FEEL text that cannot be read."""
    if text is None:
        return
    for sentence in _faults(text):
        yield problem("expression_unreadable", place.id, place.name, what=what, sentence=sentence)


def _faults(text: str) -> tuple[str, ...]:
    try:
        return parse(text).doubts
    except FeelSyntaxError as error:
        return (error.sentence,)


def _marked(place: FlowNode, what: str, text: str | None) -> Iterator[Problem]:
    """Check a zeebe text: an expression only after `=`."""
    if text is not None and text.startswith("="):
        yield from _expression(place, what, text[1:])


def _mappings(node: Activity) -> Iterator[Problem]:
    for direction, mappings in (("input", node.inputs), ("output", node.outputs)):
        for mapping in mappings:
            what = Phrase(f"{direction} mapping to `{{target}}`", target=mapping.target[:60])
            yield from _expression(node, what, mapping.source)
            yield from _variable(node, mapping.target)


def _variable(node: FlowNode, name: str) -> Iterator[Problem]:
    if not _VARIABLE.fullmatch(name):
        yield problem("variable_unreadable", node.id, node.name, variable=name[:60])


def _user_task(node: UserTask) -> Iterator[Problem]:
    people = {
        "assignee": node.assignee,
        "candidate groups": node.candidate_groups,
        "candidate users": node.candidate_users,
    }
    if not any(people.values()):
        code = "gate_unassigned" if node.gate else "user_task_unassigned"
        yield problem(code, node.id, node.name)
    for what, text in {**people, "priority": node.priority, "due date": node.due}.items():
        yield from _marked(node, Phrase(what), text)
    if node.due is not None and not node.due.startswith("=") and not _is_due(node.due):
        yield _unreadable_timer(node, Phrase("due date"), node.due, "date")
    yield from _form(node, node.form)


def _is_due(text: str) -> bool:
    """Return whether a due date can be read: a moment, or a span from when the work begins."""
    return timers.is_date(text) or (timers.is_duration(text) and timers.is_forward(text))


def _start(node: StartEvent) -> Iterator[Problem]:
    yield from _form(node, node.form)
    yield from _timer(node, node.definition, repeats=True)


def _catch(node: IntermediateCatchEvent) -> Iterator[Problem]:
    yield from _timer(node, node.definition, repeats=False)
    if isinstance(node.definition, MessageDefinition):
        yield from _expression(node, Phrase("correlation key"), node.definition.correlation_key)


def _boundary(node: BoundaryEvent) -> Iterator[Problem]:
    yield from _timer(node, node.definition, repeats=not node.interrupting)


def _form(node: FlowNode, form: str | None) -> Iterator[Problem]:
    if form is None:
        return
    try:
        Form.parse(form)
    except FormUnreadable as error:
        yield problem("form_unreadable", node.id, node.name, sentence=error.sentence)


def _decisions(process: Process) -> Iterator[Problem]:
    """Yield the fields of ordinary forms that would set what only the vote at a gate sets."""
    for node in process.nodes.values():
        if not isinstance(node, StartEvent | UserTask) or getattr(node, "gate", None):
            continue
        for field in _fields(node.form):
            if field.takes_value and field.key in process.decided:
                yield problem("decision_reserved", node.id, node.name, field=field.key[:60])


def _fields(form: str | None) -> tuple[Field, ...]:
    """Return the fields of a form; that one cannot be read is told by another rule."""
    try:
        return Form.parse(form).fields if form else ()
    except FormUnreadable:
        return ()


def _timer(node: FlowNode, definition: object, *, repeats: bool) -> Iterator[Problem]:
    if not isinstance(definition, TimerDefinition):
        return
    for kind in timers.EXAMPLES:
        text: str | None = getattr(definition, kind)
        if text is None:
            continue
        why = timers.unreadable(kind, text)
        if why:
            yield problem(
                "expression_unreadable", node.id, node.name, what=Phrase(kind), sentence=why
            )
        elif why is not None:
            yield _unreadable_timer(node, Phrase(kind), text, kind)
        elif kind == "cycle":
            yield from _cycle(node, text, repeats=repeats)


def _cycle(node: FlowNode, text: str, *, repeats: bool) -> Iterator[Problem]:
    if not repeats:
        yield problem("timer_kind", node.id, node.name)
    if timers.is_cycle(text) and not timers.is_forward(timers.step_of(text)):
        yield problem("timer_endless", node.id, node.name)


def _unreadable_timer(node: FlowNode, what: str, text: str, kind: str) -> Problem:
    example = timers.EXAMPLES[kind]
    return problem(
        "timer_unreadable", node.id, node.name, what=what, text=text[:60], example=example
    )


def _script(node: ScriptTask) -> Iterator[Problem]:
    yield from _scripted(node, node.expression)
    yield from _expression(node, Phrase("script"), node.expression or None)


def _starlark(node: StarlarkTask) -> Iterator[Problem]:
    # Whether it can be read is the runner's to say: strangers' Starlark is parsed nowhere else.
    yield from _scripted(node, node.source)
    yield from _retries(node)


def _scripted(node: ScriptTask | StarlarkTask, text: str) -> Iterator[Problem]:
    if not text:
        yield problem("script_missing", node.id, node.name)
    elif not node.result_variable:
        yield problem("result_missing", node.id, node.name)
    else:
        yield from _variable(node, node.result_variable)


def _retries(node: WorkerTask) -> Iterator[Problem]:
    waits = {"first delay": node.retry.first_delay, "cap": node.retry.cap}
    for what, text in waits.items():
        if not timers.is_duration(text) or text.strip().startswith("-"):
            told = Phrase("{setting} “{text}”", setting=Phrase(what), text=text[:20])
            yield problem("retry_unreadable", node.id, node.name, what=told)


def _connector(node: ServiceTask, known: KnownJobs | None) -> Iterator[Problem]:
    if not node.job_type:
        yield problem("connector_missing", node.id, node.name)
    elif known is not None and node.job_type not in known:
        listed = ", ".join(sorted(known)) or Phrase("none")
        job_type = node.job_type[:60]
        yield problem("connector_unknown", node.id, node.name, job_type=job_type, known=listed)
    elif known is not None:
        given = {mapping.target.partition(".")[0] for mapping in node.inputs}
        for name in sorted(set(known[node.job_type]) - given):
            yield problem(
                "connector_input_missing", node.id, node.name, job_type=node.job_type, input=name
            )


# The key is the type of the argument; a mapping cannot say so.
_RULES: Mapping[type[FlowNode], Callable[..., Iterator[Problem]]] = {
    UserTask: _user_task,
    StartEvent: _start,
    IntermediateCatchEvent: _catch,
    BoundaryEvent: _boundary,
    ScriptTask: _script,
    StarlarkTask: _starlark,
    ServiceTask: _retries,
}
