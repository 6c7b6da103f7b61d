"""The scenarios of a process, and whether a draft still goes their way."""

from __future__ import annotations

from uuid import UUID

from common.context import Actor
from designer.models.drafts import Draft
from designer.models.scenarios import Scenario
from designer.queries import trials
from designer.queries.trials import Outcome
from governance import access


def list_scenarios(*, actor: Actor, draft_id: UUID) -> list[Scenario]:
    """Return the scenarios of the process of a draft, by name.

    Raises:
        Draft.DoesNotExist, NotFound: there is none that the actor may see.
    """
    draft = Draft.objects.select_related("process").get(pk=draft_id)
    access.require("draft.view", actor=actor, subject=draft)
    return list(draft.process.scenarios.select_related("saved_by"))


def run_all(*, actor: Actor, draft_id: UUID) -> list[Outcome]:
    """Play all scenarios of the process over a draft, now.

    Raises:
        Draft.DoesNotExist, NotFound, NotAllowed: there is none that the actor may try.
        SandboxBusy, SandboxEnded, ScenarioRefused: they could not be played.
    """
    draft = trials.to_try(actor, draft_id)
    return trials.replay(draft, draft.process.scenarios.all())
