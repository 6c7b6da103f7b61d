"""Business rule tasks: BPMN 2.0.2, 10.3.3 and 13.3.3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.elements import BusinessRuleTask, CalledDecision
from engine.semantics.environment import Decided
from engine.semantics.events import DecisionMade
from tests.support.processes import a_process
from tests.support.runs import Run

PROCESS = (
    a_process()
    .node(
        BusinessRuleTask(
            "rule",
            decision=CalledDecision('="Rou" + "ting"', "route", binding="tag", version_tag="v1"),
        )
    )
    .end()
)


def test_the_decision_is_made_with_what_is_seen_and_its_value_written() -> None:
    asked = []

    def decide(name: str, binding: str, tag: str, seen: Mapping[str, Any]) -> Decided:
        asked.append((name, binding, tag, seen["x"]))
        return Decided(["a", "b"], "7", {"rules": [2]})

    run = Run(PROCESS, decide=decide).start(x=1)
    assert asked == [("Routing", "tag", "v1", 1)]
    assert (run.status, run.variables["route"]) == ("COMPLETED", ["a", "b"])
    [made] = run.of(DecisionMade)
    assert (made.decision, made.version, made.record) == ("Routing", "7", {"rules": [2]})


def test_where_nobody_decides_it_asks_for_help() -> None:
    [incident] = Run(PROCESS).start().state.incidents.values()
    assert incident.code == "engine.decision_unavailable"


def test_one_that_names_a_connector_asks_that() -> None:
    task = BusinessRuleTask("rule", job_type="rules:1")
    run = Run(a_process().node(task).end()).start()
    run.finish_job("rule", route="a")
    assert run.variables == {"route": "a"}
