"""Many runs in one transaction, as the workers' own sign-in: none can spoil another's."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection, transaction

from common import tenancy
from common.context import automation
from engine import leases, runtime, store
from engine.actions import drains
from engine.leases import Wanted
from engine.models.instances import Instance
from engine.models.journal import JournalRow
from engine.queries import journals
from engine.runtime import Ask
from engine.semantics.commands import Pause, TriggerTimer
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, timer, user_task
from tests.support.office import an_office
from tests.support.sign_ins import signed_in_as, thawed

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = automation("worker")


@pytest.fixture
def floor() -> Iterator[Floor]:
    with an_office().open() as office:
        yield a_floor(office)


def states() -> dict[str, int]:
    found = Instance.objects.values_list("state", flat=True)
    return {state: list(found).count(state) for state in set(found)}


def test_a_batch_advances_in_one_transaction(floor: Floor) -> None:
    floor.deploy(line(timer(duration="PT0S")))
    for _ in range(10):
        floor.start()

    assert drains.drain(actor=WORKER) == 10

    assert states() == {"COMPLETED": 10}
    last = JournalRow.objects.order_by("-at")[:10]
    assert {row.actor_name for row in last} == {"worker"}
    for run in Instance.objects.all():
        assert list(journals.differences(run.pk)) == []


def test_one_that_the_database_refuses_stays_alone(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    runs = [floor.start() for _ in range(7)]
    poisoned = runs[3].pk
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF NEW.id = '{poisoned}' THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$;"
            "CREATE TRIGGER poison BEFORE UPDATE ON engine_instance"
            " FOR EACH ROW EXECUTE FUNCTION poison()"
        )
    try:
        outcomes = runtime.advance([Ask(run.pk, Pause("Freeze"), WORKER) for run in runs])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION poison CASCADE")

    assert [outcome.is_broken for outcome in outcomes] == [run.pk == poisoned for run in runs]
    assert states() == {"PAUSED": 6, "WAITING": 1}


def test_a_refusal_of_one_is_an_answer_to_that_one(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    runs = [floor.start() for _ in range(3)]
    asks = [Ask(run.pk, Pause("Freeze"), WORKER) for run in runs]
    asks[1] = Ask(runs[1].pk, TriggerTimer(str(runs[1].pk)), WORKER)

    outcomes = runtime.advance(asks)

    assert [outcome.refusal is None for outcome in outcomes] == [True, False, True]


def test_a_worker_finds_work_across_units_and_reads_only_what_it_claimed(floor: Floor) -> None:
    floor.deploy(line(timer(duration="PT0S")))
    run = floor.start()

    with tenancy.units_in_scope([]), signed_in_as("engine"):
        assert not Instance.objects.exists()
        claims = leases.claim(Wanted(leases.DRAINED, limit=10))
        assert [claim.instance_id for claim in claims] == [run.pk]
        assert not Instance.objects.exists()
        with tenancy.units_in_scope([claims[0].unit_id]):
            assert Instance.objects.get() == run


def test_a_worker_carries_a_run_on_with_its_own_rights(floor: Floor) -> None:
    floor.deploy(line(timer(duration="PT0S")))
    floor.start()

    with tenancy.units_in_scope([]), signed_in_as("engine"):
        assert drains.drain(actor=WORKER) == 1

    assert states() == {"COMPLETED": 1}


@pytest.mark.parametrize("role", ["app", "engine"])
def test_a_journal_cannot_be_rewritten(floor: Floor, role: str) -> None:
    floor.deploy(line(user_task()))
    floor.start()

    with signed_in_as(role), tenancy.units_in_scope([floor.office.unit.pk]):
        for table in ("engine_journalrow", "engine_payload", "engine_deployment"):
            with (
                pytest.raises(Exception, match="permission denied"),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"UPDATE {table} SET unit_id = unit_id")  # noqa: S608


def test_whoever_rewrites_a_journal_is_found_out(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    run = floor.start()
    assert list(journals.faults(run.unit_id)) == []

    with thawed("engine_journalrow"), connection.cursor() as cursor:
        cursor.execute("UPDATE engine_journalrow SET cause = 'accident' WHERE seq_from = 1")

    assert [fault.kind for fault in journals.faults(run.unit_id)] == ["altered"]


def test_a_value_that_was_exchanged_is_found_out(floor: Floor) -> None:
    floor.deploy(line('<userTask id="w"/>'))
    run = floor.start(business_key="CHG-1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_payload SET values = replace(values, 'CHG-1', 'CHG-2')")

    assert [fault.kind for fault in journals.faults(run.unit_id)] == ["altered"]


def test_a_worker_starts_what_a_timer_asks_for_with_its_own_rights(floor: Floor) -> None:
    date = (
        '<startEvent id="start"><timerEventDefinition><timeDate>2020-01-01T00:00:00Z</timeDate>'
        "</timerEventDefinition></startEvent>"
    )
    floor.deploy(line(user_task()).replace('<startEvent id="start"/>', date))

    with tenancy.units_in_scope([]), signed_in_as("engine"):
        assert drains.drain(actor=WORKER) == 1
        assert drains.drain(actor=WORKER) == 0

    assert states() == {"WAITING": 1}


def test_what_was_committed_behind_the_lock_is_as_it_is_now_or_not_there(floor: Floor) -> None:
    """Whoever waited at a lock gets the run as it was left; one that came meanwhile is none yet."""
    floor.deploy(line(user_task()))
    moved, other = floor.start(), floor.start()

    def lock(runs: dict[UUID, UUID]) -> dict[UUID, int]:
        try:
            with tenancy.units_in_scope([floor.office.unit.pk]), transaction.atomic():
                held = store.lock_for(dict.fromkeys(runs, Pause("Freeze")), runs, {})
                return {key: one.state.seq for key, one in held.items()}
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            runtime.advance_one(Ask(moved.pk, Pause("Freeze"), WORKER))
            late = floor.start()
            pinned = {run.pk: run.deployment_id for run in (moved, other, late)}
            waiting = pool.submit(lock, pinned)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)

        seen = waiting.result(timeout=10)

    now = dict(Instance.objects.values_list("pk", "seq"))
    assert seen == {run.pk: now[run.pk] for run in (moved, other)}
