"""Whatever a process is built of, and in whatever order its work is done, it ends."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.process import Process
from engine.semantics.commands import Continue
from engine.semantics.environment import Limits
from engine.semantics.evolve import evolve
from engine.semantics.machine import is_unfinished
from engine.semantics.state import InstanceState
from tests.support.processes import ProcessBuilder, a_process
from tests.support.runs import Run

LEAVES = st.sampled_from(["user", "service", "script", "timer"])
BLOCKS = st.recursive(
    LEAVES,
    lambda inner: st.tuples(
        st.sampled_from(["sequence", "exclusive", "parallel"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)
CHOICES = st.lists(st.integers(min_value=0, max_value=1_000), max_size=60)


def process_of(block: Any) -> Process:
    builder = a_process()
    _draw(builder, block, "n")
    return builder.end()


def _draw(builder: ProcessBuilder, block: Any, name: str) -> None:
    if isinstance(block, str):
        LEAF[block](builder, name)
        return
    kind, inner = block
    if kind == "sequence":
        for number, part in enumerate(inner):
            _draw(builder, part, f"{name}{number}")
        return
    _draw_split(builder, kind, inner, name)


def _draw_split(builder: ProcessBuilder, kind: str, inner: list[Any], name: str) -> None:
    split, join = f"{name}-split", f"{name}-join"
    gateway = ProcessBuilder.parallel if kind == "parallel" else ProcessBuilder.exclusive
    gateway(builder, split)
    for number, part in enumerate(inner):
        builder.at(split)
        if kind == "exclusive":
            last = number == len(inner) - 1
            builder = builder.otherwise() if last else builder.when(f"x > {number * 10}")
        _draw(builder, part, f"{name}{number}")
        if number:
            builder.to(join)
        else:
            gateway(builder, join)
    builder.at(join)


LEAF: dict[str, Callable[[ProcessBuilder, str], ProcessBuilder]] = {
    "user": lambda builder, name: builder.user_task(name),
    "service": lambda builder, name: builder.service_task(name),
    "script": lambda builder, name: builder.script_task(name, "x + 1", "x"),
    "timer": lambda builder, name: builder.timer(name, duration="PT1M"),
}


def work_off(run: Run, choices: list[int]) -> None:
    """Do what waits, in an order that `choices` picks, until nothing waits."""
    picks = iter(choices)
    while run.waiting:
        waiting = run.waiting
        element = waiting[next(picks, 0) % len(waiting)]
        if any(task.element == element for task in run.state.user_tasks.values()):
            run.complete(element)
        elif any(job.element == element for job in run.state.jobs.values()):
            run.finish_job(element, x=next(picks, 0))
        else:
            run.advance(minutes=1)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(BLOCKS, CHOICES, st.integers(0, 25))
def test_every_block_structured_process_ends(block: Any, choices: list[int], x: int) -> None:
    run = Run(process_of(block)).start(x=x)
    work_off(run, choices)
    assert run.status == "COMPLETED"
    assert run.state.tokens == {}
    state = run.state
    assert not any((state.standing, state.joining, state.attached, state.moving))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(BLOCKS, CHOICES)
def test_the_state_is_the_fold_of_the_journal_after_every_command(
    block: Any, choices: list[int]
) -> None:
    class Checked(Run):
        """Folds each command's events onto a state of its own, event by event."""

        folded: InstanceState

        def do(self, command: Any) -> list[Any]:
            before = self.folded.seq
            events = super().do(command)
            for number, event in enumerate(events, start=before + 1):
                evolve(self.folded, event)
                assert self.folded.seq == number
                live = sum(scope.live for scope in self.folded.scopes.values())
                assert live == len(self.folded.tokens)
            assert self.folded == self.state
            return events

    run = Checked(process_of(block))
    run.folded = InstanceState("run")
    run.start(x=1)
    work_off(run, choices)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(BLOCKS, CHOICES)
def test_two_equal_runs_have_equal_events(block: Any, choices: list[int]) -> None:
    journals = []
    for _ in range(2):
        run = Run(process_of(block)).start(x=1)
        work_off(run, choices)
        journals.append(run.journal)
    assert journals[0] == journals[1]


@settings(max_examples=30, deadline=None, derandomize=True)
@given(BLOCKS, CHOICES, st.integers(1, 7))
def test_the_budget_of_a_transaction_changes_nothing_but_where_it_is_cut(
    block: Any, choices: list[int], budget: int
) -> None:
    def passed(limits: Limits) -> tuple[list[str], dict[str, Any]]:
        run = Continuing(process_of(block), limits=limits).start(x=1)
        work_off(run, choices)
        return run.passed, copy.deepcopy(run.variables)

    assert passed(Limits()) == passed(Limits(budget=budget))


class Continuing(Run):
    """Sends Continue as the shell would."""

    def do(self, command: Any) -> list[Any]:
        events = super().do(command)
        while is_unfinished(events):
            events = super().do(Continue())
        return events
