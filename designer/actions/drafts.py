"""Actions on drafts: the only code that writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock, live
from common.context import Actor
from designer import files, importing, versioning
from designer.actions import processes, reviews
from designer.actions.processes import Entry
from designer.errors import DraftChanged, DraftClosed
from designer.importing import Imported
from designer.models.drafts import Draft, DraftAuthor, DraftState, Stage
from designer.models.versions import Version
from governance import access, audit
from governance.audit_codes import Code
from governance.models.processes import Process

_KEPT_FOR = timedelta(days=30)


@transaction.atomic
def create_blank_draft(*, actor: Actor, process_id: UUID) -> Draft:
    """Start a draft that holds a start event.

    Raises:
        NotAllowed, NotFound: the actor may not create drafts here.
    """
    process = Process.objects.get(pk=process_id)
    access.require("draft.create", actor=actor, subject=process)
    return _create(actor, process, files.blank(process.key, process.name), None)


@transaction.atomic
def create_draft(*, actor: Actor, unit_id: UUID, key: str, version_id: UUID | None = None) -> Draft:
    """Start a draft of a process of the unit: from one of its versions, else from a blank sheet.

    Raises:
        Process.DoesNotExist, Version.DoesNotExist: the unit has none such.
        NotAllowed, NotFound: the actor may not create drafts here.
    """
    process = Process.objects.get(unit_id=unit_id, key=key)
    if version_id is None:
        return create_blank_draft(actor=actor, process_id=process.pk)
    version = process.versions.get(pk=version_id)
    return create_draft_from_version(actor=actor, version_id=version.pk)


@transaction.atomic
def create_draft_from_version(*, actor: Actor, version_id: UUID) -> Draft:
    """Start a draft with the content of a version, byte for byte.

    Raises:
        NotAllowed, NotFound: the actor may not create drafts here.
    """
    version = Version.objects.select_related("process").get(pk=version_id)
    access.require("draft.create", actor=actor, subject=version.process)
    return _create(actor, version.process, bytes(version.xml), version)


@transaction.atomic
def import_model(*, actor: Actor, process_id: UUID, file: bytes) -> Draft:
    """Start a draft of a registered process with an uploaded file; see `importing.imported`.

    Raises:
        NotAllowed, NotFound: the actor may not import models here.
        ModelTooBig, UnreadableModel, UnreadableRunbook: the file cannot be taken.
        BridgeMissing, BridgeFailed: it cannot be read by the program it is made for.
    """
    process = Process.objects.get(pk=process_id)
    access.require("model.import", actor=actor, subject=process)
    return _import(actor, process, importing.imported(file, process.key))


@transaction.atomic
def register_with_draft(
    *, actor: Actor, unit_id: UUID, entry: Entry, file: bytes | None = None
) -> Draft:
    """Register a process together with its first draft: blank, or the uploaded file.

    Raises:
        NotAllowed, NotFound: the actor may not do both.
        ModelTooBig, UnreadableModel, UnreadableRunbook, BridgeMissing, BridgeFailed: the file
            cannot be taken; nothing is registered then.
        BadKey, UnsafeName, KeyTaken, NameTaken, SameOwner, UnknownChoice: see `register_process`.
    """
    found = None if file is None else importing.imported(file, entry.key)
    process = processes.register_process(actor=actor, unit_id=unit_id, entry=entry)
    if found is None:
        return create_blank_draft(actor=actor, process_id=process.pk)
    access.require("model.import", actor=actor, subject=process)
    return _import(actor, process, found)


@transaction.atomic
def save_draft(*, actor: Actor, draft_id: UUID, revision: int, xml: bytes) -> Draft:
    """Save an edit that began from `revision`; whoever saves becomes an author.

    An edit voids the review of the draft, and an approval nobody has used. Saving what is there
    already changes nothing and voids nothing.

    Raises:
        NotAllowed, NotFound: the actor may not edit this draft.
        DraftClosed: it was published.
        DraftChanged: somebody saved since.
        UnreadableModel, ModelTooBig: the content cannot be taken.
    """
    draft = locked_for_edit(actor=actor, draft_id=draft_id, revision=revision)
    files.check(xml)
    digest = versioning.model_digest(xml)
    if digest == draft.digest:
        return draft
    before, draft.digest, draft.xml = draft.digest, digest, xml
    keep_edit(draft, actor=actor, before={"digest": before}, after={"digest": digest})
    return draft


@transaction.atomic
def save_drawing(*, actor: Actor, draft_id: UUID, revision: int, xml: bytes) -> tuple[str, ...]:
    """Save what the editor drew, with what its library cannot hold put back from the file before.

    Returns a sentence for each setting of another tool that went with the edit.

    Raises:
        NotAllowed, NotFound, DraftClosed, DraftChanged: see `save_draft`.
        UnreadableModel, ModelTooBig: the content cannot be taken.
    """
    draft = locked_for_edit(actor=actor, draft_id=draft_id, revision=revision)
    kept = files.kept(bytes(draft.xml), xml)
    save_draft(actor=actor, draft_id=draft_id, revision=revision, xml=kept.file)
    return kept.lost


def locked_for_edit(*, actor: Actor, draft_id: UUID, revision: int) -> Draft:
    """Return a draft under its lock, for an edit that began from `revision`.

    Raises:
        NotAllowed, NotFound: the actor may not edit this draft.
        DraftClosed: it was published.
        DraftChanged: somebody saved since.
    """
    draft = Draft.objects.select_for_update(no_key=True, of=("self",)).get(pk=draft_id)
    access.require("draft.edit", actor=actor, subject=draft)
    if draft.stage == Stage.PUBLISHED:
        raise DraftClosed(number=draft.reviews.get(published__isnull=False).version_number)
    if revision != draft.revision:
        raise DraftChanged(
            who=draft.saved_by.name, at=draft.saved_at.isoformat(), revision=draft.revision
        )
    return draft


def keep_edit(
    draft: Draft, *, actor: Actor, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Keep an edited draft as its next revision, and void what was judged of the one before."""
    revision = draft.revision
    draft.revision += 1
    _keep(draft, actor)
    draft.save(update_fields=["xml", "digest", "resources", "revision", "saved_at", "saved_by"])
    audit.record(
        Code.DRAFT_SAVED,
        actor=actor,
        subject=draft,
        before={**before, "revision": revision},
        after={**after, "revision": draft.revision},
    )
    reviews.void_standing(
        of=draft.reviews, actor=actor, cause=_("{who} edited the draft.").format(who=actor.name)
    )


def _import(actor: Actor, process: Process, found: Imported) -> Draft:
    live_version = process.versions.order_by("-number").first()
    return _create(
        actor, process, found.model, live_version, code=Code.DRAFT_IMPORTED, origin=found.origin
    )


def _create(
    actor: Actor,
    process: Process,
    xml: bytes,
    based_on: Version | None,
    *,
    code: Code = Code.DRAFT_CREATED,
    origin: Mapping[str, Any] | None = None,
) -> Draft:
    now = clock.now()
    draft = Draft(
        unit_id=process.unit_id,
        process=process,
        based_on=based_on,
        xml=xml,
        resources=based_on.resources if based_on else {},
        origin=dict(origin or {}),
        digest=versioning.model_digest(xml),
        created_at=now,
        created_by_id=actor.person,
        saved_at=now,
        saved_by_id=actor.person,
    )
    draft.save(force_insert=True)
    _keep(draft, actor)
    audit.record(
        code,
        actor=actor,
        subject=draft,
        after={
            "digest": draft.digest,
            "based_on": based_on.number if based_on else None,
            "bytes": len(xml),
        },
    )
    return draft


def _keep(draft: Draft, actor: Actor) -> None:
    """Note who wrote this state and keep it; let states older than their 30 days go."""
    draft.saved_at = clock.now()
    draft.saved_by_id = actor.person
    DraftAuthor.objects.get_or_create(
        draft=draft,
        person_id=actor.person,
        defaults={"unit_id": draft.unit_id, "since": draft.saved_at},
    )
    DraftState.objects.create(
        unit_id=draft.unit_id,
        draft=draft,
        revision=draft.revision,
        xml=draft.xml,
        digest=draft.digest,
        resources=draft.resources,
        saved_at=draft.saved_at,
        saved_by_id=actor.person,
    )
    draft.states.filter(saved_at__lt=draft.saved_at - _KEPT_FOR).delete()
    live.publish_on_commit(
        draft.topic,
        {"type": "draft.changed", "revision": draft.revision, "who": actor.name},
    )
