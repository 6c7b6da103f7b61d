"""Pause, resume, cancel and correct; and what a run refuses in each state."""

from __future__ import annotations

import pytest

from engine.bpmn.events import TimerDefinition
from engine.semantics.commands import (
    Cancel,
    CompleteJob,
    CompleteUserTask,
    Continue,
    FailureKind,
    Pause,
    Resume,
    RetryIncident,
    SetVariables,
    StartInstance,
    TriggerTimer,
)
from engine.semantics.errors import (
    NoStartEvent,
    RunAlreadyStarted,
    RunFinished,
    RunNotPaused,
    RunPaused,
    WorkGone,
)
from engine.semantics.events import (
    InstanceCancelled,
    InstanceCompleted,
    JobCancelled,
    UserTaskCancelled,
)
from tests.support.processes import a_process
from tests.support.runs import Run


def busy() -> Run:
    """A run that waits for a person, a job, a timer and a message."""
    return Run(
        a_process()
        .parallel("fork")
        .user_task("person")
        .stop("end")
        .at("fork")
        .service_task("job")
        .user_task("next")
        .to("end")
        .at("fork")
        .timer("timer", duration="PT1H")
        .to("end")
        .at("fork")
        .message("message", "Go")
        .to("end")
        .boundary("edge", "person", TimerDefinition(duration="PT2H"))
        .to("end")
        .build()
    ).start(x=1)


class TestStart:
    def test_once(self) -> None:
        with pytest.raises(RunAlreadyStarted):
            busy().do(StartInstance())

    def test_only_at_a_start_event(self) -> None:
        with pytest.raises(NoStartEvent):
            Run(a_process().user_task("a").end()).do(StartInstance(element="a"))

    def test_nothing_else_is_possible_before(self) -> None:
        with pytest.raises(WorkGone):
            Run(a_process().end()).do(Cancel())


class TestPause:
    def test_a_job_result_is_held_and_goes_on_at_resume(self) -> None:
        run = busy()
        run.do(Pause("maintenance"))
        run.finish_job("job", y=2)
        assert "next" not in run.waiting

        run.do(Resume())
        assert "next" in run.waiting
        assert run.variables["y"] == 2

    def test_a_message_is_held_too(self) -> None:
        run = busy()
        run.do(Pause())
        run.publish("Go", z=3)
        assert "message" not in run.passed
        run.do(Resume())
        assert "message" in run.passed

    def test_what_can_come_again_is_refused(self) -> None:
        run = busy()
        run.do(Pause())
        timer = min(run.state.timers.values(), key=lambda each: each.due_at)
        run.now = timer.due_at
        before = run.frozen()
        for refused in (CompleteUserTask(run.task("person"), "ada"), TriggerTimer(timer.id)):
            with pytest.raises(RunPaused):
                run.do(refused)
        assert run.state == before

    def test_a_failed_attempt_is_counted(self) -> None:
        run = busy()
        run.do(Pause())
        run.fail_job("job", FailureKind.PERMANENT)
        with pytest.raises(RunPaused):
            run.do(RetryIncident(run.incident()))
        run.do(Resume())
        run.do(RetryIncident(run.incident()))
        assert run.state.incidents == {}

    def test_twice_is_refused_and_so_is_resuming_what_runs(self) -> None:
        run = busy()
        with pytest.raises(RunNotPaused):
            run.do(Resume())
        run.do(Pause())
        with pytest.raises(RunPaused):
            run.do(Pause())

    def test_continuing_moves_nothing(self) -> None:
        run = busy()
        run.do(Pause())
        run.finish_job("job")
        assert run.do(Continue()) == []


class TestCancel:
    @pytest.mark.parametrize("paused", [False, True])
    def test_ends_everything_that_waits(self, paused: bool) -> None:  # noqa: FBT001
        run = busy()
        if paused:
            run.do(Pause())
        job = run.job("job")
        run.do(Cancel("wrong ticket"))

        state = run.state
        assert run.status == "CANCELLED"
        assert (state.tokens, state.user_tasks, state.jobs) == ({}, {}, {})
        assert (state.timers, state.subscriptions, state.incidents) == ({}, {}, {})
        assert state.scopes["run"].live == 0
        assert len(run.of(JobCancelled)) == len(run.of(UserTaskCancelled)) == 1
        assert run.of(InstanceCancelled)[0].reason == "wrong ticket"
        assert run.of(InstanceCompleted) == []
        with pytest.raises(RunFinished):
            run.do(CompleteJob(job, 1))


class TestTerminateEnd:
    def test_ends_every_other_token_at_once(self) -> None:
        run = Run(
            a_process()
            .parallel("fork")
            .user_task("a")
            .stop("terminate", terminate=True)
            .at("fork")
            .service_task("b")
            .stop("end")
            .build()
        ).start()
        run.complete("a")
        assert (run.status, run.state.jobs) == ("COMPLETED", {})
        assert "b" not in run.passed


class TestSetVariables:
    def test_corrects_the_run(self) -> None:
        run = busy()
        run.do(SetVariables({"x": 5}))
        assert run.variables["x"] == 5

    def test_of_a_scope_that_is_gone_is_refused(self) -> None:
        with pytest.raises(WorkGone):
            busy().do(SetVariables({"x": 5}, scope="nowhere"))
