"""Listeners are jobs at the turns of an element's life."""

from __future__ import annotations

from engine.bpmn.elements import EndEvent, IoMapping, Listener, MultiInstance
from engine.semantics.commands import AssignUserTask, CompleteJob
from engine.semantics.events import JobCreated
from tests.support.processes import a_process
from tests.support.runs import Run


def finish(run: Run, **result: object) -> str:
    """Do the one job there is, and tell its type."""
    [job] = run.state.jobs.values()
    run.do(CompleteJob(job.activity, job.generation, dict(result)))
    return job.type


def test_they_run_one_after_the_other_before_and_after_the_work() -> None:
    process = a_process().service_task(
        "a",
        job_type="work:1",
        start_listeners=(Listener("start", "one:1"), Listener("start", "two:1")),
        end_listeners=(Listener("end", "three:1"),),
    )
    run = Run(process.end()).start()
    assert [finish(run) for _ in range(4)] == ["one:1", "two:1", "work:1", "three:1"]
    assert run.status == "COMPLETED"

    # No two of them may look the same to the system that is called.
    keys = [(one.activity, one.generation) for one in run.of(JobCreated)]
    assert len(set(keys)) == 4


def test_one_at_the_end_sees_the_outputs_and_they_are_written_once() -> None:
    process = a_process().service_task(
        "a", outputs=(IoMapping("n + r", "n"),), end_listeners=(Listener("end", "l:1"),)
    )
    run = Run(process.end()).start(n=1)
    finish(run, r=2)
    assert run.variables == {"n": 3}
    finish(run)
    assert (run.status, run.variables) == ("COMPLETED", {"n": 3})


def test_those_of_a_user_task_embrace_it() -> None:
    listeners = (
        Listener("creating", "made:1"),
        Listener("assigning", "given:1"),
        Listener("completing", "checked:1"),
    )
    run = Run(a_process().user_task("a", task_listeners=listeners).end()).start()
    assert run.state.user_tasks == {}
    assert finish(run) == "made:1"

    run.do(AssignUserTask(run.task("a"), "ada"))
    assert finish(run) == "given:1"
    assert run.waiting == ["a"]

    run.complete("a")
    assert finish(run) == "checked:1"
    assert run.status == "COMPLETED"


def test_one_beside_the_work_is_taken_back_when_that_is_done() -> None:
    listeners = (Listener("assigning", "given:1"),)
    run = Run(a_process().user_task("a", task_listeners=listeners).end()).start()
    run.do(AssignUserTask(run.task("a"), "ada"))
    run.complete("a")
    assert (run.status, run.state.jobs) == ("COMPLETED", {})


def test_each_round_of_a_loop_has_its_own() -> None:
    process = a_process().service_task(
        "a",
        job_type="work:1",
        loop=MultiInstance(cardinality="2", sequential=True),
        end_listeners=(Listener("end", "l:1"),),
    )
    run = Run(process.end()).start()
    assert [finish(run) for _ in range(4)] == ["work:1", "l:1"] * 2


def test_an_end_event_may_have_one() -> None:
    event = EndEvent("e", start_listeners=(Listener("start", "l:1"),))
    run = Run(a_process().node(event).build()).start()
    assert finish(run) == "l:1"
    assert (run.status, run.passed) == ("COMPLETED", ["start", "e"])
