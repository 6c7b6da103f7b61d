"""Claims: in turn among units, within limits that two workers at once do not pass, and quickly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from common import tenancy
from engine import leases
from engine.leases import Claim, Wanted
from engine.models.queue import QueueEntry, target_of
from governance.models.limits import UnitLimits
from tests.support.office import Office, an_office
from tests.support.queues import fill
from tests.support.sign_ins import signed_in_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def big(small: Office) -> Iterator[Office]:
    office = an_office("big")
    with tenancy.units_in_scope([office.unit.pk, small.unit.pk]):
        yield office


@pytest.fixture
def small() -> Office:
    return an_office("small")


def claim(limit: int, **rest: object) -> list[Claim]:
    return leases.claim(Wanted(leases.JOBS, limit, **rest))  # type: ignore[arg-type]


def by_unit(claims: list[Claim]) -> Counter[UUID]:
    return Counter(one.unit_id for one in claims)


def test_units_take_turns_however_long_one_of_them_queues(big: Office, small: Office) -> None:
    fill(big.unit.pk, 500, age=600)
    fill(small.unit.pk, 10, age=1)

    assert by_unit(claim(20)) == {big.unit.pk: 10, small.unit.pk: 10}
    assert by_unit(claim(20)) == {big.unit.pk: 20}


def test_what_is_at_work_counts_as_served(big: Office, small: Office) -> None:
    fill(big.unit.pk, 100, age=600)
    claim(30)
    fill(small.unit.pk, 100)

    assert by_unit(claim(30)) == {small.unit.pk: 30}


def test_within_a_unit_the_oldest_comes_first(big: Office) -> None:
    fill(big.unit.pk, 5, age=10)
    fill(big.unit.pk, 5, age=100)

    claimed = claim(5)

    ages = dict(QueueEntry.objects.values_list("pk", "due_at"))
    due = [ages[one.lease.entry_id] for one in claimed]
    assert due == sorted(ages.values())[:5]


def test_a_unit_has_no_more_jobs_at_work_than_its_limit(big: Office, small: Office) -> None:
    UnitLimits.objects.create(unit=big.unit, jobs_at_once=3)
    fill(big.unit.pk, 50)
    fill(big.unit.pk, 50, queue="script")
    fill(small.unit.pk, 5)

    first = claim(20)

    assert by_unit(first) == {big.unit.pk: 3, small.unit.pk: 5}
    assert claim(20) == []
    QueueEntry.objects.filter(pk=first[0].lease.entry_id).delete()
    QueueEntry.objects.filter(pk=first[1].lease.entry_id).update(lease_until="2000-01-01T00:00Z")
    freed = sum(one.unit_id == big.unit.pk for one in first[:2])
    assert by_unit(claim(20))[big.unit.pk] == freed


def test_the_limit_holds_for_a_job_that_is_asked_for_by_name(big: Office) -> None:
    UnitLimits.objects.create(unit=big.unit, jobs_at_once=1)
    fill(big.unit.pk, 2)
    one, other = QueueEntry.objects.values_list("pk", flat=True)

    assert len(claim(1, only=one)) == 1
    assert claim(1, only=other) == []


def test_one_system_that_hangs_leaves_room_for_the_others(big: Office) -> None:
    slow, quick = target_of("slow.example:443"), target_of("quick.example:443")
    UnitLimits.objects.create(unit=big.unit, jobs_per_target=4)
    fill(big.unit.pk, 100, target=slow, age=600)
    fill(big.unit.pk, 3, target=quick)
    fill(big.unit.pk, 2)

    claimed = [one.lease.entry_id for one in claim(200)]

    rows = QueueEntry.objects.filter(pk__in=claimed).values_list("target", flat=True)
    assert Counter(rows) == {slow: 4, quick: 3, 0: 2}


def test_a_system_has_a_limit_without_anybody_setting_one(big: Office) -> None:
    fill(big.unit.pk, 100, target=target_of("slow.example:443"))

    assert len(claim(200)) == leases.JOBS_PER_TARGET


def test_timers_take_turns_and_know_no_limit(big: Office, small: Office) -> None:
    UnitLimits.objects.create(unit=big.unit, jobs_at_once=1)
    fill(big.unit.pk, 300, kind="TIMER", queue="engine")
    fill(small.unit.pk, 10, kind="TIMER", queue="engine")
    fill(small.unit.pk, 10)

    assert by_unit(leases.claim(Wanted(leases.DRAINED, 100))) == {
        big.unit.pk: 90,
        small.unit.pk: 10,
    }


def test_the_sweeper_rings_for_everybody(big: Office, small: Office) -> None:
    UnitLimits.objects.create(unit=big.unit, jobs_at_once=2)
    fill(big.unit.pk, 500, age=600)
    fill(small.unit.pk, 1)
    fill(small.unit.pk, 1, kind="TIMER", queue="engine")

    assert len(leases.due(100)) == 4


def test_many_leases_are_renewed_at_once_and_the_lost_are_named(big: Office) -> None:
    fill(big.unit.pk, 3)
    mine = [one.lease for one in claim(3)]
    QueueEntry.objects.filter(pk=mine[0].entry_id).update(lease_epoch=0)
    QueueEntry.objects.filter(pk=mine[1].entry_id).update(lease_until="2000-01-01T00:00Z")

    assert leases.renew(mine) == set(mine[1:])
    assert claim(5) == [], "what was renewed is nobody else's"


def test_work_is_given_back_for_later(big: Office) -> None:
    fill(big.unit.pk, 3)
    mine = [one.lease for one in claim(3)]

    leases.postpone(mine[:2], timedelta(hours=1))

    assert claim(5) == []
    assert QueueEntry.objects.filter(lease_until=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_never_pass_the_limits() -> None:
    limit, per_target, workers, rounds = 7, 3, 6, 4
    with an_office("big").open() as office:
        UnitLimits.objects.create(unit=office.unit, jobs_at_once=limit, jobs_per_target=per_target)
        one = target_of("one.example:443")
        fill(office.unit.pk, 40, target=one, age=600)
        fill(office.unit.pk, 40)
        together = Barrier(workers)

        def take(_number: int) -> list[list[Claim]]:
            with signed_in_as("engine") as worker:
                worker.ensure_connection()
                return [_round(together) for _turn in range(rounds)]

        with ThreadPoolExecutor(workers) as pool:
            taken = list(pool.map(take, range(workers)))

        for claimed in zip(*taken, strict=True):
            ids = [claim.lease.entry_id for mine in claimed for claim in mine]
            assert len(ids) == len(set(ids)) == limit
            assert QueueEntry.objects.filter(pk__in=ids, target=one).count() <= per_target


def _round(together: Barrier) -> list[Claim]:
    """Claim together with the others, and give everything back once all have."""
    together.wait()
    mine = [claimed for _turn in range(4) for claimed in claim(1)]
    together.wait()
    leases.postpone([claimed.lease for claimed in mine], timedelta(0))
    return mine


@pytest.mark.django_db(transaction=True)
def test_a_claim_reads_as_much_of_a_long_queue_as_of_a_short_one() -> None:
    big, small = an_office("big"), an_office("small")
    with tenancy.units_in_scope([big.unit.pk, small.unit.pk]):
        fill(big.unit.pk, 1_000, age=500)
        of_short, _claimed = blocks_of_a_claim()
        fill(big.unit.pk, 100_000, age=600)
        fill(small.unit.pk, 10, age=1)
        of_long, claimed = blocks_of_a_claim()

    assert by_unit(claimed)[small.unit.pk] == 10
    assert of_long < 2 * of_short


def blocks_of_a_claim() -> tuple[int, list[Claim]]:
    """Return how many pages a claim reads, and what the one before it took."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE engine_queueentry")
    with signed_in_as("engine") as worker, worker.cursor() as cursor:
        claimed = claim(200)
        text, values = leases.statement(Wanted(leases.JOBS, 200))
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {text}", values)
        plan = cursor.fetchone()[0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], claimed
