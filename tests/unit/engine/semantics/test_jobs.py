"""Jobs are tried again as the model says, and then wait for an operator."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.bpmn.elements import Retry
from engine.bpmn.events import ErrorDefinition
from engine.semantics.commands import CompleteJob, FailureKind, RetryIncident
from engine.semantics.errors import GenerationPassed, WorkGone
from engine.semantics.events import AttemptFailed, JobCreated, JobRetried
from engine.semantics.state import JobStatus
from tests.support.processes import a_process
from tests.support.runs import T0, Run

RETRY = Retry(attempts=3, first_delay="PT5S", factor=2.0, cap="PT8S")


def a_run(fraction: float = 1.0, **settings: Retry) -> Run:
    process = a_process().service_task("call", **{"retry": RETRY, **settings}).end()
    return Run(process, fraction=fraction).start()


def test_a_wait_that_cannot_be_read_stops_the_token_before_the_first_attempt() -> None:
    process = a_process().service_task("call", retry=Retry(cap="soon")).end()
    run = Run(process).start()
    assert [each.code for each in run.state.incidents.values()] == ["engine.timer_unreadable"]
    assert run.state.jobs == {}


def test_the_connectors_name_may_be_an_expression() -> None:
    run = Run(a_process().service_task("call", job_type='= "http:" + string(v)').end()).start(v=1)
    assert run.of(JobCreated)[0].job_type == "http:1"


@pytest.mark.parametrize(("silent", "attempts", "hours"), [(True, 2, 1), (False, 3, 0)])
def test_where_the_model_says_nothing_of_retries_the_usual_ones_hold(
    *, silent: bool, attempts: int, hours: int
) -> None:
    usual = Retry(attempts=2, first_delay="PT1H", cap="PT2H")
    own = Retry(first_delay="PT0S", is_usual=silent)
    run = Run(a_process().service_task("call", retry=own).end(), retry=usual).start()

    run.fail_job("call")

    (failed,) = run.of(AttemptFailed)
    assert run.of(JobCreated)[0].attempts == failed.attempts == attempts
    assert failed.next_at == T0 + timedelta(hours=hours)


class TestComplete:
    def test_the_result_reaches_the_run(self) -> None:
        run = a_run()
        run.finish_job("call", status=200)
        assert (run.status, run.variables) == ("COMPLETED", {"status": 200})

    def test_a_result_of_another_generation_does_not_count(self) -> None:
        run = a_run()
        with pytest.raises(GenerationPassed):
            run.do(CompleteJob(run.job("call"), 2))

    def test_a_second_result_is_refused(self) -> None:
        run = Run(a_process().service_task("call").user_task("a").end()).start()
        job = run.job("call")
        run.finish_job("call")
        with pytest.raises(WorkGone):
            run.do(CompleteJob(job, 1))


class TestFail:
    def test_says_when_the_next_attempt_is(self) -> None:
        run = a_run()
        [failed] = run.fail_job("call")
        assert isinstance(failed, AttemptFailed)
        assert (failed.attempt, failed.attempts) == (1, 3)
        assert failed.next_at == T0 + timedelta(seconds=5)

    def test_waits_at_least_as_long_as_the_called_system_asks(self) -> None:
        run = a_run(fraction=0.0)
        [failed] = run.fail_job("call", retry_after=60.0)
        assert isinstance(failed, AttemptFailed)
        assert failed.next_at == T0 + timedelta(seconds=60)

    def test_asks_for_an_operator_after_the_last_attempt(self) -> None:
        run = a_run()
        for _ in range(3):
            run.fail_job("call")

        [incident] = run.state.incidents.values()
        assert (incident.code, incident.cause) == ("engine.job_failed", "connection reset")
        assert run.of(AttemptFailed)[-1].next_at is None
        assert run.state.jobs[run.job("call")].status is JobStatus.FAILED
        with pytest.raises(WorkGone):
            run.finish_job("call")

    def test_a_permanent_failure_is_not_tried_again(self) -> None:
        run = a_run()
        run.fail_job("call", FailureKind.PERMANENT)
        assert len(run.state.incidents) == 1

    def test_an_environmental_failure_uses_up_no_attempt(self) -> None:
        run = a_run()
        for _ in range(5):
            run.fail_job("call", FailureKind.ENVIRONMENTAL)
        [job] = run.state.jobs.values()
        assert (job.attempts, job.stalls, run.state.incidents) == (0, 5, {})

    def test_an_environment_that_stays_away_ends_as_an_incident(self) -> None:
        run = a_run(environment_retry=Retry(attempts=3))
        for _ in range(3):
            assert run.state.incidents == {}
            run.fail_job("call", FailureKind.ENVIRONMENTAL)
        assert len(run.state.incidents) == 1

    def test_an_environmental_failure_waits_as_its_own_setting_says(self) -> None:
        run = a_run(environment_retry=Retry(first_delay="PT1M", cap="PT1H"))
        [failed] = run.fail_job("call", FailureKind.ENVIRONMENTAL)
        assert isinstance(failed, AttemptFailed)
        assert failed.next_at == T0 + timedelta(minutes=1)


DEADLINE = Retry(attempts=100, first_delay="PT10S", factor=1.0, cap="PT10S", deadline="PT25S")


class TestDeadline:
    def test_no_attempt_begins_after_it(self) -> None:
        run = a_run(retry=DEADLINE)
        run.fail_job("call")
        run.now += timedelta(seconds=10)
        run.fail_job("call")
        assert run.state.incidents == {}
        run.now += timedelta(seconds=10)
        run.fail_job("call")
        assert len(run.state.incidents) == 1

    def test_a_pause_that_the_system_asks_for_may_pass_it(self) -> None:
        run = a_run(retry=DEADLINE)
        run.fail_job("call", retry_after=60.0)
        assert len(run.state.incidents) == 1

    def test_an_operator_gives_the_whole_time_again(self) -> None:
        run = a_run(retry=DEADLINE)
        run.fail_job("call", FailureKind.PERMANENT)
        run.now += timedelta(hours=1)
        run.do(RetryIncident(run.incident()))
        [job] = run.state.jobs.values()
        assert job.deadline_at == run.now + timedelta(seconds=25)
        run.fail_job("call")
        assert run.state.incidents == {}


def with_a_way_out(code: str | None, retry: Retry = RETRY) -> Run:
    process = (
        a_process()
        .service_task("call", retry=retry)
        .boundary("instead", "call", ErrorDefinition(code))
        .user_task("by_hand")
        .end("done_by_hand")
    )
    return Run(process).start()


class TestFallback:
    def test_a_model_may_draw_what_follows_the_last_attempt(self) -> None:
        run = with_a_way_out("RETRIES_EXHAUSTED")
        for _ in range(3):
            assert run.waiting == ["call"]
            run.fail_job("call")
        assert (run.waiting, run.state.incidents, run.state.jobs) == (["by_hand"], {}, {})
        told = {"code": "RETRIES_EXHAUSTED", "kind": "TRANSIENT", "cause": "connection reset"}
        assert run.variables["failure"] == told

    def test_a_model_may_draw_what_follows_the_deadline(self) -> None:
        run = with_a_way_out("DEADLINE", DEADLINE)
        run.fail_job("call", retry_after=60.0)
        assert run.waiting == ["by_hand"]

    def test_a_model_may_draw_what_follows_a_permanent_failure(self) -> None:
        run = with_a_way_out("PERMANENT_FAILURE")
        run.fail_job("call", FailureKind.PERMANENT)
        assert run.waiting == ["by_hand"]

    @pytest.mark.parametrize("code", [None, "DEADLINE", "OTHER"])
    def test_who_does_not_name_the_error_does_not_hide_the_failure(self, code: str | None) -> None:
        run = with_a_way_out(code)
        for _ in range(3):
            run.fail_job("call")
        assert len(run.state.incidents) == 1


class TestRetry:
    def test_gives_new_attempts_under_the_same_key(self) -> None:
        run = a_run()
        run.fail_job("call", FailureKind.PERMANENT)
        before = run.job("call")

        run.do(RetryIncident(run.incident()))

        [created], [retried] = run.of(JobCreated), run.of(JobRetried)
        assert run.job("call") == before
        assert retried.generation == created.generation
        assert run.state.jobs[before].attempts == 0
        run.finish_job("call")
        assert run.status == "COMPLETED"

    def test_twice_is_refused(self) -> None:
        run = a_run()
        run.fail_job("call", FailureKind.PERMANENT)
        incident = run.incident()
        run.do(RetryIncident(incident))
        with pytest.raises(WorkGone):
            run.do(RetryIncident(incident))
