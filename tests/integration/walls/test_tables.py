"""Every table of PostgreSQL stands behind the second wall, or says why it needs none."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from common.governed import UNGOVERNED

pytestmark = pytest.mark.django_db

#: Governed tables that reach their unit through another row.
THROUGH_A_PARENT = {"governance_processgrant": "its process"}

#: What nobody but the owner may ever change or take away.
FROZEN = ("governance_auditentry", "governance_auditpayload", "governance_auditseal")

#: The only kinds of values that may stand where the engine reads across units.
BARE = {"uuid", "timestamp with time zone", "bigint", "integer", "smallint", "boolean"}
LONGEST_WORD = 16


def rows(query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        yield from cursor.fetchall()


def tables() -> dict[str, tuple[bool, bool]]:
    found = rows(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        "   AND NOT relispartition"
    )
    return {name: (enabled, forced) for name, enabled, forced in found}


def governed() -> list[str]:
    return [name for name in tables() if name not in UNGOVERNED]


def test_every_table_is_governed_or_says_why_not() -> None:
    open_ones = [
        name
        for name, (enabled, forced) in tables().items()
        if name not in UNGOVERNED and not (enabled and forced)
    ]

    assert not open_ones, "put them under common.governed.Govern, or in UNGOVERNED with a reason"


def test_a_reason_stands_for_a_table_that_is_there() -> None:
    assert set(UNGOVERNED) <= set(tables())
    assert all(len(reason) > 10 for reason in UNGOVERNED.values())


def test_a_table_is_governed_or_excused_but_not_both() -> None:
    found = tables()

    assert not [name for name in UNGOVERNED if any(found[name])]


def test_every_governed_table_has_a_policy_on_its_unit() -> None:
    policies = dict(
        rows("SELECT tablename, qual || with_check FROM pg_policies WHERE policyname = 'units'")
    )

    for name in governed():
        assert "interlock.units" in policies.get(name, "") or name in THROUGH_A_PARENT, name


def test_the_list_of_units_is_read_once_for_a_statement() -> None:
    for table, qual in rows("SELECT tablename, qual FROM pg_policies WHERE policyname = 'units'"):
        assert qual.count("string_to_array(") == qual.count("SELECT (string_to_array("), table


def test_what_an_earlier_release_wrote_is_brought_to_it() -> None:
    module = importlib.import_module("governance.migrations.0009_units_read_once")
    each_row = f"unit_id = ANY ({module._EACH_ROW})"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER POLICY units ON engine_job USING ({each_row}) WITH CHECK (true)")
    [migrate] = module.Migration.operations

    with connection.schema_editor() as editor:
        migrate.code(None, editor)
        migrate.code(None, editor)

    [(qual, check)] = rows(
        "SELECT qual, with_check FROM pg_policies"
        " WHERE policyname = 'units' AND tablename = 'engine_job'"
    )
    assert qual.count("SELECT") == 1
    assert check == "true"


def test_every_governed_row_has_a_unit() -> None:
    found = {
        name
        for (name,) in rows(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND column_name = 'unit_id' AND is_nullable = 'NO' AND data_type = 'uuid'"
        )
    }

    assert not [name for name in governed() if name not in found | set(THROUGH_A_PARENT)]


def test_who_sees_all_units_is_never_the_web() -> None:
    app = settings.DATABASE_ROLES["app"]
    wide = list(
        rows(
            "SELECT tablename, policyname, roles::text[], qual FROM pg_policies"
            " WHERE policyname <> 'units'"
        )
    )

    for table, policy, roles, _qual in wide:
        assert policy.startswith("across_"), (table, policy)
        assert "public" not in roles, table
        assert app not in roles, table


def test_where_the_engine_reads_across_units_there_are_ids_and_times_only() -> None:
    across = [
        name
        for (name,) in rows("SELECT tablename FROM pg_policies WHERE policyname = 'across_engine'")
    ]

    for table in across:
        columns = rows(
            "SELECT column_name, data_type, character_maximum_length"
            " FROM information_schema.columns WHERE table_name = %s",
            table,
        )
        for column, kind, length in columns:
            word = kind == "character varying" and length <= LONGEST_WORD
            assert kind in BARE or word, f"{table}.{column} is {kind}"


@pytest.mark.parametrize("role", ["app", "engine", "audit"])
def test_a_role_owns_nothing_and_cannot_become_more(role: str) -> None:
    name = settings.DATABASE_ROLES[role]
    (found,) = rows(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication,"
        " (SELECT count(*) FROM pg_class WHERE relowner = r.oid),"
        " (SELECT count(*) FROM pg_auth_members WHERE member = r.oid)"
        " FROM pg_roles r WHERE rolname = %s",
        name,
    )

    assert found == (False, False, False, False, False, 0, 0)


@pytest.mark.parametrize("role", ["app", "engine", "audit"])
def test_no_role_holds_a_right_of_owners(role: str) -> None:
    name = settings.DATABASE_ROLES[role]
    held = [
        (table, right)
        for table in tables()
        for right in ("TRUNCATE", "REFERENCES", "TRIGGER")
        if next(rows("SELECT has_table_privilege(%s, %s, %s)", name, table, right))[0]
    ]

    assert not held
    assert next(rows("SELECT has_schema_privilege(%s, 'public', 'CREATE')", name)) == (False,)


@pytest.mark.parametrize("table", FROZEN)
@pytest.mark.parametrize("role", ["app", "engine", "audit"])
def test_no_role_may_change_or_delete_what_is_evidence(role: str, table: str) -> None:
    name = settings.DATABASE_ROLES[role]

    for right in ("UPDATE", "DELETE", "TRUNCATE"):
        query = "SELECT has_table_privilege(%s, %s, %s)"
        assert next(rows(query, name, table, right)) == (False,)


@pytest.mark.parametrize("table", FROZEN)
def test_a_trigger_is_the_second_lock_on_evidence(table: str) -> None:
    found = {
        name
        for (name,) in rows(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            table,
        )
    }

    assert {"never_change", "never_truncate"} <= found


def test_only_the_sealer_writes_links() -> None:
    for role, may in (("app", False), ("engine", False), ("audit", True)):
        query = "SELECT has_table_privilege(%s, 'governance_auditseal', 'INSERT')"
        assert next(rows(query, settings.DATABASE_ROLES[role])) == (may,), role


def test_the_sealer_writes_nothing_else() -> None:
    name = settings.DATABASE_ROLES["audit"]
    written = [
        table
        for table in tables()
        for right in ("INSERT", "UPDATE", "DELETE")
        if next(rows("SELECT has_table_privilege(%s, %s, %s)", name, table, right))[0]
    ]

    assert written == ["governance_auditseal"]
