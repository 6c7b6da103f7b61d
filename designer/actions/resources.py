"""Actions on the files that travel with a draft: an edit of one is an edit of the draft."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from common import clock
from common.context import Actor
from common.problems import NotFound
from designer import files, versioning
from designer.actions import drafts
from designer.errors import FileNameTaken, TooManyFiles
from designer.models.drafts import Draft
from designer.models.resources import Manifest, Resource
from engine.companions import media_type_of

_MOST = 40


@transaction.atomic
def put_file(*, actor: Actor, draft_id: UUID, revision: int, name: str, content: bytes) -> Draft:
    """Keep a DMN file or a form under a name of the draft, in the place of one that is there.

    Raises:
        NotAllowed, NotFound: the actor may not edit this draft.
        DraftClosed, DraftChanged: see `save_draft`.
        BadFileName: it is no name of such a file.
        ModelTooBig, UnreadableModel, FormUnreadable: the content cannot be taken.
        TooManyFiles: the draft has as many as it may.
    """
    draft = drafts.locked_for_edit(actor=actor, draft_id=draft_id, revision=revision)
    files.check_companion(name, content)
    if name not in draft.resources and len(draft.resources) >= _MOST:
        raise TooManyFiles(limit=_MOST)
    digest = _store(draft, actor, name, content)
    return _changed(draft, actor, {**draft.resources, name: digest})


@transaction.atomic
def rename_file(*, actor: Actor, draft_id: UUID, revision: int, name: str, to: str) -> Draft:
    """Give a file of the draft another name of the same ending.

    Raises:
        NotAllowed, NotFound: the actor may not edit this draft, or it has no such file.
        DraftClosed, DraftChanged: see `save_draft`.
        BadFileName: it is no name of a file of that kind.
        FileNameTaken: the draft has a file of that name.
    """
    draft = drafts.locked_for_edit(actor=actor, draft_id=draft_id, revision=revision)
    if name not in draft.resources:
        raise NotFound
    files.check_new_name(name, to)
    if to != name and to in draft.resources:
        raise FileNameTaken(name=to)
    kept = {to if each == name else each: digest for each, digest in draft.resources.items()}
    return _changed(draft, actor, kept)


@transaction.atomic
def delete_file(*, actor: Actor, draft_id: UUID, revision: int, name: str) -> Draft:
    """Take a file out of the draft; versions that have it keep it.

    Raises:
        NotAllowed, NotFound: the actor may not edit this draft, or it has no such file.
        DraftClosed, DraftChanged: see `save_draft`.
    """
    draft = drafts.locked_for_edit(actor=actor, draft_id=draft_id, revision=revision)
    if name not in draft.resources:
        raise NotFound
    kept = {other: digest for other, digest in draft.resources.items() if other != name}
    return _changed(draft, actor, kept)


def _store(draft: Draft, actor: Actor, name: str, content: bytes) -> str:
    digest = versioning.model_digest(content)
    Resource.objects.get_or_create(
        unit_id=draft.unit_id,
        digest=digest,
        defaults={
            "media_type": media_type_of(name),
            "content": content,
            "stored_at": clock.now(),
            "stored_by_id": actor.person,
        },
    )
    return digest


def _changed(draft: Draft, actor: Actor, resources: Manifest) -> Draft:
    if resources == draft.resources:
        return draft
    before, draft.resources = draft.resources, resources
    drafts.keep_edit(
        draft, actor=actor, before={"resources": before}, after={"resources": resources}
    )
    return draft
