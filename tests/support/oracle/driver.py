"""Runs a process to its end, in an order that is chosen, and checks what must hold all the way.

After every command: the codec gives back every event as it was; a second state, folded from what
went through the codec, equals the first, rows and indexes; no transaction does more steps than its
budget. A `crash` goes on from the tables of the second state alone, as after loading them.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from itertools import count
from typing import Any

from engine.bpmn.process import Process
from engine.codec import Vault, decode, encode
from engine.semantics.commands import Command, CompleteJob, CompleteUserTask, Continue, TriggerTimer
from engine.semantics.environment import Limits
from engine.semantics.events import BudgetSpent, Event
from engine.semantics.evolve import fold
from engine.semantics.machine import is_unfinished
from engine.semantics.state import InstanceState, indexed
from tests.support.oracle.blocks import Block, Pick, Work, parts_of
from tests.support.runs import Run


class Watched(Run):
    """A run that compares itself with its own journal."""

    def __init__(self, process: Process, budget: int) -> None:
        super().__init__(process, limits=Limits(budget=budget))
        self.budget = budget
        self.folded = InstanceState("run")

    def do(self, command: Command) -> list[Event]:
        """Carry out one command, and go on for as long as the budget cuts it short."""
        happened = self._checked(command)
        while is_unfinished(happened):
            happened = self._checked(Continue())
        return happened

    def crash(self) -> None:
        """Go on from what a database would have kept."""
        self.state = reloaded(self.folded)

    def forked(self) -> Watched:
        """Return another run that goes on from what a database would have kept of this one."""
        other = Watched(self.process, self.budget)
        other.state, other.folded = reloaded(self.folded), reloaded(self.folded)
        # Fresh ids: no run takes more of them than it has events.
        other._ids = map(str, count(self.state.seq + 1))
        return other

    def _checked(self, command: Command) -> list[Event]:
        happened = super().do(command)
        vault = Vault("salt")
        read = decode(encode(happened, vault), vault)
        assert read == happened
        fold(self.folded, read)
        assert self.folded == self.state
        spent = [event.transitions for event in happened if isinstance(event, BudgetSpent)]
        assert all(steps <= self.budget for steps in spent)
        return happened


def reloaded(state: InstanceState) -> InstanceState:
    """Return a state made of the tables alone, its indexes found anew."""
    tables = {
        item.name: copy.copy(getattr(state, item.name)) for item in fields(state) if item.repr
    }
    tables["scopes"] = copy.deepcopy(state.scopes)
    return indexed(InstanceState(**tables))


def play(run: Watched, answers: Mapping[str, Work], pick: Pick) -> None:
    """Do one thing after another until nothing is left to do, now and then after a crash."""
    while choices := _choices(run, answers):
        if not pick(4):
            run.crash()
        choices[pick(len(choices))]()


def answers_of(block: Block) -> dict[str, Work]:
    """Return the work inside a block by the id of its task."""
    if isinstance(block, Work):
        return {block.id: block}
    return {name: work for part in parts_of(block) for name, work in answers_of(part).items()}


def visited(run: Run) -> Counter[str]:
    """Return how often each node was completed."""
    return Counter(run.passed)


def _choices(run: Watched, answers: Mapping[str, Work]) -> list[Callable[[], Any]]:
    state = run.state
    found: list[Callable[[], Any]] = []
    for task in state.user_tasks.values():
        given = _answer(answers[task.element])
        found.append(partial(run.do, CompleteUserTask(task.activity, "ada", given)))
    for job in state.jobs.values():
        given = _answer(answers[job.element])
        found.append(partial(run.do, CompleteJob(job.activity, job.generation, given)))
    return [*found, partial(_next_timer, run)] if state.timers else found


def _answer(work: Work) -> dict[str, Any]:
    return {work.target: work.value} if work.target else {}


def _next_timer(run: Watched) -> None:
    timer = min(run.state.timers.values(), key=lambda each: each.due_at)
    run.now = max(run.now, timer.due_at)
    run.do(TriggerTimer(timer.id))
