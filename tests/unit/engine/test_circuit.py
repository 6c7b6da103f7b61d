"""A circuit opens when a target fails, lets probes through, and closes when they come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import circuit as circuits
from engine.circuit import POLICY, Circuit, State

T0 = datetime(2030, 1, 1, tzinfo=UTC)


def broken(times: int = POLICY.failures, at: datetime = T0, fraction: float = 1.0) -> Circuit:
    """Return a circuit after so many failures in a row."""
    found = Circuit()
    for _ in range(times):
        found = circuits.failed(found, at, fraction)
    return found


def later(**by: float) -> datetime:
    return T0 + timedelta(**by)


def half_open(probes: int = 1) -> Circuit:
    found = broken()
    for _ in range(probes):
        found, admission = circuits.admit(found, later(seconds=10))
        assert admission.probe == 1
    return found


def test_it_stays_closed_while_failures_are_few() -> None:
    assert broken(POLICY.failures - 1).state is State.CLOSED


def test_it_opens_after_so_many_failures_within_the_window() -> None:
    found = broken()

    assert (found.state, found.opened_at, found.openings) == (State.OPEN, T0, 1)


def test_failures_that_are_long_past_do_not_count() -> None:
    found = broken(POLICY.failures - 1)

    found = circuits.failed(found, T0 + POLICY.window, 1.0)

    assert (found.state, found.failures) == (State.CLOSED, 1)


def test_a_target_that_mostly_answers_is_not_cut_off() -> None:
    found = broken(1)
    for _ in range(100):
        found = circuits.succeeded(found, T0)
    for _ in range(POLICY.failures * 3):
        found = circuits.failed(found, T0, 1.0)

    assert found.state is State.CLOSED


def test_while_nothing_fails_a_success_changes_nothing() -> None:
    assert circuits.succeeded(Circuit(), T0) == Circuit()


def test_open_nothing_goes_before_its_time() -> None:
    found, admission = circuits.admit(broken(), later(seconds=9))

    assert not admission.goes
    assert admission.until == later(seconds=10)
    assert found.state is State.OPEN


def test_the_time_without_calls_is_spread_over_half_of_it() -> None:
    assert broken(fraction=0.0).next_at == later(seconds=5)
    assert broken(fraction=1.0).next_at == later(seconds=10)


def test_the_target_may_ask_for_more_time_but_not_without_end() -> None:
    asked = circuits.failed(broken(POLICY.failures - 1), T0, 1.0, asked=45.0)
    endless = circuits.failed(broken(POLICY.failures - 1), T0, 1.0, asked=1e9)

    assert asked.next_at == later(seconds=45)
    assert endless.next_at == T0 + POLICY.longest


def test_half_open_lets_a_few_through_and_no_more() -> None:
    found = half_open(POLICY.probes)

    found, admission = circuits.admit(found, later(seconds=10))

    assert not admission.goes
    assert admission.until == later(seconds=10) + POLICY.ask_again
    assert found.state is State.HALF_OPEN


def test_it_closes_when_all_probes_came_back() -> None:
    found = half_open(POLICY.probes)
    for _ in range(POLICY.probes):
        assert found.state is State.HALF_OPEN
        found = circuits.succeeded(found, later(seconds=11), probe=1)

    assert (found.state, found.in_a_row, found.is_calm) == (State.CLOSED, 0, True)


def test_the_first_probe_that_fails_opens_it_for_twice_as_long() -> None:
    found = circuits.failed(half_open(), later(seconds=11), 1.0, probe=1)

    assert (found.state, found.openings) == (State.OPEN, 2)
    assert found.next_at == later(seconds=31)


def test_openings_in_a_row_are_never_longer_than_the_longest() -> None:
    found, now = broken(), T0
    for _ in range(50):
        assert found.next_at is not None
        assert found.next_at - now <= POLICY.longest
        now = found.next_at
        found, admission = circuits.admit(found, now)
        found = circuits.failed(found, now, 1.0, admission.probe)


def test_a_call_from_before_says_nothing_about_a_half_open_circuit() -> None:
    found = half_open()

    assert circuits.failed(found, later(seconds=11), 1.0, probe=0) == found
    assert circuits.succeeded(found, later(seconds=11), probe=0) == found


def test_a_probe_that_never_came_back_is_replaced() -> None:
    found = half_open(POLICY.probes)

    _, admission = circuits.admit(found, later(seconds=10) + POLICY.patience)

    assert admission.goes


def test_a_probe_that_never_reached_the_target_is_free_again() -> None:
    found = circuits.unused(half_open(POLICY.probes), probe=1)

    _, admission = circuits.admit(found, later(seconds=10))

    assert admission.goes


def test_a_person_may_close_it() -> None:
    found = circuits.reset(broken())

    assert (found.state, found.in_a_row, found.openings) == (State.CLOSED, 0, 1)
    assert circuits.admit(found, T0)[1].goes


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["call", "fail", "succeed", "lose"]),
        st.floats(0, 400),
        st.floats(0, 1, exclude_max=True),
    ),
    max_size=60,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(_STEPS)
def test_whatever_happens_it_can_always_close_again(
    steps: list[tuple[str, float, float]],
) -> None:
    found, now, out = Circuit(), T0, [0]
    for what, seconds, fraction in steps:
        now += timedelta(seconds=seconds)
        probe = out[-1]
        if what == "call":
            found, admission = circuits.admit(found, now)
            out += [admission.probe] if admission.goes else []
        elif what == "fail":
            found = circuits.failed(found, now, fraction, probe)
        elif what == "succeed":
            found = circuits.succeeded(found, now, probe)
        assert 0 <= found.out <= POLICY.probes
        assert (found.state is State.OPEN) == (found.next_at is not None)
        if found.next_at is not None:
            assert found.next_at <= now + POLICY.longest
    for _ in range(POLICY.probes):
        now += POLICY.longest + POLICY.patience
        found, admission = circuits.admit(found, now)
        assert admission.goes
        found = circuits.succeeded(found, now, admission.probe)
    assert found.state is State.CLOSED
