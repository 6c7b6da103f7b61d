"""What a command reads of a run: no more than the model makes necessary."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.elements import MultiInstance
from engine.bpmn.events import (
    ConditionalDefinition,
    ErrorDefinition,
    LinkDefinition,
    SignalDefinition,
    TimerDefinition,
)
from engine.bpmn.process import Process
from engine.semantics.commands import (
    Cancel,
    CompleteUserTask,
    Continue,
    SetVariables,
    TriggerTimer,
)
from engine.semantics.errors import ScopeNotLoaded
from engine.semantics.needs import Needs, named, needs
from engine.semantics.state import InstanceState, indexed
from tests.support.processes import ProcessBuilder, a_process
from tests.support.runs import Run

ERROR = ErrorDefinition("")
DAILY = TimerDefinition(cycle="R/P1D")
COMPLETE = CompleteUserTask("1", "ada")


def many(**characteristics: Any) -> ProcessBuilder:
    loop = MultiInstance(cardinality="50", **characteristics)
    return a_process().sub("S", loop=loop).user_task("a").out().user_task("after")


def test_without_joins_the_line_outwards_is_enough() -> None:
    assert needs(many().end()) == Needs()


def test_where_tokens_join_their_scope_is_read() -> None:
    builder = a_process().parallel("f").user_task("b").parallel("j").at("f")
    builder.sub("S").user_task("a").out().to("j")
    assert needs(builder.build()) == Needs(siblings=frozenset({""}), small=True)


def test_where_paths_only_meet_nobody_waits() -> None:
    builder = a_process().exclusive("x").user_task("b").exclusive("m").at("x")
    assert needs(builder.user_task("a").to("m").build()) == Needs(small=True)


def test_what_can_be_undone_is_read_where_anything_can() -> None:
    assert needs(many().at("after").undone_by("c", "u").end()).records


def test_a_run_that_can_only_grow_to_its_model_is_read_as_a_whole() -> None:
    circle = a_process().exclusive("x").user_task("a").exclusive("y").to("x").at("y").end()
    parted = a_process().parallel("f").user_task("a").at("f").user_task("b").end()
    assert needs(circle).small
    assert needs(parted).small


@pytest.mark.parametrize(
    "builder",
    [
        many(),
        a_process().exclusive("x").parallel("f").user_task("a").at("f").to("x"),
        a_process()
        .user_task("a")
        .boundary("b", "a", ERROR)
        .parallel("f")
        .to("a")
        .at("f")
        .user_task("c"),
        a_process().user_task("a").boundary("b", "a", DAILY, interrupting=False),
        a_process().user_task("a").undone_by("c", "u"),
        a_process().parallel("f").throw("t", LinkDefinition("L")).at("f").user_task("a"),
    ],
    ids=["rounds", "circle", "circle by a boundary", "beside itself", "undone", "jump"],
)
def test_a_run_that_may_grow_is_read_in_part(builder: ProcessBuilder) -> None:
    assert not needs(builder.build()).small


@pytest.mark.parametrize("command", [Cancel(), Continue()])
def test_some_commands_are_about_the_whole_run(command: Cancel | Continue) -> None:
    assert named(command) is None


def test_others_name_what_they_are_about() -> None:
    assert named(COMPLETE) == "1"
    assert named(TriggerTimer("2")) == "2"
    assert named(SetVariables({})) == ""


def test_whatever_looks_around_reads_everything() -> None:
    watching = many().boundary("b", "after", ConditionalDefinition("x")).build()
    throwing = many().throw("t", SignalDefinition("Go")).end()
    assert needs(watching).everything
    assert needs(throwing).everything


def line_of(state: InstanceState, activity: str) -> InstanceState:
    """Return what a store loads for a user task: its rows and those on the line outwards."""
    token = state.tokens[state.user_tasks[activity].token]
    part = InstanceState(state.instance, state.process, state.status, state.seq)
    part.user_tasks[activity] = state.user_tasks[activity]
    while True:
        part.tokens[token.id] = token
        for scope in (token.scope, token.activity):
            if scope in state.scopes:
                part.scopes[scope] = state.scopes[scope]
        if token.scope in state.loops:
            part.loops[token.scope] = state.loops[token.scope]
        if token.scope not in state.visits:
            return indexed(part)
        token = state.tokens[state.visits[token.scope]]


def completed(process: Process) -> tuple[Run, list[str], list[str]]:
    """Complete one of many tasks, with all that there is and with its line alone."""
    run = Run(process).start()
    activity = list(run.state.user_tasks)[7]
    part = Run(process)
    part.state = line_of(run.state, activity)
    assert len(part.state.tokens) < 5 < len(run.state.tokens)
    command = CompleteUserTask(activity, "ada")
    of_part = [event.type for event in part.do(command)]
    return part, of_part, [event.type for event in run.do(command)]


def test_the_line_outwards_gives_the_same_facts_as_all_there_is() -> None:
    _, of_part, of_all = completed(many().end())
    assert of_part == of_all


def test_a_step_that_reads_what_is_not_there_stops_and_says_so() -> None:
    # The condition ends the other rounds, which were not loaded: nothing is guessed.
    with pytest.raises(ScopeNotLoaded):
        completed(many(completion_condition="true").end())
