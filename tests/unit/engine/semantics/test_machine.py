"""The work list: everything moves until it rests, and nothing moves for ever."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from engine.bpmn.elements import Unsupported
from engine.bpmn.events import MessageDefinition
from engine.semantics.commands import CompleteUserTask, Continue, RetryIncident, SetVariables
from engine.semantics.environment import Limits
from engine.semantics.events import BudgetSpent
from engine.semantics.machine import is_unfinished
from tests.support.processes import a_process
from tests.support.runs import Run


def endless() -> Run:
    process = (
        a_process()
        .exclusive("again")
        .otherwise()
        .script_task("count", "n + 1", "n")
        .to("again")
        .at("again")
        .when("done")
        .stop("end")
        .build()
    )
    return Run(process, limits=Limits(budget=100, transitions=250))


class TestBudget:
    def test_a_long_way_is_cut_into_pieces_that_can_be_committed(self) -> None:
        run = endless()
        run.start(n=0, done=False)
        assert is_unfinished(run.journal)
        assert run.of(BudgetSpent) == [BudgetSpent(100)]

        before = run.variables["n"]
        assert is_unfinished(run.do(Continue()))
        assert run.variables["n"] > before

    def test_a_loop_that_feeds_itself_becomes_an_incident(self) -> None:
        run = endless()
        run.start(n=0, done=False)
        while is_unfinished(run.journal):
            run.do(Continue())
        assert [each.code for each in run.state.incidents.values()] == ["engine.run_runaway"]

        run.do(SetVariables({"done": True}))
        run.do(RetryIncident(run.incident()))
        assert run.state.transitions == 0
        assert run.status == "COMPLETED"

    def test_splitting_without_end_becomes_an_incident(self) -> None:
        process = (
            a_process()
            .exclusive("merge")
            .parallel("fork")
            .to("merge")
            .at("fork")
            .user_task("a")
            .build()
        )
        run = Run(process, limits=Limits(tokens=20)).start()
        assert [each.code for each in run.state.incidents.values()] == ["engine.too_many_tokens"]
        assert run.state.scopes["run"].live == len(run.state.tokens) == 20


def test_what_the_engine_cannot_run_stops_its_token_only() -> None:
    process = (
        a_process()
        .parallel("fork")
        .node(Unsupported("sub", kind="subProcess"))
        .at("fork")
        .user_task("a")
        .end()
    )
    run = Run(process).start()
    [incident] = run.state.incidents.values()
    assert (incident.code, run.waiting) == ("engine.node_unsupported", ["a"])
    assert "subProcess" in incident.cause


def chain(length: int) -> Run:
    builder = a_process()
    for number in range(length):
        builder.script_task(f"s{number}", "n + 1", "n")
    return Run(builder.end(), limits=Limits(budget=1_000_000))


def test_a_long_chain_needs_no_recursion() -> None:
    most = sys.getrecursionlimit()
    run = chain(2_000)
    sys.setrecursionlimit(1_000)
    try:
        assert run.start(n=0).status == "COMPLETED"
    finally:
        sys.setrecursionlimit(most)


def test_a_completion_does_the_same_work_among_many_tokens_as_among_few() -> None:
    assert _work_of_a_completion(among=1_000) == _work_of_a_completion(among=10)


def _work_of_a_completion(among: int) -> int:
    """Return how many instructions of the machine one completion takes."""
    process = (
        a_process()
        .user_task("host")
        .stop("end")
        .boundary("edge", "host", MessageDefinition("Ping"), interrupting=False)
        .user_task("handle")
        .to("end")
        .build()
    )
    run = Run(process).start()
    for _ in range(among):
        run.publish("Ping")
    task = run.task("handle", among // 2)
    return _instructions(lambda: run.do(CompleteUserTask(task, "ada")))


def _instructions(work: Callable[[], object]) -> int:
    counted = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal counted
        if not frame.f_globals.get("__name__", "").startswith("engine.semantics"):
            return None
        frame.f_trace_opcodes = True
        counted += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return counted
