"""Inclusive and complex gateways wait for what can still come: BPMN 2.0.2, 13.4.3 and 13.4.5."""

from __future__ import annotations

from typing import Any

from engine.bpmn.elements import ComplexGateway
from engine.bpmn.events import LinkDefinition, TimerDefinition
from engine.bpmn.process import Process
from engine.semantics.commands import RetryIncident, SetVariables
from tests.support.processes import ProcessBuilder, a_process
from tests.support.runs import Run


def forked(*tasks: str) -> ProcessBuilder:
    """An inclusive fork whose branches hold where the variable of their name is true."""
    builder = a_process().inclusive("fork")
    for task in tasks:
        builder.at("fork").when(task).user_task(task)
        builder.to("join") if task != tasks[0] else builder.inclusive("join")
    return builder.at("join").user_task("after")


class TestInclusive:
    def test_it_waits_for_the_branches_that_were_taken(self) -> None:
        run = Run(forked("a", "b", "c").end()).start(a=True, b=False, c=True)
        run.complete("a")
        assert run.waiting == ["c"]
        run.complete("c")
        assert run.waiting == ["after"]
        assert run.passed.count("join") == 1

    def test_none_that_holds_and_no_default_is_an_incident(self) -> None:
        run = Run(forked("a", "b").end()).start(a=False, b=False)
        [incident] = run.state.incidents.values()
        assert incident.code == "engine.no_outgoing_flow"

    def test_a_token_that_can_still_come_around_a_loop_is_waited_for(self) -> None:
        builder = a_process().parallel("fork").user_task("a").inclusive("join").user_task("after")
        builder.at("fork").exclusive("again").user_task("b").exclusive("x")
        builder.at("x").when("more").to("again").at("x").otherwise().to("join")
        run = Run(builder.build()).start(more=True)
        run.complete("a")
        run.complete("b")
        assert run.waiting == ["b"]
        run.do(SetVariables({"more": False}))
        run.complete("b")
        assert run.waiting == ["after"]

    def test_a_token_that_goes_elsewhere_sets_it_free(self) -> None:
        builder = a_process().parallel("fork").user_task("a").inclusive("join").user_task("after")
        builder.at("fork").user_task("b").exclusive("x").when("back").to("join")
        builder.at("x").otherwise().stop("gone")
        run = Run(builder.build()).start(back=False)
        run.complete("a")
        assert run.waiting == ["b"]
        run.complete("b")
        assert run.waiting == ["after"]

    def test_a_token_that_can_come_to_a_flow_with_one_is_not_waited_for(self) -> None:
        # 13.4.3: it could reach the empty flow, and as well the one that has a token.
        builder = a_process().parallel("fork").user_task("a").exclusive("merge").inclusive("join")
        builder.user_task("after").at("fork").user_task("b").exclusive("x")
        builder.at("x").when("direct").to("join").at("x").otherwise().to("merge")
        run = Run(builder.build()).start(direct=True)
        run.complete("a")
        assert run.waiting == ["after", "b"]

    def test_a_boundary_event_is_a_way_to_it(self) -> None:
        builder = a_process().parallel("fork").user_task("a").inclusive("join").user_task("after")
        builder.at("fork").user_task("b").stop("end")
        builder.boundary("late", "b", TimerDefinition(duration="PT1H")).to("join")
        run = Run(builder.build()).start()
        run.complete("a")
        assert run.waiting == ["b"]
        run.advance(hours=1)
        assert run.waiting == ["after"]

    def test_so_is_a_link(self) -> None:
        builder = a_process().parallel("fork").user_task("a").inclusive("join").user_task("after")
        builder.at("fork").user_task("b").throw("out", LinkDefinition("L"))
        process = builder.at("").catch("in", LinkDefinition("L")).to("join").build()
        run = Run(process).start()
        run.complete("a")
        assert run.waiting == ["b"]
        run.complete("b")
        assert run.waiting == ["after"]

    def test_a_condition_that_cannot_be_read_can_be_mended_and_tried_again(self) -> None:
        builder = forked("a", "b").stop("e").at("join")
        run = Run(builder.when("later").user_task("c").build()).start(a=True, b=False)
        run.complete("a")
        [incident] = run.state.incidents.values()
        assert incident.code == "engine.condition_unreadable"

        run.do(SetVariables({"later": True}))
        run.do(RetryIncident(incident.id))
        assert run.waiting == ["after", "c"]


def complex_of_three(**fields: Any) -> Process:
    builder = a_process().parallel("fork")
    builder.user_task("a").node(ComplexGateway("g", **fields)).when("waitingForStart")
    builder.user_task("first").at("g").when("not(waitingForStart)").user_task("rest")
    for task in ("b", "c"):
        builder.at("fork").user_task(task).to("g")
    return builder.build()


class TestComplex:
    def test_it_fires_when_its_condition_holds_and_again_when_the_rest_has_come(self) -> None:
        run = Run(complex_of_three(activation_condition="activationCount >= 2")).start()
        run.complete("a")
        assert run.waiting == ["b", "c"]
        run.complete("b")
        assert run.waiting == ["c", "first"]
        assert len(run.state.activations) == 1
        run.complete("c")
        assert run.waiting == ["first", "rest"]
        assert run.state.activations == {}
        assert run.passed.count("g") == 1

    def test_its_condition_may_read_variables(self) -> None:
        run = Run(complex_of_three(activation_condition="activationCount >= quorum"))
        run.start(quorum=1)
        run.complete("c")
        assert run.waiting == ["a", "b", "first"]

    def test_without_a_condition_it_waits_for_all_that_can_come(self) -> None:
        run = Run(complex_of_three()).start()
        for task in ("a", "b", "c"):
            assert "first" not in run.waiting
            run.complete(task)
        assert run.waiting == ["first"]

    def test_a_condition_that_cannot_be_read_stops_the_token_that_came(self) -> None:
        run = Run(complex_of_three(activation_condition="activationCount >= quorum")).start()
        run.complete("a")
        [incident] = run.state.incidents.values()
        assert incident.code == "engine.condition_unreadable"

        run.do(SetVariables({"quorum": 1}))
        run.do(RetryIncident(incident.id))
        assert run.waiting == ["b", "c", "first"]
