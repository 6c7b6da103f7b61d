"""Actions on the rules of drawing: the only code that writes their settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock
from common.context import Actor
from common.problems import NotFound
from designer.errors import RuleOutOfRange
from designer.models.rules import RuleSetting, Scope, Weight
from engine.lint import BY_CODE, Rule
from governance import access, audit
from governance.audit_codes import Code
from governance.models.processes import RiskClass

_MOST_ALLOWED = 100
_LONGEST = 120
_LONGEST_TAG = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a rule shall be set. A `limit` of None is the usual one."""

    weight: str
    limit: int | None = None
    allowed: Sequence[str] = ()
    scope: str = Scope.UNIT.value
    value: str = ""


@transaction.atomic
def set_rule(*, actor: Actor, unit_id: UUID, code: str, wanted: Wanted) -> RuleSetting:
    """Set a rule for the whole unit, for a risk class or for a tag.

    It holds from the next look at a draft on: what was found is worked out again then.

    Raises:
        NotAllowed: the actor does not keep the rules.
        NotFound: there is no such rule, or no such unit.
        RuleOutOfRange: a weight, limit or scope that the rule cannot have.
    """
    access.require_in_unit("rule.keep", actor=actor, unit_id=unit_id)
    fields = _checked(_rule(code), wanted)
    place = {"unit_id": unit_id, "code": code, "scope": wanted.scope, "value": wanted.value.strip()}
    row = RuleSetting.objects.select_for_update(of=("self",)).filter(**place).first()
    before = _told(row)
    row = row or RuleSetting(**place)
    for name, value in fields.items():
        setattr(row, name, value)
    if _told(row) == before:
        return row
    row.set_at, row.set_by_id = clock.now(), actor.person
    row.save()
    audit.record(Code.RULE_SET, actor=actor, subject=row, before=before, after=_told(row))
    return row


@transaction.atomic
def give_rule_back(*, actor: Actor, unit_id: UUID, setting_id: UUID) -> None:
    """Forget a setting: what is wider holds again, in the end what the rule weighs by itself.

    Raises:
        NotAllowed: the actor does not keep the rules.
        RuleSetting.DoesNotExist: the unit has no such setting.
    """
    access.require_in_unit("rule.keep", actor=actor, unit_id=unit_id)
    row = RuleSetting.objects.select_for_update(of=("self",)).get(pk=setting_id, unit_id=unit_id)
    audit.record(Code.RULE_GIVEN_BACK, actor=actor, subject=row, before=_told(row))
    row.delete()


def _rule(code: str) -> Rule:
    if code not in BY_CODE:
        raise NotFound
    return BY_CODE[code]


def _checked(rule: Rule, wanted: Wanted) -> dict[str, Any]:
    """Return the fields of a setting that the rule can have."""
    if wanted.weight not in Weight.values:
        raise RuleOutOfRange(what=_("choose what it weighs"))
    _check_scope(wanted)
    limit, bounds = wanted.limit, rule.limit
    if limit is not None and (bounds is None or not bounds.least <= limit <= bounds.most):
        words = _("its limit lies between {least} and {most}") if bounds else _("it has no limit")
        told = words.format(least=bounds.least, most=bounds.most) if bounds else words
        raise RuleOutOfRange(what=told)
    allowed = list(dict.fromkeys(one.strip() for one in wanted.allowed if one.strip()))
    if allowed and rule.allows is None:
        raise RuleOutOfRange(what=_("nothing can be allowed on it"))
    if len(allowed) > _MOST_ALLOWED or any(len(one) > _LONGEST for one in allowed):
        words = _("at most {count} entries of {length} characters can be allowed")
        raise RuleOutOfRange(what=words.format(count=_MOST_ALLOWED, length=_LONGEST))
    return {"weight": wanted.weight, "limit": limit, "allowed": allowed}


def _check_scope(wanted: Wanted) -> None:
    value = wanted.value.strip()
    fits = {
        Scope.UNIT.value: value == "",
        Scope.RISK.value: value in RiskClass.values,
        Scope.TAG.value: 1 <= len(value) <= _LONGEST_TAG,
    }
    if not fits.get(wanted.scope, False):
        raise RuleOutOfRange(what=_("choose a risk class or name a tag"))


def _told(row: RuleSetting | None) -> dict[str, Any]:
    """Return a setting as the audit keeps it."""
    if row is None:
        return {}
    return {"weight": row.weight, "limit": row.limit, "allowed": row.allowed}
