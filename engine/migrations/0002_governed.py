"""Who may do what to the engine's tables, the engine's clock, and journals nobody can rewrite."""

from django.db import migrations

from common.governed import Govern, grant, grant_in_migration

_KEEP = "SELECT, INSERT, UPDATE"
_ALL = "SELECT, INSERT, UPDATE, DELETE"
_WRITE_ONCE = "SELECT, INSERT"

#: The engine's time is the database's. A session may shift it, which simulation and seeding do;
#: production refuses to start where a shift is set for all sessions.
_CLOCK = """
CREATE FUNCTION engine_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT statement_timestamp()
        + coalesce(nullif(current_setting('interlock.clock_shift', true), '')::interval, '0')
$$;
CREATE SEQUENCE engine_run_number START 1001;
CREATE SEQUENCE engine_lease_epoch;
"""
_NO_CLOCK = """
DROP SEQUENCE engine_lease_epoch;
DROP SEQUENCE engine_run_number;
DROP FUNCTION engine_now();
"""

_FROZEN = ("engine_deployment", "engine_journalrow")
_FREEZE = "".join(
    f"""
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION interlock_refuse_change();
"""
    for table in _FROZEN
)
_THAW = "".join(
    f"DROP TRIGGER never_change ON {table}; DROP TRIGGER never_truncate ON {table};"
    for table in _FROZEN
)


def grant_sequences(_apps, schema_editor):
    for sequence in ("engine_run_number", "engine_lease_epoch"):
        grant(schema_editor, sequence, app="USAGE", engine="USAGE")


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0001_runs"),
        ("governance", "0002_governed"),
    ]

    operations = [
        migrations.RunSQL(_CLOCK, _NO_CLOCK),
        migrations.RunPython(grant_sequences, migrations.RunPython.noop),
        Govern("engine_deployment", app=_WRITE_ONCE, engine="SELECT", audit="SELECT"),
        Govern("engine_instance", app=_KEEP, engine=_KEEP, audit="SELECT", across=("audit",)),
        *(
            Govern(f"engine_{table}", app=_ALL, engine=_ALL)
            for table in (
                "scope",
                "token",
                "variable",
                "timer",
                "starttimer",
                "messagesubscription",
            )
        ),
        *(
            Govern(f"engine_{table}", app=_KEEP, engine=_KEEP)
            for table in ("usertask", "job", "incident", "receipt")
        ),
        *(
            Govern(
                f"engine_{table}",
                app=_WRITE_ONCE,
                engine=_WRITE_ONCE,
                audit="SELECT",
                across=("audit",),
            )
            for table in ("journalrow", "payload")
        ),
        # Ids and times alone, so that a worker finds what is due before it knows of whom.
        Govern("engine_queueentry", app=_ALL, engine=_ALL, across=("engine",)),
        migrations.RunPython(
            grant_in_migration("engine_pulse", app="SELECT", engine=_ALL),
            migrations.RunPython.noop,
        ),
        migrations.RunSQL(_FREEZE, _THAW),
    ]
