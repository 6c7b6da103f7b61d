"""Pure: what a board has decided, counted from its verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What a member may say."""

    APPROVE = "APPROVE"
    REQUEST_CHANGES = "REQUEST_CHANGES"


class Outcome(StrEnum):
    """Where a review stands. A board reaches the first three; people and edits the others."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    VOIDED = "VOIDED"
    WITHDRAWN = "WITHDRAWN"


def tally(verdicts: Iterable[Verdict | str], *, quorum: int) -> Outcome:
    """Return the board's outcome so far.

    One request for changes decides at once, whatever was approved before: a board asks its
    members to object, not to be outvoted. Otherwise `quorum` approvals approve.

    Raises:
        ValueError: a quorum below one would approve what nobody saw.
    """
    if quorum < 1:
        raise ValueError(f"a quorum of {quorum} approves what nobody saw")
    cast = list(verdicts)
    if Verdict.REQUEST_CHANGES in cast:
        return Outcome.CHANGES_REQUESTED
    return Outcome.APPROVED if cast.count(Verdict.APPROVE) >= quorum else Outcome.PENDING


def missing(verdicts: Iterable[Verdict | str], *, quorum: int) -> int:
    """Return how many more approvals it takes."""
    return max(0, quorum - list(verdicts).count(Verdict.APPROVE))
