"""Actions on the files that travel with a draft: an edit of one is an edit of the draft."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from common import clock
from common.context import Actor
from common.problems import NotFound
from designer import files, versioning
from designer.actions import drafts
from designer.errors import TooManyFiles
from designer.models.drafts import Draft
from designer.models.resources import Manifest, Resource
from engine.decisions.rulebook import MEDIA_TYPE

_MOST = 20


@transaction.atomic
def put_decisions(
    *, actor: Actor, draft_id: UUID, revision: int, name: str, content: bytes
) -> Draft:
    """Keep a DMN file under a name of the draft, in the place of one that is there.

    Raises:
        NotAllowed, NotFound: the actor may not edit this draft.
        DraftClosed, DraftChanged: see `save_draft`.
        BadFileName: it is no name of a decision file.
        ModelTooBig, UnreadableModel: the content cannot be taken.
        TooManyFiles: the draft has as many as it may.
    """
    draft = drafts.locked_for_edit(actor=actor, draft_id=draft_id, revision=revision)
    files.check_decisions(name, content)
    if name not in draft.resources and len(draft.resources) >= _MOST:
        raise TooManyFiles(limit=_MOST)
    digest = _store(draft, actor, content)
    return _changed(draft, actor, {**draft.resources, name: digest})


@transaction.atomic
def delete_decisions(*, actor: Actor, draft_id: UUID, revision: int, name: str) -> Draft:
    """Take a DMN file out of the draft; versions that have it keep it.

    Raises:
        NotAllowed, NotFound: the actor may not edit this draft, or it has no such file.
        DraftClosed, DraftChanged: see `save_draft`.
    """
    draft = drafts.locked_for_edit(actor=actor, draft_id=draft_id, revision=revision)
    if name not in draft.resources:
        raise NotFound
    kept = {other: digest for other, digest in draft.resources.items() if other != name}
    return _changed(draft, actor, kept)


def _store(draft: Draft, actor: Actor, content: bytes) -> str:
    digest = versioning.model_digest(content)
    Resource.objects.get_or_create(
        unit_id=draft.unit_id,
        digest=digest,
        defaults={
            "media_type": MEDIA_TYPE,
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
