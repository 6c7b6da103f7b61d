"""What the editor of decisions shows beside a table: problems, findings, an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from common import clock
from common.context import Actor
from common.problems import NotFound
from common.words import in_words
from designer.errors import QuestionUnreadable
from designer.models.drafts import Draft
from designer.queries import models
from designer.queries.resources import contents
from designer.versioning import model_digest
from engine.companions import DECISIONS, Companions
from engine.decisions import Answer, Rulebook
from engine.decisions.findings import findings
from engine.decisions.record import values_of
from engine.expressions.errors import Refusal
from engine.expressions.moments import moment_of
from governance import access


@dataclass(frozen=True, slots=True)
class Analysed:
    """One decision file: what is wrong with it, its tables with findings, and what it asks for."""

    revision: int
    problems: list[dict[str, Any]]
    tables: list[dict[str, Any]]
    decisions: list[dict[str, Any]]


def get_analysis(*, actor: Actor, draft_id: UUID, name: str) -> Analysed:
    """Return what there is to say about a decision file of a draft.

    Raises:
        Draft.DoesNotExist, NotFound: there is none that the actor may see.
    """
    draft, rulebook = _rulebook(actor, draft_id, name)
    key = model_digest(json.dumps([name, draft.resources], sort_keys=True).encode())
    [told] = models.kept(f"analysis.{key}", lambda: [_told(rulebook, name)])
    return Analysed(revision=draft.revision, **in_words(told))


def try_decision(
    *, actor: Actor, draft_id: UUID, name: str, decision: str, inputs: Mapping[str, Any]
) -> Answer:
    """Return what a decision of a draft gives for these inputs, within the budget of one question.

    Raises:
        Draft.DoesNotExist, NotFound, NotAllowed: there is none that the actor may edit.
        QuestionUnreadable: an input is no value.
        DecisionUnknown: no file of the draft holds it, or several do.
        DecisionRefused: the file is wrong where this decision stands on it.
        FeelBudgetExceeded: it would cost more than one question may.
    """
    _, rulebook = _rulebook(actor, draft_id, name, act="draft.edit")
    try:
        seen = values_of(inputs)
    except (Refusal, KeyError, TypeError, ValueError, ArithmeticError) as wrong:
        raise QuestionUnreadable(reason=str(wrong)[:200]) from None
    return rulebook.decide(decision, seen, moment_of(clock.now()))


def _rulebook(
    actor: Actor, draft_id: UUID, name: str, act: str = "draft.view"
) -> tuple[Draft, Rulebook]:
    draft = Draft.objects.get(pk=draft_id)
    access.require(act, actor=actor, subject=draft)
    if name not in draft.resources or not name.endswith(DECISIONS):
        raise NotFound
    return draft, Companions.of(contents(draft)).rulebook


def _told(rulebook: Rulebook, name: str) -> dict[str, Any]:
    return {
        "problems": [asdict(one) for one in rulebook.problems_of(name)],
        "tables": [
            {
                "decision": one.node,
                "table": one.table,
                "policy": one.policy.value,
                "findings": [asdict(found) for found in findings(one)],
            }
            for one in rulebook.analysed(name)
        ],
        "decisions": [
            {"id": identity, "inputs": [asdict(one) for one in inputs]}
            for identity, inputs in rulebook.asked(name).items()
        ],
    }
