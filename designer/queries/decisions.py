"""What became of reviews, as reports count it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from designer.board import Outcome, Verdict
from designer.models.reviews import Review
from designer.models.versions import Version


@dataclass(frozen=True, slots=True)
class Decision:
    """One review: what was judged, by whom, and when; an open one was not `decided_at` yet."""

    review_id: UUID
    key: str
    process_key: str
    process: str
    version: int
    asked_by: str
    asked_at: datetime
    decided_at: datetime | None
    outcome: str
    outcome_words: str
    board: str
    quorum: int
    approved_by: tuple[str, ...]
    objected_by: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether the board still has to decide."""
        return self.outcome == Outcome.PENDING.value

    @property
    def took(self) -> timedelta | None:
        """Return how long the board needed."""
        return self.decided_at - self.asked_at if self.decided_at else None


def list_decisions(unit_id: UUID) -> list[Decision]:
    """Return every review of the unit, the newest first."""
    rows = (
        Review.objects.filter(unit_id=unit_id)
        .defer("xml")
        .select_related("process", "board", "submitted_by")
        .prefetch_related("votes__person")
    )
    return [_as_decision(review) for review in rows]


def _as_decision(review: Review) -> Decision:
    votes = list(review.votes.all())
    return Decision(
        review_id=review.pk,
        key=review.key,
        process_key=review.process.key,
        process=review.process.name,
        version=review.version_number,
        asked_by=review.submitted_by.name,
        asked_at=review.submitted_at,
        decided_at=review.decided_at,
        outcome=review.outcome,
        outcome_words=review.get_outcome_display(),
        board=review.board.name,
        quorum=review.quorum,
        approved_by=tuple(v.person.name for v in votes if v.verdict == Verdict.APPROVE.value),
        objected_by=tuple(
            v.person.name for v in votes if v.verdict == Verdict.REQUEST_CHANGES.value
        ),
    )


def list_published(unit_id: UUID) -> frozenset[str]:
    """Return the digests of every version the unit published."""
    return frozenset(Version.objects.filter(unit_id=unit_id).values_list("digest", flat=True))
