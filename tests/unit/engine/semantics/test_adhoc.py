"""Ad-hoc sub-processes: activities without an order. BPMN 2.0.2, 13.3.5 and 10.3.5."""

from __future__ import annotations

from typing import Any

from engine.bpmn.elements import ScriptTask, SubProcessKind, UserTask
from tests.support.processes import ProcessBuilder, a_process
from tests.support.runs import Run


def adhoc(*tasks: str, **fields: Any) -> ProcessBuilder:
    builder = a_process().sub("S", start=False, kind=SubProcessKind.ADHOC, **fields)
    for task in tasks:
        builder.alone(UserTask(task))
    return builder.out().user_task("after")


def test_all_that_no_flow_leads_to_is_on_offer_and_without_a_condition_all_is_done() -> None:
    run = Run(adhoc("a", "b").end()).start()
    assert run.waiting == ["S", "a", "b"]
    run.complete("b")
    run.complete("a")
    assert run.waiting == ["after"]


def test_the_condition_ends_the_rest() -> None:
    run = Run(adhoc("a", "b", completion_condition="done").end()).start(done=False)
    run.complete("a", done=True)
    assert run.waiting == ["after"]


def test_or_lets_the_rest_be_finished() -> None:
    fields = {"completion_condition": "done", "cancel_remaining": False}
    run = Run(adhoc("a", "b", **fields).end()).start(done=False)
    run.complete("a", done=True)
    assert run.waiting == ["S", "b"]
    run.complete("b")
    assert run.waiting == ["after"]


def test_what_is_inside_can_be_done_again_until_the_condition_holds() -> None:
    builder = a_process().sub(
        "S", start=False, kind=SubProcessKind.ADHOC, completion_condition="n > 2"
    )
    builder.alone(ScriptTask("count", expression="n + 1", result_variable="n")).out()
    run = Run(builder.end()).start(n=0)
    assert (run.status, run.variables["n"]) == ("COMPLETED", 3)


def test_one_after_the_other_where_the_order_is_sequential() -> None:
    run = Run(adhoc("a", "b", "c", sequential=True).end()).start()
    for task in ("a", "b", "c"):
        assert run.waiting == ["S", task]
        run.complete(task)
    assert run.waiting == ["after"]


def test_exactly_those_named_begin() -> None:
    run = Run(adhoc("a", "b", "c", active_elements="chosen").end()).start(chosen=["c", "a"])
    assert run.waiting == ["S", "a", "c"]


def test_one_that_is_not_inside_is_an_incident() -> None:
    run = Run(adhoc("a", active_elements="chosen").end()).start(chosen=["after"])
    [incident] = run.state.incidents.values()
    assert incident.code == "engine.value_unusable"


def test_what_its_paths_give_is_collected() -> None:
    fields = {"output_collection": "all", "output_element": "r"}
    run = Run(adhoc("a", "b", **fields).end()).start()
    run.complete("b", r=2)
    run.complete("a", r=1)
    assert run.variables == {"r": 1, "all": [2, 1]}
