"""Where a trial is played: one run of the draft, and the runs it calls.

The machine, its journal, decisions, forms, timers and retries are the engine's own, as a scenario
of the conformance suite plays them. Nothing else starts by itself here, and nothing leaves: what is
thrown to other processes is only told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from engine.bpmn.elements import StartEvent, UserTask
from engine.bpmn.process import Process
from engine.conformance.instances import Instance
from engine.conformance.world import Values, World, seen_by
from engine.decisions.rulebook import NO_DECISIONS, Rulebook
from engine.errors import ReasonMissing
from engine.expressions.moments import moment_of
from engine.forms import Moment
from engine.semantics import answers, user_tasks, variables
from engine.semantics.commands import Command, CompleteUserTask
from engine.semantics.environment import Limits
from engine.semantics.events import Event
from engine.semantics.state import Job

#: A sandbox is for looking at one run: what needs more has gone astray.
MOST_COMMANDS = 2_000
LIMITS = Limits(budget=5_000, transitions=20_000, tokens=2_000)


@dataclass(frozen=True, slots=True)
class Part:
    """A process that may run in the sandbox, with the decisions that travel with it."""

    process: Process
    decisions: Rulebook = NO_DECISIONS


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of a run, and when it happened."""

    instance: Instance
    at: datetime
    event: Event


@dataclass
class Sandbox(World):
    """The world of a trial. `heard` is everything that happened, in order.

    `parts` are the draft's process and those it may call, by each name they are called by. No more
    than `most_jobs` are answered, so that one can go from call to call; None answers all.
    """

    parts: Mapping[str, Part] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    most_jobs: int | None = None
    most: int = MOST_COMMANDS
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Know the processes; see `World`."""
        self.processes = {name: part.process for name, part in self.parts.items()}
        self._rulebooks = {one.process.id: one.decisions for one in self.parts.values()}
        super().__post_init__()

    def start(self, process: str, name: str, given: Values, element: str = "") -> Instance:
        """Start the run; what a start form asks for is judged as it is for people.

        Raises:
            FormIncomplete: the values are not what the form asks for.
            DomainError: it cannot begin.
        """
        node = self.processes[process].nodes.get(element) or self.processes[process].none_start
        if isinstance(node, StartEvent) and node.form is not None:
            given = answers.read(node.form, given, lambda _names: {}, self._moment())
        return super().start(process, name, given, element)

    def do(self, instance: Instance, command: Command) -> None:
        """Carry out a command; what a person hands in is judged as it is on their page.

        Raises:
            FormIncomplete, ReasonMissing: it is not what the step asks for.
            DomainError: the machine refuses the command.
        """
        if isinstance(command, CompleteUserTask):
            command = self._judged(instance, command)
        super().do(instance, command)

    def next_job(self) -> tuple[Instance, Job] | None:
        """Return the job that would be answered next, while it is held."""
        return self._due_job()

    def next_due(self) -> datetime | None:
        """Return when something happens by itself, if time passes."""
        return self._next_due()

    def _judged(self, instance: Instance, command: CompleteUserTask) -> CompleteUserTask:
        task = instance.state.user_tasks[command.activity]
        if command.decision == user_tasks.REJECT and not command.reason.strip():
            raise ReasonMissing
        node = instance.process.nodes[task.element]
        form = node.form if isinstance(node, UserTask) else None
        known = partial(_named, known_at(instance, command.activity))
        given = answers.read(form, command.variables, known, self._moment())
        return replace(command, variables=given)

    def _moment(self) -> Moment:
        return Moment(moment_of(self.now), self.now.date(), self.now.tzinfo)

    def _arm(self) -> None:
        """Let nothing start by itself: a trial is of one run."""

    def _answer_a_job(self) -> bool:
        is_held = self.most_jobs is not None and len(self.called) >= self.most_jobs
        return False if is_held else super()._answer_a_job()

    def _new(
        self, process: Process, identity: str = "", parent: tuple[Instance, str] | None = None
    ) -> Instance:
        instance = super()._new(process, identity, parent)
        instance.decisions = self._rulebooks.get(process.id, NO_DECISIONS)
        instance.given, instance.limits = self.given, LIMITS
        return instance

    def _follow(self, instance: Instance, event: Event) -> None:
        self.heard.append(Heard(instance, self.now, event))
        super()._follow(instance, event)


def known_at(instance: Instance, activity: str) -> Values:
    """Return the variables that are seen at a user task."""
    state = instance.state
    task = state.user_tasks[activity]
    scope = activity if activity in state.scopes else state.tokens[task.token].scope
    return dict(variables.view(state, scope))


def inputs_of(instance: Instance, job: Job) -> Values:
    """Return what would leave with a call: what the input mappings wrote, or a script's names."""
    node = instance.process.nodes[job.element]
    names = {one.target.partition(".")[0] for one in getattr(node, "inputs", ())}
    return {name: value for name, value in seen_by(instance, job).items() if name in names}


def _named(known: Mapping[str, Any], names: Iterable[str]) -> Mapping[str, Any]:
    return {name: known[name] for name in names if name in known}
