"""The journal lies in a table a month; a run goes over the month's end, and no row is ever lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest
from django.conf import settings
from django.db import InternalError, ProgrammingError, connection, transaction

from engine.actions import maintenance
from engine.models.instances import Instance
from engine.models.journal import JournalRow
from engine.queries import clock, verification
from engine.workers.sweeper import Sweeper
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, user_task
from tests.support.office import an_office
from tests.support.sign_ins import signed_in_as

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = ("engine_journalrow", "engine_payload")
_BOUNDS = """
SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = %s::regclass ORDER BY c.relname
"""


@pytest.fixture(autouse=True)
def today(transactional_db: None) -> Iterator[None]:
    """Come back to today, and leave no month behind that other tests could not empty."""
    before = {table: set(partitions(table)) for table in TABLES}
    yield
    stand_at("now()")
    with connection.cursor() as cursor:
        for table, known in before.items():
            for part in set(partitions(table)) - known:
                cursor.execute(f"DROP TABLE {part}")


@pytest.fixture
def floor() -> Iterator[Floor]:
    with an_office().open() as office:
        yield a_floor(office)


def stand_at(moment: str) -> None:
    """Shift the engine's clock, for this session, to a moment said in SQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT set_config('interlock.clock_shift', (({moment}) - now())::text, false)"
        )


def partitions(table: str = "engine_journalrow") -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_BOUNDS, [table])
        return dict(cursor.fetchall())


def homes(run: Instance) -> list[str]:
    """Return where each row of a run's journal lies, and its values with it."""
    found = []
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT tableoid::regclass::text FROM {table} WHERE instance_id = %s ORDER BY at",  # noqa: S608
                [run.pk],
            )
            found += [name for (name,) in cursor.fetchall()]
    return found


def months_from(first: datetime, count: int) -> list[str]:
    numbers = [first.year * 12 + first.month - 1 + number for number in range(count)]
    return [f"{number // 12:04}_{number % 12 + 1:02}" for number in numbers]


def test_the_months_ahead_are_there_and_made_once() -> None:
    wanted = months_from(clock.engine_now(), maintenance.AHEAD + 1)[1:]

    assert maintenance.make_journal_months() == 0
    assert {f"engine_journalrow_{month}" for month in wanted} <= set(partitions())
    assert partitions()["engine_journalrow_default"] == "DEFAULT"


def test_a_run_goes_over_the_end_of_a_month(floor: Floor) -> None:
    end = "date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '1 month'"
    floor.deploy(line(user_task()))
    stand_at(f"{end} - interval '1 second'")
    run = floor.start(title="Over the end")
    stand_at(f"{end} + interval '1 second'")
    floor.complete(floor.task(run))

    rows = homes(run)
    assert rows[0] == "engine_journalrow_before"
    assert f"engine_journalrow_{months_from(clock.engine_now(), 1)[0]}" in rows
    assert [one.findings for one in verification.verify([run.pk])] == [[]]


def test_a_month_that_nobody_made_lies_in_the_default_and_stays_whole(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    stand_at("now() + interval '3 years'")
    run = floor.start(title="Far ahead")

    maintenance.make_journal_months()
    floor.complete(floor.task(run))

    assert set(homes(run)) == {"engine_journalrow_default", "engine_payload_default"}
    assert [one.findings for one in verification.verify([run.pk])] == [[]]
    # The month itself has rows elsewhere; those after it are made all the same.
    assert f"engine_journalrow_{months_from(clock.engine_now(), 2)[1]}" in partitions()


def test_the_sweeper_makes_them_as_its_own_sign_in() -> None:
    stand_at("now() + interval '10 years'")
    with signed_in_as("engine"):
        stand_at("now() + interval '10 years'")
        wanted = months_from(clock.engine_now(), 1)[0]
        sweeper = Sweeper(ring=lambda _bells: None)
        sweeper._tend()
    stand_at("now()")

    assert f"engine_payload_{wanted}" in partitions("engine_payload")


def test_a_partition_is_as_closed_and_as_frozen_as_its_table(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    run: UUID = floor.start().pk
    with connection.cursor() as cursor:
        for part in partitions():
            for role in ("app", "engine", "audit"):
                name = settings.DATABASE_ROLES[role]
                cursor.execute("SELECT has_table_privilege(%s, %s, 'SELECT')", [name, part])
                assert cursor.fetchone() == (False,), (role, part)
            cursor.execute(
                "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class"
                " WHERE oid = %s::regclass",
                [part],
            )
            assert cursor.fetchone() == (True,), part
            cursor.execute(
                "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass"
                " AND tgname IN ('never_change', 'never_truncate')",
                [part],
            )
            assert cursor.fetchone() == (2,), part
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        JournalRow.objects.filter(instance_id=run).update(cause="other")
