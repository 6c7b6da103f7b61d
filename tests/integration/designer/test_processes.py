"""The register: one name for one process, one person who answers for it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from common.names import BadKey, UnsafeName
from designer.actions import processes
from designer.actions.processes import Entry
from designer.errors import KeyReserved, KeyTaken, NameTaken, SameOwner, UnknownChoice
from governance.errors import NotAllowed
from governance.models.audit import AuditEntry
from governance.models.processes import Process
from governance.models.units import Role
from tests.integration.designer.conftest import Desk
from tests.support.office import an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(desk: Desk) -> Entry:
    return Entry(key="patch-rollout", name="Patch rollout", board="cab")


def register(desk: Desk, entry: Entry) -> Process:
    return processes.register_process(actor=desk.ana, unit_id=desk.office.unit.pk, entry=entry)


def test_whoever_registers_owns_unless_another_is_named(desk: Desk, entry: Entry) -> None:
    process = register(desk, replace(entry, tags=("Linux", " ", "Linux")))
    assert (process.owner.name, process.tags) == ("Ana Ruiz", ["Linux"])
    named = replace(entry, key="other", name="Other", owner_id=desk.ben.person_id)
    assert register(desk, named).owner.name == "Ben Carter"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"key": "production-change"}, KeyTaken),
        ({"name": "PRODUCTION  change"}, NameTaken),
        ({"key": "Patch Rollout"}, BadKey),
        ({"key": "import"}, KeyReserved),
        ({"name": "Patch\u202erollout"}, UnsafeName),
        ({"name": "Patch\u200brollout"}, UnsafeName),
        ({"risk_class": "NONE"}, UnknownChoice),
        ({"team": "nobody"}, UnknownChoice),
        ({"board": "nobody"}, UnknownChoice),
    ],
)
def test_an_entry_that_cannot_be_is_refused(
    desk: Desk, entry: Entry, change: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        register(desk, replace(entry, **change))  # type: ignore[arg-type]


def test_owner_and_backup_are_two_people_of_the_unit(desk: Desk, entry: Entry) -> None:
    with pytest.raises(SameOwner):
        register(desk, replace(entry, backup_owner_id=desk.ana.person_id))
    with an_office("retail").open() as other:
        stella = other.person("Stella", Role.MODELLER)
    with pytest.raises(UnknownChoice):
        register(desk, replace(entry, backup_owner_id=stella.person_id))


def test_only_the_owner_changes_an_entry_and_the_audit_names_what(desk: Desk, entry: Entry) -> None:
    process = register(desk, entry)
    mona = desk.office.person("Mona", Role.MODELLER)
    new = replace(entry, risk_class="HIGH")
    with pytest.raises(NotAllowed):
        processes.change_process(actor=mona, process_id=process.pk, entry=new)

    processes.change_process(actor=desk.ana, process_id=process.pk, entry=new)

    facts = AuditEntry.objects.get(code="process.changed").payload.facts
    assert facts["before"] == {"risk_class": "MEDIUM"}
    assert facts["after"] == {"risk_class": "HIGH"}
    assert process.history.count() == 2


def test_a_transfer_makes_another_person_answer(desk: Desk, entry: Entry) -> None:
    process = register(desk, replace(entry, backup_owner_id=desk.ben.person_id))

    def give(to: UUID) -> Process:
        return processes.transfer_process(
            actor=desk.ana, process_id=process.pk, owner_id=to, reason="New job"
        )

    with pytest.raises(SameOwner):
        give(desk.ana.person)
    moved = give(desk.ben.person)
    assert (moved.owner.name, moved.backup_owner) == ("Ben Carter", None)
    with pytest.raises(NotAllowed):
        give(desk.gita.person)
