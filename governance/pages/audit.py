"""The audit page: every act, who did it, and where it is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.problems import NotFound
from governance.access import act, acting, acting_unit
from governance.actions import reading
from governance.audit_codes import Code
from governance.queries.audit import Filter, Line, how_far_sealed
from governance.queries.people import list_people

#: Where a subject is looked at, by the kind that the audit names it with.
_ADDRESSES: Mapping[str, str] = {
    "designer.draft": "/drafts/{id}/edit",
    "designer.review": "/reviews/{id}",
    "designer.version": "/processes/{process}/history",
    "engine.deployment": "/processes/{process}/history",
    "engine.instance": "/runs/{id}",
    "engine.processinstance": "/runs/{id}",
    "governance.process": "/processes/{process}",
    "governance.roleassignment": "/governance/access",
    "governance.boardmember": "/governance/access",
    "governance.teammember": "/governance/access",
}


class FilterForm(forms.Form):
    """What of the audit is shown; all of it stands in the address."""

    text = forms.CharField(required=False, max_length=120)
    person = forms.UUIDField(required=False)
    code = forms.ChoiceField(
        required=False, choices=[("", gettext_lazy("Every act")), *((code, code) for code in Code)]
    )
    subject = forms.CharField(required=False, max_length=130)
    process = forms.UUIDField(required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    before = forms.UUIDField(required=False)
    after = forms.UUIDField(required=False)
    entry = forms.UUIDField(required=False)

    def wanted(self) -> Filter:
        """Return the filter; a day ends where the person's next day begins."""
        given = self.cleaned_data
        kind, _sep, subject_id = given["subject"].partition(":")
        until = given["until"]
        return Filter(
            text=given["text"],
            person_id=given["person"],
            code=given["code"],
            subject_type=kind,
            subject_id=subject_id,
            process_id=given["process"],
            since=_midnight(given["since"]),
            until=_midnight(until + timedelta(days=1)) if until else None,
        )


@act("audit.read")
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Show a page of the unit's audit, and one entry beside it when the address names one.

    Raises:
        NotFound: the address asks for something that cannot be.
    """
    form = FilterForm(request.GET)
    if not form.is_valid():
        raise NotFound
    unit_id, given = acting_unit(), form.cleaned_data
    page = reading.read_audit(
        actor=acting(),
        unit_id=unit_id,
        wanted=form.wanted(),
        before=given["before"],
        after=given["after"],
    )
    chosen = (
        reading.read_entry(actor=acting(), unit_id=unit_id, entry_id=given["entry"])
        if given["entry"]
        else None
    )
    return render(
        request,
        "governance/audit.html",
        {
            "rows": [_row(request.GET, line, given["entry"]) for line in page.lines],
            "given": given,
            "is_filtered": bool(form.wanted().words()),
            "people": list_people(unit_id),
            "codes": [(code.value, _act_words(code)) for code in Code],
            "sealed": how_far_sealed(unit_id),
            "newer": page.newer and _address(request.GET, after=page.newer),
            "older": page.older and _address(request.GET, before=page.older),
            "chosen": chosen,
            "changes": _changes(chosen.line) if chosen else [],
            "chosen_url": _subject_url(chosen.line) if chosen else "",
            "close": _address(request.GET),
            "everything_about": chosen and _about(chosen.line),
        },
    )


def _row(query: QueryDict, line: Line, chosen: UUID | None) -> dict[str, Any]:
    keep = {name: query[name] for name in ("before", "after") if query.get(name)}
    return {
        "line": line,
        "url": _subject_url(line),
        "open": _address(query, **keep, entry=line.id),
        "is_chosen": line.id == chosen,
    }


def _subject_url(line: Line) -> str:
    pattern = _ADDRESSES.get(line.subject_type, "")
    if not pattern and line.process_key and line.subject_type.startswith("engine."):
        pattern = "/processes/{process}"
    if "{process}" in pattern and not line.process_key:
        return ""
    return pattern.format(id=line.subject_id, process=line.process_key)


def _about(line: Line) -> str:
    found = QueryDict(mutable=True)
    found["subject"] = f"{line.subject_type}:{line.subject_id}"
    return f"?{found.urlencode()}"


def _address(query: QueryDict, **changed: Any) -> str:
    """Return this page's address with the filter kept and the place in it changed."""
    found = query.copy()
    for name in ("before", "after", "entry"):
        found.pop(name, None)
    for name, value in changed.items():
        found[name] = str(value)
    for name in [name for name, value in found.items() if not value]:
        del found[name]
    return f"?{found.urlencode()}" if found else "/audit"


def _changes(line: Line) -> list[tuple[str, Any, Any]]:
    names = dict.fromkeys([*line.before, *line.after])
    return [
        (name.replace("_", " ").capitalize(), line.before.get(name, ""), line.after.get(name, ""))
        for name in names
    ]


def _act_words(code: Code) -> str:
    return str(code.label).replace(": {subject}", "").replace("{subject}", "…").strip()


def _midnight(day: Any) -> datetime | None:
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day, time.min))
