"""Plain rounds of a multi-instance are passed together; the others begin one by one."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.elements import IoMapping, MultiInstance, Task
from engine.bpmn.events import TimerDefinition
from engine.semantics.commands import Continue, RetryIncident, SetVariables
from engine.semantics.environment import Limits
from engine.semantics.events import LoopItemsPassed
from engine.semantics.machine import is_unfinished
from tests.support.processes import a_process
from tests.support.runs import Run


def looped(
    expression: str, result: str = "r", limits: Limits | None = None, **characteristics: Any
) -> Run:
    loop = MultiInstance(**characteristics)
    process = a_process().script_task("s", expression, result, loop=loop).end()
    return Run(process, limits=limits)


def passed(run: Run) -> list[tuple[int, int]]:
    """Return the first round and the number of rounds of each fact."""
    facts = [fact for fact in run.facts if isinstance(fact, LoopItemsPassed)]
    return [(fact.first, fact.rounds) for fact in facts]


@pytest.mark.parametrize("sequential", [True, False])
class TestTogether:
    def test_they_leave_one_fact(self, *, sequential: bool) -> None:
        run = looped(
            "item * loopCounter",
            collection="[5, 6, 7]",
            element_variable="item",
            output_collection="all",
            output_element="r",
            sequential=sequential,
        ).start()
        assert passed(run) == [(1, 3)]
        assert (run.status, run.variables) == ("COMPLETED", {"all": [5, 12, 21]})

    def test_each_sees_what_those_before_it_wrote(self, *, sequential: bool) -> None:
        run = looped("n + 1", "n", cardinality="4", sequential=sequential).start(n=0)
        assert (passed(run), run.variables) == ([(1, 4)], {"n": 4})

    def test_a_budget_cuts_them_in_pieces_to_the_round(self, *, sequential: bool) -> None:
        limits = Limits(budget=10)
        run = looped("n + 1", "n", limits, cardinality="25", sequential=sequential).start(n=0)
        while is_unfinished(run.facts):
            run.do(Continue())
        # Leaving the start and opening the loop are two transitions.
        assert passed(run) == [(1, 8), (9, 10), (19, 7)]
        assert (run.status, run.variables) == ("COMPLETED", {"n": 25})

    def test_a_runaway_is_stopped_at_the_limit_to_the_round(self, *, sequential: bool) -> None:
        limits = Limits(transitions=12)
        run = looped("n + 1", "n", limits, cardinality="25", sequential=sequential).start(n=0)
        assert passed(run) == [(1, 10)]
        assert [one.code for one in run.state.incidents.values()] == ["engine.run_runaway"]

    def test_what_is_done_at_once_without_a_script_is_passed_too(self, *, sequential: bool) -> None:
        loop = MultiInstance(cardinality="3", sequential=sequential)
        run = Run(a_process().node(Task("t", loop=loop)).end()).start()
        assert (passed(run), run.passed) == ([(1, 3)], ["start", "t", "end"])


class TestFailure:
    def failing(self, *, sequential: bool) -> Run:
        return looped(
            "if item = 2 then now else item",
            collection="[1, 2, 3]",
            element_variable="item",
            output_collection="all",
            output_element="r",
            sequential=sequential,
        ).start()

    def test_of_one_side_by_side_holds_up_no_other(self) -> None:
        run = self.failing(sequential=False)
        assert passed(run) == [(1, 1), (3, 1)]
        [incident] = run.state.incidents.values()
        assert (incident.element, incident.code) == ("s", "engine.value_unusable")
        run.do(SetVariables({"now": 2}))
        run.do(RetryIncident(incident.id))
        assert (run.status, run.variables["all"]) == ("COMPLETED", [1, 2, 3])

    def test_of_one_in_a_row_holds_up_those_behind(self) -> None:
        run = self.failing(sequential=True)
        assert passed(run) == [(1, 1)]
        [incident] = run.state.incidents.values()
        run.do(SetVariables({"now": 2}))
        run.do(RetryIncident(incident.id))
        assert (run.status, run.variables["all"]) == ("COMPLETED", [1, 2, 3])

    def test_after_a_result_takes_the_result_back(self) -> None:
        kept = "[if loopCounter < 3 then n else now]"
        run = looped(
            "n + 1", "n", cardinality="3", output_collection="all", output_element=kept
        ).start(n=0)
        assert (passed(run), len(run.state.incidents)) == ([(1, 2)], 1)
        # Done the ordinary way, the script has its result before the collection is read.
        assert run.variables == {"n": 3}


class TestOrdinary:
    def test_with_a_completion_condition_rounds_begin_one_by_one(self) -> None:
        run = looped("1", cardinality="3", completion_condition="loopCounter = 2").start()
        assert (passed(run), run.status) == ([], "COMPLETED")

    def test_with_mappings_or_an_event_at_the_edge_as_well(self) -> None:
        loop = MultiInstance(cardinality="3")
        mapped = a_process().script_task("s", "m", "n", loop=loop, inputs=(IoMapping("1", "m"),))
        watched = a_process().script_task("s", "1", "n", loop=loop)
        watched.boundary("late", "s", TimerDefinition(duration="PT1H")).stop("out").at("s")
        for builder in (mapped, watched):
            run = Run(builder.end()).start()
            assert (passed(run), run.status) == ([], "COMPLETED")
