"""Timers and messages wake tokens, in the flow and on the boundary."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.bpmn.events import EventDefinition, MessageDefinition, TimerDefinition
from engine.semantics.commands import CompleteJob, CorrelateMessage, FailureKind, TriggerTimer
from engine.semantics.errors import TimerNotDue, WorkGone
from engine.semantics.events import ActivityTerminated, JobCancelled, MessageAwaited, TimerCancelled
from tests.support.processes import a_process
from tests.support.runs import Run


def with_boundary(definition: EventDefinition, *, interrupting: bool) -> Run:
    return Run(
        a_process()
        .service_task("work")
        .stop("end")
        .boundary("edge", "work", definition, interrupting=interrupting)
        .user_task("handle")
        .to("end")
        .build()
    ).start()


class TestInTheFlow:
    def test_a_timer_lets_the_token_go_when_its_time_comes(self) -> None:
        run = Run(a_process().timer("wait", duration="PT1H").user_task("a").end()).start()
        run.advance(minutes=59)
        assert run.waiting == ["wait"]
        run.advance(minutes=1)
        assert run.waiting == ["a"]

    def test_a_timer_never_fires_early(self) -> None:
        run = Run(a_process().timer("wait", duration="PT1H").end()).start()
        with pytest.raises(TimerNotDue):
            run.do(TriggerTimer(next(iter(run.state.timers))))

    def test_a_timer_fires_once(self) -> None:
        run = Run(a_process().timer("wait", duration="PT1H").user_task("a").end()).start()
        timer = next(iter(run.state.timers))
        run.advance(hours=1)
        with pytest.raises(WorkGone):
            run.do(TriggerTimer(timer))

    def test_the_correlation_key_is_read_when_the_wait_begins(self) -> None:
        run = Run(a_process().message("wait", "Paid", "order").end()).start(order=7)
        [awaited] = run.of(MessageAwaited)
        assert (awaited.name, awaited.key) == ("Paid", "7")

    def test_a_message_brings_its_variables(self) -> None:
        run = Run(a_process().message("wait", "Paid", "order").end()).start(order=7)
        run.publish("Paid", amount=3)
        assert (run.status, run.variables) == ("COMPLETED", {"order": 7, "amount": 3})

    def test_a_key_of_null_is_an_incident(self) -> None:
        run = Run(a_process().message("wait", "Paid", "order").end()).start(order=None)
        assert [each.code for each in run.state.incidents.values()] == ["engine.value_unusable"]


class TestOnTheBoundary:
    def test_an_interrupting_timer_ends_the_work(self) -> None:
        run = with_boundary(TimerDefinition(duration="PT1H"), interrupting=True)
        job = run.job("work")
        run.advance(hours=1)

        assert run.waiting == ["handle"]
        assert len(run.of(JobCancelled)) == len(run.of(ActivityTerminated)) == 1
        with pytest.raises(WorkGone):
            run.do(CompleteJob(job, 1))

    def test_a_completed_activity_takes_its_boundary_events_with_it(self) -> None:
        run = with_boundary(TimerDefinition(duration="PT1H"), interrupting=True)
        run.finish_job("work")
        assert len(run.of(TimerCancelled)) == 1
        assert (run.status, run.state.timers, run.state.attached) == ("COMPLETED", {}, {})

    def test_an_interrupting_timer_ends_failed_work_and_its_incident(self) -> None:
        run = with_boundary(TimerDefinition(duration="PT1H"), interrupting=True)
        run.fail_job("work", FailureKind.PERMANENT)
        run.advance(hours=1)
        assert (run.waiting, run.state.incidents, run.state.failed) == (["handle"], {}, {})

    def test_a_repeating_timer_comes_three_times_and_leaves_the_work_alone(self) -> None:
        run = with_boundary(TimerDefinition(cycle="R3/PT10S"), interrupting=False)
        run.advance(seconds=11)
        assert run.waiting == ["handle", "work"]
        run.advance(minutes=5)
        assert run.waiting == ["handle", "handle", "handle", "work"]

    def test_a_repeating_timer_comes_once_after_downtime(self) -> None:
        run = with_boundary(TimerDefinition(cycle="R/PT10S"), interrupting=False)
        run.now += timedelta(hours=1)
        run.do(TriggerTimer(next(iter(run.state.timers))))
        assert run.waiting.count("handle") == 1
        [timer] = run.state.timers.values()
        assert timer.due_at == run.now + timedelta(seconds=10)

    def test_a_repeating_timer_that_interrupts_comes_once(self) -> None:
        run = with_boundary(TimerDefinition(cycle="R/PT10S"), interrupting=True)
        run.advance(seconds=10)
        assert (run.waiting, run.state.timers) == (["handle"], {})

    def test_each_turn_of_a_cycle_is_a_timer_of_its_own(self) -> None:
        run = with_boundary(TimerDefinition(cycle="R/PT10S"), interrupting=False)
        first = next(iter(run.state.timers))
        run.advance(seconds=10)
        with pytest.raises(WorkGone):
            run.do(TriggerTimer(first))

    def test_a_message_that_does_not_interrupt_comes_as_often_as_it_is_sent(self) -> None:
        run = with_boundary(MessageDefinition("Ping"), interrupting=False)
        run.publish("Ping", n=1)
        run.publish("Ping", n=2)
        assert run.waiting == ["handle", "handle", "work"]
        assert run.variables == {"n": 2}

        run.finish_job("work")
        assert run.state.subscriptions == {}

    def test_a_message_that_interrupts_comes_once(self) -> None:
        run = with_boundary(MessageDefinition("Stop"), interrupting=True)
        [subscription] = run.state.subscriptions
        run.publish("Stop")
        assert run.waiting == ["handle"]
        with pytest.raises(WorkGone):
            run.do(CorrelateMessage(subscription))
