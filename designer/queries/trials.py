"""Drafts in the sandbox: what can be tried, one trial, and the scenarios of a process again.

Nothing here writes. A trial is played by `engine.sandbox` in a program that reaches nothing; what
it needs of the database is read before and handed to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone

from common import clock
from common.context import Actor
from designer.models.drafts import Draft
from designer.models.scenarios import Scenario
from designer.queries import trial_words
from designer.queries.resources import Holder, contents
from engine.bpmn import parser
from engine.bpmn.elements import StartEvent, UserTask
from engine.bpmn.events import MessageDefinition, SignalDefinition, TimerDefinition
from engine.bpmn.process import Process
from engine.companions import Companions
from engine.forms import Form, sent
from engine.queries import callables
from engine.queries.forms import here_and_now, sheet_of
from engine.sandbox import runner, samples
from governance import access

Row = dict[str, Any]
Lists = Mapping[str, Sequence[str]]

_KINDS = ((MessageDefinition, "message"), (SignalDefinition, "signal"), (TimerDefinition, "timer"))


@dataclass(frozen=True, slots=True)
class Typed:
    """What a browser sent for a form: of the start ("" as `element`) or of a step."""

    element: str
    values: Lists


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial as it is shown, and the scenario that was played."""

    scenario: Row
    report: Row


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a saved scenario; `words` say where it went another way."""

    name: str
    differences: list[Row]
    words: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Tell whether all went as expected."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class _Material:
    """A model as it is tried: its process, and the request to the sandbox without scenarios."""

    process: Process
    request: Row

    @property
    def names(self) -> Mapping[str, str]:
        return {element: node.name or element for element, node in self.process.nodes.items()}


def get_facts(*, actor: Actor, draft_id: UUID) -> Row:
    """Return what a trial of a draft can be given: where it begins, and what answers its steps.

    Raises:
        Draft.DoesNotExist, NotFound, NotAllowed: there is none that the actor may try.
        ScenarioRefused, UnreadableModel: the draft holds nothing that could run.
    """
    draft = to_try(actor, draft_id)
    material = material_of(draft)
    process = material.process
    return {
        "process": process.id,
        "starts": [_start(node) for node in _starts_of(process)],
        "outside": [_asked(one) for one in samples.asked_of(process)],
        "names": dict(material.names),
        "now": clock.now().replace(second=0, microsecond=0).isoformat(),
    }


def try_draft(
    *,
    actor: Actor,
    draft_id: UUID,
    scenario: Row,
    typed: Typed | None = None,
    most_jobs: int | None = None,
) -> Tried:
    """Play a scenario over a draft as it is saved now.

    What was `typed` into a form becomes the values of the start, or of the last step. A last step
    that is refused is taken off the scenario again.

    Raises:
        Draft.DoesNotExist, NotFound, NotAllowed: there is none that the actor may try.
        SandboxBusy, SandboxEnded, ScenarioRefused: it could not be played.
        UnreadableModel, FormUnreadable: the draft cannot be read.
    """
    draft = to_try(actor, draft_id)
    material = material_of(draft)
    played = _filled(material.process, scenario, typed) if typed else scenario
    (report,) = runner.play({**material.request, "scenarios": [played], "most_jobs": most_jobs})
    refused = report["refused"]
    steps = played.get("steps", [])
    if refused is not None and refused["step"] == len(steps) - 1 >= 0:
        kept = {**played, "steps": steps[:-1]}
        return Tried(kept, _shown(report, material, played, steps[-1] if typed else {}))
    return Tried(played, _shown(report, material, played, {}))


def replay(holder: Holder, scenarios: Iterable[Scenario]) -> list[Outcome]:
    """Play saved scenarios over a model, all in one program; say where they went another way.

    Raises:
        SandboxBusy, SandboxEnded, ScenarioRefused: they could not be played.
    """
    saved = list(scenarios)
    if not saved:
        return []
    material = material_of(holder)
    reports = runner.play({**material.request, "scenarios": [one.content for one in saved]})
    return [
        Outcome(one.name, report["differences"], in_words(report["differences"], material.names))
        for one, report in zip(saved, reports, strict=True)
    ]


def in_words(differences: Iterable[Row], names: Mapping[str, str]) -> list[str]:
    """Return differences in sentences."""
    return [trial_words.difference(row, names) for row in differences]


def names_of(holder: Holder) -> Mapping[str, str]:
    """Return what the elements of a model are called."""
    model = parser.read(bytes(holder.xml))
    nodes = (item for process in model.processes for item in process.nodes.items())
    return {element: node.name or element for element, node in nodes}


def to_try(actor: Actor, draft_id: UUID) -> Draft:
    """Return a draft that the actor may try.

    Raises:
        Draft.DoesNotExist, NotFound, NotAllowed: there is none.
    """
    draft = Draft.objects.select_related("process").get(pk=draft_id)
    access.require("draft.try", actor=actor, subject=draft)
    return draft


def material_of(holder: Holder) -> _Material:
    """Return what the sandbox is handed of a model and all it may call."""
    held = contents(holder)
    xml = bytes(holder.xml)
    model = parser.read(xml, Companions.of(held).formbook.texts)
    processes = [*model.executable, *model.processes]
    if not processes:
        raise runner.ScenarioRefused(reason="the drawing holds no process.")
    process = processes[0]
    called = callables.reachable(holder.unit_id, process)
    request = {
        "draft": _file(xml, process.id, held, ()),
        "called": [_file(one.xml, one.model_id, one.files, one.names) for one in called],
        "given": callables.given_to(holder.unit_id),
    }
    return _Material(process, request)


def _file(xml: bytes, process: str, held: Mapping[str, bytes], names: Iterable[str]) -> Row:
    return {
        "model": runner.packed(xml),
        "process": process,
        "files": {name: runner.packed(content) for name, content in held.items()},
        "names": list(names),
    }


# What is typed


def _filled(process: Process, scenario: Row, typed: Typed) -> Row:
    node = process.nodes.get(typed.element) if typed.element else process.none_start
    form = node.form if isinstance(node, UserTask | StartEvent) else None
    if form is None:
        return scenario
    zone, now = timezone.get_current_timezone(), timezone.localtime(clock.now())
    values = sent.from_browser(Form.parse(form), typed.values, zone, now)
    if isinstance(node, StartEvent):
        return {**scenario, "variables": values}
    *before, last = scenario["steps"]
    return {**scenario, "steps": [*before, {**last, "variables": values}]}


# What is shown


def _shown(report: Row, material: _Material, played: Row, refused_step: Row) -> Row:
    refused = report["refused"]
    tasks = [_task(task, refused_step) for task in report["tasks"]]
    return report | {
        "story": [trial_words.told(row) for row in report["story"]],
        "tasks": tasks,
        "start_html": "" if report["state"] != "refused" else _start_again(material, played),
        "differences": in_words(report["differences"], material.names),
        "refused": refused and {"step": refused["step"], "words": trial_words.refusal(refused)},
    }


def _start_again(material: _Material, played: Row) -> str:
    """Return the start form with what does not fit; nothing where there is none."""
    process = material.process
    node = process.nodes.get(played.get("element", "")) or process.none_start
    if not isinstance(node, StartEvent) or node.form is None:
        return ""
    return drawn(node.form, {}, played.get("variables", {}), judges=True)


def _task(task: Row, refused_step: Row) -> Row:
    """Return a waiting task with its form as the server draws it."""
    is_refused = refused_step.get("complete") == task["element"]
    values = refused_step.get("variables") if is_refused else None
    html = drawn(task["form"], task["known"], values, judges=is_refused) if task["form"] else ""
    return {**task, "html": html}


def drawn(form: str, known: Row, values: Row | None, *, judges: bool) -> str:
    """Return a form as markup."""
    parsed = Form.parse(form)
    filled = parsed.filled(known, values, here_and_now())
    sheet = sheet_of(parsed, filled, shows_errors=judges)
    return render_to_string("engine/whole.html", {"sheet": sheet, "redraw": ""})


def _starts_of(process: Process) -> list[StartEvent]:
    nodes = process.nodes.values()
    return [node for node in nodes if isinstance(node, StartEvent) and not node.scope]


def _start(node: StartEvent) -> Row:
    kinds = [kind for made, kind in _KINDS if any(isinstance(d, made) for d in node.definitions)]
    html = drawn(node.form, {}, None, judges=False) if node.form else ""
    return {
        "element": node.id,
        "name": node.name or node.id,
        "kind": kinds[0] if kinds else "none",
        "form": node.form,
        "html": html,
    }


def _asked(one: samples.Asked) -> Row:
    return {
        "key": one.key,
        "element": one.element,
        "name": one.name,
        "job_type": one.job_type,
        "sample": dict(one.sample),
        "errors": list(one.errors),
    }
