"""What the rules say of a model, each with the weight that was set for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from engine.bpmn.parser import read
from engine.bpmn.process import Process
from engine.lint import accountability, failures, flow, gates, literals, naming, size
from engine.lint.facts import Facts
from engine.lint.rules import BY_CODE, Level, Setting
from engine.problems import Problem, Severity, named
from engine.xml import UnreadableModel

_OF_THE_MODEL: Final[Mapping[str, Callable[[Process, Setting], Iterator[Problem]]]] = {
    "step_unnamed": naming.unnamed,
    "name_too_long": naming.too_long,
    "name_twice": naming.twice,
    "choice_unlabelled": naming.choices,
    "gate_timeout_approves": gates.timeout,
    "gate_escalation_missing": gates.escalation,
    "exception_path_missing": failures.exception_paths,
    "secret_written": literals.secrets,
    "host_written": literals.hosts,
    "address_written": literals.addresses,
    "too_many_steps": size.steps,
    "control_flow_complex": size.control_flow,
    "nested_deep": size.depth,
}
_OF_PEOPLE: Final[Mapping[str, Callable[[Process, Facts], Iterator[Problem]]]] = {
    "tags_missing": accountability.tags,
    "backup_owner_missing": accountability.backup_owner,
    "owner_gone": accountability.owners,
    "gate_quorum_unreachable": gates.quorum,
}
_SEVERITIES: Final[Mapping[Level, Severity]] = {
    Level.HINT: "hint",
    Level.WARNING: "warning",
    Level.ERROR: "error",
}


def judged(
    data: bytes, facts: Facts, settings: Mapping[str, Setting], validated: Iterable[Problem]
) -> list[Problem]:
    """Return the problems of a model, those of the validator among them, errors first.

    `settings` say what holds for each rule; one that is not named weighs what it does by itself.
    What a rule says of a code of the validator's changes its weight, unless it is an error there:
    no setting makes a model run that cannot.
    """
    chosen = {code: settings.get(code) or Setting.usual(rule) for code, rule in BY_CODE.items()}
    found = [*validated, *_found(data, facts, chosen)]
    weighed = [_weighed(one, chosen.get(one.code)) for one in found]
    order = {"error": 0, "warning": 1, "hint": 2}
    return sorted((one for one in weighed if one), key=lambda one: order[one.severity])


def _found(data: bytes, facts: Facts, chosen: Mapping[str, Setting]) -> Iterator[Problem]:
    try:
        model = read(data)
    except UnreadableModel:
        return
    for process in model.executable:
        for found in _of(process, facts, chosen):
            yield named(found, model.called)


def _of(process: Process, facts: Facts, chosen: Mapping[str, Setting]) -> Iterator[Problem]:
    asked = {code for code, setting in chosen.items() if setting.level is not Level.OFF}
    for code, rule in _OF_THE_MODEL.items():
        if code in asked:
            yield from rule(process, chosen[code])
    for code, judge in _OF_PEOPLE.items():
        if code in asked:
            yield from judge(process, facts)
    if asked & {*flow.CODES.values(), "soundness_unsettled"}:
        bound = chosen["soundness_unsettled"].limit
        yield from flow.soundness(process, bound or 0)


def _weighed(found: Problem, setting: Setting | None) -> Problem | None:
    if setting is None or (found.severity == "error" and found.code not in _OURS):
        return found
    if setting.level is Level.OFF:
        return None
    return replace(found, severity=_SEVERITIES[setting.level])


_OURS: Final = frozenset({*_OF_THE_MODEL, *_OF_PEOPLE, *flow.CODES.values(), "soundness_unsettled"})
