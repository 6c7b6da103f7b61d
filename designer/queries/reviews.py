"""Reviews as those who decide read them: what changed, what is wrong, who said what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from common.context import Actor
from designer import board
from designer.board import Outcome
from designer.models.reviews import STANDING, Review, Vote
from designer.models.versions import Version
from designer.queries import checks, file_changes, models
from designer.queries.checks import Check, Member
from governance import access
from governance.access_table import TABLE
from governance.models.boards import BoardMember
from governance.models.people import Person
from governance.models.units import RoleAssignment

SEGMENTS = ("mine", "waiting", "decided")
#: How many closed reviews the list holds.
_DECIDED = 100


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review in the list."""

    review: Review
    approvals: int
    waits_for_me: bool
    is_guest: bool


@dataclass(frozen=True, slots=True)
class ReviewListing:
    """The reviews of one segment, and how many each holds."""

    rows: list[ReviewRow]
    counts: dict[str, int]
    segment: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything the page of one review shows."""

    review: Review
    base: Version | None
    published: Version | None
    authors: list[Person]
    members: list[Member]
    votes: list[Vote]
    comments: list[Any]
    changes: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    checks: list[Check]
    acts: frozenset[str]
    why_not: dict[str, str]

    @property
    def why_not_vote(self) -> str:
        """Return why the reader has no vote, in words."""
        return self.why_not["review.vote"]

    @property
    def approvals(self) -> int:
        """Return how many approved."""
        return sum(vote.verdict == board.Verdict.APPROVE for vote in self.votes)

    @property
    def missing(self) -> int:
        """Return how many more approvals it takes."""
        return board.missing((vote.verdict for vote in self.votes), quorum=self.review.quorum)

    @property
    def is_open(self) -> bool:
        """Tell whether votes are still asked for."""
        return self.review.outcome == Outcome.PENDING


def list_reviews(*, actor: Actor, unit_id: UUID | None, segment: str = "mine") -> ReviewListing:
    """Return the reviews a person may look at: of their unit, and of boards that ask them in."""
    segment = segment if segment in SEGMENTS else "mine"
    rows = {
        name: [_as_row(review, actor) for review in _seen_by(actor, unit_id, name)]
        for name in ("open", "decided")
    }
    mine = [row for row in rows["open"] if row.waits_for_me]
    waiting = [row for row in rows["open"] if not row.waits_for_me]
    found = {"mine": mine, "waiting": waiting, "decided": rows["decided"]}
    return ReviewListing(
        rows=found[segment],
        counts={name: len(content) for name, content in found.items()},
        segment=segment,
    )


def count_waiting(*, actor: Actor, unit_id: UUID | None) -> int:
    """Return how many reviews wait for this person's answer, in one statement."""
    return _seen_by(actor, unit_id, "open").filter(_waits_for(actor.person)).count()


def get_review(*, actor: Actor, review_id: UUID) -> ReviewView:
    """Return one review with what changed and what is wrong.

    Raises:
        Review.DoesNotExist, NotFound: there is none that the actor may see.
    """
    review = Review.objects.select_related(
        "process", "base", "board", "submitted_by", "draft__based_on"
    ).get(pk=review_id)
    access.require("review.view", actor=actor, subject=review)
    published = Version.objects.filter(review=review).select_related("published_by").first()
    votes = list(review.votes.select_related("person"))
    problems = models.problems_of(review)
    base = bytes(review.base.xml) if review.base else None
    refusals = _refusals(review, actor, votes, published)
    members = _members(review, votes)
    return ReviewView(
        review=review,
        base=review.base,
        published=published,
        authors=list(Person.objects.filter(pk__in=review.authors)),
        members=members,
        votes=votes,
        comments=list(review.comments.select_related("person")),
        changes=[
            *models.changes_between(base, bytes(review.xml)),
            *file_changes.of_review(review),
        ],
        problems=problems,
        checks=checks.of_review(review, problems, members, published),
        acts=frozenset(name for name, words in refusals.items() if not words),
        why_not=refusals,
    )


def _seen_by(actor: Actor, unit_id: UUID | None, state: str) -> QuerySet[Review]:
    boards = BoardMember.objects.filter(person_id=actor.person).values("board_id")
    found = Review.objects.filter(Q(unit_id=unit_id) | Q(board_id__in=boards))
    is_open = Q(outcome=Outcome.PENDING) | Q(outcome=Outcome.APPROVED, published__isnull=True)
    rows = found.filter(is_open) if state == "open" else found.exclude(is_open)
    rows = rows.defer("xml").select_related("process", "board", "submitted_by", "published", "unit")
    rows = rows.prefetch_related("votes")
    return rows if state == "open" else rows[:_DECIDED]


def _waits_for(person_id: UUID) -> Q:
    """Tell what `_as_row` tells of a review, as a condition: a vote is asked for, or publishing."""
    roles = RoleAssignment.objects.filter(person_id=person_id)
    judges = roles.filter(role__in=TABLE["review.vote"].roles)
    on_board = BoardMember.objects.filter(person_id=person_id, board_id=OuterRef("board_id"))
    voted = Vote.objects.filter(person_id=person_id, review_id=OuterRef("pk"))
    own = Q(authors__contains=[person_id]) | Q(submitted_by_id=person_id)
    vote = Q(Exists(judges), Exists(on_board), ~Exists(voted), ~own, outcome=Outcome.PENDING)
    publishes = roles.filter(role__in=TABLE["version.publish"].roles, unit_id=OuterRef("unit_id"))
    return vote | Q(Exists(publishes), outcome=Outcome.APPROVED)


def _as_row(review: Review, actor: Actor) -> ReviewRow:
    votes = list(review.votes.all())
    if review.outcome == Outcome.PENDING:
        voted = any(vote.person_id == actor.person_id for vote in votes)
        waits = not voted and access.may("review.vote", actor=actor, subject=review)
    else:
        waits = review.outcome == Outcome.APPROVED and _may_publish(review, actor)
    approvals = sum(vote.verdict == board.Verdict.APPROVE for vote in votes)
    is_guest = not access.roles_in(actor, review.unit_id)
    return ReviewRow(review, approvals, waits, is_guest)


def _may_publish(review: Review, actor: Actor) -> bool:
    published = getattr(review, "published", None)
    return published is None and access.may("version.publish", actor=actor, subject=review)


def _refusals(
    review: Review, actor: Actor, votes: list[Vote], published: Version | None
) -> dict[str, str]:
    """Return each act on the review with why the reader may not do it now, "" where they may."""
    names = (
        *("review.vote", "review.comment", "review.withdraw", "version.publish"),
        "thread.view",
    )
    found = {name: access.why_not(name, actor=actor, subject=review) for name in names}
    outcome = review.get_outcome_display().lower()
    over = _("This review is closed: {outcome}.").format(outcome=outcome)
    if review.outcome != Outcome.PENDING:
        found["review.vote"] = over
    elif any(vote.person_id == actor.person_id for vote in votes):
        found["review.vote"] = _("You have voted.")
    if published is not None or review.outcome not in STANDING:
        found["review.withdraw"] = found["version.publish"] = over
    elif review.outcome == Outcome.PENDING:
        found["version.publish"] = found["version.publish"] or _(
            "The board has not approved it yet."
        )
    return found


def _members(review: Review, votes: list[Vote]) -> list[Member]:
    cast = {vote.person_id: vote for vote in votes}
    members = BoardMember.objects.filter(board=review.board).select_related("person")
    on_board = {member.person_id: member.person for member in members}
    # Who left the board after voting still voted.
    on_board |= {vote.person_id: vote.person for vote in votes}
    found = [
        Member(person, cast.get(person_id), review.excluded(person_id))
        for person_id, person in on_board.items()
    ]
    return sorted(found, key=lambda member: (member.vote is None, member.person.name))
