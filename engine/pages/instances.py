"""HTML: runs. The list, one run alive, starting one, and the acts on it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Conflict, DomainError, Invalid
from common.http import moment
from common.ids import new_id
from common.problems import status_of, title_of
from engine.actions import instances as actions
from engine.bpmn.elements import StartEvent
from engine.errors import NothingDeployed
from engine.forms import Form
from engine.models.deployments import Deployment
from engine.models.instances import Instance, RunState
from engine.models.user_tasks import UserTask
from engine.pages import attempts, forms
from engine.queries import attempts as tried
from engine.queries import circuits, deployments, holds, incidents, user_tasks
from engine.queries import instances as queries
from engine.queries.forms import sheet
from engine.queries.instances import RunFilter
from engine.references import Reference
from governance import access
from governance.access import act

_ACTS: dict[str, dict[str, Any]] = {
    "release": {
        "label": gettext_lazy("Release"),
        "icon": "play",
        "title": gettext_lazy("Release {key}?"),
        "text": gettext_lazy(
            "It goes on from where the backup has it. Say what you found in the systems it called: "
            "what it did after the backup is not known here."
        ),
        "verb": gettext_lazy("Release run"),
        "keep": gettext_lazy("Keep held"),
        "tone": "primary",
        "done": gettext_lazy("Released {key}"),
    },
    "pause": {
        "label": gettext_lazy("Pause"),
        "icon": "pause",
        "title": gettext_lazy("Pause {key}?"),
        "text": gettext_lazy("Nothing moves on until somebody resumes it. Results are kept."),
        "verb": gettext_lazy("Pause run"),
        "keep": gettext_lazy("Keep running"),
        "tone": "primary",
        "done": gettext_lazy("Paused {key}"),
    },
    "resume": {
        "label": gettext_lazy("Resume"),
        "icon": "play",
        "title": gettext_lazy("Resume {key}?"),
        "text": gettext_lazy("It goes on with everything that arrived in between."),
        "verb": gettext_lazy("Resume run"),
        "keep": gettext_lazy("Leave paused"),
        "tone": "primary",
        "done": gettext_lazy("Resumed {key}"),
    },
    "cancel": {
        "label": gettext_lazy("Cancel run"),
        "icon": "ban",
        "title": gettext_lazy("Cancel {key}?"),
        "text": gettext_lazy(
            "Every open step stops at once; what it did outside stays as it is. "
            "This cannot be undone."
        ),
        "verb": gettext_lazy("Cancel run"),
        "keep": gettext_lazy("Keep running"),
        "danger": True,
        "done": gettext_lazy("Cancelled {key}"),
    },
}


@require_GET
@act("signed_in")
def home(_request: HttpRequest) -> HttpResponse:
    """Lead whoever opens the product to what waits for them."""
    return redirect("/work")


@require_GET
@act("run.view")
def run_list(request: HttpRequest) -> HttpResponse:
    """List the runs of the unit in play, newest first."""
    actor = access.acting()
    mine = request.GET.get("started") == "me"
    wanted = RunFilter(
        state=_state(request),
        process_key=request.GET.get("process", "")[:60],
        started_by=actor.person_id if mine else None,
        text=request.GET.get("q", "").strip()[:100],
    )
    found = queries.list_runs(
        actor=actor, unit_id=access.acting_unit(), wanted=wanted, before=_before(request)
    )
    total = sum(found.counts.values())
    context = {
        "runs": [_run(run) for run in found.runs],
        "segments": _segments(request, found.counts, wanted.state),
        "chips": _chips(request, wanted, mine=mine),
        "kept": [
            (name, value) for name, value in request.GET.items() if name not in {"q", "before"}
        ],
        "q": wanted.text,
        "filtered": bool(request.GET),
        "summary": ngettext("{n} run", "{n} runs", total).format(n=total),
        "page": _pages(request, found.next_before, len(found.runs)),
    }
    return render(request, "engine/runs.html", context)


@require_GET
@act("run.view")
def run_page(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show one run alive: diagram, timeline, and what it stands at."""
    actor = access.acting()
    run = queries.get_run(actor=actor, run_id=run_id)
    may_retry = access.may("incident.retry", actor=actor, subject=run)
    context = {
        "run": _run(run),
        "acts": [_act(name.partition(".")[2], run) for name in queries.acts_on(run, actor)],
        "incidents": [
            {
                "id": incident.pk,
                "element_name": incident.name,
                "cause": incident.cause,
                "raised_at": incident.raised_at,
                "may_retry": may_retry,
            }
            for incident in incidents.list_of_run(run.pk)
        ],
        "hold": holds.hold_of(run.pk),
        "waits": circuits.waits_of_run(run.pk),
        "attempts": [attempts.shown(one) for one in tried.list_of_run(actor=actor, run_id=run_id)],
        "callers": [_run(one) for one in queries.callers_of(run, actor)],
        "called": [_run(one) for one in queries.called_by(run, actor)],
        "asks": [_ask(task, actor.person_id) for task in user_tasks.list_open_of_run(run.pk)],
        "facts": _facts(run),
    }
    return render(request, "engine/run.html", context)


@require_GET
@act("run.view")
def run_data(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show one variable of a run, as JSON."""
    run = queries.get_run(actor=access.acting(), run_id=run_id)
    value = queries.data_of(run, request.GET.get("name", ""))
    text = json.dumps(value, ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    return answer


def _facts(run: Instance) -> list[dict[str, str]]:
    """Return the data of a run: short values as they are, large ones as something to open."""
    shown = queries.variables_of(run.pk)
    plain = [{"label": label, "value": value} for label, value in forms.plain(shown)]
    return plain + [
        {
            "label": forms.label_of(name),
            "value": _("{size} of data").format(size=filesizeformat(value.size)),
            "url": f"/runs/{run.pk}/data?{urlencode({'name': name})}",
        }
        for name, value in shown.items()
        if isinstance(value, Reference)
    ]


@require_http_methods(["GET", "POST"])
@act("run.start")
def start_run(request: HttpRequest, key: str) -> HttpResponse:
    """Show the start form of a process, and start a run from it."""
    deployment = _startable(key)
    if request.method != "POST":
        return _start_page(request, deployment)
    try:
        run = actions.start_instance(
            actor=access.acting(),
            process_id=deployment.process_id,
            title=request.POST.get("title", ""),
            variables=forms.posted(_start_form(deployment), request.POST),
            idempotency_key=request.POST.get("idempotency_key") or str(new_id()),
        )
    except (Invalid, Conflict) as refusal:
        return _start_page(request, deployment, refusal)
    messages.success(request, _("Started {key}").format(key=run.key))
    return redirect(f"/runs/{run.pk}")


@require_POST
@act("run.start")
def redraw_start(request: HttpRequest, key: str) -> HttpResponse:
    """Draw the start form again with what was typed; nothing is started."""
    deployment = _startable(key)
    if not forms.wants_part(request):
        return _start_page(request, deployment)
    return render(request, "engine/fields.html", _start_sheet(request, deployment))


def _startable(key: str) -> Deployment:
    process = deployments.process_by_key(access.acting_unit(), key)
    access.require("run.start", actor=access.acting(), subject=process)
    deployment = deployments.newest_of(process)
    if deployment is None:
        raise NothingDeployed(process=process.name)
    return deployment


def _start_page(
    request: HttpRequest, deployment: Deployment, refusal: DomainError | None = None
) -> HttpResponse:
    errors = {row["field"]: row["message"] for row in refusal.problems} if refusal else {}
    context = {
        "process": deployment.process,
        "version": deployment.number,
        "title": request.POST.get("title", ""),
        "idempotency_key": request.POST.get("idempotency_key") or str(new_id()),
        "problem": title_of(refusal) if refusal else "",
        "title_error": errors.get("title", ""),
        **_start_sheet(request, deployment, shows_errors=refusal is not None),
    }
    status = status_of(refusal) if refusal else 200
    return render(request, "engine/start.html", context, status=status)


def _start_sheet(
    request: HttpRequest, deployment: Deployment, *, shows_errors: bool = False
) -> dict[str, Any]:
    form = _start_form(deployment)
    values = forms.posted(form, request.POST) if request.POST else None
    return {
        "sheet": sheet(form, {}, values, shows_errors=shows_errors),
        "redraw": f"{request.path.removesuffix('/form')}/form",
    }


@require_POST
@act("run.pause")
def pause(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Pause a run."""
    return _do(request, "pause", run_id)


@require_POST
@act("run.resume")
def resume(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Resume a paused run."""
    return _do(request, "resume", run_id)


@require_POST
@act("run.cancel")
def cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Cancel a run."""
    return _do(request, "cancel", run_id)


def _do(request: HttpRequest, name: str, run_id: UUID) -> HttpResponse:
    does = {
        "pause": actions.pause_instance,
        "resume": actions.resume_instance,
        "cancel": actions.cancel_instance,
    }[name]
    try:
        run = does(
            actor=access.acting(),
            instance_id=run_id,
            reason=request.POST.get("reason", "").strip(),
        )
    except (Invalid, Conflict) as refusal:
        messages.error(request, title_of(refusal))
    else:
        messages.success(request, str(_ACTS[name]["done"]).format(key=run.key))
    return redirect(f"/runs/{run_id}")


def _run(run: Instance) -> dict[str, Any]:
    return {
        "id": run.pk,
        "key": run.key,
        "title": run.title,
        "state": run.state,
        "process_key": run.process.key,
        "process_name": run.process.name,
        "version": run.deployment.number,
        "started_by": run.started_by,
        "started_at": run.started_at,
        "last_activity_at": run.last_activity_at,
    }


def _act(name: str, run: Instance) -> dict[str, Any]:
    words = _ACTS[name]
    return {
        **words,
        "name": name,
        "dialog": f"dialog-{name}",
        "title": str(words["title"]).format(key=run.key),
        "url": f"/runs/{run.pk}/{name}",
    }


def _ask(task: UserTask, person_id: UUID | None) -> dict[str, Any]:
    mine = "candidate" in task.relations(person_id)
    return {
        "title": task.name,
        "is_gate": task.is_gate,
        "who": user_tasks.who_may(task),
        "url": f"/work?task={task.pk}" if mine else "",
    }


def _start_form(deployment: Deployment) -> Form | None:
    start = deployments.model_of(deployment).none_start
    return Form.parse(start.form) if isinstance(start, StartEvent) and start.form else None


def _segments(request: HttpRequest, counts: dict[str, int], state: str) -> list[dict[str, Any]]:
    kept = {
        name: value for name, value in request.GET.items() if name in {"process", "started", "q"}
    }
    rows = [("", _("All"), sum(counts.values()))]
    rows += [(each.value, str(each.label), counts.get(each.value, 0)) for each in RunState]
    return [
        {
            "label": label,
            "count": count,
            "current": value == state,
            "query": urlencode({**kept, "state": value.lower()} if value else kept),
        }
        for value, label, count in rows
        if count or value in ("", state)
    ]


def _chips(request: HttpRequest, wanted: RunFilter, *, mine: bool) -> list[dict[str, str]]:
    shown = [("process", _("Process"), wanted.process_key)]
    if mine:
        shown.append(("started", _("Started by"), _("me")))
    return [
        {
            "label": label,
            "value": value,
            "without": urlencode(
                {k: v for k, v in request.GET.items() if k not in {name, "before"}}
            ),
        }
        for name, label, value in shown
        if value
    ]


def _pages(request: HttpRequest, after: datetime | None, count: int) -> dict[str, str]:
    kept = _without(request, "before")
    return {
        "words": ngettext("{n} run shown", "{n} runs shown", count).format(n=count),
        "previous": urlencode(kept) if "before" in request.GET and kept else "",
        "next": urlencode({**kept, "before": after.isoformat()}) if after else "",
    }


def _without(request: HttpRequest, *names: str) -> dict[str, str]:
    """Return what the address says besides these names."""
    return {name: str(value) for name, value in request.GET.items() if name not in names}


def _state(request: HttpRequest) -> str:
    state = request.GET.get("state", "").upper()
    return state if state in RunState.values else ""


def _before(request: HttpRequest) -> datetime | None:
    return moment(request.GET.get("before", ""))
