"""HTML: the rules of drawing, what each is set to, and what it finds now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.problems import status_of, title_of
from common.words import in_words
from designer.actions import rules as actions
from designer.errors import RuleOutOfRange
from designer.models.rules import Scope, Weight
from designer.queries import rule_effects
from designer.queries.rule_effects import RuleView
from engine.lint import Group
from governance.access import act, acting, acting_unit
from governance.models.processes import RiskClass
from governance.queries.units import get_unit

_HERE = "/governance/access/rules"
_GROUPS = {
    Group.GATES: gettext_lazy("Gates"),
    Group.TEXTS: gettext_lazy("Secrets and addresses"),
    Group.FLOW: gettext_lazy("Flow"),
    Group.FAILURES: gettext_lazy("Failures"),
    Group.ACCOUNTABILITY: gettext_lazy("Accountability"),
    Group.NAMES: gettext_lazy("Names"),
    Group.SIZE: gettext_lazy("Size"),
}
_RISK = {
    RiskClass.LOW: gettext_lazy("Risk class low"),
    RiskClass.MEDIUM: gettext_lazy("Risk class medium"),
    RiskClass.HIGH: gettext_lazy("Risk class high"),
}
#: How the weights look beside a name; the words say the same.
_TONES = {"error": "high", "warning": "wait", "hint": "medium", "off": "none"}


#: For which processes a setting can hold; a risk class stands behind its scope.
_SCOPES = [
    (Scope.UNIT.value, Scope.UNIT.label),
    *((f"{Scope.RISK.value} {one.value}", _RISK[one]) for one in RiskClass),
    (Scope.TAG.value, gettext_lazy("Those with a tag")),
]


class RuleForm(forms.Form):
    """How a rule shall be set, and for what."""

    scope = forms.ChoiceField(label=gettext_lazy("For"), choices=_SCOPES)
    tag = forms.CharField(label=gettext_lazy("Tag"), max_length=40, required=False)
    weight = forms.ChoiceField(label=gettext_lazy("What it does"), choices=Weight.choices)
    limit = forms.IntegerField(required=False, min_value=0, max_value=10_000_000)
    allowed = forms.CharField(
        max_length=12_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One on each line. A domain allows all that is in it."),
    )

    def __init__(self, *args: Any, view: RuleView, tags: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        told = _("There are: {tags}").format(tags=", ".join(tags)) if tags else ""
        self.fields["tag"].help_text = told
        rule = view.rule
        if rule.limit is None:
            del self.fields["limit"]
        else:
            words = _("{words}, from {least} to {most}").format(
                words=in_words(rule.limit.words), least=rule.limit.least, most=rule.limit.most
            )
            self.fields["limit"].label = _("Limit")
            self.fields["limit"].help_text = words
        if rule.allows is None:
            del self.fields["allowed"]
        else:
            self.fields["allowed"].label = _("Allowed")

    def wanted(self) -> actions.Wanted:
        """Return how the rule shall be set."""
        given = self.cleaned_data
        scope, _blank, risk = given["scope"].partition(" ")
        return actions.Wanted(
            weight=given["weight"],
            limit=given.get("limit"),
            allowed=given.get("allowed", "").splitlines(),
            scope=scope,
            value=given["tag"] if scope == Scope.TAG else risk,
        )


@require_safe
@act("rule.keep")
def rule_list(request: HttpRequest) -> HttpResponse:
    """Show every rule, what it is set to, and in how many drafts it finds something."""
    unit_id = acting_unit()
    views, drafts = rule_effects.list_rules(actor=acting(), unit_id=unit_id)
    groups = [
        (words, [_row(view) for view in views if view.rule.group is group])
        for group, words in _GROUPS.items()
    ]
    page = {"groups": groups, "drafts": drafts, "unit": get_unit(unit_id)}
    return render(request, "designer/rules.html", page)


@require_http_methods(["GET", "POST"])
@act("rule.keep")
def rule_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one rule with what it finds, or set it."""
    unit_id = acting_unit()
    view = rule_effects.get_rule(actor=acting(), unit_id=unit_id, code=code)
    tags = rule_effects.tags_of(unit_id)
    form = RuleForm(request.POST or None, view=view, tags=tags, initial=_initial(view))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.set_rule(actor=acting(), unit_id=unit_id, code=code, wanted=form.wanted())
            except RuleOutOfRange as refusal:
                form.add_error(None, title_of(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _("The rule was set."))
                return HttpResponseRedirect(f"{_HERE}/{code}")
        else:
            status = 422
    page = {
        "row": _row(view),
        "form": form,
        "unit": get_unit(unit_id),
    }
    return render(request, "designer/rule.html", page, status=status)


@require_POST
@act("rule.keep")
def give_back(request: HttpRequest, code: str, setting_id: UUID) -> HttpResponse:
    """Forget one setting of a rule."""
    actions.give_rule_back(actor=acting(), unit_id=acting_unit(), setting_id=setting_id)
    messages.success(request, _("The setting was given back."))
    return HttpResponseRedirect(f"{_HERE}/{code}")


def _initial(view: RuleView) -> dict[str, Any]:
    return {
        "scope": Scope.UNIT,
        "weight": view.setting.level.value,
        "limit": view.setting.limit,
        "allowed": "\n".join(view.setting.allowed),
    }


def _row(view: RuleView) -> dict[str, Any]:
    """Return a rule as a template shows it."""
    rule = view.rule
    return {
        "code": rule.code,
        "words": in_words(rule.words),
        "weight": Weight(view.setting.level.value).label,
        "tone": _TONES[view.setting.level.value],
        "limit": "" if view.setting.limit is None else f"{view.setting.limit:,}",
        "allowed": view.setting.allowed,
        "whole": view.whole,
        "usual": Weight(rule.level.value).label,
        "narrower": [(row, _place(row), _TONES[row.weight]) for row in view.narrower],
        "affected": view.affected,
    }


def _place(row: Any) -> str:
    """Return for what a narrower setting holds, in words."""
    if row.scope == Scope.RISK:
        return str(_RISK[RiskClass(row.value)])
    return _("Tag {tag}").format(tag=row.value)
