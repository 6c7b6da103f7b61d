"""How long to wait between attempts, whatever the policy and whatever the system asks for."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.elements import Retry
from engine.semantics.retries import LONGEST_ASKED, delay

SECONDS = st.integers(0, 100_000)
POLICIES = st.builds(
    lambda first, cap, factor: Retry(first_delay=f"PT{first}S", cap=f"PT{cap}S", factor=factor),
    SECONDS,
    SECONDS,
    st.floats(1, 10),
)
FAILURES = st.integers(1, 10_000)
FRACTIONS = st.floats(0, 1, exclude_max=True)
ASKED = st.floats(-1e12, 1e12)
a_thousand = settings(max_examples=1_000, deadline=None, derandomize=True)


def cap_of(policy: Retry) -> timedelta:
    return timedelta(seconds=int(policy.cap[2:-1]))


@a_thousand
@given(POLICIES, FAILURES, FRACTIONS, ASKED)
def test_it_is_never_negative_and_never_without_end(
    policy: Retry, failures: int, fraction: float, asked: float
) -> None:
    wait = delay(policy, failures, fraction, asked)

    assert timedelta(0) <= wait <= max(cap_of(policy), timedelta(seconds=LONGEST_ASKED))


@a_thousand
@given(POLICIES, FAILURES, FRACTIONS, ASKED)
def test_it_is_at_least_what_the_system_asked_for_up_to_a_day(
    policy: Retry, failures: int, fraction: float, asked: float
) -> None:
    wait = delay(policy, failures, fraction, asked)

    assert wait >= timedelta(seconds=min(max(asked, 0.0), LONGEST_ASKED))


@a_thousand
@given(POLICIES, FAILURES, FRACTIONS)
def test_without_being_asked_it_stays_under_the_cap(
    policy: Retry, failures: int, fraction: float
) -> None:
    assert delay(policy, failures, fraction) <= cap_of(policy)


@a_thousand
@given(POLICIES, st.integers(1, 1_000))
def test_without_jitter_it_grows_until_the_cap(policy: Retry, failures: int) -> None:
    now, then = (delay(policy, number, 1.0) for number in (failures, failures + 1))

    assert now <= then
    if then < cap_of(policy):
        grown = now * policy.factor
        assert abs(then - grown) <= timedelta(seconds=1)


@a_thousand
@given(POLICIES, FAILURES, FRACTIONS)
def test_jitter_spreads_over_the_whole_wait(policy: Retry, failures: int, fraction: float) -> None:
    whole = delay(policy, failures, 1.0)

    assert delay(policy, failures, fraction) == whole * fraction
