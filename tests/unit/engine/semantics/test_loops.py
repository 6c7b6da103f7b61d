"""Standard loops and multi-instance: BPMN 2.0.2, 13.3.6 and 13.3.7."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.elements import IoMapping, MultiInstance, StandardLoop
from engine.bpmn.events import TimerDefinition
from engine.semantics.commands import CompleteUserTask, Continue
from engine.semantics.environment import Limits
from engine.semantics.events import LoopItemCompleted, LoopItemStarted
from engine.semantics.machine import is_unfinished
from tests.support.processes import a_process
from tests.support.runs import Run


def looped(limits: Limits | None = None, **characteristics: Any) -> Run:
    process = a_process().user_task("a", loop=MultiInstance(**characteristics)).end()
    return Run(process, limits=limits)


class TestParallel:
    def test_all_rounds_are_on_offer_at_once_and_the_whole_is_done_with_the_last(self) -> None:
        run = looped(cardinality="3").start()
        assert run.waiting == ["a", "a", "a", "a"]  # the whole, and its rounds

        for _ in range(3):
            run.complete("a")
        assert run.status == "COMPLETED"
        assert run.passed == ["start", "a", "end"]

    def test_each_round_sees_its_own_item(self) -> None:
        loop = MultiInstance(collection="items", element_variable="item")
        process = a_process().service_task("a", loop=loop).end()
        run = Run(process).start(items=["x", "y"])
        seen = [run.state.scopes[job].variables for job in run.state.jobs]
        assert seen == [{"loopCounter": 1, "item": "x"}, {"loopCounter": 2, "item": "y"}]

    def test_what_they_give_is_collected_in_the_order_of_the_items(self) -> None:
        loop = MultiInstance(cardinality="3", output_collection="all", output_element="r")
        run = Run(a_process().user_task("a", loop=loop).end()).start()
        first, second, third = run.state.user_tasks
        for activity, value in ((third, 3), (first, 1), (second, 2)):
            run.do(CompleteUserTask(activity, "ada", {"r": value}))
        assert run.variables == {"all": [1, 2, 3]}

    def test_the_completion_condition_ends_the_rest(self) -> None:
        run = looped(
            cardinality="4",
            completion_condition="numberOfCompletedInstances / numberOfInstances >= 0.5",
            output_collection="all",
            output_element="r",
        ).start()
        run.complete("a", r=1)
        run.complete("a", r=2)
        assert (run.status, run.variables) == ("COMPLETED", {"all": [1, 2, None, None]})

    def test_the_condition_may_read_what_is_collected_so_far(self) -> None:
        run = looped(
            cardinality="3",
            completion_condition="count(all[item != null]) = 2",
            output_collection="all",
            output_element="r",
        ).start()
        run.complete("a", r=1)
        assert run.status == "RUNNING"
        run.complete("a", r=2)
        assert run.status == "COMPLETED"

    @pytest.mark.parametrize("nothing", [{"cardinality": "0"}, {"collection": "[]"}])
    def test_nothing_to_go_through_is_done_at_once(self, nothing: dict[str, Any]) -> None:
        assert looped(**nothing).start().status == "COMPLETED"

    @pytest.mark.parametrize(
        "wrong", [{"cardinality": "-1"}, {"cardinality": '"2"'}, {"collection": "5"}, {}]
    )
    def test_what_is_no_number_or_list_is_an_incident(self, wrong: dict[str, Any]) -> None:
        [incident] = looped(**wrong).start().state.incidents.values()
        assert incident.code == "engine.value_unusable"

    def test_many_rounds_begin_in_pieces_that_can_be_committed(self) -> None:
        run = looped(limits=Limits(budget=10), cardinality="25").start()
        pieces = 1
        while is_unfinished(run.journal):
            run.do(Continue())
            pieces += 1
        assert (len(run.state.user_tasks), pieces > 4) == (25, True)

    def test_more_rounds_than_tokens_allowed_are_an_incident(self) -> None:
        run = looped(limits=Limits(tokens=5), cardinality="9").start()
        [incident] = run.state.incidents.values()
        assert incident.code == "engine.too_many_tokens"

    def test_a_boundary_event_is_that_of_the_whole(self) -> None:
        builder = a_process().user_task("a", loop=MultiInstance(cardinality="3"))
        builder.boundary("b", "a", TimerDefinition(duration="PT1H")).user_task("h")
        run = Run(builder.build()).start()
        assert len(run.state.timers) == 1
        run.advance(hours=1)
        assert (run.waiting, run.state.loops, list(run.state.scopes)) == (["h"], {}, ["run"])

    def test_mappings_are_those_of_each_round(self) -> None:
        loop = MultiInstance(collection="[1, 2]", element_variable="n")
        task = a_process().script_task(
            "a",
            "y * 2",
            "z",
            loop=loop,
            inputs=(IoMapping("n + 10", "y"),),
            outputs=(IoMapping("append(sum, z)", "sum"),),
        )
        assert Run(task.end()).start(sum=[]).variables == {"sum": [22, 24]}


class TestSequential:
    def test_each_round_begins_when_the_one_before_is_done(self) -> None:
        run = looped(cardinality="3", sequential=True).start()
        for _ in range(3):
            assert len(run.state.user_tasks) == 1
            run.complete("a")
        assert run.status == "COMPLETED"
        order = [type(event) for event in run.journal if "loop_item" in event.type]
        assert order == [LoopItemStarted, LoopItemCompleted] * 3

    def test_the_completion_condition_leaves_the_rest_out(self) -> None:
        run = looped(cardinality="9", sequential=True, completion_condition="loopCounter = 2")
        run.start()
        run.complete("a")
        run.complete("a")
        assert run.status == "COMPLETED"


class TestStandardLoop:
    def rounds(self, loop: StandardLoop, **variables: Any) -> int:
        run = Run(a_process().script_task("a", "n + 1", "n", loop=loop).end())
        run.start(n=0, **variables)
        assert run.status == "COMPLETED"
        return int(run.variables["n"])

    def test_it_is_judged_after_each_round(self) -> None:
        assert self.rounds(StandardLoop("n < 3")) == 3
        assert self.rounds(StandardLoop("false")) == 1

    def test_or_before_the_first_as_well(self) -> None:
        assert self.rounds(StandardLoop("n < 3", test_before=True)) == 3
        assert self.rounds(StandardLoop("false", test_before=True)) == 0

    def test_the_maximum_ends_it(self) -> None:
        assert self.rounds(StandardLoop("true", maximum=4)) == 4
        assert self.rounds(StandardLoop(None, maximum="most"), most=2) == 2
        assert self.rounds(StandardLoop(None, maximum=0)) == 0

    def test_one_without_end_becomes_an_incident(self) -> None:
        process = a_process().script_task("a", "n + 1", "n", loop=StandardLoop("true")).end()
        run = Run(process, limits=Limits(transitions=50)).start(n=0)
        assert [one.code for one in run.state.incidents.values()] == ["engine.run_runaway"]


def test_a_round_costs_the_same_among_many() -> None:
    """13.3.7 says nothing of cost; a run of many items must stay linear."""
    assert _facts_of_a_round(among=2_000) == _facts_of_a_round(among=10)


def _facts_of_a_round(among: int) -> int:
    run = looped(cardinality=str(among), output_collection="all", output_element="r").start()
    before = run.frozen()
    happened = run.complete("a", r=1)
    [loop] = run.state.loops.values()
    assert loop.outputs == {1: 1}
    assert len(before.tokens) - len(run.state.tokens) == 1
    return len(happened)
