"""An edit and a publication at the same moment take turns: what is published is what was approved.

Whoever comes first holds its transaction open until the other is seen to wait for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from common.errors import DomainError
from designer import files
from designer.actions import drafts, versions
from designer.errors import ContentChanged, DraftClosed, ReviewClosed
from designer.models.reviews import Review
from designer.models.versions import Version
from engine.models.deployments import Deployment
from tests.integration.designer.conftest import Desk, a_desk
from tests.support.office import an_office

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], object]


@pytest.fixture
def desk() -> Desk:
    office = an_office()
    with office.open():
        return a_desk(office)


@pytest.fixture
def review(desk: Desk) -> Review:
    with desk.office.open():
        return desk.approved()


def in_turn(desk: Desk, first: Act, second: Act) -> type[DomainError] | None:
    """Do both on connections of their own, the second while the first has not committed yet.

    Returns what the second was refused by.
    """
    has_acted = Event()

    def begin() -> None:
        try:
            with desk.office.open(), transaction.atomic():
                first()
                has_acted.set()
                _until_somebody_waits()
        finally:
            has_acted.set()
            connection.close()

    def follow() -> type[DomainError] | None:
        has_acted.wait()
        try:
            with desk.office.open():
                second()
        except DomainError as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(2) as pool:
        beginning, following = pool.submit(begin), pool.submit(follow)
        beginning.result()
        return following.result()


def _until_somebody_waits() -> None:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits: the second act did not mind the first")


def edit(desk: Desk, review: Review) -> Act:
    def save() -> None:
        drafts.save_draft(
            actor=desk.ana,
            draft_id=review.draft_id,
            revision=review.draft_revision,
            xml=files.blank(desk.process.key, "Something that nobody approved"),
        )

    return save


def publish(desk: Desk, review: Review) -> Act:
    return lambda: versions.publish_version(
        actor=desk.ben, review_id=review.pk, digest=review.digest
    )


def test_a_publication_waits_for_an_edit_and_is_refused(desk: Desk, review: Review) -> None:
    refusal = in_turn(desk, edit(desk, review), publish(desk, review))

    with desk.office.open():
        assert refusal is ContentChanged
        assert not Version.objects.exists()
        assert not Deployment.objects.exists()


def test_an_edit_waits_for_a_publication_and_is_refused(desk: Desk, review: Review) -> None:
    refusal = in_turn(desk, publish(desk, review), edit(desk, review))

    with desk.office.open():
        assert refusal is DraftClosed
        version = Version.objects.get()
        assert (version.digest, bytes(version.xml)) == (review.digest, bytes(review.xml))
        assert bytes(Deployment.objects.get().xml) == bytes(review.xml)


def test_of_two_publications_at_once_one_is_made(desk: Desk, review: Review) -> None:
    refusal = in_turn(desk, publish(desk, review), publish(desk, review))

    with desk.office.open():
        assert refusal is ReviewClosed
        assert Version.objects.count() == Deployment.objects.count() == 1
