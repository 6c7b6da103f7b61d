"""A state is what its journal says, wherever one looks and however it was loaded."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from engine.semantics.errors import InvalidTransition
from engine.semantics.events import JoinAwaited, TokenPlaced
from engine.semantics.evolve import evolve, fold
from engine.semantics.state import InstanceState, Scope, Token, TokenStatus, indexed
from tests.support.processes import a_process
from tests.support.runs import Run


def halfway() -> Run:
    run = Run(
        a_process()
        .parallel("fork")
        .user_task("a")
        .parallel("join")
        .user_task("after")
        .stop("end")
        .at("fork")
        .service_task("b")
        .to("join")
        .at("fork")
        .timer("c", duration="PT1H")
        .to("join")
        .build()
    ).start(x=1)
    run.complete("a")
    run.fail_job("b")
    return run


def test_folding_the_journal_gives_the_state() -> None:
    run = halfway()
    assert fold(InstanceState("run"), run.facts) == run.state


def test_rows_loaded_in_any_order_go_on_alike() -> None:
    whole = halfway()
    tokens = list(whole.state.tokens.items())
    tokens.reverse()
    bare = InstanceState("run", whole.state.process, whole.state.status, whole.state.seq)
    for table in ("scopes", "user_tasks", "jobs", "timers", "subscriptions", "incidents"):
        setattr(bare, table, copy.deepcopy(getattr(whole.state, table)))
    bare.tokens = dict(tokens)

    loaded = Run(whole.process)
    loaded.state = indexed(bare)

    for run in (whole, loaded):
        run.finish_job("b")
        run.advance(hours=1)
        assert run.waiting == ["after"]
    assert [event.type for event in loaded.journal] == [
        event.type for event in whole.journal[-len(loaded.journal) :]
    ]


def test_loaded_tokens_move_in_the_order_in_which_they_came() -> None:
    tokens = [Token("a", "flow", "run", since=9), Token("b", "flow", "run", since=3)]
    state = indexed(InstanceState("run", tokens={token.id: token for token in tokens}))
    assert list(state.moving) == ["b", "a"]


def test_a_scope_counts_the_tokens_that_stand_in_it() -> None:
    run = halfway()
    assert run.state.scopes["run"].live == len(run.state.tokens) == 3


def test_an_event_that_does_not_fit_the_token_is_refused() -> None:
    state = InstanceState("run", scopes={"run": Scope("run")})
    evolve(state, TokenPlaced("t", "start", "run"))
    with pytest.raises(InvalidTransition):
        evolve(state, JoinAwaited("t", "join"))


def test_indexes_are_left_empty_behind() -> None:
    state = InstanceState("run")
    token = Token("t", "flow", "run", TokenStatus.JOINING)
    state.put_token(token)
    state.put_token(replace(token, status=TokenStatus.READY))
    assert (state.joining, state.moving) == ({}, {"t": None})
    state.drop_token("t")
    assert (state.joining, state.moving, state.standing) == ({}, {}, {})
