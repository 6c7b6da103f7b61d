"""Gateways join and split as BPMN says they do. No database, no Django."""

from __future__ import annotations

from itertools import permutations

import pytest

from engine.bpmn.elements import ExclusiveGateway, ParallelGateway, SequenceFlow
from engine.semantics import gateways
from engine.semantics.commands import RetryIncident, SetVariables
from engine.semantics.errors import NoOutgoingFlow
from engine.semantics.events import TokenConsumed
from engine.semantics.sequence_flows import Holds
from engine.semantics.state import Token
from tests.support.processes import a_process
from tests.support.runs import Run

NORTH, SOUTH, OUT, ELSE = map(SequenceFlow, ("north", "south", "out", "else"))


def only(*flows: SequenceFlow) -> Holds:
    return lambda flow: flow in flows


class TestSynchronise:
    join = ParallelGateway("join", incoming=(NORTH, SOUTH), outgoing=(OUT,))

    def test_waits_for_a_token_on_every_incoming_flow(self) -> None:
        assert gateways.synchronise(self.join, [Token("t1", at="north")]) == []

    def test_does_not_mistake_two_tokens_on_one_flow_for_two_flows(self) -> None:
        waiting = [Token("t1", at="north"), Token("t2", at="north")]
        assert gateways.synchronise(self.join, waiting) == []

    def test_joins_the_oldest_token_of_each_flow_and_leaves_the_surplus(self) -> None:
        first, surplus = Token("t1", at="north"), Token("t2", at="north")
        last = Token("t3", at="south")
        assert gateways.synchronise(self.join, [first, surplus, last]) == [first, last]


class TestChooseOne:
    split = ExclusiveGateway("split", outgoing=(ELSE, NORTH, SOUTH), default=ELSE)

    @pytest.mark.parametrize(
        ("holding", "taken"),
        [((NORTH, SOUTH), NORTH), ((SOUTH,), SOUTH), ((ELSE, SOUTH), SOUTH), ((), ELSE)],
        ids=["first in document order", "the only one", "default comes last", "default"],
    )
    def test_takes_one_flow(self, holding: tuple[SequenceFlow], taken: SequenceFlow) -> None:
        assert gateways.choose_one(self.split, only(*holding)) == taken

    def test_reads_no_condition_after_the_one_that_holds(self) -> None:
        read: list[SequenceFlow] = []

        def holds(flow: SequenceFlow) -> bool:
            read.append(flow)
            return True

        gateways.choose_one(self.split, holds)
        assert read == [NORTH]

    def test_a_dead_end_is_an_error_not_a_silent_stop(self) -> None:
        with pytest.raises(NoOutgoingFlow) as raised:
            gateways.choose_one(ExclusiveGateway("split", outgoing=(NORTH,)), only())
        assert raised.value.code == "engine.no_outgoing_flow"


class TestInARun:
    @pytest.mark.parametrize("order", list(permutations("abc")), ids="".join)
    def test_three_branches_join_once_in_whatever_order_they_come(
        self, order: tuple[str, ...]
    ) -> None:
        run = Run(
            a_process()
            .parallel("fork")
            .user_task("a")
            .parallel("join")
            .user_task("after")
            .stop("end")
            .at("fork")
            .user_task("b")
            .to("join")
            .at("fork")
            .user_task("c")
            .to("join")
            .build()
        ).start()

        seen = []
        for branch in order:
            run.complete(branch)
            seen.append("after" in run.waiting)

        assert seen == [False, False, True]
        assert run.passed.count("join") == 1
        assert len(run.of(TokenConsumed)) == 2
        assert list(run.state.tokens) == [run.state.user_tasks[run.task("after")].token]

    def test_a_surplus_token_counts_towards_the_next_activation(self) -> None:
        run = Run(
            a_process()
            .parallel("fork")
            .user_task("north")
            .exclusive("merge")
            .parallel("join")
            .user_task("after")
            .stop("end")
            .at("fork")
            .user_task("again")
            .to("merge")
            .at("fork")
            .user_task("south")
            .to("join")
            .build()
        ).start()

        run.complete("north")
        run.complete("again")
        run.complete("south")

        assert run.waiting == ["after"]
        assert [token.at for token in run.state.tokens.values()].count("merge-join") == 1
        assert run.status == "RUNNING"

    def test_the_first_true_condition_wins_and_no_one_waits(self) -> None:
        process = (
            a_process()
            .exclusive("split")
            .when("x > 1")
            .user_task("big")
            .stop("end")
            .at("split")
            .when("x > 0")
            .user_task("small")
            .to("end")
            .build()
        )
        assert Run(process).start(x=2).waiting == ["big"]
        assert Run(process).start(x=1).waiting == ["small"]

    def test_no_true_condition_and_no_default_is_an_incident_that_can_be_mended(self) -> None:
        run = Run(a_process().exclusive("split").when("x > 1").user_task("a").end()).start(x=0)
        [incident] = run.state.incidents.values()
        assert (incident.element, incident.code) == ("split", "engine.no_outgoing_flow")
        assert "split" not in run.passed

        run.do(SetVariables({"x": 2}))
        run.do(RetryIncident(incident.id))

        assert run.waiting == ["a"]
        assert run.state.incidents == {}

    def test_a_condition_that_is_neither_true_nor_false_is_an_incident_despite_a_default(
        self,
    ) -> None:
        process = (
            a_process()
            .exclusive("split")
            .when("missing > 1")
            .user_task("a")
            .at("split")
            .otherwise()
            .user_task("b")
            .end()
        )
        run = Run(process).start()
        [incident] = run.state.incidents.values()
        assert incident.code == "engine.condition_unreadable"
