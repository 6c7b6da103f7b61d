"""What people see of a run: every element it passed, however many a fact tells of."""

from __future__ import annotations

from collections import Counter
from typing import Any

from engine.bpmn.elements import MultiInstance
from engine.bpmn.process import Process
from engine.steps import Narrator
from tests.support.processes import a_process
from tests.support.runs import T0, Run


def told(process: Process, **variables: Any) -> list[dict[str, Any]]:
    run = Run(process).start(**variables)
    return Narrator(process).tell(run.facts, 1, T0, run.status)


def of(steps: list[dict[str, Any]], kind: str) -> Counter[str]:
    return Counter(step.get("element") or step["flow"] for step in steps if step["type"] == kind)


def a_loop() -> Process:
    builder = a_process().exclusive("again").script_task("s", "n + 1", "n")
    return builder.exclusive("more").when("n < 3").to("again").at("more").otherwise().end()


def test_a_glide_is_told_element_by_element_and_flow_by_flow() -> None:
    steps = told(a_loop(), n=0)
    passed = {"start": 1, "again": 3, "s": 3, "more": 3, "end": 1}
    assert of(steps, "activated") == of(steps, "completed") == Counter(passed)
    assert of(steps, "flow") == {
        "start-again": 1,
        "again-s": 3,
        "s-more": 3,
        "more-again": 2,
        "more-end": 1,
    }


def test_each_visit_of_a_glide_is_told_apart() -> None:
    steps = told(a_loop(), n=0)
    begun = [step["activity"] for step in steps if step["type"] == "activated"]
    ended = [step["activity"] for step in steps if step["type"] == "completed"]
    assert begun == ended
    assert len(set(begun)) == len(begun)


def test_rounds_of_a_loop_begin_and_end() -> None:
    loop = MultiInstance(collection="[1, 2]", element_variable="item")
    plain = a_process().script_task("s", "item", "x", loop=loop).end()
    assert of(told(plain), "activated")["s"] == of(told(plain), "completed")["s"] == 3

    run = Run(a_process().user_task("u", loop=loop).end()).start()
    run.complete("u")
    steps = Narrator(run.process).tell(run.facts, 1, T0, run.status)
    assert (of(steps, "activated")["u"], of(steps, "completed")["u"]) == (3, 1)


def test_no_step_holds_a_value() -> None:
    process = a_process().script_task("s", '"hush"', "x").end()
    assert "hush" not in str(told(process))
