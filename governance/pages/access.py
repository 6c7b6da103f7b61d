"""Who has what: the persons of the unit, and the table of who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from governance.access import act, acting, acting_unit, may_in_unit
from governance.access_table import ROLES, TABLE, Rule
from governance.models.units import Role
from governance.queries.people import count_roles, list_members
from governance.queries.units import get_unit

#: Where an act stands on the page, by the beginning of its name; seeing has a group of its own.
_GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Model"), ("process.", "draft.", "model.", "review.submit", "review.withdraw")),
    (gettext_lazy("Decide"), ("review.", "version.", "elevation.grant")),
    (gettext_lazy("Operate"), ("run.", "message.", "incident.", "release.", "token.", "elevation")),
    (gettext_lazy("Work"), ("user_task.",)),
    (gettext_lazy("Prove"), ("audit.",)),
    (gettext_lazy("Administer"), ("",)),
)
_SEE = gettext_lazy("See")


@act("access.view")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show every person of the unit with all they hold in it."""
    unit_id = acting_unit()
    members = list_members(unit_id)
    rows = [
        (member, [Role(role).label for role in ROLES if role in member.roles]) for member in members
    ]
    page = {
        "rows": rows,
        "unit": get_unit(unit_id),
        "guests": sum(member.is_guest for member in members),
        "may_keep": may_in_unit("person.keep", actor=acting(), unit_id=unit_id),
    }
    return render(request, "governance/access_people.html", page)


@act("access.view")
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Show which role may do what, as the table says that decides it."""
    unit_id = acting_unit()
    counts = count_roles(list_members(unit_id))
    page = {
        "roles": [(Role(role).label, counts[role]) for role in ROLES],
        "groups": _groups(),
        "unit": get_unit(unit_id),
        "may_keep": may_in_unit("person.keep", actor=acting(), unit_id=unit_id),
    }
    return render(request, "governance/access_roles.html", page)


def _groups() -> list[tuple[Any, list[Mapping[str, Any]]]]:
    found: dict[Any, list[Mapping[str, Any]]] = {_SEE: []}
    found.update({label: [] for label, _beginnings in _GROUPS})
    for name, rule in TABLE.items():
        found[_group_of(name)].append(_row(rule))
    return [(label, rows) for label, rows in found.items() if rows]


def _group_of(name: str) -> Any:
    if name.endswith(".view"):
        return _SEE
    return next(label for label, beginnings in _GROUPS if name.startswith(beginnings))


def _row(rule: Rule) -> Mapping[str, Any]:
    by_relation = bool(rule.relations) and not rule.needs_relation
    return {
        "words": str(rule.words)[:1].upper() + str(rule.words)[1:],
        "built": rule.built,
        "nobody": not rule.roles and not rule.relations,
        "relations": " / ".join(sorted(rule.relations)) if by_relation else "",
        "cells": [_cell(rule, role) for role in ROLES],
    }


def _cell(rule: Rule, role: str) -> str:
    """Return the word of a cell: a condition, "yes", or nothing."""
    if role not in rule.roles:
        return ""
    if rule.needs_relation:
        return " / ".join(sorted([*rule.relations, *([_("grant")] if rule.grant else [])]))
    if rule.grant:
        return _("grant")
    return _("not own") if rule.own_work else "yes"
