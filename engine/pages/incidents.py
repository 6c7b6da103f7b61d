"""HTML: operations. What stands still, by cause; one retry for all that share it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from common.errors import Conflict
from common.problems import title_of
from engine.actions import incidents as actions
from engine.models.instances import RunState
from engine.pages import attempts
from engine.queries import attempts as tried
from engine.queries import holds, instances
from engine.queries import incidents as queries
from engine.queries.incidents import Cause
from engine.queries.instances import RunFilter
from governance import access
from governance.access import act


@require_GET
@act("incident.view")
def operations(request: HttpRequest) -> HttpResponse:
    """Show the causes for which runs of the unit in play stand still."""
    actor, unit_id = access.acting(), access.acting_unit()
    causes = queries.list_causes(actor=actor, unit_id=unit_id)
    chosen = next((one for one in causes if one.fingerprint == request.GET.get("cause")), None)
    context: dict[str, Any] = {
        "groups": causes,
        "group": chosen,
        "may_retry": access.may_somewhere("incident.retry", actor=actor),
        "measures": _measures(causes),
        "summary": _summary(causes),
        "last_words": _last_words(unit_id) if not causes else "",
    }
    if chosen is not None:
        last = tried.last_of(chosen.incidents[0])
        context["attempts"] = [attempts.shown(last)] if last else []
        context["rows"] = [
            {
                "id": incident.pk,
                "run_id": incident.instance_id,
                "run_key": incident.instance.key,
                "run_title": incident.instance.title,
                "element": incident.element,
                "raised_at": incident.raised_at,
            }
            for incident in chosen.incidents
        ]
    return render(request, "engine/operations.html", context)


@require_POST
@act("incident.retry")
def retry(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Retry one incident and go back to where the button was."""
    try:
        actions.retry_incident(
            actor=access.acting(),
            incident_id=incident_id,
            reason=request.POST.get("reason", "").strip(),
        )
    except Conflict as refusal:
        messages.error(request, title_of(refusal))
    else:
        messages.success(request, _("Retrying: the step has a new set of attempts"))
    return redirect(_back(request))


@require_POST
@act("incident.retry")
def retry_cause(request: HttpRequest) -> HttpResponse:
    """Retry every run that stands still for one cause."""
    actor, unit_id = access.acting(), access.acting_unit()
    causes = queries.list_causes(actor=actor, unit_id=unit_id)
    chosen = [one for one in causes if one.fingerprint == request.POST.get("cause")]
    reason = request.POST.get("reason", "").strip()
    retried = sum(_retried(incident.pk, reason) for one in chosen for incident in one.incidents)
    words = ngettext("Retrying {n} run", "Retrying {n} runs", retried).format(n=retried)
    messages.success(request, words)
    return redirect("/operations")


def _retried(incident_id: UUID, reason: str) -> bool:
    """Retry one of many: one that was mended meanwhile is no reason to stop."""
    try:
        actions.retry_incident(actor=access.acting(), incident_id=incident_id, reason=reason)
    except Conflict:
        return False
    return True


def _measures(causes: list[Cause]) -> list[dict[str, Any]]:
    counts = instances.list_runs(
        actor=access.acting(), unit_id=access.acting_unit(), wanted=RunFilter()
    ).counts
    stopped = sum(cause.count for cause in causes)
    rows = [
        (_("Causes"), len(causes), _("open now"), "/operations", "bad" if causes else "muted"),
        (_("Runs that need help"), stopped, _("stand still"), "/runs?state=failed", ""),
    ]
    held = len(holds.list_held(actor=access.acting(), unit_id=access.acting_unit()))
    if held:
        rows.append((_("Held"), held, _("after a restore"), "/operations/held", "bad"))
    rows += [
        (
            str(state.label),
            counts.get(state.value, 0),
            _("runs"),
            f"/runs?state={state.lower()}",
            "",
        )
        for state in (RunState.RUNNING, RunState.WAITING, RunState.PAUSED)
    ]
    names = ("label", "value", "note", "url", "tone")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _summary(causes: list[Cause]) -> str:
    stopped = sum(cause.count for cause in causes)
    if not causes:
        return _("every run goes on by itself")
    return ngettext("{n} run stands still", "{n} runs stand still", stopped).format(n=stopped)


def _last_words(unit_id: UUID) -> str:
    last = queries.last_resolved(unit_id)
    if last is None:
        return _("A step that cannot go on by itself shows here, with its cause.")
    return _("The last one was resolved in {key}.").format(key=last.instance.key)


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe else "/operations"
