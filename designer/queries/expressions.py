"""An expression of a draft, tried on sample values while it is written. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from common import clock
from common.context import Actor
from designer.models.drafts import Draft
from engine.expressions import trying
from engine.expressions.moments import moment_of
from governance import access


def try_expression(
    *, actor: Actor, draft_id: UUID, text: str, sample: Mapping[str, Any]
) -> trying.Trial:
    """Return what an expression comes to with the sample, or what is wrong with it.

    Raises:
        Draft.DoesNotExist, NotFound, NotAllowed: the actor may not edit the draft.
    """
    draft = Draft.objects.select_related("process").get(pk=draft_id)
    access.require("draft.edit", actor=actor, subject=draft)
    return trying.attempt(text, sample, moment_of(clock.now()))
