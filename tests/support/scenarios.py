"""Runs conformance scenarios (format 1: a model, steps, what is expected) against the pure machine.

Everything is in memory: the clock is virtual, jobs are answered by the scenario's stubs, and
messages find their receivers by the variables of the waiting instances.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.bpmn.elements import Activity, Event, FlowNode, StartEvent
from engine.bpmn.events import MessageDefinition, TerminateDefinition, TimerDefinition
from engine.bpmn.parser import Model
from engine.bpmn.process import Process
from engine.semantics import timers, variables
from engine.semantics.behaviours import BEHAVIOURS
from engine.semantics.commands import (
    CompleteJob,
    CompleteUserTask,
    CorrelateMessage,
    SetVariables,
    StartInstance,
    TriggerTimer,
)
from engine.semantics.state import Timer
from engine.semantics.timers import Due
from tests.support.runs import T0, Run


class Differs(AssertionError):
    """The machine did something else than the scenario expects."""


@dataclass
class StartTimer:
    """A timer start event that waits for its time."""

    element: str
    due: Due


@dataclass
class World:
    """One deployed process, its instances by name, and the virtual clock."""

    process: Process
    stubs: Mapping[str, Any]
    now: datetime = T0
    runs: dict[str, Run] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    start_timers: list[StartTimer] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Arm the timer start events, as deploying does."""
        for start, definition in self._starts(TimerDefinition):
            due = timers.first_due(definition, lambda text: text, self.now)
            self.start_timers += [StartTimer(start.id, due)] if due else []

    def start(self, name: str, given: dict[str, Any], element: str = "") -> Run:
        run = self.runs[name] = Run(self.process)
        self._do(run, StartInstance(given, element=element))
        return run

    def complete(self, run: Run, element: str, given: dict[str, Any], index: int) -> None:
        if element not in waiting(run):
            raise Differs(f"{element} is not waiting, but {waiting(run)}")
        self._do(run, CompleteUserTask(run.task(element, index), "ada", given))

    def set_variables(self, run: Run, given: dict[str, Any]) -> None:
        self._do(run, SetVariables(given))

    def publish(
        self, name: str, correlation: dict[str, Any], given: dict[str, Any], new: str
    ) -> int:
        """Deliver to the one instance that waits, else to a message start event."""
        for run, subscription in self._receivers(name, correlation):
            self._do(run, CorrelateMessage(subscription, given))
            return 1
        for start, definition in self._starts(MessageDefinition):
            if definition.name == name:
                self.start(new, given, start.id)
                return 1
        return 0

    def advance(self, text: str) -> None:
        """Move the clock; what is due fires in order of due time, each at its own."""
        until = timers.duration(text).after(self.now)
        while (due := self._next_due()) is not None and due <= until:
            self.now = max(self.now, due)
            self._fire(due)
        self.now = until

    def _fire(self, due: datetime) -> None:
        for start in [each for each in self.start_timers if each.due.at == due]:
            self.start_timers.remove(start)
            self.start(f"timer {len(self.runs)}", {}, start.element)
            following = timers.next_due(start.due, self.now)
            self.start_timers += [StartTimer(start.element, following)] if following else []
        for run, timer in self._timers():
            if timer.due_at == due and timer.id in run.state.timers:
                self._do(run, TriggerTimer(timer.id))

    def _next_due(self) -> datetime | None:
        dues = [start.due.at for start in self.start_timers]
        return min([*dues, *(timer.due_at for _, timer in self._timers())], default=None)

    def _timers(self) -> list[tuple[Run, Timer]]:
        return [(run, timer) for run in self.runs.values() for timer in run.state.timers.values()]

    def _receivers(self, name: str, correlation: dict[str, Any]) -> Iterator[tuple[Run, str]]:
        for run in self.runs.values():
            fits = all(run.variables.get(key) == value for key, value in correlation.items())
            for subscription in list(run.state.subscriptions.values()):
                if subscription.name == name and fits:
                    yield run, subscription.id

    def _starts(self, kind: type[Any]) -> Iterator[tuple[StartEvent, Any]]:
        for node in self.process.nodes.values():
            if isinstance(node, StartEvent) and isinstance(node.definition, kind):
                yield node, node.definition

    def _do(self, run: Run, command: Any) -> None:
        run.now = self.now
        run.do(command)
        while run.state.jobs:
            job = next(iter(run.state.jobs.values()))
            seen = (
                variables.view(run.state, job.activity)
                if job.activity in run.state.scopes
                else run.variables
            )
            self.calls.append({"id": job.element, "with": dict(seen)})
            run.do(CompleteJob(job.activity, job.generation, self._answer(job.element, seen)))

    def _answer(self, element: str, seen: Mapping[str, Any]) -> dict[str, Any]:
        stub = self.stubs.get(element, {})
        if isinstance(stub, list):
            called = sum(call["id"] == element for call in self.calls)
            stub = stub[min(called, len(stub)) - 1]
        return {
            name: variables.text_of(value, seen) if isinstance(value, str) else value
            for name, value in stub.get("returns", {}).items()
        }


def waiting(run: Run) -> list[str]:
    """Return what waits for a person, a message or a timer in the flow."""
    jobs = {job.element for job in run.state.jobs.values()}
    return sorted(element for element in run.waiting if element not in jobs)


def state_of(run: Run) -> str:
    """Return the state in the words of the format."""
    if run.state.incidents:
        return "failed"
    return "completed" if run.state.is_finished else "waiting"


def play(scenario: Mapping[str, Any], process: Process) -> None:
    """Do the steps and compare.

    Raises:
        Differs: Something is not as the scenario says.
    """
    world = World(process, scenario.get("jobs", {}))
    if scenario.get("start", True):
        world.start("main", scenario.get("variables", {}))
    for step in scenario["steps"]:
        _STEPS[next(iter(step.keys() & _STEPS.keys()))](world, step)
    if "expect" in scenario:
        compare(scenario["expect"], world, "main")
    for name, expected in scenario.get("expect_instances", {}).items():
        compare(expected, world, name)
    _expect_count(world, scenario)


def compare(expected: Mapping[str, Any], world: World, name: str) -> None:
    """Compare one instance with what is expected of it.

    Raises:
        Differs: A part is not as expected.
    """
    run = world.runs[name]
    passed = Counter(run.passed)
    order = expected.get("sequence", [])
    found: dict[str, Any] = {
        "state": state_of(run),
        "waiting": waiting(run),
        "visited": {element: passed[element] for element in expected.get("visited", {})},
        "sequence": [element for element in run.passed if element in order],
        "variables": {key: run.variables.get(key) for key in expected.get("variables", {})},
    }
    for part in expected.keys() & found.keys():
        wanted = sorted(expected[part]) if part == "waiting" else expected[part]
        if found[part] != wanted:
            raise Differs(f"{name}: {part} is {found[part]}, expected {wanted}")
    _compare_calls(expected, world)


def _compare_calls(expected: Mapping[str, Any], world: World) -> None:
    for part in expected.keys() & {"calls", "calls_any"}:
        wanted = expected[part]
        found = [call for call in world.calls if call["id"] in {each["id"] for each in wanted}]
        if part == "calls_any":
            wanted, found = sorted(wanted, key=json.dumps), sorted(found, key=json.dumps)
        for call, one in zip(found, wanted, strict=True):
            if call["id"] != one["id"] or not one.get("with", {}).items() <= call["with"].items():
                raise Differs(f"call {call}, expected {one}")


def _run(world: World, step: Mapping[str, Any]) -> Run:
    return world.runs[step.get("on", "main")]


def _start(world: World, step: Mapping[str, Any]) -> None:
    world.start(step["as"], step.get("variables", {}))


def _complete(world: World, step: Mapping[str, Any]) -> None:
    given, index = step.get("variables", {}), step.get("index", 0)
    world.complete(_run(world, step), step["complete"], given, index)


def _message(world: World, step: Mapping[str, Any]) -> None:
    delivered = world.publish(
        step["message"],
        step.get("correlation", {}),
        step.get("variables", {}),
        step.get("as", f"message {len(world.runs)}"),
    )
    if delivered != step.get("delivered", delivered):
        raise Differs(f"{step}: delivered {delivered}")


def _advance(world: World, step: Mapping[str, Any]) -> None:
    world.advance(step["advance"])


def _set(world: World, step: Mapping[str, Any]) -> None:
    world.set_variables(_run(world, step), step["set"])


def _expect(world: World, step: Mapping[str, Any]) -> None:
    parts = {key.removeprefix("expect_"): value for key, value in step.items()}
    compare(parts, world, step.get("on", "main"))


def _expect_count(world: World, step: Mapping[str, Any]) -> None:
    for process, count in step.get("expect_count", {}).items():
        created = len(world.runs) if process == world.process.id else 0
        if created != count:
            raise Differs(f"{created} instances of {process}, expected {count}")


_STEPS = {
    "start": _start,
    "complete": _complete,
    "message": _message,
    "advance": _advance,
    "set": _set,
    "expect_waiting": _expect,
    "expect_visited": _expect,
    "expect_state": _expect,
    "expect_count": _expect_count,
}


def scenarios(folder: Path) -> list[Path]:
    """Return the scenario files of a folder, in order of name."""
    return sorted(folder.glob("*.json"))


def unsupported(model: Model) -> list[str]:
    """Return the kinds of elements in a model that the engine does not run yet."""
    nodes = [node for process in model.processes for node in process.nodes.values()]
    return sorted({kind for node in nodes for kind in _not_run(node)})


def _not_run(node: FlowNode) -> Iterator[str]:
    if type(node) not in BEHAVIOURS:
        yield type(node).__name__
    for definition in node.definitions if isinstance(node, Event) else ():
        if not isinstance(definition, TimerDefinition | MessageDefinition | TerminateDefinition):
            yield type(definition).__name__
    if isinstance(node, Event) and len(node.definitions) > 1:
        yield "several definitions"
    if isinstance(node, Activity) and node.loop is not None:
        yield type(node.loop).__name__
    if isinstance(node, Activity) and (node.start_listeners or node.end_listeners):
        yield "listeners"
