"""Sub-processes: BPMN 2.0.2, 13.3.4 and 10.3.5."""

from __future__ import annotations

from engine.bpmn.elements import IoMapping, SubProcessKind, UserTask
from engine.bpmn.events import TimerDefinition
from engine.semantics.events import ActivityTerminated, WorkDone
from tests.support.processes import a_process
from tests.support.runs import Run


def test_the_token_outside_waits_for_the_last_one_inside() -> None:
    # 13.3.4: the sub-process is completed when all tokens in it are consumed.
    process = a_process().sub("S").parallel("f").user_task("a").at("f").user_task("b").out()
    run = Run(process.user_task("after").end()).start()
    assert run.waiting == ["S", "a", "b"]

    run.complete("a")
    assert run.of(WorkDone) == []
    run.complete("b")
    assert run.waiting == ["after"]
    assert list(run.state.scopes) == ["run"]


def test_one_with_nothing_inside_is_passed() -> None:
    run = Run(a_process().sub("S", start=False).out().end()).start()
    assert run.passed == ["start", "S", "end"]


def test_one_without_start_events_begins_wherever_no_flow_leads_to() -> None:
    # 13.3.4: without a start event all flow nodes without incoming flows begin.
    builder = a_process().sub("S", start=False).node(UserTask("a")).alone(UserTask("b")).out()
    run = Run(builder.end()).start()
    assert run.waiting == ["S", "a", "b"]


def test_a_terminate_end_event_ends_its_own_level_only() -> None:
    # 13.5.6: all of the sub-process ends, and it completes normally.
    builder = a_process().parallel("out").user_task("beside").at("out")
    builder.sub("S").parallel("f").user_task("a").at("f").user_task("b").stop("t", terminate=True)
    run = Run(builder.out().user_task("after").build()).start()

    run.complete("b")
    assert run.waiting == ["after", "beside"]
    assert [one.element for one in run.of(ActivityTerminated)] == ["a"]


def test_a_boundary_event_ends_all_that_is_inside_however_deep() -> None:
    builder = a_process().sub("S").sub("T").user_task("a").out().out().user_task("after")
    builder.boundary("late", "S", TimerDefinition(duration="PT1H")).user_task("alarm")
    run = Run(builder.build()).start()

    run.advance(hours=1)
    assert run.waiting == ["alarm"]
    assert [one.element for one in run.of(ActivityTerminated)] == ["a", "T", "S"]
    assert list(run.state.scopes) == ["run"]


def test_its_mappings_make_variables_that_end_with_it() -> None:
    builder = a_process().sub(
        "S", inputs=(IoMapping("x + 1", "y"),), outputs=(IoMapping("y * 10", "z"),)
    )
    run = Run(builder.script_task("add", "y + 1", "y").out().end()).start(x=1)
    assert run.variables == {"x": 1, "z": 30}


def test_one_very_deep_needs_no_recursion() -> None:
    depth = 400
    builder = a_process()
    for level in range(depth):
        builder.sub(f"s{level}")
    builder.user_task("a")
    for _ in range(depth):
        builder.out()
    builder.boundary("late", "s0", TimerDefinition(duration="PT1H")).user_task("alarm")
    run = Run(builder.build()).start()
    assert len(run.state.scopes) == depth + 1

    run.advance(hours=1)
    assert run.waiting == ["alarm"]


def test_transactions_that_nothing_cancels_are_sub_processes() -> None:
    builder = a_process().sub("S", kind=SubProcessKind.TRANSACTION).user_task("a").out()
    run = Run(builder.end()).start()
    run.complete("a")
    assert run.status == "COMPLETED"
