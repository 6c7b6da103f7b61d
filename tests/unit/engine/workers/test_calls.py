"""Calls side by side: how many at once, what comes back when, and in which context."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from engine.workers.calls import Calls

LONG = 30.0
WHERE: contextvars.ContextVar[str] = contextvars.ContextVar("where", default="nowhere")


@pytest.fixture
def calls() -> Iterator[Calls[str, object]]:
    made: Calls[str, object] = Calls(2)
    yield made
    made.close()


def test_what_came_back_is_fetched_by_its_key(calls: Calls[str, object]) -> None:
    calls.make("a", lambda: 1)
    calls.make("b", lambda: 2)

    assert calls.fetch(LONG, LONG) == {"a": 1, "b": 2}
    assert not calls.out


def test_one_that_is_slow_keeps_no_other_from_coming_back(calls: Calls[str, object]) -> None:
    over = threading.Event()
    calls.make("slow", lambda: over.wait(LONG))
    calls.make("quick", lambda: "done")

    assert calls.fetch(0.01, LONG) == {"quick": "done"}
    assert calls.fetch(0.01, 0.01) == {}
    assert calls.out == {"slow"}

    over.set()
    assert calls.fetch(LONG, LONG) == {"slow": True}


def test_a_call_more_waits_for_a_thread(calls: Calls[str, object]) -> None:
    over, begun = threading.Event(), []

    def wait(name: str) -> None:
        begun.append(name)
        over.wait(LONG)

    for name in "abc":
        calls.make(name, partial(wait, name))
    calls.fetch(0.05, 0.05)

    assert begun == ["a", "b"]

    over.set()
    while calls.out:
        calls.fetch(LONG, LONG)
    assert begun == ["a", "b", "c"]


def test_a_call_sees_the_context_that_it_was_made_in(calls: Calls[str, object]) -> None:
    token = WHERE.set("here")
    calls.make("a", WHERE.get)
    WHERE.reset(token)

    assert calls.fetch(LONG, LONG) == {"a": "here"}


def test_what_ends_a_call_ends_who_fetches_it(calls: Calls[str, object]) -> None:
    def stop() -> None:
        raise SystemExit

    calls.make("a", stop)

    with pytest.raises(SystemExit):
        calls.fetch(LONG, LONG)
    assert not calls.out
