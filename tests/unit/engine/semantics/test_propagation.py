"""Errors and escalations go outwards to the nearest who catches: BPMN 2.0.2, 13.5.6 and 10.5.5."""

from __future__ import annotations

import pytest

from engine.bpmn.elements import MultiInstance
from engine.bpmn.events import ErrorDefinition, EscalationDefinition
from engine.bpmn.process import Process
from engine.semantics.commands import RetryIncident, StartInstance
from engine.semantics.events import ErrorEscaped, EscalationEscaped
from tests.support.processes import ProcessBuilder, a_process
from tests.support.runs import Run


def caught_twice(inner: str | None, outer: str | None) -> Process:
    builder = a_process().sub("S").service_task("job")
    builder.boundary("near", "job", ErrorDefinition(inner)).user_task("n").out()
    return builder.boundary("far", "S", ErrorDefinition(outer)).user_task("f").build()


@pytest.mark.parametrize(
    ("inner", "outer", "waiting"),
    [
        ("E1", "E1", ["S", "n"]),
        (None, "E1", ["S", "n"]),
        ("E2", "E1", ["f"]),
        ("E2", None, ["f"]),
    ],
)
def test_the_nearest_that_fits_catches(
    inner: str | None, outer: str | None, waiting: list[str]
) -> None:
    run = Run(caught_twice(inner, outer)).start()
    run.throw_error("job", "E1")
    assert run.waiting == waiting


def test_at_one_place_the_code_goes_before_any() -> None:
    builder = a_process().service_task("job")
    builder.boundary("any", "job", ErrorDefinition()).user_task("a")
    builder.boundary("one", "job", ErrorDefinition("E1")).user_task("b")
    run = Run(builder.build()).start()
    run.throw_error("job", "E1")
    assert run.waiting == ["b"]


def test_its_variables_are_set_where_it_is_caught() -> None:
    builder = a_process().service_task("job")
    builder.boundary("any", "job", ErrorDefinition()).user_task("a")
    run = Run(builder.build()).start()
    run.throw_error("job", "E1", why="sold out")
    assert run.variables == {"why": "sold out"}


def test_uncaught_it_asks_an_operator_who_can_have_it_tried_again() -> None:
    run = Run(a_process().service_task("job").end()).start()
    run.throw_error("job", "E1")
    [incident] = run.state.incidents.values()
    assert (incident.code, incident.element) == ("engine.error_uncaught", "job")

    run.do(RetryIncident(incident.id))
    run.finish_job("job")
    assert run.status == "COMPLETED"


def test_an_end_event_throws_as_well() -> None:
    builder = a_process().sub("S").parallel("f").user_task("beside").at("f")
    builder.stop("bad", ErrorDefinition("E1")).out()
    run = Run(builder.boundary("b", "S", ErrorDefinition("E1")).user_task("h").build()).start()
    assert run.waiting == ["h"]


def test_a_loop_is_left_as_a_whole() -> None:
    builder = a_process().service_task("job", loop=MultiInstance(cardinality="3"))
    run = Run(builder.boundary("b", "job", ErrorDefinition()).user_task("h").build()).start()
    run.throw_error("job", "E1")
    assert (run.waiting, run.state.jobs, run.state.loops) == (["h"], {}, {})


def test_an_event_sub_process_catches_before_the_boundary_around_it() -> None:
    builder = a_process().sub("S").stop("bad", ErrorDefinition("E1"))
    builder.esub("E", ErrorDefinition("E1")).user_task("inside").out().out()
    run = Run(builder.boundary("b", "S", ErrorDefinition("E1")).user_task("h").build()).start()
    assert run.waiting == ["E", "S", "inside"]


def test_what_an_event_sub_process_throws_it_does_not_catch_itself() -> None:
    # 13.5.6: an error thrown by the handler goes on outwards.
    builder = a_process().sub("S").stop("bad", ErrorDefinition("E1"))
    builder.esub("E", ErrorDefinition("E1")).stop("again", ErrorDefinition("E1")).out().out()
    run = Run(builder.boundary("b", "S", ErrorDefinition("E1")).user_task("h").build()).start()
    assert run.waiting == ["h"]


def test_one_that_interrupts_leaves_no_other_to_catch_what_it_throws() -> None:
    builder = a_process().sub("S").stop("bad", ErrorDefinition("E1"))
    builder.esub("E", ErrorDefinition("E1")).stop("worse", ErrorDefinition("E2")).out()
    builder.esub("F", ErrorDefinition("E2")).user_task("wrong").out().out()
    run = Run(builder.boundary("b", "S", ErrorDefinition("E2")).user_task("h").build()).start()
    assert run.waiting == ["h"]


def test_nor_does_one_that_runs_beside_catch_its_own_escalation() -> None:
    event = EscalationDefinition("X")
    builder = a_process().sub("S").throw("t", event).user_task("a")
    builder.esub("E", event, interrupting=False).throw("again", event).user_task("in").out().out()
    builder.boundary("b", "S", event, interrupting=False).user_task("h")
    run = Run(builder.build()).start()
    assert run.waiting == ["E", "S", "a", "h", "in"]


def escalating(*, interrupting: bool) -> ProcessBuilder:
    builder = a_process().sub("S").throw("t", EscalationDefinition("X")).user_task("a").out()
    event = EscalationDefinition("X")
    return builder.boundary("b", "S", event, interrupting=interrupting).user_task("h")


def test_an_escalation_lets_what_threw_it_go_on() -> None:
    run = Run(escalating(interrupting=False).build()).start()
    assert run.waiting == ["S", "a", "h"]


def test_an_escalation_may_interrupt() -> None:
    run = Run(escalating(interrupting=True).build()).start()
    assert run.waiting == ["h"]


def test_an_uncaught_escalation_is_no_failure() -> None:
    # 10.5.5: an escalation that nobody catches is lost.
    run = Run(a_process().throw("t", EscalationDefinition("X")).user_task("a").end()).start()
    assert (run.waiting, run.state.incidents) == (["a"], {})


def test_a_called_run_tells_its_caller() -> None:
    process = (
        a_process()
        .parallel("f")
        .user_task("a")
        .at("f")
        .throw("t", EscalationDefinition("X"))
        .user_task("b")
        .stop("bad", ErrorDefinition("E1"))
        .build()
    )
    run = Run(process)
    run.do(StartInstance(called=True))
    assert run.of(EscalationEscaped) == [EscalationEscaped("X", {})]

    run.complete("b")
    assert run.of(ErrorEscaped) == [ErrorEscaped("E1", "", {})]
    assert (run.status, run.state.tokens) == ("CANCELLED", {})
