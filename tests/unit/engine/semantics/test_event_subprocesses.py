"""Event sub-processes begin in a scope and may end all else in it: BPMN 2.0.2, 13.5.4."""

from __future__ import annotations

from engine.bpmn.events import MessageDefinition, SignalDefinition, TimerDefinition
from engine.semantics.commands import Continue
from engine.semantics.environment import Limits
from engine.semantics.state import TokenStatus
from tests.support.processes import ProcessBuilder, a_process
from tests.support.runs import Run


def with_handler(*, interrupting: bool) -> ProcessBuilder:
    builder = a_process().user_task("a").stop("end")
    builder.esub("E", MessageDefinition("Stop"), interrupting=interrupting)
    return builder.user_task("h").stop("handled").out()


def test_an_interrupting_one_ends_all_else_in_its_scope() -> None:
    run = Run(with_handler(interrupting=True).build()).start()
    run.publish("Stop", why="late")
    assert run.waiting == ["E", "h"]
    assert run.variables == {"why": "late"}
    assert run.state.subscriptions == {}

    run.complete("h")
    assert run.status == "COMPLETED"


def test_another_runs_beside_and_can_begin_again() -> None:
    run = Run(with_handler(interrupting=False).build()).start()
    run.publish("Stop")
    run.publish("Stop")
    assert run.waiting == ["E", "E", "a", "h", "h"]

    run.complete("a")
    run.complete("h")
    assert run.status == "RUNNING"
    run.complete("h")
    assert (run.status, run.state.subscriptions) == ("COMPLETED", {})


def test_what_could_begin_it_ends_with_the_scope() -> None:
    builder = a_process().sub("S").user_task("a").stop("e")
    builder.esub("E", TimerDefinition(duration="PT1H")).user_task("h").out().out()
    run = Run(builder.user_task("after").build()).start()
    assert len(run.state.timers) == 1

    run.complete("a")
    assert (run.state.timers, run.waiting) == ({}, ["after"])


def test_the_scope_around_it_goes_on() -> None:
    builder = a_process().sub("S").user_task("a").stop("e")
    builder.esub("E", SignalDefinition("Alarm")).user_task("h").out().out()
    run = Run(builder.user_task("after").build()).start()

    run.signal("Alarm")
    assert run.waiting == ["E", "S", "h"]
    run.complete("h")
    assert run.waiting == ["after"]


def test_one_within_another_waits_only_while_that_one_runs() -> None:
    builder = a_process().user_task("a").stop("e")
    builder.esub("E", SignalDefinition("One"), interrupting=False).user_task("h").stop("eh")
    builder.esub("F", SignalDefinition("Two")).user_task("g").out().out()
    run = Run(builder.build()).start()
    assert list(run.state.signals) == ["One"]

    run.signal("One")
    run.signal("Two")
    assert run.waiting == ["E", "F", "a", "g"]


def test_nothing_can_begin_in_a_scope_that_is_done_though_its_end_is_not_written_yet() -> None:
    builder = a_process().sub("S").script_task("a", "1", "x").stop("e")
    builder.esub("E", SignalDefinition("Alarm")).user_task("h").out().out()
    run = Run(builder.end(), limits=Limits(budget=1)).start()
    ends = 0
    while run.status == "RUNNING":
        outer = [one for one in run.state.tokens.values() if one.at == "S"]
        if outer and outer[0].status is TokenStatus.COMPLETING:
            ends += 1
            assert run.state.subscriptions == {}
        run.do(Continue())
    assert ends == 1


def test_the_boundary_around_the_scope_is_watched_on() -> None:
    builder = a_process().sub("S").user_task("a").stop("e")
    builder.esub("E", SignalDefinition("Alarm")).user_task("h").out().out()
    builder.boundary("late", "S", TimerDefinition(duration="PT1H")).user_task("after")
    run = Run(builder.build()).start()
    run.signal("Alarm")
    run.advance(hours=1)
    assert run.waiting == ["after"]
