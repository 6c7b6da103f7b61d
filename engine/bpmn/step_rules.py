"""Rules about single steps: can their texts be read, and is everything there they need to run?"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from common.phrases import Phrase
from engine.bpmn import texts, timers
from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    BusinessRuleTask,
    Event,
    FlowNode,
    IoMapping,
    MultiInstance,
    ScriptTask,
    SendTask,
    SequenceFlow,
    ServiceTask,
    StandardLoop,
    StarlarkTask,
    StartEvent,
    ThrowEvent,
    UserTask,
    WorkerTask,
)
from engine.bpmn.events import ErrorDefinition, TimerDefinition
from engine.bpmn.problems import problem
from engine.bpmn.process import Process
from engine.bpmn.surroundings import Surroundings
from engine.circuit import CIRCUIT_OPEN
from engine.expressions import FeelSyntaxError, parse
from engine.forms import Form, FormUnreadable
from engine.problems import Problem, listed

MAX_WRITTEN = 1_000_000
MOST_INSTANCES = 100_000
"""As many tokens as a scope may hold; see `engine.semantics.environment.Limits`."""

_SHOWS_FORM = StartEvent | UserTask
_NAMES_CONNECTOR = ServiceTask | ThrowEvent
_VARIABLE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def problems(process: Process, around: Surroundings) -> Iterator[Problem]:
    """Yield what keeps single steps and flows from running."""
    written = {node.id: tuple(texts.of(node)) for node in process.nodes.values()}
    if _length(process, written) > MAX_WRITTEN:
        yield problem("too_many_expressions", process.id, process.name, limit=MAX_WRITTEN)
        return
    for flow in process.flows.values():
        if flow.condition is not None:
            yield from _expression(flow, Phrase("condition"), flow.condition)
    for node in process.nodes.values():
        yield from _readable(node, written[node.id])
        for rule in _rules_of(type(node)):
            yield from rule(node)
        if process.is_detailed:
            yield from _forgotten(node)
        yield from _connector(node, around.jobs)
        yield from _called_decision(node, around.decisions)
    yield from _decisions(process)
    yield from _fallbacks(process)


def _readable(node: FlowNode, written: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    for what, text in written:
        yield from _expression(node, what, text)
    for name in texts.variables(node):
        if not _VARIABLE.fullmatch(name):
            yield problem("variable_unreadable", node.id, node.name, variable=name[:60])


def _length(process: Process, written: Mapping[str, Iterable[tuple[str, str]]]) -> int:
    """Return how many characters of expressions and forms there are to read, before reading any.

    A form counts as often as it is used, because it is read as often.
    """
    total = sum(len(flow.condition or "") for flow in process.flows.values())
    for node in process.nodes.values():
        for _, text in written[node.id]:
            total += len(text)
        for _, _, text in _timer_texts(node):
            total += len(text)
        if isinstance(node, _SHOWS_FORM):
            total += len(node.form or "")
    return total


def _expression(place: FlowNode | SequenceFlow, what: str, text: str) -> Iterator[Problem]:
    """Yield the problem of FEEL text that cannot be read."""
    for sentence in _faults(text):
        yield problem("expression_unreadable", place.id, place.name, what=what, sentence=sentence)


def _faults(text: str) -> tuple[str, ...]:
    try:
        return parse(text).doubts
    except FeelSyntaxError as error:
        return (error.sentence,)


def _forgotten(node: FlowNode) -> Iterator[Problem]:
    """Yield what a file that knows of execution details should say, and does not."""
    if isinstance(node, BusinessRuleTask) and not (node.decision or node.job_type):
        yield problem("decision_missing", node.id, node.name)
    elif isinstance(node, SendTask) and not (node.definition or node.job_type):
        yield problem("message_missing", node.id, node.name)
    elif type(node) is ServiceTask and not node.job_type:
        yield problem("connector_missing", node.id, node.name)
    elif isinstance(node, UserTask) and not (node.gate or _people(node)):
        yield problem("user_task_unassigned", node.id, node.name)


def _people(node: UserTask) -> bool:
    return any((node.assignee, node.candidate_groups, node.candidate_users))


def _user_task(node: UserTask) -> Iterator[Problem]:
    if node.gate and not _people(node):
        yield problem("gate_unassigned", node.id, node.name)
    if node.due is not None and not node.due.startswith("=") and not _is_due(node.due):
        yield _unreadable_timer(node, Phrase("due date"), node.due, "date")
    yield from _form(node, node.form)


def _is_due(text: str) -> bool:
    """Return whether a due date can be read: a moment, or a span from when the work begins."""
    return timers.is_date(text) or (timers.is_duration(text) and timers.is_forward(text))


def _start(node: StartEvent) -> Iterator[Problem]:
    yield from _form(node, node.form)


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
        if not isinstance(node, _SHOWS_FORM) or getattr(node, "gate", None):
            continue
        for name in sorted(_set_by(node.form) & process.decided):
            yield problem("decision_reserved", node.id, node.name, field=name[:60])


def _set_by(form: str | None) -> frozenset[str]:
    """Return the variables a form sets; that one cannot be read is told by another rule."""
    try:
        return Form.parse(form).sets if form else frozenset()
    except FormUnreadable:
        return frozenset()


def _timers(node: Event) -> Iterator[Problem]:
    repeats = isinstance(node, StartEvent) and (not node.scope or not node.interrupting)
    repeats = repeats or (isinstance(node, BoundaryEvent) and not node.interrupting)
    for kind, what, text in _timer_texts(node):
        why = timers.unreadable(kind, text)
        if why:
            yield problem("expression_unreadable", node.id, node.name, what=what, sentence=why)
        elif why is not None:
            yield _unreadable_timer(node, what, text, kind)
        elif kind == "cycle":
            yield from _cycle(node, text, repeats=repeats)


def _timer_texts(node: FlowNode) -> Iterator[tuple[str, str, str]]:
    """Yield the texts of a node's timers: their kind, what they are called, and themselves."""
    for one in node.definitions if isinstance(node, Event) else ():
        if isinstance(one, TimerDefinition):
            for kind in timers.EXAMPLES:
                text: str | None = getattr(one, kind)
                if text is not None:
                    yield kind, Phrase(kind), text


def _cycle(node: FlowNode, text: str, *, repeats: bool) -> Iterator[Problem]:
    if not repeats:
        yield problem("timer_kind", node.id, node.name)
    if timers.is_cycle(text) and timers.is_endless(text):
        yield problem("timer_endless", node.id, node.name)


def _unreadable_timer(node: FlowNode, what: str, text: str, kind: str) -> Problem:
    example = timers.EXAMPLES[kind]
    return problem(
        "timer_unreadable", node.id, node.name, what=what, text=text[:60], example=example
    )


def _script(node: ScriptTask | StarlarkTask) -> Iterator[Problem]:
    # Whether Starlark can be read is the runner's to say: strangers' is parsed nowhere else.
    if not (node.source if isinstance(node, StarlarkTask) else node.expression):
        yield problem("script_missing", node.id, node.name)
    elif not node.result_variable:
        yield problem("result_missing", node.id, node.name)


def _repeated(node: Activity) -> Iterator[Problem]:
    loop = node.loop
    if isinstance(loop, MultiInstance):
        if loop.cardinality is None and loop.collection is None:
            yield problem("instances_missing", node.id, node.name)
        count = loop.cardinality or ""
        if count.isascii() and count.isdecimal() and _is_more(count, MOST_INSTANCES):
            limit = MOST_INSTANCES
            yield problem("instances_many", node.id, node.name, count=count[:40], limit=limit)
    if isinstance(loop, StandardLoop) and loop.condition is None and loop.maximum is None:
        yield problem("cycle_unbounded", node.id, node.name)


def _is_more(digits: str, limit: int) -> bool:
    # Not every text of digits can be made a number of: a file may hold a million of them.
    written = digits.lstrip("0")
    return len(written) > len(str(limit)) or int(written or "0") > limit


def _retries(node: WorkerTask | ThrowEvent) -> Iterator[Problem]:
    waits = [
        (what, text)
        for retry in (node.retry, node.environment_retry)
        for what, text in (("first delay", retry.first_delay), ("cap", retry.cap))
    ]
    if node.retry.deadline:
        waits.append(("deadline", node.retry.deadline))
    for what, text in waits:
        if not _is_wait(text):
            told = Phrase("{setting} “{text}”", setting=Phrase(what), text=text[:20])
            yield problem("retry_unreadable", node.id, node.name, what=told)


def _is_wait(text: str) -> bool:
    return timers.is_duration(text) and not text.strip().startswith("-")


def _circuit(node: ServiceTask) -> Iterator[Problem]:
    if node.throw_after and not _is_wait(node.throw_after):
        yield problem("circuit_unreadable", node.id, node.name, text=node.throw_after[:20])


def _fallbacks(process: Process) -> Iterator[Problem]:
    """Yield the steps that throw when their system is not called, where nothing at them catches."""
    for node in process.nodes.values():
        if isinstance(node, ServiceTask) and node.throw_after:
            boundaries = process.boundaries.get(node.id, ())
            definitions = [each for boundary in boundaries for each in boundary.definitions]
            if not any(
                isinstance(each, ErrorDefinition) and each.code in (None, "", CIRCUIT_OPEN)
                for each in definitions
            ):
                yield problem("fallback_missing", node.id, node.name, error=CIRCUIT_OPEN)


def _connector(node: FlowNode, known: Mapping[str, Collection[str]] | None) -> Iterator[Problem]:
    named = node.job_type if isinstance(node, _NAMES_CONNECTOR) else ""
    if known is None or not named or named.startswith("="):
        return
    if named not in known:
        listed = ", ".join(sorted(known)) or Phrase("none")
        job_type = named[:60]
        yield problem("connector_unknown", node.id, node.name, job_type=job_type, known=listed)
        return
    given = {mapping.target.partition(".")[0] for mapping in _inputs(node)}
    for name in sorted(set(known[named]) - given):
        yield problem("connector_input_missing", node.id, node.name, job_type=named, input=name)


def _called_decision(
    node: FlowNode, known: Mapping[str, Collection[str]] | None
) -> Iterator[Problem]:
    asked = node.decision if isinstance(node, BusinessRuleTask) and not node.job_type else None
    if known is None or asked is None or asked.decision_id.startswith("="):
        return
    files = known.get(asked.decision_id, ())
    decision = asked.decision_id[:80]
    if not files:
        listed_ids = listed(sorted(known)) or Phrase("none")
        yield problem(
            "called_decision_unknown", node.id, node.name, decision=decision, known=listed_ids
        )
    elif len(files) > 1:
        held = listed(sorted(files))
        yield problem("called_decision_twice", node.id, node.name, decision=decision, files=held)


def _inputs(node: FlowNode) -> tuple[IoMapping, ...]:
    return node.inputs if isinstance(node, Activity | ThrowEvent) else ()


# The key is the type of the argument; a mapping cannot say so.
_Rule = Callable[..., Iterator[Problem]]
_RULES: Mapping[type[FlowNode], _Rule] = {
    Activity: _repeated,
    UserTask: _user_task,
    StartEvent: _start,
    Event: _timers,
    ScriptTask: _script,
    StarlarkTask: _script,
    WorkerTask: _retries,
    ThrowEvent: _retries,
    ServiceTask: _circuit,
}


_RULES_OF: dict[type[FlowNode], tuple[_Rule, ...]] = {}


def _rules_of(kind: type[FlowNode]) -> tuple[_Rule, ...]:
    """Return the rules about a kind of node, which are found once."""
    if kind not in _RULES_OF:
        found = tuple(rule for judged, rule in _RULES.items() if issubclass(kind, judged))
        _RULES_OF[kind] = found
    return _RULES_OF[kind]
