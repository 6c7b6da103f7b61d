"""What each rule of drawing is set to in a unit, and what it finds among its drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from common.context import Actor
from common.problems import NotFound
from designer.models.drafts import Draft, Stage
from designer.models.rules import RuleSetting, Scope
from designer.queries import models, rules
from engine.lint import BY_CODE, RULES, Level, Rule, Setting
from governance import access
from governance.models.processes import Process

MOST_DRAFTS = 40
"""Drafts, the latest first, at which the effect of a rule is shown."""


@dataclass(frozen=True, slots=True)
class Affected:
    """A draft in which a rule finds something, and how often."""

    draft: Draft
    count: int


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule, what holds for the whole unit, what else was set, and where it finds something."""

    rule: Rule
    setting: Setting
    whole: RuleSetting | None
    narrower: list[RuleSetting]
    affected: list[Affected]


def list_rules(*, actor: Actor, unit_id: UUID) -> tuple[list[RuleView], int]:
    """Return every rule as it stands in a unit, and how many drafts were looked at.

    Raises:
        NotAllowed, NotFound: the actor does not keep the rules.
    """
    access.require_in_unit("rule.keep", actor=actor, unit_id=unit_id)
    rows = list(RuleSetting.objects.filter(unit_id=unit_id).select_related("set_by"))
    drafts = _drafts(unit_id)
    counts = [(draft, _counts(draft)) for draft in drafts]
    return [_view(rule, rows, counts) for rule in RULES], len(drafts)


def get_rule(*, actor: Actor, unit_id: UUID, code: str) -> RuleView:
    """Return one rule as it stands in a unit.

    Raises:
        NotAllowed: the actor does not keep the rules.
        NotFound: there is no such rule, or no such unit.
    """
    access.require_in_unit("rule.keep", actor=actor, unit_id=unit_id)
    if code not in BY_CODE:
        raise NotFound
    rows = list(RuleSetting.objects.filter(unit_id=unit_id, code=code).select_related("set_by"))
    return _view(BY_CODE[code], rows, [(draft, _counts(draft)) for draft in _drafts(unit_id)])


def tags_of(unit_id: UUID) -> list[str]:
    """Return the tags that processes of a unit have."""
    rows = Process.objects.filter(unit_id=unit_id).values_list("tags", flat=True)
    return sorted({tag for tags in rows for tag in tags})


def _view(
    rule: Rule, rows: list[RuleSetting], counts: list[tuple[Draft, Mapping[str, int]]]
) -> RuleView:
    mine = [row for row in rows if row.code == rule.code]
    whole = next((row for row in mine if row.scope == Scope.UNIT), None)
    return RuleView(
        rule=rule,
        setting=rules.setting_of(whole) if whole else Setting.usual(rule),
        whole=whole,
        narrower=[row for row in mine if row.scope != Scope.UNIT],
        affected=[
            Affected(draft, found[rule.code]) for draft, found in counts if found.get(rule.code)
        ],
    )


def _drafts(unit_id: UUID) -> list[Draft]:
    """Return the open drafts of a unit, the latest of each process, the latest first."""
    found = Draft.objects.filter(unit_id=unit_id).exclude(stage=Stage.PUBLISHED)
    latest: dict[UUID, Draft] = {}
    for draft in found.select_related("process").order_by("-saved_at"):
        latest.setdefault(draft.process_id, draft)
    return list(latest.values())[:MOST_DRAFTS]


def _counts(draft: Draft) -> Mapping[str, int]:
    """Return how often each rule would find something, whether it is left out now or not."""
    settings = rules.settings_of(draft.process)
    asked = {code: settings.get(code) or Setting.usual(rule) for code, rule in BY_CODE.items()}
    on = {
        code: replace(one, level=Level.HINT) if one.level is Level.OFF else one
        for code, one in asked.items()
    }
    counts: dict[str, int] = {}
    for problem in models.problems_under(draft, on):
        counts[problem["code"]] = counts.get(problem["code"], 0) + 1
    return counts
