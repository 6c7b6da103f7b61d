"""Call activities run another process: BPMN 2.0.2, 10.3.5 and 13.3.4."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.elements import CallActivity, Gate, IoMapping, UserTask
from engine.bpmn.events import ErrorDefinition, EscalationDefinition, TimerDefinition
from engine.bpmn.process import Process
from engine.semantics.commands import (
    CompleteCall,
    EscalateCall,
    FailCall,
    RefuseCall,
    RetryIncident,
    SetVariables,
    StartInstance,
)
from engine.semantics.errors import DecisionReserved, WorkGone
from engine.semantics.events import CallCancelled, CallStarted
from tests.support.processes import ProcessBuilder, a_process
from tests.support.runs import Run


def calling(**fields: Any) -> ProcessBuilder:
    return a_process().node(CallActivity("c", **{"called": "other", **fields}))


def waiting_call(process: Process, **variables: Any) -> tuple[Run, str]:
    run = Run(process).start(**variables)
    [activity] = run.state.calls
    return run, activity


def test_it_asks_for_a_run_of_its_own_and_waits_for_it() -> None:
    run, activity = waiting_call(calling().end(), x=1)
    [started] = run.of(CallStarted)
    assert (started.called, started.variables) == ("other", {"x": 1})
    assert started.child not in run.state.scopes

    run.do(CompleteCall(activity, {"y": 2}))
    assert (run.status, run.variables) == ("COMPLETED", {"x": 1, "y": 2})


def test_only_what_is_mapped_goes_in_and_out() -> None:
    process = calling(
        called='="oth" + "er"',
        propagate_all_in=False,
        inputs=(IoMapping("x + 1", "given"),),
        outputs=(IoMapping("answer", "y"),),
    ).end()
    run, activity = waiting_call(process, x=1)
    [started] = run.of(CallStarted)
    assert (started.called, started.variables) == ("other", {"given": 2})
    run.do(CompleteCall(activity, {"answer": 42, "else": 1}))
    assert run.variables == {"x": 1, "y": 42}


def test_an_error_of_the_called_run_goes_on_outwards_from_here() -> None:
    process = calling().boundary("b", "c", ErrorDefinition("E1")).user_task("h").build()
    run, activity = waiting_call(process)
    run.do(FailCall(activity, "E1", variables={"why": "late"}))
    assert (run.waiting, run.variables) == (["h"], {"why": "late"})
    assert run.of(CallCancelled) == []


def test_an_error_nobody_catches_can_be_tried_again_with_a_new_run() -> None:
    run, activity = waiting_call(calling().end())
    run.do(FailCall(activity, "E1"))
    assert run.state.calls == {}
    [incident] = run.state.incidents.values()
    assert incident.code == "engine.error_uncaught"

    run.do(RetryIncident(incident.id))
    first, second = run.of(CallStarted)
    assert first.child != second.child
    run.do(CompleteCall(activity))
    assert run.status == "COMPLETED"


def test_a_run_that_cannot_be_made_is_an_incident() -> None:
    run, activity = waiting_call(calling().end())
    run.do(RefuseCall(activity, "There is no such process."))
    [incident] = run.state.incidents.values()
    assert (incident.code, incident.cause) == (
        "engine.call_unanswered",
        "There is no such process.",
    )


def test_a_call_that_was_never_made_is_made_once_when_it_is_tried_again() -> None:
    builder = calling(called="=target")
    builder.boundary("b", "c", TimerDefinition(duration="PT1H")).user_task("h")
    run = Run(builder.build()).start()
    [incident] = run.state.incidents.values()
    assert incident.code == "engine.value_unusable"

    run.do(SetVariables({"target": "other"}))
    run.do(RetryIncident(incident.id))
    assert len(run.of(CallStarted)) == len(run.state.calls) == 1
    run.advance(hours=1)
    assert run.waiting == ["h"]


def test_an_escalation_of_the_called_run_may_leave_it_going_on() -> None:
    event = EscalationDefinition()
    process = calling().boundary("b", "c", event, interrupting=False).user_task("h").build()
    run, activity = waiting_call(process)
    run.do(EscalateCall(activity, "X"))
    assert run.waiting == ["c", "h"]
    run.do(CompleteCall(activity))
    assert run.waiting == ["h"]


def test_interrupted_it_cancels_the_called_run() -> None:
    process = calling().boundary("b", "c", TimerDefinition(duration="PT1H")).user_task("h").build()
    run, activity = waiting_call(process)
    run.advance(hours=1)
    [started] = run.of(CallStarted)
    assert run.of(CallCancelled) == [CallCancelled(activity, started.child)]
    with pytest.raises(WorkGone):
        run.do(CompleteCall(activity))


def test_what_a_gate_decides_comes_from_no_other_run() -> None:
    process = a_process().node(UserTask("gate", gate=Gate())).end()
    run = Run(process)
    with pytest.raises(DecisionReserved):
        run.do(StartInstance({"decision": "approve"}))
    run.do(StartInstance({"decision": "approve", "x": 1}, called=True))
    assert run.variables == {"x": 1}
