"""Activities read their inputs, write their outputs, and leave by the flows that hold."""

from __future__ import annotations

from engine.bpmn.elements import IoMapping
from engine.semantics.events import ActivityCompleted, ScopeClosed, ScopeOpened
from tests.support.processes import a_process
from tests.support.runs import Run

INPUT = (IoMapping("x + 1", "y"),)
OUTPUT = (IoMapping("y * 10", "z"),)


class TestMappings:
    def test_an_input_is_seen_inside_only(self) -> None:
        run = Run(a_process().script_task("s", "y * 2", "result", inputs=INPUT).end()).start(x=1)
        assert run.variables == {"x": 1, "result": 4}

    def test_with_outputs_nothing_else_leaves(self) -> None:
        process = a_process().service_task("s", inputs=INPUT, outputs=OUTPUT).end()
        run = Run(process).start(x=1)
        run.finish_job("s", response=200)
        assert run.variables == {"x": 1, "z": 20}

    def test_an_output_leaves_even_under_the_name_of_an_input(self) -> None:
        outputs = (IoMapping("y * 10", "y"),)
        run = Run(a_process().service_task("s", inputs=INPUT, outputs=outputs).end()).start(x=1)
        run.finish_job("s")
        assert run.variables == {"x": 1, "y": 20}

    def test_outputs_read_the_result(self) -> None:
        outputs = (IoMapping("response", "ticket.id"), IoMapping("ticket.id", "copy"))
        process = a_process().service_task("s", outputs=outputs[:1]).end()
        run = Run(process).start(ticket={"state": "open"})
        run.finish_job("s", response=5)
        assert run.variables == {"ticket": {"state": "open", "id": 5}}

    def test_without_outputs_a_result_stays_where_the_variable_is(self) -> None:
        run = Run(a_process().service_task("s", inputs=INPUT).end()).start(x=1)
        run.finish_job("s", y=9, other=8)
        assert run.variables == {"x": 1, "other": 8}

    def test_the_scope_lives_as_long_as_the_activity(self) -> None:
        run = Run(a_process().service_task("s", inputs=INPUT).user_task("a").end()).start(x=1)
        assert list(run.state.scopes) == ["run", run.job("s")]
        run.finish_job("s")
        assert list(run.state.scopes) == ["run"]
        assert run.of(ScopeClosed)[0].scope == run.of(ScopeOpened)[1].scope

    def test_an_activity_without_mappings_has_no_scope(self) -> None:
        run = Run(a_process().service_task("s").end()).start()
        assert list(run.state.scopes) == ["run"]


class TestLeave:
    def test_flows_that_hold_are_all_taken(self) -> None:
        run = Run(
            a_process()
            .user_task("a")
            .when("x > 0")
            .user_task("b")
            .at("a")
            .when("x > 1")
            .user_task("c")
            .at("a")
            .user_task("d")
            .end()
        ).start(x=1)
        run.complete("a")
        assert run.waiting == ["b", "d"]

    def test_the_default_is_taken_only_when_no_other_holds(self) -> None:
        process = (
            a_process()
            .user_task("a")
            .when("x > 0")
            .user_task("b")
            .at("a")
            .otherwise()
            .user_task("c")
            .end()
        )
        for x, waiting in ((0, ["c"]), (1, ["b"])):
            run = Run(process).start(x=x)
            run.complete("a")
            assert run.waiting == waiting

    def test_conditions_see_the_outputs(self) -> None:
        run = Run(
            a_process()
            .service_task("s", outputs=(IoMapping("response > 1", "big"),))
            .when("big")
            .user_task("a")
            .end()
        ).start()
        run.finish_job("s", response=2)
        assert run.waiting == ["a"]

    def test_no_flow_that_holds_is_an_incident_and_the_work_stays_done(self) -> None:
        run = Run(a_process().user_task("a").when("x > 0").user_task("b").end()).start(x=0)
        run.complete("a")
        assert [each.code for each in run.state.incidents.values()] == ["engine.no_outgoing_flow"]
        assert len(run.of(ActivityCompleted)) == 1

    def test_a_path_may_end_without_an_end_event(self) -> None:
        run = Run(a_process().user_task("a").build()).start()
        run.complete("a")
        assert run.status == "COMPLETED"

    def test_merged_tokens_run_the_rest_each(self) -> None:
        run = Run(
            a_process()
            .parallel("fork")
            .user_task("after")
            .stop("end")
            .at("fork")
            .user_task("b")
            .to("after")
            .build()
        ).start()
        run.complete("b")
        assert run.waiting == ["after", "after"]
