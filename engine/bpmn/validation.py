"""Is this model executable? Every reason why not, with the element and what would mend it.

Nobody trusts a model because an editor drew it: drafts, reviews and deployments all ask here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from engine.bpmn import event_rules, graph_rules, loop_rules, step_rules
from engine.bpmn.errors import NotExecutable
from engine.bpmn.parser import Model, read
from engine.bpmn.problems import problem
from engine.bpmn.process import Process
from engine.bpmn.surroundings import UNKNOWN, Surroundings
from engine.problems import Problem, named
from engine.xml import UnreadableModel

MOST_PROBLEMS = 500

__all__ = ["MOST_PROBLEMS", "Surroundings", "executable", "problems"]


def problems(data: bytes, around: Surroundings = UNKNOWN) -> list[Problem]:
    """Return what is wrong with a model file, errors first; never raises for what a file holds.

    At most 500 are told: a file with more is not mended one by one.
    """
    try:
        model = read(data, around.forms or {})
        found = _problems(model, around)
    except UnreadableModel as error:
        return [problem("model_unreadable", sentence=error.sentence, remedy=error.remedy)]
    return _told(found, model)


def executable(data: bytes, around: Surroundings = UNKNOWN) -> Process:
    """Return the process of the file that runs: the first that is marked as executable.

    Raises:
        UnreadableModel: when the bytes are no BPMN.
        NotExecutable: when there are errors, or nothing to run; the problems are attached.
    """
    model = read(data, around.forms or {})
    found = list(_problems(model, around))
    against = [one for one in found if one.severity == "error" or not model.executable]
    if against:
        told = [asdict(one) for one in _told(against, model)]
        raise NotExecutable(problems=told, first=told[0]["message"])
    return model.executable[0]


def _told(found: Iterable[Problem], model: Model) -> list[Problem]:
    ordered = sorted(found, key=lambda one: one.severity != "error")
    told = [named(one, model.called) for one in ordered[:MOST_PROBLEMS]]
    rest = len(ordered) - MOST_PROBLEMS
    return told if rest <= 0 else [*told, problem("too_many_problems", count=rest)]


def _problems(model: Model, around: Surroundings) -> Iterator[Problem]:
    yield from model.problems
    if not model.processes:
        yield problem("no_process")
    elif not model.executable:
        yield problem("no_executable_process")
    for process in model.executable:
        for rule in (*graph_rules.RULES, *event_rules.RULES):
            yield from rule(process)
        yield from loop_rules.problems(process)
        yield from step_rules.problems(process, around)
    yield from loop_rules.calls(model.executable, around.processes)
