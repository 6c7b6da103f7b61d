"""Versions as files."""

from __future__ import annotations

from uuid import UUID

from common.context import Actor
from designer import files
from designer.models.reviews import Review
from designer.models.versions import Version
from governance import access


def get_version(*, actor: Actor, version_id: UUID) -> Version:
    """Return a version.

    Raises:
        Version.DoesNotExist, NotFound: there is none that the actor may see.
    """
    version = Version.objects.select_related("process").get(pk=version_id)
    access.require("version.view", actor=actor, subject=version)
    return version


def get_file(*, actor: Actor, version_id: UUID) -> tuple[str, bytes]:
    """Return the name and the bytes of a version's file.

    Raises:
        Version.DoesNotExist, NotFound, NotAllowed: the actor may not download it.
    """
    version = Version.objects.select_related("process").get(pk=version_id)
    access.require("model.download", actor=actor, subject=version)
    return files.file_name(version.process.key, f"v{version.number}"), bytes(version.xml)


def get_candidate(*, actor: Actor, review_id: UUID) -> Review:
    """Return the review that holds a candidate's model.

    Raises:
        Review.DoesNotExist, NotFound: there is none that the actor may see.
    """
    review = Review.objects.get(pk=review_id)
    access.require("review.view", actor=actor, subject=review)
    return review
