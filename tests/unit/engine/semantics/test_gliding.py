"""Plain nodes are passed in one step, as one fact; whatever could show keeps its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.bpmn.elements import (
    IoMapping,
    Listener,
    ScriptTask,
    SubProcessKind,
    Task,
)
from engine.bpmn.events import ConditionalDefinition, TimerDefinition
from engine.bpmn.process import Process
from engine.semantics.commands import Continue, RetryIncident, SetVariables, StartInstance
from engine.semantics.environment import Environment, Limits
from engine.semantics.events import ActivityActivated, BudgetSpent, Glided, Passing, TokenParted
from engine.semantics.machine import handle, is_unfinished
from engine.semantics.state import InstanceState, TokenStatus
from engine.semantics.unfolding import story
from tests.support.processes import ProcessBuilder, a_process
from tests.support.runs import T0, Run


def glides(run: Run) -> list[Glided]:
    return [fact for fact in run.facts if isinstance(fact, Glided)]


def elements(run: Run) -> list[list[str]]:
    """Return the nodes of each glide that were passed, without those that were only left."""
    return [
        [each.element for each in one.passages if each.passing is not Passing.LEFT]
        for one in glides(run)
    ]


def scripts(number: int) -> Process:
    builder = a_process()
    for each in range(number):
        builder.script_task(f"s{each}", "n + 1", "n")
    return builder.end()


class TestOneFact:
    def test_tells_of_a_whole_way(self) -> None:
        run = Run(scripts(3)).start(n=0)
        assert elements(run) == [["s0", "s1", "s2", "end"]]
        assert glides(run)[0].written == [("n", 1), ("n", 2), ("n", 3)]
        assert (run.status, run.variables) == ("COMPLETED", {"n": 3})

    def test_ends_before_a_node_where_the_token_rests(self) -> None:
        run = Run(a_process().script_task("s", "1", "n").user_task("u").end()).start()
        assert elements(run) == [["s"]]
        assert run.waiting == ["u"]
        run.complete("u")
        assert elements(run) == [["s"], ["end"]]

    def test_tells_of_branches_that_meet_again(self) -> None:
        builder = a_process().parallel("fork").parallel("join")
        for name in "ab":
            builder.at("fork").script_task(name, "1", name).to("join")
        run = Run(builder.at("join").end()).start()
        assert elements(run) == [["fork", "a", "b", "join", "end"]]
        assert run.status == "COMPLETED"

    def test_leaves_branches_that_rest_as_tokens_of_their_own(self) -> None:
        builder = a_process().parallel("fork").parallel("join")
        for name in "ab":
            builder.at("fork").script_task(f"s{name}", "1", name).user_task(name).to("join")
        run = Run(builder.at("join").end()).start()
        assert elements(run) == [["fork", "sa", "sb"]]
        assert [fact.at for fact in run.facts if isinstance(fact, TokenParted)] == [
            "sb-b",
            "fork-join",
        ]
        assert run.state.scopes["run"].live == len(run.state.tokens) == 3
        run.complete("b")
        run.complete("a")
        assert run.status == "COMPLETED"

    def test_leaves_a_branch_too_many_before_the_join(self) -> None:
        builder = a_process().parallel("fork").exclusive("merge").parallel("join").stop("end")
        process = builder.at("fork").to("merge").at("fork").to("join").build()
        run = Run(process).start()
        assert run.passed == ["start", "fork", "merge", "merge", "join", "end"]
        [left] = run.state.tokens.values()
        assert (left.at, left.status) == ("merge-join", TokenStatus.JOINING)

    def test_names_every_visit_once(self) -> None:
        process = (
            a_process()
            .exclusive("again")
            .script_task("s", "n + 1", "n")
            .exclusive("more")
            .when("n < 5")
            .to("again")
            .at("more")
            .otherwise()
            .user_task("u")
            .to("again")
            .build()
        )
        run = Run(process).start(n=0)
        run.complete("u", n=0)
        visits = [fact.activity for fact in run.of(ActivityActivated)]
        assert len(set(visits)) == len(visits) == 12


class TestBudget:
    @pytest.mark.parametrize("budget", [1, 2, 3, 7])
    def test_counts_every_passage(self, budget: int) -> None:
        run = Run(scripts(20), limits=Limits(budget=budget)).start(n=0)
        while is_unfinished(run.facts):
            run.do(Continue())
        assert all(len(one.passages) <= budget for one in glides(run))
        # The start is left, and the end is passed.
        assert sum(len(one.passages) for one in glides(run)) >= 20
        spent = [fact.transitions for fact in run.facts if isinstance(fact, BudgetSpent)]
        assert spent == [budget] * (22 // budget - (22 % budget == 0))
        assert run.variables == {"n": 20}

    def test_a_glide_without_end_stops_at_the_limit_to_the_transition(self) -> None:
        builder = a_process().exclusive("again").otherwise().script_task("s", "n + 1", "n")
        run = Run(
            builder.to("again").at("again").when("n < 0").stop("end").build(),
            limits=Limits(budget=1_000, transitions=250),
        ).start(n=0)
        assert sum(len(one.passages) for one in glides(run)) == 250
        assert [one.code for one in run.state.incidents.values()] == ["engine.run_runaway"]

    def test_branches_on_the_way_count_as_tokens(self) -> None:
        builder = a_process().parallel("fork").parallel("join")
        for number in range(10):
            builder.at("fork").script_task(f"s{number}", "1", "n").to("join")
        process = builder.at("join").end()
        assert Run(process, limits=Limits(tokens=11)).start().status == "COMPLETED"
        again = a_process().parallel("f").parallel("j").at("f").to("j").at("j")
        twice = again.parallel("g").parallel("k").at("g").to("k").at("k").end()
        assert elements(Run(twice, limits=Limits(tokens=2)).start()) == [
            ["f", "j", "g", "k", "end"]
        ]
        run = Run(process, limits=Limits(tokens=10)).start()
        assert [one.code for one in run.state.incidents.values()] == ["engine.too_many_tokens"]
        assert "s0" not in run.passed


class TestFailure:
    def test_stops_at_its_node_and_keeps_what_was_passed_before(self) -> None:
        builder = a_process().script_task("a", "1", "n").script_task("b", "n +", "m")
        run = Run(builder.end()).start()
        [incident] = run.state.incidents.values()
        assert (incident.element, incident.code) == ("b", "engine.expression_unreadable")
        assert (run.passed, run.variables) == (["start", "a"], {"n": 1})

    def test_can_be_retried_and_glides_on(self) -> None:
        builder = a_process().script_task("a", "1", "n").exclusive("which").when("ok")
        run = Run(builder.script_task("c", "n + 1", "n").end()).start()
        [incident] = run.state.incidents.values()
        assert (incident.element, incident.code) == ("which", "engine.condition_unreadable")
        run.do(SetVariables({"ok": True}))
        run.do(RetryIncident(incident.id))
        assert elements(run) == [["a"], ["which", "c", "end"]]
        assert (run.status, run.variables["n"]) == ("COMPLETED", 2)

    def test_of_one_branch_holds_up_no_other(self) -> None:
        builder = a_process().parallel("fork").script_task("bad", "1 +", "x").stop("end")
        run = Run(builder.at("fork").script_task("good", "1", "y").to("end").build()).start()
        assert [one.element for one in run.state.incidents.values()] == ["bad"]
        assert run.variables == {"y": 1}


class TestVariables:
    def test_are_written_to_the_nearest_scope_that_has_them(self) -> None:
        builder = a_process().sub("sub", inputs=(IoMapping("0", "own"),))
        builder.script_task("a", "own + 1", "own").script_task("b", "own + outer", "outer")
        run = Run(builder.stop("in").out().end()).start(outer=10)
        assert elements(run)[0] == ["a", "b", "in"]
        assert run.variables == {"outer": 11}

    def test_that_the_environment_gives_are_hidden_by_no_result(self) -> None:
        builder = a_process().script_task("a", "1", "connection")
        process = builder.script_task("b", "connection", "seen").end()
        env = Environment(T0, iter("tuv").__next__, lambda: 0.0, given={"connection": 7})
        state, _ = handle(process, InstanceState("run"), StartInstance(), env)
        assert state.scopes["run"].variables == {"connection": 1, "seen": 7}

    def test_of_the_time_are_those_of_the_transaction(self) -> None:
        builder = a_process().script_task("a", "string(now())", "t")
        assert Run(builder.end()).start().variables["t"].startswith("2030-01-01T00:00:00")


def script(**fields: object) -> Callable[[ProcessBuilder], ProcessBuilder]:
    return lambda builder: builder.script_task("s", "1", "n", **fields)


NOT_PLAIN: dict[str, Callable[[ProcessBuilder], ProcessBuilder]] = {
    "an input": script(inputs=(IoMapping("1", "m"),)),
    "an output": script(outputs=(IoMapping("1", "m"),)),
    "a listener": script(start_listeners=(Listener("start", "audit:1"),)),
    "a listener at the end": script(end_listeners=(Listener("end", "audit:1"),)),
    "a boundary event": lambda builder: (
        script()(builder)
        .boundary("late", "s", TimerDefinition(duration="PT1H"))
        .stop("ended")
        .at("s")
    ),
    "a handler that undoes it": lambda builder: script()(builder).undone_by("edge", "handler"),
    "a conditional way out": lambda builder: script()(builder).when("true"),
    "several ways out": lambda builder: script()(builder).stop("ended").at("s"),
    "an ad-hoc sub-process around it": lambda builder: script()(
        builder.sub("sub", start=False, kind=SubProcessKind.ADHOC).user_task("u")
    ).out(),
}


@pytest.mark.parametrize("what", NOT_PLAIN)
def test_a_script_is_not_plain_with(what: str) -> None:
    run = Run(NOT_PLAIN[what](a_process()).end()).start()
    if run.waiting == ["sub", "u"]:
        run.complete("u")
    assert "s" in run.passed or run.state.jobs
    assert "s" not in {element for one in elements(run) for element in one}


def test_nothing_glides_where_a_write_may_bring_about_a_condition() -> None:
    builder = a_process().script_task("s", "1", "n")
    process = builder.catch("wait", ConditionalDefinition("n > 0")).end()
    run = Run(process).start()
    assert (glides(run), run.status) == ([], "COMPLETED")


def test_a_task_and_an_event_that_say_nothing_are_passed_too() -> None:
    run = Run(a_process().node(Task("t")).throw("e").end()).start()
    assert elements(run) == [["t", "e", "end"]]
    assert run.passed == ["start", "t", "e", "end"]


def test_a_process_is_planned_once() -> None:
    process = scripts(2)
    Run(process).start(n=0)
    plans = dict(next(iter(process.derived.values())))
    Run(process).start(n=0)
    again = next(iter(process.derived.values()))
    assert {flow: id(plan) for flow, plan in plans.items()} == {
        flow: id(plan) for flow, plan in again.items()
    }
    assert isinstance(process.nodes["s0"], ScriptTask)


def test_the_story_of_other_facts_is_what_they_are() -> None:
    run = Run(a_process().user_task("u").end()).start()
    assert list(story(run.facts, 1)) == run.facts
