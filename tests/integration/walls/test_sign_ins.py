"""What PostgreSQL itself refuses to the sign-ins of the web, the workers and the sealer."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import DatabaseError, InternalError, ProgrammingError, connection, transaction

from common import tenancy
from common.context import automation
from governance import audit
from governance.actions import installation
from governance.audit_codes import Code
from governance.models.audit import AuditEntry, AuditSeal
from governance.models.processes import Process
from governance.models.units import Role, RoleAssignment, Team
from tests.support.office import Office, an_office
from tests.support.sign_ins import signed_in_as

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office() -> Office:
    office = an_office()
    with office.open(), transaction.atomic():
        office.person("Ana", Role.MODELLER)
        office.process(board=office.board())
        audit.record(
            Code.UNIT_CREATED,
            actor=automation("test"),
            subject=audit.InUnit(office.unit, office.unit.pk),
        )
    return office


def run(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


OUT_OF_REACH = (
    "UPDATE governance_auditentry SET code = 'x'",
    "DELETE FROM governance_auditentry",
    "TRUNCATE governance_auditentry CASCADE",
    "UPDATE governance_auditpayload SET values = ''",
    "DELETE FROM governance_auditpayload",
    "UPDATE governance_auditseal SET hash = 'x'",
    "DELETE FROM governance_auditseal",
    "ALTER TABLE governance_auditentry DISABLE TRIGGER ALL",
    "ALTER TABLE governance_auditentry DISABLE ROW LEVEL SECURITY",
    "DROP POLICY units ON governance_auditentry",
    "CREATE TABLE mine (x int)",
)


@pytest.mark.parametrize("role", ["app", "engine", "audit"])
def test_evidence_and_its_locks_are_out_of_reach(role: str, office: Office) -> None:
    refused = "permission denied|must be (owner|able)"
    become_owner = f'SET ROLE "{settings.DATABASES["default"]["USER"]}"'
    with signed_in_as(role), tenancy.units_in_scope([office.unit.pk]):
        for statement in (*OUT_OF_REACH, become_owner):
            with pytest.raises(DatabaseError, match=refused):
                run(statement)


def test_even_the_owner_is_stopped_by_the_trigger(office: Office) -> None:
    with (
        tenancy.units_in_scope([office.unit.pk]),
        pytest.raises((InternalError, ProgrammingError), match="never changed"),
    ):
        run("UPDATE governance_auditentry SET code = 'x'")


@pytest.mark.parametrize("role", ["app", "engine"])
def test_without_a_scope_nothing_is_there(role: str, office: Office) -> None:
    with signed_in_as(role):
        assert not Process.objects.exists()
        assert not Team.objects.exists()
        assert not RoleAssignment.objects.exists()
        assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("role", ["app", "engine"])
def test_a_row_of_another_unit_is_not_there(role: str, office: Office) -> None:
    other = an_office("retail")
    with signed_in_as(role), tenancy.units_in_scope([other.unit.pk]):
        assert not Process.objects.exists()
        assert not AuditEntry.objects.exists()
    with signed_in_as(role), tenancy.units_in_scope([office.unit.pk]):
        assert Process.objects.exists()
        assert AuditEntry.objects.exists()


def test_a_row_cannot_be_written_into_another_unit(office: Office) -> None:
    other = an_office("retail")
    with (
        signed_in_as("app"),
        tenancy.units_in_scope([other.unit.pk]),
        pytest.raises(ProgrammingError, match="row-level security"),
    ):
        Team.objects.create(unit=office.unit, key="spy", name="Spy")


def test_a_row_cannot_be_moved_into_another_unit(office: Office) -> None:
    other = an_office("retail")
    with (
        signed_in_as("app"),
        tenancy.units_in_scope([office.unit.pk]),
        pytest.raises(ProgrammingError, match="row-level security"),
    ):
        Process.objects.update(unit=other.unit)


def test_a_person_finds_their_own_roles_and_cannot_write_one(office: Office) -> None:
    ana = office.people["Ana"]
    with signed_in_as("app"), tenancy.as_person(ana.pk):
        assert [row.role for row in RoleAssignment.objects.all()] == ["MODELLER"]
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            RoleAssignment.objects.create(unit=office.unit, person=ana, role=Role.ADMIN)


def test_the_web_forges_no_link(office: Office) -> None:
    with (
        signed_in_as("app"),
        tenancy.units_in_scope([office.unit.pk]),
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        run(
            "INSERT INTO governance_auditseal (unit_id, seq, kind, ref, position, content_hash,"
            " previous_hash, hash, sealed_at) SELECT unit_id, 1, 'ENTRY', id, 0, '', '', '', at"
            " FROM governance_auditentry"
        )


def test_the_sealer_sees_every_unit_and_writes_no_entry(office: Office) -> None:
    an_office("retail")
    with signed_in_as("audit"):
        assert AuditEntry.objects.exists()
        assert not AuditSeal.objects.exists()
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(
                "INSERT INTO governance_auditentry SELECT gen_random_uuid(), unit_id, at, code,"
                " actor_kind, null, null, subject_type, subject_id, null, '', payload_digest"
                " FROM governance_auditentry"
            )


NOT_THEIRS = (
    "INSERT INTO governance_roleassignment SELECT * FROM governance_roleassignment",
    "UPDATE governance_account SET is_active = true",
    "SELECT session_data FROM django_session",
    "SELECT password FROM governance_account",
)


@pytest.mark.parametrize("role", ["engine", "audit"])
def test_workers_and_the_sealer_touch_no_roles_accounts_or_sessions(
    role: str, office: Office
) -> None:
    with signed_in_as(role), tenancy.units_in_scope([office.unit.pk]):
        for statement in NOT_THEIRS:
            with pytest.raises(ProgrammingError, match="permission denied"):
                run(statement)


def test_the_web_can_set_up_an_installation() -> None:
    """What the set-up writes, the web's sign-in may write."""
    first = installation.FirstAdministrator(
        unit_key="first",
        unit_name="First",
        name="Helena Brandt",
        email="helena@interlock.example",
        password="a long enough phrase",
    )
    with signed_in_as("app"):
        account = installation.set_up(actor=automation("set-up"), first=first)
        assert account.person.name == "Helena Brandt"
