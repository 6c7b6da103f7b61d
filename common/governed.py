"""Migration operations that put a table under row-level security and say who may do what to it.

Every table of the product is either governed here or named in `UNGOVERNED` with its reason; a test
walks the catalogue of PostgreSQL and fails on a table that is neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

#: Tables without a unit, and why they need none. Grants on them are given by `grant`.
UNGOVERNED: dict[str, str] = {
    "django_migrations": "the schema's own history",
    "django_content_type": "names of models",
    "auth_permission": "names of permissions",
    "auth_group": "unused, part of the framework",
    "auth_group_permissions": "unused, part of the framework",
    "guardian_userobjectpermission": "empty: grants have direct keys; nobody may write it",
    "guardian_groupobjectpermission": "empty: grants have direct keys; nobody may write it",
    "django_session": "signed-in browsers; keys are random and secret",
    "governance_person": "a person belongs to no unit; their roles do",
    "governance_account": "sign-ins of persons",
    "governance_account_groups": "unused, part of the framework",
    "governance_account_user_permissions": "unused, part of the framework",
    "governance_failedsignin": "digests the sign-in throttle counts; there is no unit before it",
    "engine_pulse": "which workers are alive; names of processes of the product",
    "governance_unit": "the list of units; which ones a person learns of is decided by access",
}

# A subquery, so that the list is read once for a statement and not once for a row.
IN_SCOPE = (
    "unit_id = ANY ((SELECT string_to_array("
    "nullif(current_setting('interlock.units', true), ''), ',')::uuid[])::uuid[])"
)
#: For the rows by which a person belongs to units: they are how the scope itself is found.
IN_SCOPE_OR_OWN = (
    f"{IN_SCOPE} OR person_id = nullif(current_setting('interlock.person', true), '')::uuid"
)


class Govern(Operation):
    """Enable and force row-level security on a table and grant rights role by role.

    `app`, `engine` and `audit` are the statements each role may use, such as "SELECT, INSERT".
    `across` names the roles that see the rows of all units (the engine its queue, the audit role
    what it seals). `using` replaces the usual condition on `unit_id`, for tables that reach their
    unit through a parent; `check` what rows may be written, where that is narrower.
    """

    reversible = True
    reduces_to_sql = False

    def __init__(  # noqa: PLR0913  (one keyword a role)
        self,
        table: str,
        *,
        app: str = "",
        engine: str = "",
        audit: str = "",
        across: Sequence[str] = (),
        using: str = IN_SCOPE,
        check: str = "",
    ) -> None:
        self.table = table
        self.rights = {"app": app, "engine": engine, "audit": audit}
        self.across = tuple(across)
        self.using = using
        self.check = check or using

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models as they are: this changes rights only."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        """Write the policies and the grants."""
        run = schema_editor.execute
        run(f'ALTER TABLE "{self.table}" ENABLE ROW LEVEL SECURITY')
        run(f'ALTER TABLE "{self.table}" FORCE ROW LEVEL SECURITY')
        run(f'CREATE POLICY units ON "{self.table}" USING ({self.using}) WITH CHECK ({self.check})')
        for role in self.across:
            name = settings.DATABASE_ROLES[role]
            run(f'CREATE POLICY across_{role} ON "{self.table}" TO "{name}" USING (true)')
        grant(schema_editor, self.table, **self.rights)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        """Take the policies away; the grants go with the table."""
        for policy in ("units", *(f"across_{role}" for role in self.across)):
            schema_editor.execute(f'DROP POLICY IF EXISTS {policy} ON "{self.table}"')
        schema_editor.execute(f'ALTER TABLE "{self.table}" NO FORCE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{self.table}" DISABLE ROW LEVEL SECURITY')

    def describe(self) -> str:
        """Name the operation for the migration's output."""
        return f"Put {self.table} under row-level security"


def grant(schema_editor: BaseDatabaseSchemaEditor, table: str, **rights: str) -> None:
    """Give each role the statements named for it on a table, and its sequences' use."""
    for role, statements in rights.items():
        if statements:
            name = settings.DATABASE_ROLES[role]
            schema_editor.execute(f'GRANT {statements} ON "{table}" TO "{name}"')


def grant_in_migration(table: str, **rights: str) -> Any:
    """Return a function for `RunPython` that grants rights on a table without a unit."""

    def forwards(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        grant(schema_editor, table, **rights)

    return forwards
