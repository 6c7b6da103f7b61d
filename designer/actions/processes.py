"""Actions on the register: what a process is called, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common.context import Actor
from common.names import clean_key, clean_name
from designer.errors import KeyReserved, KeyTaken, NameTaken, SameOwner, UnknownChoice
from governance import access, audit
from governance.audit_codes import Code
from governance.models.boards import Board
from governance.models.people import Person
from governance.models.processes import DataClass, Practice, Process, RiskClass
from governance.models.units import RoleAssignment, Team, Unit

_LONGEST_KEY = 60
#: Addresses beside those of processes: /processes/new, /processes/import.
_RESERVED = frozenset({"new", "import"})
_LONGEST_PURPOSE = 2000
_LONGEST_TAG = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a registry entry says; board and team by their keys.

    Without an owner named, whoever registers it owns it.
    """

    key: str
    name: str
    board: str
    purpose: str = ""
    owner_id: UUID | None = None
    backup_owner_id: UUID | None = None
    team: str = ""
    risk_class: str = RiskClass.MEDIUM.value
    data_class: str = DataClass.INTERNAL.value
    practice: str = Practice.OTHER.value
    tags: tuple[str, ...] = ()


@transaction.atomic
def register_process(*, actor: Actor, unit_id: UUID, entry: Entry) -> Process:
    """Enter a process into the register of a unit.

    Raises:
        NotAllowed, NotFound: the actor may not register processes in the unit.
        BadKey, KeyReserved, UnsafeName: the key or the name cannot be taken.
        KeyTaken, NameTaken: another process has it, in whatever letter case.
        SameOwner, UnknownChoice: owner, backup owner, team, board or a class is none of the unit's.
    """
    # Two who register one name at once take turns; the foreign keys of others are not held up.
    Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
    access.require_in_unit("process.register", actor=actor, unit_id=unit_id)
    process = Process(unit_id=unit_id, key=clean_key(entry.key, longest=_LONGEST_KEY))
    if process.key in _RESERVED:
        raise KeyReserved(key=process.key)
    process.owner_id = entry.owner_id or actor.person
    _fill(process, entry)
    _must_be_free(process)
    process.save(force_insert=True)
    audit.record(Code.PROCESS_REGISTERED, actor=actor, subject=process, after=_facts(process))
    return process


@transaction.atomic
def change_process(*, actor: Actor, process_id: UUID, entry: Entry) -> Process:
    """Change what an entry says. Its key stays for ever; its owner changes by transfer only.

    Raises:
        NotAllowed, NotFound: the actor is not its owner, or no modeller.
        UnsafeName, NameTaken: the name cannot be taken.
        SameOwner, UnknownChoice: a value is none of the unit's.
    """
    process = Process.objects.select_for_update(no_key=True).get(pk=process_id)
    access.require("process.change", actor=actor, subject=process)
    before = _facts(process)
    _fill(process, entry)
    _must_be_free(process)
    after = _facts(process)
    if after != before:
        process.save()
        changed = [name for name in after if after[name] != before[name]]
        audit.record(
            Code.PROCESS_CHANGED,
            actor=actor,
            subject=process,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return process


@transaction.atomic
def transfer_process(
    *, actor: Actor, process_id: UUID, owner_id: UUID, reason: str = ""
) -> Process:
    """Make another person answer for a process.

    Raises:
        NotAllowed, NotFound: the actor is not its owner.
        SameOwner: the person owns it already, or backs its owner.
        UnknownChoice: the person holds no role in the unit.
    """
    process = Process.objects.select_for_update(no_key=True).get(pk=process_id)
    access.require("process.transfer", actor=actor, subject=process)
    before = process.owner
    if owner_id == process.owner_id:
        raise SameOwner(name=before.name)
    process.owner = _person_of(process.unit_id, owner_id, _("owner"))
    if process.backup_owner_id == owner_id:
        process.backup_owner = None
    process.save()
    audit.record(
        Code.PROCESS_TRANSFERRED,
        actor=actor,
        subject=process,
        reason=reason,
        before={"owner": before.name},
        after={"owner": process.owner.name},
    )
    return process


def _fill(process: Process, entry: Entry) -> None:
    unit_id = process.unit_id
    process.name = clean_name(entry.name)
    process.purpose = entry.purpose.strip()[:_LONGEST_PURPOSE]
    process.owner = _person_of(unit_id, process.owner_id, _("owner"))
    process.backup_owner = None
    if entry.backup_owner_id is not None:
        process.backup_owner = _person_of(unit_id, entry.backup_owner_id, _("backup owner"))
        if entry.backup_owner_id == process.owner_id:
            raise SameOwner(name=process.owner.name)
    process.board = _of_unit(Board, unit_id, entry.board, _("board"))
    process.team = None
    if entry.team:
        process.team = _of_unit(Team, unit_id, entry.team, _("team"))
    process.risk_class = _choice(RiskClass, entry.risk_class, _("risk class"))
    process.data_class = _choice(DataClass, entry.data_class, _("data class"))
    process.practice = _choice(Practice, entry.practice, _("practice"))
    tags = (clean_name(tag, longest=_LONGEST_TAG) for tag in entry.tags if tag.strip())
    process.tags = list(dict.fromkeys(tags))


def _must_be_free(process: Process) -> None:
    others = Process.objects.filter(unit_id=process.unit_id).exclude(pk=process.pk)
    if others.filter(key=process.key).exists():
        raise KeyTaken(key=process.key)
    if others.filter(name__iexact=process.name).exists():
        raise NameTaken(name=process.name)


def _person_of(unit_id: UUID, person_id: UUID, what: str) -> Person:
    if not RoleAssignment.objects.filter(unit_id=unit_id, person_id=person_id).exists():
        raise UnknownChoice(what=what)
    return Person.objects.get(pk=person_id)


def _of_unit(model: Any, unit_id: UUID, key: str, what: str) -> Any:
    found = model.objects.filter(unit_id=unit_id, key=key).first()
    if found is None:
        raise UnknownChoice(what=what)
    return found


def _choice(choices: Any, value: str, what: str) -> str:
    if value not in choices.values:
        raise UnknownChoice(what=what)
    return value


def _facts(process: Process) -> dict[str, Any]:
    return {
        "key": process.key,
        "name": process.name,
        "purpose": process.purpose,
        "owner": process.owner.name,
        "backup_owner": process.backup_owner.name if process.backup_owner else "",
        "team": process.team.name if process.team else "",
        "board": process.board.name,
        "risk_class": process.risk_class,
        "data_class": process.data_class,
        "practice": process.practice,
        "tags": process.tags,
    }
