"""Reviews: who may judge, on what, and what undoes a judgement."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from common import tenancy
from common.problems import NotFound, title_of
from designer.actions import drafts, reviews, versions
from designer.board import Outcome, Verdict
from designer.errors import (
    AlreadyInReview,
    AlreadyVoted,
    BoardTooSmall,
    ContentChanged,
    EmptyComment,
    NotApproved,
    NothingChanged,
    ReviewClosed,
)
from designer.models.drafts import Draft, Stage
from designer.models.reviews import Review
from designer.models.versions import Version
from governance import access
from governance.errors import NotAllowed, OwnWork
from governance.models.audit import AuditEntry
from governance.models.boards import BoardMember
from governance.models.units import Role
from tests.integration.designer.conftest import Desk
from tests.support.office import an_office

pytestmark = pytest.mark.django_db


def test_two_of_three_approve_and_an_operator_publishes(desk: Desk) -> None:
    review = desk.submit()

    assert desk.vote(review, desk.gita).outcome == Outcome.PENDING
    assert desk.vote(review, desk.sofia).outcome == Outcome.APPROVED
    version = versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)

    assert (version.number, bytes(version.xml)) == (1, bytes(review.xml))
    assert Draft.objects.get(pk=review.draft_id).stage == Stage.PUBLISHED
    codes = AuditEntry.objects.order_by("at", "id").values_list("code", flat=True)
    assert [code for code in codes if not code.startswith("deployment")] == [
        "draft.created",
        "review.opened",
        "review.vote_cast",
        "review.vote_cast",
        "review.decided",
        "version.published",
    ]


def test_the_author_is_refused_even_on_the_board(desk: Desk) -> None:
    desk.office.person("Gita Olsen", Role.MODELLER)
    review = desk.submit(desk.draft(by=desk.gita), by=desk.gita)

    with pytest.raises(OwnWork) as refusal:
        desk.vote(review, desk.gita)

    assert title_of(refusal.value).startswith("Gita Olsen cannot decide this: they wrote it.")
    assert not review.votes.exists()


def test_a_second_account_of_the_author_is_the_author(desk: Desk) -> None:
    desk.office.person("Gita Olsen", Role.MODELLER)
    review = desk.submit(desk.draft(by=desk.gita), by=desk.gita)
    second = desk.office.account("Gita Olsen", "g.olsen@elsewhere.example")
    other_door = type(desk.gita)(
        name="Gita Olsen", person_id=desk.gita.person_id, account_id=second.pk
    )

    with pytest.raises(OwnWork):
        desk.vote(review, other_door)


def test_who_saved_it_once_stays_an_author_when_another_submits(desk: Desk) -> None:
    desk.office.person("Gita Olsen", Role.MODELLER)
    draft = desk.draft()
    desk.office.grant("Gita Olsen", "edit_draft", desk.process)
    desk.edit(draft, "By Gita", by=desk.gita)
    desk.edit(draft, "By Ana")
    review = desk.submit(draft)

    with pytest.raises(OwnWork):
        desk.vote(review, desk.gita)


def test_whose_very_bytes_are_submitted_by_another_is_an_author(desk: Desk) -> None:
    desk.office.person("Gita Olsen", Role.MODELLER)
    theirs = desk.edit(desk.draft(by=desk.gita), "The same", by=desk.gita)
    mine = drafts.import_model(actor=desk.ana, process_id=desk.process.pk, file=bytes(theirs.xml))

    with pytest.raises(OwnWork):
        desk.vote(desk.submit(mine), desk.gita)


def test_a_board_that_rule_1_leaves_too_small_is_named_at_once(desk: Desk) -> None:
    BoardMember.objects.filter(person=desk.marek.person_id).delete()
    desk.office.person("Gita Olsen", Role.MODELLER)

    with pytest.raises(BoardTooSmall):
        desk.submit(desk.draft(by=desk.gita), by=desk.gita)


def test_only_members_of_the_board_vote(desk: Desk) -> None:
    review = desk.submit()
    with pytest.raises(NotAllowed):
        desk.vote(review, desk.office.person("Rita Reviewer", Role.REVIEWER))
    with pytest.raises(NotAllowed):
        desk.vote(review, desk.office.person("Ada Admin", Role.ADMIN))


def test_a_person_has_one_vote(desk: Desk) -> None:
    review = desk.submit()
    desk.vote(review, desk.gita)
    with pytest.raises(AlreadyVoted):
        desk.vote(review, desk.gita)


def test_a_vote_on_another_digest_is_not_counted(desk: Desk) -> None:
    review = desk.submit()
    with pytest.raises(ContentChanged):
        reviews.cast_vote(
            actor=desk.gita, review_id=review.pk, digest="0" * 64, verdict=Verdict.APPROVE
        )
    assert not review.votes.exists()


def test_one_objection_closes_the_review_and_opens_the_draft(desk: Desk) -> None:
    review = desk.vote(desk.submit(), desk.gita, Verdict.REQUEST_CHANGES)

    assert review.outcome == Outcome.CHANGES_REQUESTED
    assert Draft.objects.get(pk=review.draft_id).stage == Stage.OPEN
    with pytest.raises(ReviewClosed):
        desk.vote(review, desk.sofia)


@pytest.mark.parametrize("approved", [False, True])
def test_an_edit_voids_what_was_asked_and_what_was_approved(desk: Desk, approved: bool) -> None:  # noqa: FBT001
    review = desk.approved() if approved else desk.submit()

    desk.edit(review.draft, "Another name")

    review = Review.objects.get(pk=review.pk)
    assert (review.outcome, review.cause) == (Outcome.VOIDED, "Ana Ruiz edited the draft.")
    assert AuditEntry.objects.filter(code="review.voided", subject_id=review.pk).exists()
    with pytest.raises(ContentChanged):
        versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)
    assert not Version.objects.exists()


def test_saving_what_is_there_voids_nothing(desk: Desk) -> None:
    review = desk.submit()
    drafts.save_draft(
        actor=desk.ana, draft_id=review.draft_id, revision=1, xml=bytes(review.draft.xml)
    )
    assert Review.objects.get(pk=review.pk).outcome == Outcome.PENDING


def test_another_quorum_voids_the_review_at_the_next_vote(desk: Desk) -> None:
    review = desk.submit()
    board = desk.process.board
    board.quorum = 1
    board.save()

    with pytest.raises(ContentChanged):
        desk.vote(review, desk.gita)

    review = Review.objects.get(pk=review.pk)
    assert (review.outcome, review.cause) == (Outcome.VOIDED, "The rules of the board CAB changed.")


def test_what_is_not_approved_is_not_published(desk: Desk) -> None:
    review = desk.submit()
    desk.vote(review, desk.gita)
    with pytest.raises(NotApproved) as refusal:
        versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)
    assert refusal.value.context["missing"] == 1


def test_a_modeller_does_not_publish(desk: Desk) -> None:
    review = desk.approved()
    with pytest.raises(NotAllowed):
        versions.publish_version(actor=desk.ana, review_id=review.pk, digest=review.digest)


def test_publishing_voids_the_other_reviews_of_the_process(desk: Desk) -> None:
    other = desk.submit(desk.edit(desk.draft(), "Other"))
    review = desk.approved()

    versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)

    other = Review.objects.get(pk=other.pk)
    assert (other.outcome, other.cause) == (Outcome.VOIDED, "Version 1 was published meanwhile.")
    with pytest.raises(ReviewClosed):
        versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)


def test_the_same_content_is_not_reviewed_again(desk: Desk) -> None:
    review = desk.approved()
    version = versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)
    again = drafts.create_draft_from_version(actor=desk.ana, version_id=version.pk)

    with pytest.raises(NothingChanged):
        desk.submit(again)

    second = desk.submit(desk.edit(again, "Better"))
    assert (second.version_number, second.base, second.number) == (2, version, 2)


def test_a_draft_is_in_one_review_at_a_time(desk: Desk) -> None:
    review = desk.submit()
    with pytest.raises(AlreadyInReview):
        desk.submit(review.draft)
    reviews.withdraw_review(actor=desk.ana, review_id=review.pk)
    assert desk.submit(review.draft).number == 2


def test_only_an_author_submits_and_withdraws(desk: Desk) -> None:
    draft = desk.draft()
    mona = desk.office.person("Mona", Role.MODELLER)
    with pytest.raises(NotAllowed):
        desk.submit(draft, by=mona)
    review = desk.submit(draft)
    with pytest.raises(NotAllowed):
        reviews.withdraw_review(actor=mona, review_id=review.pk)


def test_a_comment_needs_words(desk: Desk) -> None:
    review = desk.submit()
    said = reviews.add_comment(actor=desk.marek, review_id=review.pk, text=" Why? ", element="A")
    assert (said.text, said.element) == ("Why?", "A")
    with pytest.raises(EmptyComment):
        reviews.add_comment(actor=desk.marek, review_id=review.pk, text="  ")


def test_a_candidate_and_a_version_are_never_changed_in_the_database(desk: Desk) -> None:
    review = desk.approved()
    version = versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)
    for change in (
        lambda: Review.objects.filter(pk=review.pk).update(xml=b"<other/>"),
        lambda: Review.objects.filter(pk=review.pk).update(quorum=1),
        lambda: Version.objects.filter(pk=version.pk).update(xml=b"<other/>"),
        lambda: Version.objects.filter(pk=version.pk)._raw_delete("default"),
        lambda: review.votes.update(verdict="REQUEST_CHANGES"),
    ):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            change()  # type: ignore[no-untyped-call]


def test_a_guest_on_the_board_votes_and_sees_nothing_else(desk: Desk) -> None:
    other = an_office("retail")
    with tenancy.units_in_scope([desk.office.unit.pk, other.unit.pk]):
        gustav = other.person("Gustav", Role.REVIEWER)
        BoardMember.objects.create(
            unit=desk.office.unit, board=desk.process.board, person_id=gustav.person
        )
        review = desk.submit()
        assert desk.vote(review, gustav).votes.count() == 1
        stranger = other.person("Stella", Role.REVIEWER)
        with pytest.raises(NotFound):
            desk.vote(review, stranger)
        with pytest.raises(NotFound):
            access.require("process.view", actor=gustav, subject=desk.process)
