"""A message wakes the token that waits for its name and key."""

from __future__ import annotations

import pytest

from engine.semantics import correlation
from engine.semantics.errors import ValueUnusable
from engine.semantics.state import Subscription


def waiting(name: str, key: str | None) -> Subscription:
    return Subscription(f"{name}-{key}", "element", "activity", "token", name, key)


def test_name_and_key_must_both_fit() -> None:
    right = waiting("Paid", "7")
    others = [waiting("Paid", "8"), waiting("Sent", "7")]
    assert correlation.receiver([*others, right], "Paid", "7") is right
    assert correlation.receiver(others, "Paid", "7") is None


def test_the_oldest_of_those_that_wait_alike_is_woken() -> None:
    first, second = waiting("Paid", "7"), waiting("Paid", "7")
    assert correlation.receiver([first, second], "Paid", "7") is first


def test_a_subscription_without_a_key_takes_any_message_of_its_name() -> None:
    anyone = waiting("Paid", None)
    assert correlation.receiver([anyone], "Paid", "7") is anyone


@pytest.mark.parametrize(("value", "key"), [("A-7", "A-7"), (7, "7"), (7.0, "7"), (7.5, "7.5")])
def test_a_number_and_its_text_are_one_key(value: object, key: str) -> None:
    assert correlation.key_of(value) == key


@pytest.mark.parametrize("value", [None, "", True, [], {}, "x" * 256, 10**300])
def test_what_cannot_tell_runs_apart_is_no_key(value: object) -> None:
    with pytest.raises(ValueUnusable):
        correlation.key_of(value)
