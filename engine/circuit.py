"""A circuit: whether a called system is asked at all. Pure; the row that holds it is elsewhere.

Closed, calls go through and failures are counted. Open, nothing is sent until a time that grows
with every opening in a row. Half open, a few probes go; when they all come back the circuit closes,
and the first that fails opens it again. Which calls are probes is known by the number of the
opening they belong to, so that one which began before says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

CIRCUIT_OPEN = "CIRCUIT_OPEN"
"""The code of the error with which a step ends that its circuit held for as long as it says."""


class State(StrEnum):
    """Whether calls go through."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"


@dataclass(frozen=True, slots=True)
class Policy:
    """When a circuit opens, and how it closes again.

    Attributes:
        failures: so many within the window open it, where they are at least `share` of all calls
            since the first of them.
        window: for how long a failure counts.
        cool_down: the first time without calls; each opening in a row doubles it, up to `longest`.
        probes: how many calls go at once when it is half open, and must come back for it to close.
        patience: how long a probe may be out before another takes its place.
        ask_again: when to look again while all probes are out.
    """

    failures: int = 10
    share: float = 0.5
    window: timedelta = timedelta(seconds=60)
    cool_down: timedelta = timedelta(seconds=10)
    longest: timedelta = timedelta(minutes=5)
    probes: int = 3
    patience: timedelta = timedelta(seconds=60)
    ask_again: timedelta = timedelta(seconds=2)


POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Circuit:
    """The circuit of one target.

    Attributes:
        failures, successes: of the window that `window_at` began.
        openings: how often it has opened in all; the number of the present opening.
        in_a_row: how often it has opened without closing in between.
        next_at: when the first probe may go, while it is open.
        out: probes that have not come back; after `patience_at` they are taken for lost.
        back: probes that came back well.
    """

    state: State = State.CLOSED
    failures: int = 0
    successes: int = 0
    window_at: datetime | None = None
    openings: int = 0
    in_a_row: int = 0
    opened_at: datetime | None = None
    next_at: datetime | None = None
    out: int = 0
    back: int = 0
    patience_at: datetime | None = None

    @property
    def is_calm(self) -> bool:
        """Return whether a call that goes well changes nothing."""
        return self.state is State.CLOSED and self.failures == 0


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a call goes.

    `probe` is the opening it tries out, 0 where it is an ordinary call; `until` is when to ask
    again, where it does not go.
    """

    probe: int = 0
    until: datetime | None = None

    @property
    def goes(self) -> bool:
        """Return whether the call may be made."""
        return self.until is None


def admit(circuit: Circuit, now: datetime, policy: Policy = POLICY) -> tuple[Circuit, Admission]:
    """Decide on one call; whoever is told that it goes must say how it came back."""
    if circuit.state is State.CLOSED:
        return circuit, Admission()
    if circuit.state is State.OPEN:
        if circuit.next_at is not None and now < circuit.next_at:
            return circuit, Admission(until=circuit.next_at)
        circuit = replace(circuit, state=State.HALF_OPEN, next_at=None, out=0, back=0)
    elif circuit.patience_at is not None and now >= circuit.patience_at:
        circuit = replace(circuit, out=0)
    if circuit.out >= policy.probes:
        return circuit, Admission(until=now + policy.ask_again)
    patience_at = now + policy.patience
    probing = replace(circuit, out=circuit.out + 1, patience_at=patience_at)
    return probing, Admission(probe=circuit.openings)


def succeeded(circuit: Circuit, now: datetime, probe: int = 0, policy: Policy = POLICY) -> Circuit:
    """Count a call to which the target gave an answer, be it a refusal."""
    if circuit.state is State.CLOSED:
        if circuit.is_calm or _is_over(circuit, now, policy):
            return _calm(circuit)
        return replace(circuit, successes=circuit.successes + 1)
    if not _is_tried_by(circuit, probe):
        return circuit
    back = circuit.back + 1
    if back >= policy.probes:
        return replace(_calm(circuit), in_a_row=0)
    return replace(circuit, out=max(0, circuit.out - 1), back=back)


def failed(
    circuit: Circuit,
    now: datetime,
    fraction: float,
    probe: int = 0,
    asked: float = 0.0,
    policy: Policy = POLICY,
) -> Circuit:
    """Count a failure of the target. `asked` are the seconds in which it wants to be left alone."""
    if circuit.state is State.CLOSED:
        if circuit.window_at is None or _is_over(circuit, now, policy):
            circuit = replace(circuit, failures=0, successes=0, window_at=now)
        circuit = replace(circuit, failures=circuit.failures + 1)
        total = circuit.failures + circuit.successes
        enough = circuit.failures >= policy.failures
        if enough and circuit.failures >= policy.share * total:
            return _opened(circuit, now, fraction, asked, policy)
        return circuit
    if _is_tried_by(circuit, probe):
        return _opened(circuit, now, fraction, asked, policy)
    return circuit


def unused(circuit: Circuit, probe: int) -> Circuit:
    """Take back a probe that never reached the target."""
    if not _is_tried_by(circuit, probe):
        return circuit
    return replace(circuit, out=max(0, circuit.out - 1))


def reset(circuit: Circuit) -> Circuit:
    """Close by hand: somebody knows that the target is back."""
    return replace(_calm(circuit), in_a_row=0)


def _is_tried_by(circuit: Circuit, probe: int) -> bool:
    return circuit.state is State.HALF_OPEN and probe == circuit.openings


def _is_over(circuit: Circuit, now: datetime, policy: Policy) -> bool:
    return circuit.window_at is not None and now >= circuit.window_at + policy.window


def _calm(circuit: Circuit) -> Circuit:
    return Circuit(openings=circuit.openings, in_a_row=circuit.in_a_row)


def _opened(
    circuit: Circuit, now: datetime, fraction: float, asked: float, policy: Policy
) -> Circuit:
    """Open, for a time of which half is spread: targets that fell together come back apart."""
    doublings = min(circuit.in_a_row, 30)
    whole = min(policy.longest, policy.cool_down * 2**doublings)
    wait = max(whole * (0.5 + fraction / 2), min(timedelta(seconds=asked), policy.longest))
    return Circuit(
        state=State.OPEN,
        openings=circuit.openings + 1,
        in_a_row=circuit.in_a_row + 1,
        opened_at=now,
        next_at=now + wait,
    )
