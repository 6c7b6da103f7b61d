"""Actions on the states of a draft: two editors' made into one, and an earlier one had back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from common import clock
from common.context import Actor
from designer import files, versioning
from designer.actions import drafts
from designer.errors import DraftClosed, StateGone
from designer.models.drafts import Draft, DraftAuthor, DraftState, Stage
from engine.bpmn.merging import Choice, Merged
from governance import access, audit
from governance.audit_codes import Code


@dataclass(frozen=True, slots=True)
class Meeting:
    """What came of two states, and the draft as it was when they met."""

    draft: Draft
    merged: Merged


@transaction.atomic
def merge_edit(
    *, actor: Actor, draft_id: UUID, began: int, xml: bytes, choices: Mapping[str, Choice]
) -> Meeting:
    """Make one file of what the editor drew since revision `began` and of the draft as it is now.

    Nothing is saved as the draft: that is for `save_drawing`, under the revision answered here.
    Where the two meet, the drawn state is kept aside once more, whatever is chosen then.

    Raises:
        NotAllowed, NotFound: the actor may not edit this draft.
        DraftClosed: it was published.
        StateGone: the state that the edit began from is not kept any more.
        UnreadableModel, ModelTooBig: the content cannot be taken.
    """
    draft = Draft.objects.select_for_update(no_key=True, of=("self",)).get(pk=draft_id)
    access.require("draft.edit", actor=actor, subject=draft)
    if draft.stage == Stage.PUBLISHED:
        raise DraftClosed(number=draft.reviews.get(published__isnull=False).version_number)
    base = draft.states.filter(revision=began, is_aside=False).first()
    if base is None:
        raise StateGone(revision=began)
    mine = files.kept(bytes(base.xml), xml).file
    merged = files.merged(bytes(base.xml), mine, bytes(draft.xml), choices)
    if merged.conflicts:
        _keep_aside(draft, actor, began, mine)
    return Meeting(draft, merged)


@transaction.atomic
def restore_state(*, actor: Actor, draft_id: UUID, revision: int, state_id: UUID) -> Draft:
    """Make an earlier state the next one; those between stay where they are.

    Raises:
        NotAllowed, NotFound: the actor may not edit this draft.
        DraftClosed, DraftChanged: see `save_draft`.
        DraftState.DoesNotExist: the draft has no such state, or not any more.
    """
    draft = drafts.locked_for_edit(actor=actor, draft_id=draft_id, revision=revision)
    state = draft.states.get(pk=state_id)
    if (state.digest, state.resources) == (draft.digest, draft.resources):
        return draft
    before = {"digest": draft.digest, "files": sorted(draft.resources)}
    draft.xml, draft.digest, draft.resources = state.xml, state.digest, state.resources
    after = {"digest": state.digest, "files": sorted(state.resources), "restored": state.revision}
    drafts.keep_edit(draft, actor=actor, before=before, after=after)
    return draft


def _keep_aside(draft: Draft, actor: Actor, began: int, xml: bytes) -> None:
    """Keep what somebody drew beside the draft. Whoever drew it counts as an author of it."""
    digest = versioning.model_digest(xml)
    if draft.states.filter(is_aside=True, digest=digest).exists():
        return
    now = clock.now()
    DraftAuthor.objects.get_or_create(
        draft=draft,
        person_id=actor.person,
        defaults={"unit_id": draft.unit_id, "since": now},
    )
    DraftState.objects.create(
        unit_id=draft.unit_id,
        draft=draft,
        revision=began,
        is_aside=True,
        xml=xml,
        digest=digest,
        resources=draft.resources,
        saved_at=now,
        saved_by_id=actor.person,
    )
    audit.record(
        Code.DRAFT_SET_ASIDE, actor=actor, subject=draft, after={"digest": digest, "began": began}
    )
