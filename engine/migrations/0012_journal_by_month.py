"""The journal and its values in one table a month, so that old months can be put away whole.

What is there becomes the first partition, up to the end of this month: it is looked through once,
under a lock. A month is made ahead by whoever sweeps; where nobody did, rows go to the default.
"""

from functools import partial

from django.conf import settings
from django.db import migrations

from common.governed import IN_SCOPE

_TABLES = {
    "engine_journalrow": ("journal_of_run", "instance_id, seq_to"),
    "engine_payload": ("payload_of_run", "instance_id, seq_from"),
}
_FROZEN = ("engine_journalrow",)
_RIGHTS = {"app": "SELECT, INSERT", "engine": "SELECT, INSERT", "audit": "SELECT"}

#: A partition is reached through its table alone: nobody has rights on it, and it has the wall of
#: the table for its owner, who dumps it.
_WALL = f"""
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
    EXECUTE format('CREATE POLICY units ON %I USING (%s)', part, $wall${IN_SCOPE}$wall$);
    IF of_table = 'engine_journalrow' THEN
        EXECUTE format('CREATE TRIGGER never_truncate BEFORE TRUNCATE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION interlock_refuse_change()', part);
    END IF;
"""
# Attached, not created in place: that would lock out everybody who reads the journal.
_MAKE = f"""
CREATE FUNCTION engine_wall_in(of_table text, part text) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN {_WALL} END $$;

CREATE FUNCTION engine_make_journal_months(ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_table text; part text; first timestamptz; made integer := 0;
BEGIN
    FOREACH of_table IN ARRAY ARRAY['engine_journalrow', 'engine_payload'] LOOP
        FOR n IN 0..least(ahead, 24) LOOP
            first := (date_trunc('month', engine_now() AT TIME ZONE 'UTC')
                + n * interval '1 month') AT TIME ZONE 'UTC';
            part := of_table || to_char(first AT TIME ZONE 'UTC', '_YYYY_MM');
            CONTINUE WHEN to_regclass(part) IS NOT NULL;
            BEGIN
                EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, of_table);
                EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                    of_table, part, first,
                    (first AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
                PERFORM engine_wall_in(of_table, part);
                made := made + 1;
            EXCEPTION WHEN invalid_object_definition OR check_violation THEN
                -- Another partition has the month, or rows of it went to the default: they stay.
                NULL;
            END;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION engine_make_journal_months(integer), engine_wall_in(text, text) FROM PUBLIC;
"""


def divide(_apps, schema_editor):
    run = partial(schema_editor.execute, params=None)
    run(_MAKE)
    for table, (index, columns) in _TABLES.items():
        old = f"{table}_before"
        for policy in ("units", "across_audit"):
            run(f"DROP POLICY {policy} ON {table}")
        for role in _RIGHTS:
            run(f'REVOKE ALL ON {table} FROM "{settings.DATABASE_ROLES[role]}"')
        if table in _FROZEN:
            run(f"DROP TRIGGER never_change ON {table}; DROP TRIGGER never_truncate ON {table}")
        run(f"ALTER TABLE {table} RENAME TO {old}")
        run(f"ALTER INDEX {table}_pkey RENAME TO {old}_pkey")
        run(f"ALTER INDEX {index} RENAME TO {index}_before")
        run(
            f"CREATE TABLE {table} (LIKE {old} INCLUDING DEFAULTS,"
            f" PRIMARY KEY (at, instance_id, seq_from)) PARTITION BY RANGE (at)"
        )
        run(f"CREATE INDEX {index} ON {table} ({columns})")
        _attach_what_is_there(run, table, old)
        _govern(run, table)
    run("SELECT engine_make_journal_months(3)")
    engine = settings.DATABASE_ROLES["engine"]
    run(f'GRANT EXECUTE ON FUNCTION engine_make_journal_months(integer) TO "{engine}"')


def _attach_what_is_there(run, table, old):
    # Row-level security would hide what is newest from its owner.
    run(f"ALTER TABLE {old} NO FORCE ROW LEVEL SECURITY")
    run(
        f"DO $$ BEGIN EXECUTE format('ALTER TABLE {table} ATTACH PARTITION {old}"
        " FOR VALUES FROM (MINVALUE) TO (%L)', (SELECT (date_trunc('month',"
        f" greatest(max(at), now()) AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'"
        f" FROM {old})); END $$"
    )
    run(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
    for part in (old, f"{table}_default"):
        run(f"SELECT engine_wall_in('{table}', '{part}')")


def _govern(run, table):
    run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    run(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    run(f"CREATE POLICY units ON {table} USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE})")
    audit = settings.DATABASE_ROLES["audit"]
    run(f'CREATE POLICY across_audit ON {table} TO "{audit}" USING (true)')
    for role, rights in _RIGHTS.items():
        run(f'GRANT {rights} ON {table} TO "{settings.DATABASE_ROLES[role]}"')
    if table in _FROZEN:
        run(
            f"CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();"
            f"CREATE TRIGGER never_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION interlock_refuse_change()"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0011_job_deadlines"),
        ("governance", "0002_governed"),
    ]

    operations = [migrations.RunPython(divide)]
