"""The ways to play a scenario: with the state in memory, or read anew after every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from common.errors import DomainError
from engine.bpmn import parser
from engine.bpmn.elements import FlowNode
from engine.bpmn.process import Process
from engine.conformance import models
from engine.conformance.errors import Differs, ScenarioUnreadable
from engine.conformance.scenario import Scenario
from engine.conformance.stubs import Stubs
from engine.conformance.world import World
from engine.decisions import Rulebook
from engine.semantics import behaviours

PASS = "pass"  # noqa: S105  (a verdict)
FAIL = "fail"
UNSUPPORTED = "unsupported"
OUTCOMES = (PASS, FAIL, UNSUPPORTED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a scenario: pass, fail or unsupported, and why."""

    name: str
    outcome: str
    why: str = ""


Player: TypeAlias = Callable[[Scenario, bytes], None]


def play(scenario: Scenario, model: bytes, player: Player) -> Verdict:
    """Play a scenario over its model; whatever goes wrong is part of the verdict."""
    try:
        processes = {process.id: process for process in parser.read(model).processes}
        played = [one for one in processes.values() if one.executable or scenario.begins(one.id)]
        kinds = sorted({kind for one in played for kind in not_run(one)})
        if kinds:
            return Verdict(scenario.name, UNSUPPORTED, ", ".join(kinds))
        decides = bool(scenario.decisions)
        player(scenario, models.with_jobs(model, scenario.jobs, decides=decides))
    except (Differs, ScenarioUnreadable) as error:
        return Verdict(scenario.name, FAIL, str(error))
    except DomainError as error:
        return Verdict(scenario.name, FAIL, f"{error.code}: {error}")
    except Exception as error:  # noqa: BLE001  (what breaks on one file must not hide the others)
        return Verdict(scenario.name, FAIL, f"{type(error).__name__}: {error}")
    return Verdict(scenario.name, PASS)


def not_run(process: Process) -> list[str]:
    """Return the kinds of elements in a process that the engine does not run."""
    return [_kind(node) for node in process.nodes.values() if not behaviours.runs(node)]


def _kind(node: FlowNode) -> str:
    return getattr(node, "kind", "") or type(node).__name__


def _in_memory(scenario: Scenario, model: bytes, *, reloads: bool) -> None:
    processes = {process.id: process for process in parser.read(model).processes}
    decisions = Rulebook(scenario.decisions)
    scenario.play(World(processes, Stubs(scenario.jobs), reloads, decisions=decisions))


MODES: Mapping[str, Player] = {
    "memory": lambda scenario, model: _in_memory(scenario, model, reloads=False),
    "reload": lambda scenario, model: _in_memory(scenario, model, reloads=True),
}
"""Those that need no database; `engine.rehearsal` plays on the real tables."""
