"""A token that glides does what one does that goes step by step.

Who glides is watched: the codec gives back its facts, and folding them its state.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeAlias

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.bpmn.elements import MultiInstance, Task
from engine.bpmn.process import Process
from engine.semantics.events import (
    ActivityActivated,
    LoopItemCompleted,
    LoopItemStarted,
    VariablesSet,
)
from tests.support.oracle.driver import Watched
from tests.support.ordinary import ordinary
from tests.support.processes import ProcessBuilder, a_process
from tests.support.runs import Run

# One path, on which a gateway may lead back, and something may go wrong at any node. Each kind is
# drawn under a name, and writes the variable of its path alone.
Draw: TypeAlias = Callable[[ProcessBuilder, str, str], object]
KINDS: dict[str, Draw] = {
    "add": lambda builder, node, x: builder.script_task(node, f"({x}) + 1", x),
    "keep": lambda builder, node, x: builder.script_task(node, f"[{x}, string(now())]", node),
    "forget": lambda builder, node, x: builder.script_task(node, f"{x} * 2", ""),
    "task": lambda builder, node, _x: builder.node(Task(node)),
    "event": lambda builder, node, _x: builder.throw(node),
    "merge": lambda builder, node, _x: builder.exclusive(node),
    "user": lambda builder, node, _x: builder.user_task(node),
    "bad script": lambda builder, node, x: builder.script_task(node, f"{x} +", x),
    "bad way": lambda builder, node, x: builder.exclusive(node).when(f"{x} > 1000 or none"),
    "again": lambda builder, node, x: (
        builder.exclusive(f"{node}-from")
        .script_task(f"{node}-add", f"{x} + 1", x)
        .exclusive(node)
        .when(f"{x} < 7")
        .to(f"{node}-from")
        .at(node)
        .otherwise()
    ),
}
NODES = st.sampled_from(list(KINDS))
PATHS = st.lists(NODES, min_size=1, max_size=8)
BRANCHES = st.lists(st.lists(NODES, max_size=4), min_size=1, max_size=4)


def draw(builder: ProcessBuilder, kinds: list[str], variable: str) -> None:
    for number, kind in enumerate(kinds):
        KINDS[kind](builder, f"{variable}{number}", variable)


def path(kinds: list[str]) -> Process:
    builder = a_process()
    draw(builder, kinds, "x")
    return builder.end()


def block(branches: list[list[str]]) -> Process:
    builder = a_process().parallel("fork").parallel("join")
    for number, kinds in enumerate(branches):
        draw(builder.at("fork"), kinds, "abcd"[number])
        builder.to("join")
    return builder.at("join").end()


def work_off(run: Run) -> Run:
    """Do what people do, until nothing is left for them."""
    run.start(x=1, a=1, b=2, c=3, d=4)
    while run.state.user_tasks:
        run.complete(next(iter(run.state.user_tasks.values())).element)
    return run


def told(run: Run) -> list[str]:
    """Return the journal as texts that name no visit and no budget: these differ."""
    facts = [{"type": one.type, **asdict(one)} for one in run.journal]
    hidden = {"activity", "incident"}
    return [
        str({name: value for name, value in fact.items() if name not in hidden})
        for fact in facts
        if fact["type"] != "budget_spent"
    ]


def standing(run: Run) -> tuple[Any, ...]:
    """Return where a run stands, its ids left out."""
    tokens = sorted((one.at, one.status.value) for one in run.state.tokens.values())
    incidents = sorted((one.element, one.code, one.cause) for one in run.state.incidents.values())
    live = {one.element: one.live for one in run.state.scopes.values()}
    return run.status, run.variables, tokens, incidents, live, sorted(run.state.positions)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(PATHS, st.integers(1, 9))
def test_one_token_leaves_the_same_facts_either_way(kinds: list[str], budget: int) -> None:
    process = path(kinds)
    there = work_off(Watched(process, budget))
    step_by_step = work_off(Run(ordinary(process)))

    assert told(there) == told(step_by_step)
    assert standing(there) == standing(step_by_step)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(BRANCHES, st.integers(1, 30))
def test_branches_that_do_not_race_pass_the_same_either_way(
    branches: list[list[str]], budget: int
) -> None:
    process = block(branches)
    there = work_off(Watched(process, budget))
    step_by_step = work_off(Run(ordinary(process)))

    assert Counter(there.passed) == Counter(step_by_step.passed)
    assert _without_tokens(there) == _without_tokens(step_by_step)
    assert standing(there) == standing(step_by_step)


def _without_tokens(run: Run) -> Counter[str]:
    """Return the facts that name more than tokens: which token of a join goes on is open."""
    facts = [fact for fact in told(run) if not re.search("join_awaited|token_", fact)]
    return Counter(re.sub(r"'token': '[^']*'", "", fact) for fact in facts)


LOOPS = st.builds(
    MultiInstance,
    sequential=st.booleans(),
    cardinality=st.sampled_from(["0", "1", "7", "n"]),
    output_collection=st.sampled_from(["", "all"]),
    output_element=st.sampled_from(
        [None, "n", "r", "loopCounter * r", "if r = 3 then null else r"]
    ),
) | st.builds(
    MultiInstance,
    sequential=st.booleans(),
    collection=st.sampled_from(["items", "[]", "[1, null, 2]"]),
    element_variable=st.sampled_from(["", "item", "r"]),
    output_collection=st.sampled_from(["", "all"]),
    output_element=st.sampled_from([None, "n", "r", "item"]),
)
WORK = st.sampled_from(["n + loopCounter", "item", "if n > 5 then n else now()", "n +", "r"])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(LOOPS, WORK, st.sampled_from(["n", "r", ""]), st.integers(1, 9))
def test_rounds_do_the_same_either_way(
    loop: MultiInstance, work: str, target: str, budget: int
) -> None:
    # Rounds side by side that read what all of them write race, and any order is right.
    own = loop.output_element if loop.output_collection else ""
    assume(loop.sequential or target in {own, ""})
    process = a_process().script_task("s", work, target, loop=loop).end()
    there = Watched(process, budget)
    step_by_step = Run(ordinary(process))
    for run in (there, step_by_step):
        run.start(n=3, items=["x", {"y": 1}, 3])

    assert there.passed == step_by_step.passed
    assert standing(there) == standing(step_by_step)
    assert _of_rounds(there) == _of_rounds(step_by_step)


def _of_rounds(run: Run) -> tuple[Any, ...]:
    ended = sorted((one.index, str(one.value)) for one in run.of(LoopItemCompleted))
    begun = sorted(one.index for one in run.of(LoopItemStarted))
    visits = [one.element for one in run.of(ActivityActivated)]
    written = [
        (one.scope, one.values) for one in run.of(VariablesSet) if one.scope in run.state.scopes
    ]
    return ended, begun, visits, written, run.state.loops
