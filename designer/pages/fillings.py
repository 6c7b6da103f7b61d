"""A step template in the words of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from common.phrases import Phrase
from common.words import in_words
from designer.models.drafts import Draft
from designer.queries.step_templates import Shelf, TemplateView
from designer.steps import filling, impact
from designer.steps.elements import Field, Kind, Template
from engine.bpmn.vocabulary import kind_words


@dataclass(frozen=True, slots=True)
class Row:
    """One field in words."""

    name: str
    what: str
    begins_with: str
    description: str


def groups(template: Template) -> list[tuple[str, list[Row]]]:
    """Return the fields to fill, in the template's groups; those of none come last."""
    labels = {group.id: group.label for group in template.groups}
    found: dict[str, list[Row]] = {label: [] for label in labels.values()}
    for each in template.fields:
        if each.kind is not Kind.HIDDEN and each.editable:
            found.setdefault(labels.get(each.group, _("Other settings")), []).append(_row(each))
    return [(label, rows) for label, rows in found.items() if rows]


def fixed(template: Template) -> list[tuple[str, str]]:
    """Return what the template decides by itself: where it is written, and what."""
    shown = (each for each in template.fields if each.is_fixed)
    return [(str(each.binding), filling.written(each)) for each in shown]


def kind_of(template: Template) -> str:
    """Return what a step of the template is."""
    words = str(in_words(Phrase(kind_words(template.element.removeprefix("bpmn:")))))
    return words[:1].upper() + words[1:]


def versions(shelf: Shelf) -> list[dict[str, Any]]:
    """Return the versions, the newest first, each with what it changed from the one before."""
    numbers = sorted(shelf.versions)
    rows = {row.number: row for row in shelf.rows}
    told = []
    for number, before in zip(numbers, [None, *numbers], strict=False):
        effects = (
            impact.between(shelf.versions[before], shelf.versions[number], None)
            if before is not None
            else []
        )
        told.append({"number": number, "row": rows.get(number), "effects": _sentences(effects)})
    return told[::-1]


def users(view: TemplateView) -> list[dict[str, Any]]:
    """Return the steps that use the template, with what an upgrade would change."""
    return [
        {
            "holder": user.holder,
            "is_draft": isinstance(user.holder, Draft),
            "step": user.step or user.element,
            "element": user.element,
            "version": user.version,
            "is_older": user.version < view.shelf.latest.version,
            "effects": _sentences(user.effects),
        }
        for user in view.users
    ]


def _row(of: Field) -> Row:
    return Row(of.name, ", ".join(_rules(of)), filling.written(of), of.description)


def _rules(of: Field) -> list[str]:
    what = {
        Kind.DROPDOWN: _("one of {names}").format(names=", ".join(one.name for one in of.choices)),
        Kind.BOOLEAN: _("yes or no"),
        Kind.NUMBER: _("a number"),
        Kind.TEXT: _("a text of several lines"),
    }.get(of.kind, _("a text"))
    found = [_("an expression")] if of.feel == "required" else [what]
    if of.feel == "optional":
        found.append(_("or an expression"))
    if of.constraints.not_empty:
        found.append(_("needed"))
    if of.condition:
        found.append(_("where other fields ask for it"))
    return found


def _sentences(effects: list[impact.Effect]) -> list[dict[str, str]]:
    return [{"op": each.op, "sentence": str(in_words(each.sentence))} for each in effects]
