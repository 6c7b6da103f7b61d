"""A scenario: its steps, done one after the other, and what is compared."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from engine.conformance.errors import Differs, ScenarioUnreadable
from engine.conformance.instances import Instance
from engine.conformance.stage import Stage
from engine.conformance.world import Message
from engine.semantics import timers
from engine.semantics.commands import CompleteUserTask, RetryIncident, SetVariables

Json: TypeAlias = Mapping[str, Any]
_PERSON = "somebody"
_PARTS = frozenset({"state", "waiting", "visited", "sequence", "variables"})


@dataclass(frozen=True)
class Scenario:
    """What a scenario file says, and the decision files that it names."""

    content: Json
    decisions: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return its unique name."""
        return str(self.content["name"])

    @property
    def jobs(self) -> Json:
        """Return the answers to its jobs."""
        found: Json = self.content.get("jobs", {})
        return found

    def with_decisions(self, content: Callable[[str], bytes]) -> Scenario:
        """Return the scenario with the content of the decision files that it names."""
        names = self.content.get("decisions", ())
        return replace(self, decisions={str(name): content(str(name)) for name in names})

    def begins(self, process: str) -> bool:
        """Return whether a process is the one that the scenario is about."""
        return bool(self.content["process"] == process)

    def play(self, world: Stage) -> None:
        """Do the steps and compare.

        Raises:
            Differs: Something is not as the scenario says.
            ScenarioUnreadable: A step is of no kind that is known.
        """
        if self.content.get("start", True):
            world.start(self.content["process"], "main", dict(self.content.get("variables", {})))
        for number, step in enumerate(self.content["steps"]):
            try:
                perform(world, step)
            except Differs as error:
                told = json.dumps(step, ensure_ascii=False)[:100]
                raise Differs(f"step {number} {told}: {error}") from error
        if "expect" in self.content:
            compare(self.content["expect"], world, "main")
        for name, expected in self.content.get("expect_instances", {}).items():
            compare(expected, world, name)
        _expect_count(world, self.content.get("expect_count", {}))


def read(content: object) -> Scenario:
    """Return the scenario of a JSON value, without its decision files: see `with_decisions`.

    Raises:
        ScenarioUnreadable: It is not in the format.
    """
    if not isinstance(content, Mapping):
        raise ScenarioUnreadable("A scenario is a JSON object.")
    missing = [part for part in ("name", "model", "process", "steps") if part not in content]
    if missing:
        raise ScenarioUnreadable(f"The scenario says nothing of: {', '.join(missing)}.")
    return Scenario(content)


def compare(expected: Json, world: Stage, name: str) -> None:
    """Compare one instance with what is expected of it.

    Raises:
        Differs: A part is not as expected.
    """
    instance = _named(world, name)
    family = list(instance.family())
    log = [element for one, element in world.log if any(one is each for each in family)]
    passed = Counter(log)
    order = expected.get("sequence", [])
    own = instance.variables if instance.state.scopes else {}
    found: dict[str, Any] = {
        "state": instance.outcome,
        "waiting": instance.waiting(),
        "visited": {element: passed[element] for element in expected.get("visited", {})},
        "sequence": [element for element in log if element in order],
        "variables": {key: own.get(key, "<absent>") for key in expected.get("variables", {})},
    }
    for part in sorted(expected.keys() & _PARTS):
        wanted = sorted(expected[part]) if part == "waiting" else expected[part]
        if found[part] != wanted:
            trouble = "".join(f" ({cause})" for cause in _causes(family))
            raise Differs(f"{name}: {part} is {found[part]}, expected {wanted}{trouble}")
    calls = [
        (name, seen) for one, name, seen in world.called if any(one is each for each in family)
    ]
    _compare_calls(expected, calls, name)


def _causes(family: Iterable[Instance]) -> list[str]:
    return [incident.cause for one in family for incident in one.state.incidents.values()]


def _compare_calls(expected: Json, calls: list[tuple[str, Any]], name: str) -> None:
    for part in sorted(expected.keys() & {"calls", "calls_any"}):
        wanted = expected[part]
        names = {each["id"] for each in wanted}
        found = [call for call in calls if call[0] in names]
        if len(found) != len(wanted):
            raise Differs(f"{name}: {len(found)} calls {found}, expected {len(wanted)}")
        left = list(found)
        for one in wanted:
            candidates = left if part == "calls_any" else left[:1]
            hit = next((call for call in candidates if _is_call(call, one)), None)
            if hit is None:
                raise Differs(f"{name}: calls {left}, expected {one}")
            left.remove(hit)


def _is_call(call: tuple[str, Any], wanted: Json) -> bool:
    element, seen = call
    given = wanted.get("with", {}).items()
    return element == wanted["id"] and all(seen.get(key) == value for key, value in given)


def _expect_count(world: Stage, expected: Json) -> None:
    for process, wanted in expected.items():
        created = sum(
            1 for one in world.instances if one.parent is None and one.process.id == process
        )
        if created != wanted:
            raise Differs(f"{created} instances of {process}, expected {wanted}")


def _named(world: Stage, name: str) -> Instance:
    if name not in world.named:
        raise Differs(f"there is no instance {name}")
    return world.named[name]


def _on(world: Stage, step: Json) -> Instance:
    return _named(world, step.get("on", "main"))


# The steps


def perform(world: Stage, step: Json) -> None:
    """Do one step.

    Raises:
        Differs: it cannot be done where the world stands, or something is not as it expects.
        ScenarioUnreadable: it is of no kind that is known.
    """
    kind = next((kind for kind in _STEPS if kind in step), None)
    if kind is None:
        raise ScenarioUnreadable(f"There is no such step: {json.dumps(step)[:100]}")
    _STEPS[kind](world, step)


def _start(world: Stage, step: Json) -> None:
    world.start(step["start"], step["as"], dict(step.get("variables", {})))


def _complete(world: Stage, step: Json) -> None:
    element = step["complete"]
    tasks = sorted(
        (
            (task.activity, one)
            for one in _on(world, step).family()
            for task in _tasks(one, element)
        ),
        key=lambda each: each[0],
    )
    index = step.get("index", 0)
    if index >= len(tasks):
        raise Differs(f"{element} is not waiting, but {_on(world, step).waiting()}")
    activity, instance = tasks[index]
    command = CompleteUserTask(
        activity,
        str(step.get("person", _PERSON)),
        dict(step.get("variables", {})),
        step.get("decision"),
        str(step.get("reason", "")),
    )
    world.do(instance, command)


def _tasks(instance: Instance, element: str) -> list[Any]:
    return [task for task in instance.state.user_tasks.values() if task.element == element]


def _message(world: Stage, step: Json) -> None:
    kept = timers.duration(step["ttl"]).after(world.now) if "ttl" in step else world.now
    key = step.get("key")
    message = Message(
        step["message"],
        dict(step.get("variables", {})),
        None if key is None else str(key),
        step.get("correlation", {}),
        kept,
    )
    before = len(world.instances)
    delivered = world.publish(message, step.get("as", ""))
    if delivered != step.get("delivered", delivered):
        raise Differs(f"delivered {delivered}")
    if "as" in step and len(world.instances) == before:
        raise Differs("no instance started")


def _signal(world: Stage, step: Json) -> None:
    world.broadcast(step["signal"], dict(step.get("variables", {})))


def _advance(world: Stage, step: Json) -> None:
    world.advance(step["advance"])


def _set(world: Stage, step: Json) -> None:
    world.do(_on(world, step), SetVariables(dict(step["set"])))


def _retry(world: Stage, step: Json) -> None:
    element = step["retry"]
    for instance in _on(world, step).family():
        for incident in list(instance.state.incidents.values()):
            if incident.element == element:
                world.do(instance, RetryIncident(incident.id))
                return
    raise Differs(f"{element} has no incident")


def _expect(world: Stage, step: Json) -> None:
    parts = {key.removeprefix("expect_"): value for key, value in step.items()}
    compare(parts, world, step.get("on", "main"))


def _count(world: Stage, step: Json) -> None:
    _expect_count(world, step["expect_count"])


_STEPS: Mapping[str, Callable[[Stage, Json], None]] = {
    "expect_waiting": _expect,
    "expect_visited": _expect,
    "expect_state": _expect,
    "expect_count": _count,
    "start": _start,
    "complete": _complete,
    "message": _message,
    "signal": _signal,
    "advance": _advance,
    "set": _set,
    "retry": _retry,
}
