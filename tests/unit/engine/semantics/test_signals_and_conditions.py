"""Signals reach everybody, conditions occur when they become true: BPMN 2.0.2, 10.5.5 and 13.5."""

from __future__ import annotations

from engine.bpmn.events import (
    ConditionalDefinition,
    MessageDefinition,
    SignalDefinition,
    TimerDefinition,
)
from engine.semantics.commands import Continue, Pause, Resume, SetVariables
from engine.semantics.environment import Limits
from engine.semantics.events import BudgetSpent, SignalThrown
from engine.semantics.machine import is_unfinished
from tests.support.processes import a_process
from tests.support.runs import Run


def test_a_signal_wakes_all_that_wait_in_the_run_itself() -> None:
    builder = a_process().parallel("f").catch("c1", SignalDefinition("Go")).user_task("a")
    builder.at("f").catch("c2", SignalDefinition("Go")).user_task("b")
    builder.at("f").user_task("first").throw("t", SignalDefinition("Go")).user_task("c")
    run = Run(builder.build()).start()

    run.complete("first")
    assert run.waiting == ["a", "b", "c"]
    assert [one.name for one in run.of(SignalThrown)] == ["Go"]


def test_a_signal_may_end_what_throws_it() -> None:
    builder = a_process().sub("S").throw("t", SignalDefinition("Go")).user_task("a").out()
    run = Run(builder.boundary("b", "S", SignalDefinition("Go")).user_task("h").build()).start()
    assert run.waiting == ["h"]


def test_who_was_ended_by_one_catcher_hears_no_more() -> None:
    builder = a_process().parallel("f").sub("S").catch("c", SignalDefinition("Go")).user_task("a")
    builder.out().boundary("b", "S", SignalDefinition("Go")).user_task("h")
    builder.at("f").user_task("first").throw("t", SignalDefinition("Go"))
    run = Run(builder.build()).start()

    run.complete("first")
    assert run.waiting == ["h"]


def test_all_that_hear_a_signal_count_towards_the_budget() -> None:
    builder = a_process().parallel("f")
    for number in range(30):
        builder.at("f").catch(f"c{number}", SignalDefinition("Go")).user_task(f"a{number}")
    builder.at("f").user_task("first").throw("t", SignalDefinition("Go")).user_task("last")
    run = Run(builder.build(), limits=Limits(budget=20)).start()
    while is_unfinished(run.facts):
        run.do(Continue())

    happened = run.complete("first")
    assert isinstance(happened[-1], BudgetSpent)
    assert happened[-1].transitions > 30
    assert run.waiting == []
    while is_unfinished(run.facts):
        run.do(Continue())
    assert len(run.waiting) == 31


def test_the_name_may_be_an_expression() -> None:
    run = Run(a_process().catch("c", SignalDefinition('="Go-" + x')).end()).start(x="1")
    run.signal("Go-1")
    assert run.status == "COMPLETED"


def test_a_condition_that_holds_already_is_passed() -> None:
    process = a_process().catch("c", ConditionalDefinition("x > 1")).end()
    assert Run(process).start(x=2).status == "COMPLETED"


def test_a_condition_occurs_once_for_each_time_it_becomes_true() -> None:
    builder = a_process().user_task("a")
    builder.boundary("b", "a", ConditionalDefinition("x > 1"), interrupting=False).user_task("h")
    run = Run(builder.build()).start(x=0)
    for value, waiting in ((2, 1), (3, 1), (0, 1), (5, 2)):
        run.do(SetVariables({"x": value}))
        assert run.waiting.count("h") == waiting


def test_a_condition_ends_what_makes_it_true() -> None:
    builder = a_process().sub("S").script_task("set", "9", "x").script_task("later", "1", "y").out()
    builder.boundary("b", "S", ConditionalDefinition("x > 1")).user_task("h")
    run = Run(builder.build()).start(x=0)
    assert run.waiting == ["h"]
    assert "y" not in run.variables


def test_while_paused_nothing_is_judged_and_nothing_is_lost() -> None:
    run = Run(a_process().catch("c", ConditionalDefinition("x > 1")).end()).start(x=0)
    run.do(Pause())
    run.do(SetVariables({"x": 2}))
    assert run.waiting == ["c"]
    run.do(Resume())
    assert run.status == "COMPLETED"


def test_any_of_several_definitions_will_do() -> None:
    # 10.5.5, multiple: the first to come is enough, and the others are no longer awaited.
    process = a_process().catch("c", MessageDefinition("M"), TimerDefinition(duration="PT1H")).end()
    run = Run(process).start()
    run.publish("M", x=1)
    assert (run.status, run.state.timers, run.variables) == ("COMPLETED", {}, {"x": 1})


def test_all_of_several_are_needed_where_they_are_parallel() -> None:
    definitions = (MessageDefinition("M"), SignalDefinition("S"), TimerDefinition(duration="PT1H"))
    run = Run(a_process().catch("c", *definitions, parallel_multiple=True).end()).start()
    run.signal("S")
    run.advance(hours=1)
    assert run.waiting == ["c"]
    run.publish("M")
    assert run.status == "COMPLETED"
