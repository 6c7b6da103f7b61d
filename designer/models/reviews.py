"""Reviews: frozen content, the board that judges it, the votes and what was said."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.ids import new_id
from designer.board import Outcome, Verdict
from designer.models.drafts import Draft
from designer.models.resources import Manifest
from designer.models.versions import Version
from governance.models.boards import Board, BoardMember
from governance.models.people import Person
from governance.models.processes import Process
from governance.models.units import Unit

OUTCOMES = [
    (Outcome.PENDING.value, gettext_lazy("In review")),
    (Outcome.APPROVED.value, gettext_lazy("Approved")),
    (Outcome.CHANGES_REQUESTED.value, gettext_lazy("Changes requested")),
    (Outcome.VOIDED.value, gettext_lazy("Voided")),
    (Outcome.WITHDRAWN.value, gettext_lazy("Withdrawn")),
]
VERDICTS = [
    (Verdict.APPROVE.value, gettext_lazy("Approved")),
    (Verdict.REQUEST_CHANGES.value, gettext_lazy("Requested changes")),
]
#: What an edit voids: a judgement asked for, or given and not yet used.
STANDING = (Outcome.PENDING, Outcome.APPROVED)


class Review(models.Model):
    """A judgement of one candidate, bound to its digest. A trigger keeps the candidate as it was.

    `number` counts within the unit and is shown as RV-118; `version_number` is the number the
    candidate gets when it is published.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="reviews")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="reviews")
    draft_revision = models.PositiveIntegerField()
    base = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="followers")
    version_number = models.PositiveIntegerField()
    xml = models.BinaryField()
    resources: models.JSONField[Manifest, Manifest] = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField())
    )
    model_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="reviews")
    quorum = models.PositiveSmallIntegerField()
    authors = ArrayField(models.UUIDField())
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    note = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, choices=OUTCOMES, default=Outcome.PENDING.value)
    decided_at = models.DateTimeField(null=True)
    cause = models.TextField(blank=True)

    class Meta:
        ordering = ["-submitted_at"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="review_number_in_unit"),
            models.UniqueConstraint(
                fields=["draft"],
                condition=models.Q(outcome=Outcome.PENDING.value),
                name="one_open_review_of_a_draft",
            ),
        ]

    def __str__(self) -> str:
        return _("{process}, version {number} ({key})").format(
            process=self.process.name, number=self.version_number, key=self.key
        )

    @property
    def key(self) -> str:
        """Return the number as people say it."""
        return f"RV-{self.number}"

    @property
    def topic(self) -> str:
        """Return where its frames are published."""
        return f"review.{self.pk}"

    def relations(self, person_id: UUID) -> frozenset[str]:
        """Call those on its board members, those who wrote or asked for it authors."""
        on_board = BoardMember.objects.filter(board_id=self.board_id, person_id=person_id).exists()
        written = person_id in self.authors or person_id == self.submitted_by_id
        return frozenset(
            name for name, holds in (("member", on_board), ("author", written)) if holds
        )

    def excluded(self, person_id: UUID) -> str:
        """Return why rule 1 keeps a person, under any account, from judging; "" if it does not."""
        if person_id in self.authors:
            return _("they wrote it")
        if person_id == self.submitted_by_id:
            return _("they asked for it")
        return ""


class Vote(models.Model):
    """One person's verdict, on the digest that was shown to them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="votes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=16, choices=VERDICTS)
    comment = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["cast_at"]
        constraints = [models.UniqueConstraint(fields=["review", "person"], name="one_vote_each")]

    def __str__(self) -> str:
        return f"{self.person}: {self.verdict}"


class ReviewComment(models.Model):
    """Something said about a review, to one element or to all of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="comments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    element = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["said_at"]

    def __str__(self) -> str:
        return f"{self.person} on {self.review_id}"
