"""What was done is undone, the latest first: BPMN 2.0.2, 13.5.5; transactions: 10.3.6.3."""

from __future__ import annotations

from engine.bpmn.elements import BoundaryEvent, IoMapping, MultiInstance, SubProcessKind
from engine.bpmn.events import (
    CancelDefinition,
    CompensationDefinition,
    ErrorDefinition,
    TimerDefinition,
)
from engine.semantics.commands import RetryIncident, SetVariables
from tests.support.processes import ProcessBuilder, a_process
from tests.support.runs import Run


def undone(builder: ProcessBuilder, *tasks: str) -> ProcessBuilder:
    for task in tasks:
        builder.script_task(task, "1", f"did_{task}").undone_by(f"ca-{task}", f"undo-{task}")
    return builder


def undo_all(run: Run) -> list[str]:
    """Do the jobs that undo, and tell their order."""
    order = []
    while run.state.jobs:
        [job] = run.state.jobs.values()
        order.append(job.element)
        run.finish_job(job.element)
    return order


THROW = CompensationDefinition()


class TestThrown:
    def test_the_latest_is_undone_first_and_the_event_waits(self) -> None:
        run = Run(undone(a_process(), "a", "b", "c").throw("t", THROW).user_task("n").end()).start()
        assert run.waiting == ["t", "undo-c"]
        assert undo_all(run) == ["undo-c", "undo-b", "undo-a"]
        assert run.waiting == ["n"]
        assert run.state.compensables == {}

    def test_what_did_not_complete_is_not_undone(self) -> None:
        builder = undone(a_process(), "a").parallel("f").user_task("b").undone_by("cb", "undo-b")
        run = Run(builder.at("f").throw("t", THROW).build()).start()
        assert undo_all(run) == ["undo-a"]

    def test_one_activity_alone_may_be_undone_and_only_once(self) -> None:
        builder = undone(a_process(), "a", "b").throw("t", CompensationDefinition("a"))
        run = Run(builder.throw("t2", CompensationDefinition("a")).user_task("n").end()).start()
        assert undo_all(run) == ["undo-a"]
        assert run.waiting == ["n"]

    def test_each_visit_is_undone(self) -> None:
        builder = a_process().exclusive("again").script_task("a", "n + 1", "n")
        builder.undone_by("ca", "undo-a").exclusive("x").otherwise().to("again")
        run = Run(builder.at("x").when("n > 2").throw("t", THROW).end()).start(n=0)
        assert undo_all(run) == ["undo-a"] * 3

    def test_one_that_does_not_wait_goes_on_beside(self) -> None:
        event = CompensationDefinition(waits=False)
        run = Run(undone(a_process(), "a").throw("t", event).user_task("n").end()).start()
        assert run.waiting == ["n", "t", "undo-a"]
        run.complete("n")
        assert run.status == "RUNNING"
        undo_all(run)
        assert (run.status, run.passed.count("t")) == ("COMPLETED", 1)

    def test_an_end_event_throws_as_well(self) -> None:
        run = Run(undone(a_process(), "a").stop("t", THROW).build()).start()
        assert undo_all(run) == ["undo-a"]
        assert (run.status, run.passed[-1]) == ("COMPLETED", "t")

    def test_what_completes_meanwhile_is_left_as_it_is(self) -> None:
        builder = undone(a_process(), "a").parallel("f").throw("t", THROW).user_task("n")
        builder.at("f").user_task("late").undone_by("c-late", "undo-late").user_task("after")
        run = Run(builder.build()).start()
        run.complete("late")
        assert undo_all(run) == ["undo-a"]
        assert run.waiting == ["after", "n"]

    def test_it_may_be_cut_short(self) -> None:
        builder = undone(a_process().sub("S"), "a", "b").throw("t", THROW).out()
        builder.boundary("late", "S", TimerDefinition(duration="PT1H")).user_task("h")
        run = Run(builder.build()).start()
        run.advance(hours=1)
        assert (run.waiting, run.state.compensations, run.state.compensables) == (["h"], {}, {})


class TestSubProcess:
    def test_what_completed_inside_is_undone_with_its_variables_as_they_were(self) -> None:
        inputs = (IoMapping("x", "y"),)
        builder = undone(a_process().sub("S", inputs=inputs), "a", "b").out().user_task("w")
        run = Run(builder.throw("t", THROW).end()).start(x=1)
        run.do(SetVariables({"x": 2}))
        run.complete("w")
        [job] = run.state.jobs.values()
        token = run.state.tokens[job.token]
        assert run.state.scopes[token.scope].variables["y"] == 1
        assert undo_all(run) == ["undo-b", "undo-a"]
        assert (run.status, list(run.state.scopes)) == ("COMPLETED", ["run"])

    def test_a_handler_of_its_own_goes_before_what_is_inside(self) -> None:
        builder = undone(a_process().sub("S"), "a").out().undone_by("cs", "undo-S")
        run = Run(builder.throw("t", THROW).end()).start()
        assert undo_all(run) == ["undo-S"]

    def test_so_does_its_compensation_event_sub_process_which_may_undo_the_rest(self) -> None:
        builder = undone(a_process().sub("S"), "a", "b").stop("e")
        builder.esub("E", CompensationDefinition()).service_task("log", job_type="log:1")
        builder.throw("inner", THROW).out().out()
        run = Run(builder.throw("t", THROW).end()).start()
        assert undo_all(run) == ["log", "undo-b", "undo-a"]
        assert run.status == "COMPLETED"

    def test_one_that_was_interrupted_is_not_undone(self) -> None:
        builder = undone(a_process().sub("S"), "a").stop("bad", ErrorDefinition("E")).out()
        run = Run(builder.boundary("b", "S", ErrorDefinition()).throw("t", THROW).build()).start()
        assert (run.status, run.state.compensables) == ("COMPLETED", {})


def test_each_round_of_a_loop_is_undone_with_its_own_variables() -> None:
    loop = MultiInstance(collection="[1, 2, 3]", element_variable="item")
    builder = a_process().script_task("a", "item", "r", loop=loop).undone_by("ca", "undo-a")
    run = Run(builder.throw("t", THROW).end()).start()
    seen = []
    while run.state.jobs:
        [job] = run.state.jobs.values()
        seen.append(run.state.scopes[run.state.tokens[job.token].scope].variables["item"])
        run.finish_job("undo-a")
    assert (seen, run.status) == ([3, 2, 1], "COMPLETED")


class TestTransaction:
    def cancelled(self) -> ProcessBuilder:
        builder = undone(a_process().sub("T", kind=SubProcessKind.TRANSACTION), "a", "b")
        builder.parallel("f").user_task("beside").at("f").user_task("check")
        builder.stop("cancel", CancelDefinition()).out().user_task("after")
        return builder.boundary("c", "T", CancelDefinition()).user_task("h")

    def test_cancelled_it_ends_the_rest_undoes_all_and_leaves_by_its_event(self) -> None:
        run = Run(self.cancelled().build()).start()
        run.complete("check")
        assert run.waiting == ["T", "cancel", "undo-b"]
        assert undo_all(run) == ["undo-b", "undo-a"]
        assert (run.waiting, list(run.state.scopes)) == (["h"], ["run"])

    def test_where_leaving_it_fails_its_token_asks_for_help(self) -> None:
        builder = undone(a_process().sub("T", kind=SubProcessKind.TRANSACTION), "a")
        builder.stop("cancel", CancelDefinition()).out()
        event = BoundaryEvent(
            "c",
            definitions=(CancelDefinition(),),
            attached_to="T",
            outputs=(IoMapping("function(x) x", "y"),),
        )
        run = Run(builder.node(event).user_task("h").build()).start()
        undo_all(run)
        [incident] = run.state.incidents.values()
        assert (incident.code, incident.element) == ("engine.value_unusable", "cancel")

        run.do(RetryIncident(incident.id))
        assert len(run.state.incidents) == 1

    def test_an_error_leaves_it_as_it_is(self) -> None:
        # 10.3.6.3, hazard: nothing is compensated.
        builder = undone(a_process().sub("T", kind=SubProcessKind.TRANSACTION), "a")
        builder.stop("bad", ErrorDefinition("E")).out()
        run = Run(builder.boundary("b", "T", ErrorDefinition()).user_task("h").build()).start()
        assert (run.waiting, run.state.jobs) == (["h"], {})

    def test_cancelled_from_further_inside_it_ends_as_well(self) -> None:
        builder = undone(a_process().sub("T", kind=SubProcessKind.TRANSACTION), "a")
        builder.sub("S").stop("cancel", CancelDefinition()).out().out()
        run = Run(builder.boundary("c", "T", CancelDefinition()).user_task("h").build()).start()
        assert undo_all(run) == ["undo-a"]
        assert run.waiting == ["h"]


def test_many_levels_are_undone_without_recursion() -> None:
    depth = 300
    builder = a_process()
    for level in range(depth):
        builder.sub(f"s{level}")
    undone(builder, "a")
    for _ in range(depth):
        builder.out()
    run = Run(builder.throw("t", THROW).end()).start()
    assert undo_all(run) == ["undo-a"]
    assert run.status == "COMPLETED"
