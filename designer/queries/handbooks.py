"""A process as a document, made from what was published."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from common.context import Actor
from designer.models.versions import Version
from designer.queries.step_templates import names_of
from engine.bpmn.handbook import Handbook, Names, handbook
from governance import access
from governance.models.processes import Process, ProcessGrant
from governance.queries.people import names_by_code


@dataclass(frozen=True, slots=True)
class Document:
    """A process, the version that is told (None where there is none), and who may stop a run."""

    process: Process
    version: Version | None
    book: Handbook | None
    operators: list[str]


def get_handbook(*, actor: Actor, unit_id: UUID, key: str, number: int | None = None) -> Document:
    """Return the document of a version by its number, by default of the newest.

    Raises:
        Process.DoesNotExist, NotFound: there is none of this key that the actor may see.
    """
    process = Process.objects.select_related("owner", "backup_owner", "team", "board").get(
        unit_id=unit_id, key=key
    )
    access.require("version.view", actor=actor, subject=process)
    versions = process.versions.select_related("published_by")
    found = versions.filter(number=number).first() if number else versions.first()
    rows = ProcessGrant.objects.filter(
        content_object=process, permission__codename="operate_run"
    ).select_related("user__person")
    operators = sorted({row.user.person.name for row in rows})
    return Document(process, found, _told(found, unit_id) if found else None, operators)


def _told(version: Version, unit_id: UUID) -> Handbook | None:
    xml = bytes(version.xml)
    return handbook(xml, Names(people=names_by_code(unit_id), steps=names_of(unit_id, xml)))
