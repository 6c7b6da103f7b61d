"""HTML: My work. What waits for this person, and one ask with its decision beside it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from common import clock
from common.errors import Conflict, Invalid
from common.problems import status_of, title_of
from engine.actions import user_tasks as actions
from engine.actions.user_tasks import Answer
from engine.models.user_tasks import UserTask
from engine.pages import forms
from engine.queries import instances
from engine.queries import user_tasks as queries
from engine.queries.forms import sheet
from engine.queries.user_tasks import Ask
from governance import access, notices
from governance.access import act

_KINDS = ("all", "gate", "task")


@require_GET
@act("work.view")
def work(request: HttpRequest) -> HttpResponse:
    """List what waits, due first; `?task=` opens one beside the list."""
    chosen = request.GET.get("task", "")
    ask = queries.get_ask(actor=access.acting(), task_id=_id(chosen)) if chosen else None
    return _page(request, ask)


@require_POST
@act("user_task.complete")
def complete(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Complete a task or vote at a gate; what is wrong is said beside its field."""
    actor = access.acting()
    ask = queries.get_ask(actor=actor, task_id=task_id)
    try:
        actions.complete_user_task(
            actor=actor,
            user_task_id=task_id,
            answer=Answer(
                forms.posted(ask.form, request.POST),
                request.POST.get("decision") or None,
                request.POST.get("reason", ""),
            ),
        )
    except Invalid as refusal:
        return _page(request, ask, refusal)
    except Conflict as refusal:
        messages.error(request, title_of(refusal))
        return redirect(f"/work?task={task_id}")
    messages.success(request, _done_words(ask, request.POST))
    return redirect(f"/work?kind={_kind(request.POST)}")


@require_POST
@act("user_task.complete")
def redraw(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Draw the form again with what was typed: what depends on it changes, nothing is handed in."""
    ask = queries.get_ask(actor=access.acting(), task_id=task_id)
    if not forms.wants_part(request):
        return _page(request, ask)
    return render(request, "engine/fields.html", _ask(ask, request.POST, None))


@require_POST
@act("user_task.claim")
def claim(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Take a task for oneself, so that others leave it."""
    try:
        actions.claim_user_task(actor=access.acting(), user_task_id=task_id)
    except Conflict as refusal:
        messages.error(request, title_of(refusal))
    else:
        messages.success(request, _("It is yours. Others see that you have it."))
    return redirect(f"/work?task={task_id}")


@require_POST
@act("user_task.claim")
def release(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Give a claimed task back to those it was offered to."""
    try:
        actions.release_user_task(actor=access.acting(), user_task_id=task_id)
    except Conflict as refusal:
        messages.error(request, title_of(refusal))
    else:
        messages.success(request, _("It is given back. Others may take it."))
    return redirect(f"/work?task={task_id}")


def _page(request: HttpRequest, ask: Ask | None, refusal: Invalid | None = None) -> HttpResponse:
    actor = access.acting()
    inbox = queries.list_inbox(actor=actor)
    kind = _kind(request.GET if request.method == "GET" else request.POST)
    found: dict[str, Any] = {
        "kind": kind,
        "segments": _segments(inbox, kind),
        "summary": _summary(inbox),
        "asks": [_row(task, kind) for task in inbox if kind == "all" or _kind_of(task) == kind],
        "notices": notices.list_notices(actor),
        "mine": instances.list_started_by(actor.person_id) if actor.person_id else [],
    }
    if ask is not None:
        found |= _ask(ask, request.POST, refusal)
    status = status_of(refusal) if refusal else 200
    return render(request, "engine/work.html", found, status=status)


def _ask(ask: Ask, sent: QueryDict, refusal: Invalid | None) -> dict[str, Any]:
    """Return what the panel shows; after a refusal, with everything that was typed."""
    task = ask.task
    errors = {row["field"]: row["message"] for row in refusal.problems} if refusal else {}
    typed = forms.posted(ask.form, sent) if sent else None
    general = title_of(refusal) if refusal and not errors else ""
    return {
        "ask": {
            "id": task.pk,
            "is_gate": task.is_gate,
            "title": task.name,
            "run_id": task.instance_id,
            "run_key": task.instance.key,
            "element": task.element,
            "sentence": _sentence(task),
            "votes": ask.votes,
            "quorum": task.quorum,
            "why": ask.why,
            "next": _next(ask),
            "refusal": ask.refusal,
            "may_claim": task.assignee_id is None and not task.is_gate,
            "may_release": task.assignee_id is not None and task.is_offered,
            "consequence": _consequence(ask),
        },
        "sheet": sheet(ask.form, ask.known, typed, shows_errors=refusal is not None),
        "redraw": f"/work/{task.pk}/form",
        "reason": sent.get("reason", ""),
        "reason_error": errors.get("reason", general),
    }


def _row(task: UserTask, kind: str) -> dict[str, Any]:
    return {
        "id": task.pk,
        "is_gate": task.is_gate,
        "title": f"{task.name}: {task.instance.title}",
        "run_key": task.instance.key,
        "since": task.created_at,
        "due_at": task.due_at,
        "query": f"kind={kind}&task={task.pk}",
    }


def _segments(inbox: list[UserTask], kind: str) -> list[dict[str, Any]]:
    words = {"all": _("All"), "gate": _("Gates"), "task": _("Tasks")}
    return [
        {
            "kind": each,
            "label": words[each],
            "count": sum(each in ("all", _kind_of(task)) for task in inbox),
            "current": each == kind,
        }
        for each in _KINDS
    ]


def _summary(inbox: list[UserTask]) -> str:
    now = clock.now()
    overdue = sum(task.due_at is not None and task.due_at < now for task in inbox)
    if overdue:
        return ngettext("{n} overdue", "{n} overdue", overdue).format(n=overdue)
    return _("nothing overdue") if inbox else ""


def _sentence(task: UserTask) -> str:
    run = task.instance
    starter = run.started_by.name if run.started_by else _("The product itself")
    return _("{who} asks, in {process}: {title}.").format(
        who=starter, process=run.process.name, title=run.title
    )


def _next(ask: Ask) -> str:
    if not ask.after:
        return _("The run ends or waits for others.")
    return _("Then: {steps}.").format(steps=_(" or ").join(ask.after))


def _consequence(ask: Ask) -> str:
    missing = ask.task.quorum - len(ask.votes) - 1
    if missing > 0:
        approve = ngettext(
            "Approve: {n} more is needed.", "Approve: {n} more are needed.", missing
        ).format(n=missing)
    else:
        approve = _("Approve: the run goes on at once.")
    return f"{approve} {_('Reject: the gate is closed at once, whatever others said.')}"


def _done_words(ask: Ask, sent: QueryDict) -> str:
    title = ask.task.instance.title
    match sent.get("decision"):
        case "approve":
            return _("Approved: {title}").format(title=title)
        case "reject":
            return _("Rejected: {title}").format(title=title)
        case _:
            return _("Completed: {task}").format(task=ask.task.name)


def _kind_of(task: UserTask) -> str:
    return "gate" if task.is_gate else "task"


def _kind(data: QueryDict) -> str:
    kind = data.get("kind", "all")
    return kind if kind in _KINDS else "all"


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
