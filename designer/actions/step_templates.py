"""Actions on the catalogue of steps: add, retire, offer again. The only code that writes it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from common import clock
from common.context import Actor
from common.problems import NotFound
from designer.errors import (
    RetirementWithoutReason,
    TemplateReserved,
    TemplateRetired,
    TemplateVersionTaken,
    TooManyTemplates,
)
from designer.models.step_templates import StepTemplate, StepTemplateVersion
from designer.queries.step_templates import digest_of
from designer.steps import reader, shipped
from designer.steps.elements import Template
from governance import access, audit
from governance.audit_codes import Code
from governance.models.units import Unit

_MOST = 500
_LONGEST = 1_000


@transaction.atomic
def add_templates(*, actor: Actor, unit_id: UUID, file: bytes) -> list[StepTemplateVersion]:
    """Add what a file of templates holds to a unit's catalogue: all of it, or nothing.

    Raises:
        NotAllowed, NotFound: the actor does not keep the catalogue.
        TemplateUnreadable: the file, or one of its templates, cannot be taken.
        TemplateReserved: an id is one of the product's own.
        TemplateVersionTaken: the catalogue has this version, or a later one.
        TooManyTemplates: the catalogue is full.
    """
    access.require_in_unit("catalogue.keep", actor=actor, unit_id=unit_id)
    return [_add(actor, unit_id, each) for each in reader.read_file(file)]


@transaction.atomic
def retire_template(*, actor: Actor, unit_id: UUID, key: str, reason: str) -> StepTemplate:
    """Offer a template no more. Steps made from it are told; versions that run go on running.

    Raises:
        NotAllowed, NotFound: the actor does not keep the catalogue, or it has no such template.
        RetirementWithoutReason: nobody would know why.
        TemplateRetired: it was retired before.
    """
    access.require_in_unit("catalogue.keep", actor=actor, unit_id=unit_id)
    entry = _locked(unit_id, key)
    reason = reason.strip()
    if not 1 <= len(reason) <= _LONGEST:
        raise RetirementWithoutReason(longest=_LONGEST)
    if entry.retired_at is not None:
        raise TemplateRetired(name=entry.name, state="retired")
    entry.retired_at = clock.now()
    entry.retired_by_id = actor.person
    entry.retired_because = reason
    entry.save()
    audit.record(Code.STEP_TEMPLATE_RETIRED, actor=actor, subject=entry, reason=reason)
    return entry


@transaction.atomic
def restore_template(*, actor: Actor, unit_id: UUID, key: str) -> StepTemplate:
    """Offer a retired template again.

    Raises:
        NotAllowed, NotFound: the actor does not keep the catalogue, or it has no such template.
        TemplateRetired: it is offered.
    """
    access.require_in_unit("catalogue.keep", actor=actor, unit_id=unit_id)
    entry = _locked(unit_id, key)
    if entry.retired_at is None:
        raise TemplateRetired(name=entry.name, state="offered")
    before = {"reason": entry.retired_because}
    entry.retired_at, entry.retired_by, entry.retired_because = None, None, ""
    entry.save()
    audit.record(Code.STEP_TEMPLATE_RESTORED, actor=actor, subject=entry, before=before)
    return entry


def _add(actor: Actor, unit_id: UUID, template: Template) -> StepTemplateVersion:
    if template.id.startswith(shipped.PREFIX):
        raise TemplateReserved(prefix=shipped.PREFIX)
    entry = _entry(unit_id, template.id, template.name)
    latest = entry.versions.order_by("-number").first()
    if latest is not None and template.version <= latest.number:
        raise TemplateVersionTaken(name=entry.name, latest=latest.number)
    entry.name = template.name
    entry.save(update_fields=["name"])
    version = StepTemplateVersion.objects.create(
        unit_id=unit_id,
        template=entry,
        number=template.version,
        content=dict(template.content),
        digest=digest_of(template.content),
        added_at=clock.now(),
        added_by_id=actor.person,
    )
    audit.record(
        Code.STEP_TEMPLATE_ADDED,
        actor=actor,
        subject=entry,
        before={"version": latest.number if latest else None},
        after={"version": version.number, "digest": version.digest},
    )
    return version


def _entry(unit_id: UUID, key: str, name: str) -> StepTemplate:
    """Return the entry of a key, made where there is none, under its lock."""
    # Two who add the first version at once would both find nothing: they take turns here.
    Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
    known = StepTemplate.objects.filter(unit_id=unit_id)
    entry = known.filter(key=key).first()
    if entry is not None:
        return entry
    if known.count() >= _MOST:
        raise TooManyTemplates(limit=_MOST)
    return StepTemplate.objects.create(unit_id=unit_id, key=key, name=name)


def _locked(unit_id: UUID, key: str) -> StepTemplate:
    """Return the entry of a template there is; one of the product's gets its row now."""
    ours = shipped.templates().get(key)
    if ours is not None:
        return _entry(unit_id, key, ours[max(ours)].name)
    rows = StepTemplate.objects.select_for_update(no_key=True).filter(unit_id=unit_id, key=key)
    entry = rows.first()
    if entry is None:
        raise NotFound
    return entry
