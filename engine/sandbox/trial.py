"""A trial: a scenario played in the sandbox, and what there is to see of it afterwards.

A scenario is the format of the conformance suite, for one process: `process`, `element` (where it
begins, where that is no plain start), `at` (what the clock shows then), `variables`, `jobs` (the
answers of the outside), `steps` (what people, other systems and time do) and `expect`. The same
scenario over the same draft gives the same report, to the letter: nothing is kept between two
trials, and going on is playing again with one step more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from common.errors import DomainError
from engine.bpmn.elements import UserTask
from engine.conformance import scenario
from engine.conformance.errors import Differs, ScenarioUnreadable
from engine.conformance.instances import Instance
from engine.conformance.stubs import Stubs
from engine.conformance.world import T0
from engine.sandbox import telling
from engine.sandbox.stage import Part, Sandbox, inputs_of, known_at
from engine.semantics.state import Awaited, Status

Report: TypeAlias = dict[str, Any]
Json: TypeAlias = Mapping[str, Any]

MAIN = "main"
DRAFT = ""
"""The name of the draft's own process among the parts."""
MOST_STEPS = 200


def play(
    content: Json, parts: Mapping[str, Part], given: Json, most_jobs: int | None = None
) -> Report:
    """Play a scenario and return what there is to see. What goes wrong is part of the report.

    Raises:
        ScenarioUnreadable: it is not in the format.
    """
    world = _world(content, parts, given, most_jobs)
    refused = _played(world, content)
    main = world.named.get(MAIN)
    report = {"refused": refused, **_seen(world, main)}
    return {**report, "differences": differences(content.get("expect", {}), report)}


def differences(expected: Json, report: Json) -> list[Report]:
    """Return where a trial went another way than is expected of it."""
    refused = report["refused"]
    if refused is not None and expected:
        return [_difference("step", "", None, refused)]
    wanted = [("state", "", expected.get("state"), report["state"])] if "state" in expected else []
    if "waiting" in expected:
        wanted.append(("waiting", "", expected["waiting"], report["waiting"]))
    told = expected.get("variables", {})
    wanted += [("variables", key, told[key], report["variables"].get(key)) for key in told]
    if "visited" in expected:
        path, seen = expected["visited"], report["visited"]
        wanted += [("visited", key, path.get(key, 0), seen.get(key, 0)) for key in {**path, **seen}]
    return [_difference(*one) for one in wanted if one[2] != one[3]]


def _difference(part: str, key: str, expected: Any, found: Any) -> Report:
    return {"part": part, "key": key, "expected": expected, "found": found}


def _world(content: Json, parts: Mapping[str, Part], given: Json, most_jobs: int | None) -> Sandbox:
    jobs, steps, values = (content.get(name, {}) for name in ("jobs", "steps", "variables"))
    if not isinstance(jobs, Mapping) or not isinstance(values, Mapping):
        raise ScenarioUnreadable("Answers and start values are JSON objects.")
    if len(steps) > MOST_STEPS:
        raise ScenarioUnreadable(f"A scenario has {MOST_STEPS} steps at most.")
    stubs = Stubs(jobs)
    return Sandbox({}, stubs, now=_moment(content), parts=parts, given=given, most_jobs=most_jobs)


def _moment(content: Json) -> datetime:
    try:
        found = datetime.fromisoformat(str(content["at"])) if content.get("at") else T0
    except ValueError:
        raise ScenarioUnreadable("The time it begins at is no moment.") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _played(world: Sandbox, content: Json) -> Report | None:
    """Do the steps; return which of them was refused and why, None where all were done."""
    done = -1
    try:
        values = dict(content.get("variables", {}))
        world.start(DRAFT, MAIN, values, str(content.get("element", "")))
        for step in content.get("steps", ()):
            done += 1
            scenario.perform(world, step)
    except Differs as error:
        return {"step": done, "title": str(error), "context": {}, "fields": []}
    except DomainError as error:
        context = {name: str(value) for name, value in error.context.items()}
        told = {"title": error.title, "context": context, "fields": _plain(error.problems)}
        return {"step": done, **told}
    except (AttributeError, TypeError, ValueError, KeyError) as error:
        raise ScenarioUnreadable(f"Step {done + 1} cannot be read: {error}") from error
    return None


def _plain(problems: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{name: str(value) for name, value in row.items()} for row in problems]


def _seen(world: Sandbox, main: Instance | None) -> Report:
    if main is None or main.state.status is Status.NEW:
        return _NOTHING | {"now": world.now.isoformat()}
    family = list(main.family())
    state = "cancelled" if main.state.status is Status.CANCELLED else main.outcome
    due = world.next_due()
    passed = Counter(element for one, element in world.log if one is main)
    return {
        "now": world.now.isoformat(),
        "state": state,
        "steps": telling.steps_of(world.heard, main, state),
        "story": telling.story_of(world.heard),
        "tasks": [task for one in family for task in _tasks(one)],
        "waits": [wait for one in family for wait in _waits(one)],
        "incidents": [row for one in family for row in _incidents(one)],
        "waiting": main.waiting(),
        "visited": dict(passed),
        "variables": main.variables,
        "next_at": due.isoformat() if due else None,
        "next_job": _next_job(world),
        "jobs_done": len(world.called),
        "calls": [name for _, name, _ in world.called],
    }


_NOTHING: Report = {
    "state": "refused",
    "steps": [],
    "story": [],
    "tasks": [],
    "waits": [],
    "incidents": [],
    "waiting": [],
    "visited": {},
    "variables": {},
    "next_at": None,
    "next_job": None,
    "jobs_done": 0,
    "calls": [],
}


def _tasks(instance: Instance) -> list[Report]:
    found: list[Report] = []
    for task in instance.state.user_tasks.values():
        node = instance.process.nodes[task.element]
        form = node.form if isinstance(node, UserTask) else None
        found.append(
            {
                "element": task.element,
                "name": node.name or task.element,
                "run": "" if instance.parent is None else instance.process.name,
                "assignee": task.assignee,
                "quorum": task.quorum,
                "votes": [
                    {"person": vote.person, "decision": vote.decision} for vote in task.votes
                ],
                "form": form,
                "known": known_at(instance, task.activity),
            }
        )
    return found


def _waits(instance: Instance) -> list[Report]:
    """Return the messages and signals that somebody waits for, and the timers."""
    state = instance.state
    names = {element: node.name or element for element, node in instance.process.nodes.items()}
    heard: list[Report] = [
        {"kind": one.kind.value, "element": one.element, "message": one.name, "key": one.key}
        for one in state.subscriptions.values()
        if one.kind in (Awaited.MESSAGE, Awaited.SIGNAL)
    ]
    timed: list[Report] = [
        {"kind": "timer", "element": one.element, "due_at": one.due_at.isoformat()}
        for one in state.timers.values()
    ]
    return [{**one, "name": names.get(str(one["element"]), "")} for one in (*heard, *timed)]


def _incidents(instance: Instance) -> list[Report]:
    return [
        {
            "element": one.element,
            "name": instance.process.nodes[one.element].name or one.element,
            "code": one.code,
            "cause": one.cause,
        }
        for one in instance.state.incidents.values()
    ]


def _next_job(world: Sandbox) -> Report | None:
    found = world.next_job()
    if found is None:
        return None
    instance, job = found
    node = instance.process.nodes[job.element]
    return {
        "key": job.type if job.listener else job.element,
        "element": job.element,
        "name": node.name or job.element,
        "job_type": job.type,
        "inputs": inputs_of(instance, job),
    }
