"""The player says pass only where every step and every expectation fits."""

from __future__ import annotations

from typing import Any

import pytest

from engine.conformance import players, scenario
from engine.conformance.errors import Differs, ScenarioUnreadable
from engine.conformance.players import FAIL, PASS, UNSUPPORTED, Verdict
from engine.conformance.stubs import Stubs
from engine.conformance.world import World
from tests.support.processes import a_process

MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
    targetNamespace="http://interlock.example/x">
  <process id="p" isExecutable="true">
    <startEvent id="s"/><userTask id="A"/><serviceTask id="J"/><endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="A"/>
    <sequenceFlow id="f2" sourceRef="A" targetRef="J"/>
    <sequenceFlow id="f3" sourceRef="J" targetRef="e"/>
  </process>
</definitions>"""
SOUND: dict[str, Any] = {
    "name": "one",
    "model": "one.bpmn",
    "process": "p",
    "variables": {"n": 1},
    "jobs": {"J": {"returns": {"n": "= n + 1", "done": True}}},
    "steps": [{"expect_waiting": ["A"]}, {"complete": "A"}],
    "expect": {
        "state": "completed",
        "visited": {"A": 1, "J": 1},
        "sequence": ["A", "J", "e"],
        "variables": {"n": 2, "done": True},
        "calls": [{"id": "J", "with": {"n": 1}}],
    },
    "expect_count": {"p": 1},
}


def played(model: str = MODEL, mode: str = "memory", **changed: Any) -> Verdict:
    read = scenario.read({**SOUND, **changed})
    return players.play(read, model.encode(), players.MODES[mode])


@pytest.mark.parametrize("mode", sorted(players.MODES))
def test_a_sound_one_passes(mode: str) -> None:
    assert played(mode=mode) == Verdict("one", PASS)


@pytest.mark.parametrize(
    "changed",
    [
        {"expect": {"state": "waiting"}},
        {"expect": {"waiting": ["A"]}},
        {"expect": {"visited": {"A": 2}}},
        {"expect": {"sequence": ["J", "A"]}},
        {"expect": {"variables": {"n": 3}}},
        {"expect": {"variables": {"absent": None}}},
        {"expect": {"calls": [{"id": "J", "with": {"n": 5}}]}},
        {"expect": {"calls_any": [{"id": "J", "with": {}}, {"id": "J", "with": {}}]}},
        {"expect_count": {"p": 2}},
        {"expect_instances": {"nobody": {"state": "completed"}}},
        {"steps": [{"complete": "B"}]},
        {"steps": [{"complete": "A", "index": 1}]},
        {"steps": [{"message": "M", "delivered": 1}]},
        {"steps": [{"jump": "A"}]},
        {"jobs": {"J": {"throws": {"error": "E"}}}},
    ],
)
def test_whatever_differs_fails(changed: dict[str, Any]) -> None:
    verdict = played(**changed)
    assert verdict.outcome == FAIL
    assert verdict.why


def test_what_the_engine_does_not_run_is_told_by_name() -> None:
    model = MODEL.replace('<serviceTask id="J"/>', '<choreographyTask id="J"/>')
    assert played(model).outcome == UNSUPPORTED


def test_a_decision_is_answered_for_like_other_work() -> None:
    called = (
        '<businessRuleTask id="J"><extensionElements>'
        '<z:calledDecision xmlns:z="http://camunda.org/schema/zeebe/1.0" decisionId="d" '
        'resultVariable="r"/></extensionElements></businessRuleTask>'
    )
    assert played(MODEL.replace('<serviceTask id="J"/>', called)) == Verdict("one", PASS)


def test_a_model_that_cannot_be_read_fails() -> None:
    assert played("<html/>").outcome == FAIL


@pytest.mark.parametrize("content", [[], {}, {"name": "x"}])
def test_what_is_no_scenario_is_refused(content: object) -> None:
    with pytest.raises(ScenarioUnreadable):
        scenario.read(content)


def test_a_timer_that_is_due_at_once_needs_no_time() -> None:
    timer = "<timerEventDefinition><timeDuration>PT0S</timeDuration></timerEventDefinition>"
    model = MODEL.replace(
        '<userTask id="A"/>', f'<intermediateCatchEvent id="A">{timer}</intermediateCatchEvent>'
    )
    assert played(model, steps=[]) == Verdict("one", PASS)


def test_a_world_that_never_rests_is_no_endless_test() -> None:
    builder = a_process().exclusive("again").timer("t", duration="PT0S").to("again")
    world = World({"p": builder.build()}, Stubs({}), most=20)
    with pytest.raises(Differs, match="rest"):
        world.start("p", "main", {})
