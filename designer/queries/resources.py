"""The files that travel with drafts, candidates and versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from common.context import Actor
from common.problems import NotFound
from designer import files
from designer.models.drafts import Draft
from designer.models.resources import Resource
from designer.models.reviews import Review
from designer.models.versions import Version
from engine.companions import DECISIONS
from engine.forms.formbook import text_of as form_text
from governance import access

Holder: TypeAlias = Draft | Review | Version
"""What holds a model and a manifest."""


@dataclass(frozen=True, slots=True)
class File:
    """One file: its name, its bytes and their digest, and the decisions or the form in it."""

    name: str
    digest: str
    content: bytes
    holds: tuple[files.Held, ...]

    @property
    def text(self) -> str:
        """Return the file as text."""
        return files.text_of(self.content) if self.is_xml else form_text(self.content)

    @property
    def is_xml(self) -> bool:
        """Tell a decision file from a form."""
        return self.name.endswith(DECISIONS)

    @property
    def media_type(self) -> str:
        """Return what a browser is told that it is."""
        return "application/xml" if self.is_xml else "application/json"


def contents(holder: Holder) -> dict[str, bytes]:
    """Return the files of a manifest by name."""
    found = Resource.objects.filter(
        unit_id=holder.unit_id, digest__in=set(holder.resources.values())
    )
    by_digest = {
        digest: bytes(content) for digest, content in found.values_list("digest", "content")
    }
    return {name: by_digest[digest] for name, digest in sorted(holder.resources.items())}


def list_files(*, actor: Actor, draft_id: UUID, ending: str = "") -> tuple[Draft, list[File]]:
    """Return a draft and its files, or those whose names end so.

    Raises:
        Draft.DoesNotExist, NotFound: there is none that the actor may see.
    """
    draft = Draft.objects.get(pk=draft_id)
    access.require("draft.view", actor=actor, subject=draft)
    found = contents(draft).items()
    return draft, [_file(draft, name, each) for name, each in found if name.endswith(ending)]


def get_of_draft(*, actor: Actor, draft_id: UUID, name: str) -> tuple[Draft, File]:
    """Return a draft and one file of it.

    Raises:
        Draft.DoesNotExist, NotFound: there is none that the actor may see.
    """
    draft = Draft.objects.select_related("process").get(pk=draft_id)
    access.require("draft.view", actor=actor, subject=draft)
    return draft, _named(draft, name)


def get_of_review(*, actor: Actor, review_id: UUID, name: str) -> File:
    """Return one file of what a review judges.

    Raises:
        Review.DoesNotExist, NotFound: there is none that the actor may see.
    """
    review = Review.objects.get(pk=review_id)
    access.require("review.view", actor=actor, subject=review)
    return _named(review, name)


def get_of_version(*, actor: Actor, version_id: UUID, name: str) -> File:
    """Return one file of a version.

    Raises:
        Version.DoesNotExist, NotFound: there is none that the actor may see.
    """
    version = Version.objects.get(pk=version_id)
    access.require("version.view", actor=actor, subject=version)
    return _named(version, name)


def _named(holder: Holder, name: str) -> File:
    if name not in holder.resources:
        raise NotFound
    return _file(holder, name, contents(holder)[name])


def _file(holder: Holder, name: str, content: bytes) -> File:
    return File(name, holder.resources[name], content, files.held_by(name, content))
