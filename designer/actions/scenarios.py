"""Actions on the scenarios of a process: keep a trial, or let it go."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import transaction

from common import clock
from common.context import Actor
from common.names import clean_name
from designer.errors import ScenarioTooLarge, TooManyScenarios
from designer.models.drafts import Draft
from designer.models.scenarios import Scenario
from governance import access, audit
from governance.audit_codes import Code
from governance.models.processes import Process

MOST = 50
_LARGEST = 256 * 1024
_LONGEST_NAME = 120


@transaction.atomic
def save_scenario(*, actor: Actor, draft_id: UUID, name: str, content: dict[str, Any]) -> Scenario:
    """Keep a trial as a scenario of the draft's process; one of that name is replaced.

    Raises:
        NotAllowed, NotFound: the actor may not try this draft.
        UnsafeName: the name is none that people can read.
        ScenarioTooLarge, TooManyScenarios: there is no room for it.
    """
    draft = Draft.objects.select_related("process").get(pk=draft_id)
    access.require("draft.try", actor=actor, subject=draft)
    # Two who save at once take turns, so that the limit holds.
    process = Process.objects.select_for_update(no_key=True, of=("self",)).get(pk=draft.process_id)
    name = clean_name(name, longest=_LONGEST_NAME)
    if len(json.dumps(content).encode()) > _LARGEST:
        raise ScenarioTooLarge(limit=_LARGEST // 1024)
    others = process.scenarios.exclude(name=name)
    if others.count() >= MOST:
        raise TooManyScenarios(limit=MOST)
    saved, _ = Scenario.objects.update_or_create(
        process=process,
        name=name,
        defaults={
            "unit_id": process.unit_id,
            "content": content,
            "saved_at": clock.now(),
            "saved_by_id": actor.person,
        },
    )
    audit.record(Code.SCENARIO_SAVED, actor=actor, subject=saved, after={"process": process.key})
    return saved


@transaction.atomic
def remove_scenario(*, actor: Actor, draft_id: UUID, scenario_id: UUID) -> None:
    """Let a scenario of the draft's process go.

    Raises:
        NotAllowed, NotFound: the actor may not try this draft.
        Scenario.DoesNotExist: the process has none such.
    """
    draft = Draft.objects.select_related("process").get(pk=draft_id)
    access.require("draft.try", actor=actor, subject=draft)
    found = draft.process.scenarios.get(pk=scenario_id)
    before = {"name": found.name, "process": draft.process.key}
    audit.record(Code.SCENARIO_REMOVED, actor=actor, subject=found, before=before)
    found.delete()
