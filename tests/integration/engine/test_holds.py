"""A database goes back to an older day: what had gone on since stands still until compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from common import clock
from common.context import automation
from engine import leases
from engine.actions import holds, instances, jobs
from engine.errors import ReasonMissing, RunHeld, RunNotHeld
from engine.leases import JOBS, Wanted
from engine.models.holds import Hold
from engine.models.instances import Instance
from engine.queries import holds as queries
from engine.queries import verification
from governance import sealing
from governance import verification as audits
from governance.checkpoints import Book, Scribe
from governance.errors import NotAllowed
from governance.models.audit import AuditEntry
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, call, user_task
from tests.support.office import an_office

pytestmark = pytest.mark.django_db(transaction=True)

ACTOR = automation("restore")


@pytest.fixture
def floor() -> Iterator[Floor]:
    with an_office().open() as office:
        yield a_floor(office)


@pytest.fixture
def book(tmp_path: Path, settings: Any) -> Book:
    settings.DATA_DIR = tmp_path
    return Book(tmp_path)


def seal(book: Book) -> None:
    made = sealing.Sealer().seal_all()
    scribe = Scribe(book)
    for unit_id in {seal.unit_id for seal in made}:
        links = [sealing.as_link(seal) for seal in made if seal.unit_id == unit_id]
        scribe.take(unit_id, links, clock.now())
    scribe.write_due(clock.now(), all_of_them=True)


def compare(floor: Floor, book: Book) -> list[holds.TakenBack]:
    _loss, found = holds.hold_what_was_lost(actor=ACTOR, unit=floor.office.unit, book=book)
    return found


def lost_work(floor: Floor, book: Book, moved: Instance) -> UUID:
    """Complete the task of a run and start another one; then all of that is lost but the seals."""
    with transaction.atomic():
        floor.complete(floor.task(moved))
        begun = floor.start().pk
        seal(book)
        transaction.set_rollback(True)
    return begun


def test_exactly_what_had_gone_on_is_named_and_held(floor: Floor, book: Book) -> None:
    floor.deploy(line(user_task(), user_task("more")))
    moved, still = floor.start(), floor.start()
    seal(book)
    begun = lost_work(floor, book, moved)
    seal_before = Hold.objects.count()

    found = {run.instance_id: run for run in compare(floor, book)}

    assert seal_before == 0
    assert set(found) == {moved.pk, begun}
    assert (found[moved.pk].key, found[begun].key) == (moved.key, "")
    assert found[moved.pk].kept_seq < found[moved.pk].lost_seq
    with pytest.raises(RunHeld):
        floor.complete(floor.task(moved))
    floor.complete(floor.task(still))
    held = queries.list_held(actor=floor.ben, unit_id=floor.office.unit.pk)
    assert {(one.hold.pk, one.run is None) for one in held} == {(moved.pk, False), (begun, True)}
    assert AuditEntry.objects.filter(code="run.held", subject_id=str(moved.pk)).count() == 1


def test_the_chain_goes_on_from_where_it_was_taken_back_to(floor: Floor, book: Book) -> None:
    floor.deploy(line(user_task()))
    moved = floor.start()
    seal(book)
    lost_work(floor, book, moved)
    compare(floor, book)
    assert compare(floor, book) == []
    seal(book)
    floor.start()
    seal(book)

    verdict = audits.verify(floor.office.unit.pk, book)

    assert (verdict.faults, len(verdict.restores)) == ([], 1)


def test_a_released_run_goes_on_with_the_keys_it_had(floor: Floor, book: Book) -> None:
    floor.deploy(line(call()))
    run = floor.start()
    seal(book)

    def key() -> str | None:
        claims = leases.claim(Wanted(JOBS, limit=1))
        work = jobs.begin_job(lease=claims[0].lease) if claims else None
        return work.key if work else None

    with transaction.atomic():
        before = key()
        instances.pause_instance(actor=floor.ben, instance_id=run.pk, reason="moved on")
        seal(book)
        transaction.set_rollback(True)
    compare(floor, book)

    assert before
    assert key() is None
    with pytest.raises(NotAllowed):
        holds.release_run(actor=floor.ola, instance_id=run.pk, reason="I looked")
    with pytest.raises(ReasonMissing):
        holds.release_run(actor=floor.ben, instance_id=run.pk, reason=" ")
    holds.release_run(actor=floor.ben, instance_id=run.pk, reason="No ticket was made")
    assert key() == before
    with pytest.raises(RunNotHeld):
        holds.release_run(actor=floor.ben, instance_id=run.pk, reason="again")
    assert [one.findings for one in verification.verify([run.pk])] == [[]]
    assert AuditEntry.objects.filter(code="run.released", subject_id=str(run.pk)).count() == 1


def test_a_held_run_can_be_cancelled_instead(floor: Floor, book: Book) -> None:
    floor.deploy(line(user_task()))
    run = floor.start()
    seal(book)
    lost_work(floor, book, run)
    compare(floor, book)

    instances.cancel_instance(actor=floor.ben, instance_id=run.pk, reason="Done by hand")

    held = queries.list_held(actor=floor.ben, unit_id=floor.office.unit.pk)
    assert run.pk not in {one.hold.pk for one in held}


def test_people_see_it_and_release_it_on_the_page(floor: Floor, book: Book) -> None:
    floor.deploy(line(user_task()))
    run = floor.start(title="Move the database")
    seal(book)
    begun = lost_work(floor, book, run)
    compare(floor, book)
    client = Client()
    client.force_login(floor.office.people["Ben Carter"].accounts.get())

    page = client.get(f"/runs/{run.pk}").content.decode()
    listed = client.get("/operations/held").content.decode()
    api = client.get("/api/v1/holds").json()

    assert "Held after a restore" in page
    assert "Release" in page
    assert ("Move the database" in listed, str(begun) in listed) == (True, True)
    assert {row["id"] for row in api["holds"]} == {str(run.pk), str(begun)}
    assert "/operations/held" in client.get("/operations").content.decode()
    answer = client.post(f"/runs/{run.pk}/release", {"reason": "Nothing was done outside"})
    assert answer.status_code == 302
    assert not Hold.objects.filter(pk=run.pk, released_at=None).exists()
