"""One draft as the editor shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common.context import Actor
from designer import files
from designer.models.drafts import Draft, Stage
from designer.models.reviews import STANDING, Review
from designer.queries import models
from governance import access


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft, what is wrong with it, and what the reader may do with it."""

    draft: Draft
    acts: frozenset[str]
    review: Review | None

    @property
    def problems(self) -> list[dict[str, Any]]:
        """Return what is wrong with it: of a large model, this takes longest of all."""
        return models.problems_of(self.draft)

    @property
    def text(self) -> str:
        """Return the model as text."""
        return files.text_of(bytes(self.draft.xml))

    @property
    def may_edit(self) -> bool:
        """Tell whether the reader may save it."""
        return "draft.edit" in self.acts and self.draft.stage != Stage.PUBLISHED


@dataclass(frozen=True, slots=True)
class Glance:
    """What somebody at a draft is told again and again: who they are to it, and who saved last."""

    person_id: UUID
    name: str
    may_edit: bool
    revision: int
    by: str


def glance_at(*, actor: Actor, draft_id: UUID) -> Glance:
    """Return a draft without its content.

    Raises:
        Draft.DoesNotExist, NotFound: there is none that the actor may see.
    """
    found = Draft.objects.select_related("process", "saved_by").defer("xml", "resources")
    draft = found.get(pk=draft_id)
    access.require("draft.view", actor=actor, subject=draft)
    may = draft.stage != Stage.PUBLISHED and access.may("draft.edit", actor=actor, subject=draft)
    return Glance(actor.person, actor.name, may, draft.revision, draft.saved_by.name)


def get_draft(*, actor: Actor, draft_id: UUID) -> DraftView:
    """Return a draft.

    Raises:
        Draft.DoesNotExist, NotFound: there is none that the actor may see.
    """
    draft = Draft.objects.select_related("process", "based_on", "saved_by").get(pk=draft_id)
    access.require("draft.view", actor=actor, subject=draft)
    acts = ("draft.edit", "draft.try", "review.submit", "model.download")
    return DraftView(
        draft=draft,
        acts=frozenset(name for name in acts if access.may(name, actor=actor, subject=draft)),
        review=draft.reviews.filter(outcome__in=STANDING, published__isnull=True).first(),
    )


def get_file(*, actor: Actor, draft_id: UUID) -> tuple[str, bytes]:
    """Return the name and the bytes of a draft's file.

    Raises:
        Draft.DoesNotExist, NotFound, NotAllowed: the actor may not download it.
    """
    draft = Draft.objects.select_related("process").get(pk=draft_id)
    access.require("model.download", actor=actor, subject=draft)
    name = files.file_name(draft.process.key, f"draft-{draft.revision}")
    return name, bytes(draft.xml)
