"""Sign-ins of the roles, row-level security on every table, and an audit nobody can rewrite."""

from django.conf import settings
from django.db import migrations

from common.governed import IN_SCOPE, IN_SCOPE_OR_OWN, Govern, grant
from config import env

_ALL = "SELECT, INSERT, UPDATE, DELETE"
_KEEP = "SELECT, INSERT, UPDATE"

_OF_PROCESS = "EXISTS (SELECT 1 FROM governance_process p WHERE p.id = content_object_id)"


def make_sign_ins(_apps, schema_editor):
    """Create the roles that were not given. Another migration may be doing the same just now."""
    given = env.read()
    for role in ("app", "engine", "audit"):
        name = settings.DATABASE_ROLES[role]
        schema_editor.execute(
            f"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{name}') THEN
                    CREATE ROLE "{name}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
                        PASSWORD '{given.role_password(name)}';
                END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$
            """
        )
        schema_editor.execute(f'GRANT USAGE ON SCHEMA public TO "{name}"')


def grant_ungoverned(_apps, schema_editor):
    for table in ("django_content_type", "auth_permission", "auth_group", "django_migrations"):
        grant(schema_editor, table, app="SELECT", engine="SELECT", audit="SELECT")
    grant(schema_editor, "governance_unit", app=_KEEP, engine="SELECT", audit="SELECT")
    grant(schema_editor, "governance_person", app=_KEEP, engine="SELECT", audit="SELECT")
    grant(schema_editor, "governance_account", app=_KEEP, engine="SELECT")
    for table in ("governance_account_groups", "governance_account_user_permissions"):
        grant(schema_editor, table, app="SELECT", engine="SELECT")
    grant(schema_editor, "auth_group_permissions", app="SELECT", engine="SELECT")
    grant(schema_editor, "django_session", app=_ALL)


#: The second lock on the audit: even a role with the right to would be stopped.
_FREEZE = """
CREATE FUNCTION interlock_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON governance_auditentry
    FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_truncate BEFORE TRUNCATE ON governance_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON governance_auditpayload
    FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_truncate BEFORE TRUNCATE ON governance_auditpayload
    FOR EACH STATEMENT EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON governance_auditseal
    FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_truncate BEFORE TRUNCATE ON governance_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION interlock_refuse_change();
"""
_THAW = """
DROP TRIGGER never_change ON governance_auditentry;
DROP TRIGGER never_truncate ON governance_auditentry;
DROP TRIGGER never_change ON governance_auditpayload;
DROP TRIGGER never_truncate ON governance_auditpayload;
DROP TRIGGER never_change ON governance_auditseal;
DROP TRIGGER never_truncate ON governance_auditseal;
DROP FUNCTION interlock_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0001_ground"),
        ("guardian", "0001_initial"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(make_sign_ins, migrations.RunPython.noop),
        migrations.RunPython(grant_ungoverned, migrations.RunPython.noop),
        # How the units of a person are found, before any unit is in scope.
        *(
            Govern(
                f"governance_{table}",
                using=IN_SCOPE_OR_OWN,
                check=IN_SCOPE,
                app=_ALL,
                engine="SELECT",
            )
            for table in ("roleassignment", "teammember", "boardmember")
        ),
        *(
            Govern(f"governance_{table}", app=_KEEP, engine="SELECT", audit="SELECT")
            for table in ("team", "board", "process", "connection", "egressdestination")
        ),
        *(
            Govern(f"governance_historical{table}", app="SELECT, INSERT")
            for table in ("board", "process", "connection", "egressdestination")
        ),
        Govern("governance_processgrant", using=_OF_PROCESS, app=_ALL, engine="SELECT"),
        Govern(
            "governance_auditentry",
            app="SELECT, INSERT",
            engine="SELECT, INSERT",
            audit="SELECT",
            across=("audit",),
        ),
        Govern(
            "governance_auditpayload",
            app="SELECT, INSERT",
            engine="SELECT, INSERT",
            audit="SELECT",
            across=("audit",),
        ),
        Govern("governance_auditseal", app="SELECT", audit="SELECT, INSERT", across=("audit",)),
        migrations.RunSQL(_FREEZE, _THAW),
    ]
