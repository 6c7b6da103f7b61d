"""Votes that are cast at the same moment take turns: one of them decides, and only once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from common.context import Actor
from designer.actions import drafts
from designer.board import Outcome
from designer.errors import AlreadyVoted, DraftChanged, ReviewClosed
from designer.models.drafts import Draft
from designer.models.reviews import Review
from governance.models.audit import AuditEntry
from tests.integration.designer.conftest import Desk, a_desk
from tests.support.office import an_office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk() -> Desk:
    office = an_office()
    with office.open():
        return a_desk(office)


def at_once(desk: Desk, *acts: Callable[[], object]) -> list[type[BaseException] | None]:
    """Do each act on a connection of its own, all at one moment; tell what each was refused by."""
    ready = Barrier(len(acts))

    def one(act: Callable[[], object]) -> type[BaseException] | None:
        try:
            with desk.office.open():
                ready.wait()
                act()
        except (AlreadyVoted, ReviewClosed, DraftChanged) as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_last_votes_at_once_decide_once(desk: Desk) -> None:
    with desk.office.open():
        review = desk.submit()

    def vote_of(actor: Actor) -> Callable[[], object]:
        return lambda: desk.vote(review, actor)

    refused = at_once(desk, vote_of(desk.gita), vote_of(desk.sofia), vote_of(desk.marek))

    with desk.office.open():
        review = Review.objects.get(pk=review.pk)
        assert (review.outcome, review.votes.count()) == (Outcome.APPROVED, 2)
        assert refused.count(ReviewClosed) == 1
        assert AuditEntry.objects.filter(code="review.decided").count() == 1


def test_one_person_at_two_browsers_has_one_vote(desk: Desk) -> None:
    with desk.office.open():
        review = desk.submit()

    refused = at_once(desk, *[lambda: desk.vote(review, desk.gita)] * 2)

    with desk.office.open():
        assert refused.count(AlreadyVoted) == 1
        assert review.votes.count() == 1


def test_of_two_edits_at_once_one_is_told_of_the_other(desk: Desk) -> None:
    with desk.office.open():
        draft = desk.draft()

    def save(name: str) -> Callable[[], object]:
        model = f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" name="{name}"/>'
        return lambda: drafts.save_draft(
            actor=desk.ana, draft_id=draft.pk, revision=1, xml=model.encode()
        )

    refused = at_once(desk, save("one"), save("two"))

    with desk.office.open():
        assert refused.count(DraftChanged) == 1
        assert Draft.objects.get(pk=draft.pk).revision == 2
