"""A board decides by its quorum, and one objection is enough."""

from __future__ import annotations

import pytest

from designer import board
from designer.board import Outcome, Verdict

YES, NO = Verdict.APPROVE, Verdict.REQUEST_CHANGES


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        ([], Outcome.PENDING),
        ([YES], Outcome.PENDING),
        ([YES, YES], Outcome.APPROVED),
        ([YES, YES, YES], Outcome.APPROVED),
        ([NO], Outcome.CHANGES_REQUESTED),
        ([YES, YES, NO], Outcome.CHANGES_REQUESTED),
    ],
)
def test_two_approvals_approve_and_one_objection_stops(
    verdicts: list[Verdict], outcome: Outcome
) -> None:
    assert board.tally(verdicts, quorum=2) == outcome


def test_a_quorum_of_nobody_approves_nothing() -> None:
    with pytest.raises(ValueError, match="nobody saw"):
        board.tally([], quorum=0)


def test_what_is_missing_counts_approvals_only() -> None:
    assert board.missing([YES, NO], quorum=3) == 2
    assert board.missing([YES, YES, YES], quorum=2) == 0
