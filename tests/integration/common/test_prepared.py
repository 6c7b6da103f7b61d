"""Statements that leave together: what they give, and what is left when one of them fails."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from common import prepared
from common.ids import new_id

pytestmark = pytest.mark.django_db(transaction=True)

ONE_OF = "SELECT x FROM unnest(%b::int[]) AS x WHERE x > %b"


@pytest.fixture(autouse=True)
def _table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS one (id int PRIMARY KEY)")
        cursor.execute("TRUNCATE one")


def put(*ids: int) -> prepared.Query:
    return "INSERT INTO one SELECT unnest(%b::int[])", [list(ids)]


def kept() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM one ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def test_each_statement_gives_its_rows_in_order() -> None:
    given = prepared.run(put(1, 2), ("SELECT id FROM one ORDER BY id", ()), (ONE_OF, [[1, 5], 2]))

    assert given == [[], [(1,), (2,)], [(5,)]]


@transaction.atomic
def test_values_have_places_by_order_or_by_name() -> None:
    unit = new_id()
    named = "SELECT %(unit)s::uuid, %(name)s::text, %(unit)s::uuid, 7 %% 4"

    [[told]] = prepared.run((named, {"name": "ada's %", "unit": unit}))

    assert told == (unit, "ada's %", unit, 3)


@pytest.mark.parametrize("number", [1, 70_000, 2**40])
@transaction.atomic
def test_a_statement_takes_numbers_of_any_size(number: int) -> None:
    text = "SELECT %b::bigint[]"

    assert prepared.run((text, [[number]]), (text, [[number, None]])) == [
        [([number],)],
        [([number, None],)],
    ]


def test_it_ends_with_the_transaction_around_it() -> None:
    with transaction.atomic():
        prepared.run(put(3))
        transaction.set_rollback(True)

    assert kept() == []


def test_after_one_that_fails_none_runs_and_the_connection_is_good() -> None:
    with transaction.atomic():
        prepared.run(put(1))
        with pytest.raises(IntegrityError, match="one_pkey"), transaction.atomic():
            prepared.run(put(2), put(2), put(4), ("SELECT 'not known before'", ()))
        assert prepared.run(("SELECT 'not known before'", ())) == [[("not known before",)]]

    assert kept() == [1]


def test_a_statement_that_cannot_be_prepared_is_told_each_time() -> None:
    for _again in range(2):
        with pytest.raises(DatabaseError, match="nowhere"), transaction.atomic():
            prepared.run(("SELECT * FROM nowhere", ()))


def test_a_connection_on_which_it_breaks_off_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_waited: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(prepared, "_results", stopped)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            prepared.run(put(1))

    with transaction.atomic():
        assert prepared.run(("SELECT 1", ())) == [[(1,)]]


def test_a_server_that_ends_the_connection_is_an_error_of_the_database() -> None:
    ended = "SELECT pg_terminate_backend(pg_backend_pid())"

    with pytest.raises(DatabaseError), transaction.atomic():
        prepared.run((ended, ()), put(1))

    connection.close()
    with transaction.atomic():
        assert prepared.run(("SELECT %b::uuid", [UUID(int=1)])) == [[(UUID(int=1),)]]


def test_much_goes_out_while_much_comes_in() -> None:
    large = ["x" * 100_000] * 40

    with transaction.atomic():
        given = prepared.run(*[("SELECT unnest(%b::text[])", [large])] * 4)

    assert [len(rows) for rows in given] == [40] * 4
