"""HTML: the forms and decisions of a draft, and the shells of their builders."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import Conflict, DomainError, Invalid
from common.problems import NotFound, title_of
from designer import files, starters
from designer.actions import resources as actions
from designer.queries import drafts
from designer.queries import resources as queries
from designer.queries.drafts import DraftView
from designer.queries.resources import File
from engine.companions import DECISIONS, FORMS
from governance import access
from governance.access import act

_BUILDERS = {FORMS: "forms", DECISIONS: "decisions"}


@require_GET
@act("draft.view")
def file_list(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """List the forms and decisions of a draft, each with what is wrong with it."""
    view = drafts.get_draft(actor=access.acting(), draft_id=draft_id)
    found = queries.list_files(actor=access.acting(), draft_id=draft_id)[1]
    rows = [_row(view, file) for file in found]
    context = {
        "view": view,
        "draft": view.draft,
        "kinds": [
            {
                "ending": FORMS,
                "title": _("Forms"),
                "new": _("New form"),
                "sign": "doc",
                "empty": _("What people fill in at a step or a start, drawn by the server."),
                "rows": [row for row in rows if row["name"].endswith(FORMS)],
            },
            {
                "ending": DECISIONS,
                "title": _("Decisions"),
                "new": _("New decision"),
                "sign": "table",
                "empty": _("Tables of rules that business rule tasks ask."),
                "rows": [row for row in rows if row["name"].endswith(DECISIONS)],
            },
        ],
    }
    return render(request, "designer/draft_files.html", context)


@require_POST
@act("draft.edit")
def new_file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Add a form or a decision to begin from, and open it."""
    ending = FORMS if request.POST.get("ending") == FORMS else DECISIONS
    name = request.POST.get("name", "").strip().removesuffix(ending) + ending
    try:
        files.check_new_name(name, name)
        held = queries.list_files(actor=access.acting(), draft_id=draft_id)[1]
        if any(file.name == name for file in held):
            return redirect(_address(draft_id, name))
        _put(request, draft_id, name, starters.starter(name))
    except (Invalid, Conflict) as refusal:
        return _refused(request, draft_id, refusal)
    return redirect(_address(draft_id, name))


@require_POST
@act("draft.edit")
def upload_file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Keep an uploaded form or decision under its own name."""
    upload = request.FILES.get("file")
    try:
        if upload is None:
            messages.error(request, _("Choose a .form or .dmn file first."))
        else:
            name = upload.name or ""
            _put(request, draft_id, name, files.content_of(upload))
            messages.success(request, _("Kept {name}").format(name=name))
    except (Invalid, Conflict) as refusal:
        return _refused(request, draft_id, refusal)
    return redirect(f"/drafts/{draft_id}/files")


@require_POST
@act("draft.edit")
def rename_file(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """Give a file of a draft another name; its ending stays."""
    ending = FORMS if name.endswith(FORMS) else DECISIONS
    to = request.POST.get("to", "").strip().removesuffix(ending) + ending
    try:
        actions.rename_file(
            actor=access.acting(), draft_id=draft_id, revision=_revision(request), name=name, to=to
        )
    except (Invalid, Conflict) as refusal:
        return _refused(request, draft_id, refusal)
    return redirect(f"/drafts/{draft_id}/files")


@require_POST
@act("draft.edit")
def delete_file(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """Take a file out of a draft."""
    try:
        actions.delete_file(
            actor=access.acting(), draft_id=draft_id, revision=_revision(request), name=name
        )
    except (Invalid, Conflict) as refusal:
        return _refused(request, draft_id, refusal)
    messages.success(request, _("Removed {name}").format(name=name))
    return redirect(f"/drafts/{draft_id}/files")


@require_GET
@act("draft.view")
def form_page(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """Open a form in its builder."""
    return _builder(request, draft_id, files.of_kind(name, FORMS), "designer/form_builder.html")


@require_GET
@act("draft.view")
def decision_page(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """Open a decision in its editor."""
    name = files.of_kind(name, DECISIONS)
    return _builder(request, draft_id, name, "designer/decision_editor.html")


def _builder(request: HttpRequest, draft_id: UUID, name: str, template: str) -> HttpResponse:
    view = drafts.get_draft(actor=access.acting(), draft_id=draft_id)
    if name not in view.draft.resources:
        raise NotFound
    return render(request, template, {"view": view, "draft": view.draft, "name": name})


def _put(request: HttpRequest, draft_id: UUID, name: str, content: bytes) -> None:
    actions.put_file(
        actor=access.acting(),
        draft_id=draft_id,
        revision=_revision(request),
        name=name,
        content=content,
    )


def _revision(request: HttpRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < len("1000000000") else 0


def _row(view: DraftView, file: File) -> dict[str, Any]:
    problems = [row for row in view.problems if row["name"] == file.name]
    return {
        "name": file.name,
        "url": _address(view.draft.pk, file.name),
        "holds": ", ".join(one.id for one in file.holds if one.id),
        "errors": sum(row["severity"] == "error" for row in problems),
        "warnings": sum(row["severity"] != "error" for row in problems),
    }


def _address(draft_id: UUID, name: str) -> str:
    kind = _BUILDERS[FORMS if name.endswith(FORMS) else DECISIONS]
    return f"/drafts/{draft_id}/{kind}/{name}"


def _refused(request: HttpRequest, draft_id: UUID, refusal: DomainError) -> HttpResponse:
    messages.error(request, title_of(refusal))
    return redirect(f"/drafts/{draft_id}/files")
