"""HTML: the register, and the page of one process."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Conflict, Invalid
from common.problems import status_of, title_of
from designer import files
from designer.actions import drafts
from designer.actions import processes as actions
from designer.downloads import download
from designer.errors import NoFile
from designer.pages.charts import bars
from designer.pages.forms import ChangeForm, EntryForm, TransferForm
from designer.pages.segments import segments
from designer.queries import complexity, processes, versions
from governance import access
from governance.access import act
from governance.queries.history import history_of

_REFUSALS = (Invalid, Conflict)
_SEGMENTS = {
    "all": gettext_lazy("All"),
    "mine": gettext_lazy("Mine"),
    "review": gettext_lazy("In review"),
    "failing": gettext_lazy("Failing"),
    "orphan": gettext_lazy("No owner or backup"),
}


@require_GET
@act("process.view")
def process_list(request: HttpRequest) -> HttpResponse:
    """List the processes of the unit in play."""
    listing = processes.list_processes(
        actor=access.acting(),
        unit_id=access.acting_unit(),
        segment=request.GET.get("show", "all"),
        text=request.GET.get("q", "")[:100],
    )
    found = {
        "listing": listing,
        "rows": [(row, bars(row.last_day)) for row in listing.rows],
        "segments": segments(request, _SEGMENTS, listing.counts, listing.segment),
    }
    return render(request, "designer/processes.html", found)


@require_http_methods(["GET", "POST"])
@act("process.register")
def new_process(request: HttpRequest) -> HttpResponse:
    """Register a process and open its blank draft."""
    unit_id = access.acting_unit()
    form = EntryForm(request.POST or None, choices=processes.choices(unit_id), initial=_myself())
    if request.method == "POST" and form.is_valid():
        try:
            draft = drafts.register_with_draft(
                actor=access.acting(), unit_id=unit_id, entry=form.entry()
            )
        except _REFUSALS as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/drafts/{draft.pk}/edit")
    return _form_page(request, "designer/process_new.html", form)


@require_GET
@act("process.view")
def process_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show one process: what is live, what is being changed, who may do what."""
    return _process_page(request, key)


@require_GET
@act("process.view")
def process_history(request: HttpRequest, key: str) -> HttpResponse:
    """Show what was changed in the entry of a process."""
    view = processes.get_process(actor=access.acting(), unit_id=access.acting_unit(), key=key)
    return render(
        request,
        "designer/process_history.html",
        {"view": view, "tab": "history", "rows": history_of(view.process)},
    )


@require_http_methods(["GET", "POST"])
@act("process.change")
def change_process(request: HttpRequest, key: str) -> HttpResponse:
    """Change the entry of a process."""
    unit_id = access.acting_unit()
    view = processes.get_process(actor=access.acting(), unit_id=unit_id, key=key)
    process = view.process
    form = ChangeForm(
        request.POST or None, choices=processes.choices(unit_id), initial=_facts(process)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_process(
                actor=access.acting(), process_id=process.pk, entry=form.entry_of(process)
            )
        except _REFUSALS as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/processes/{key}")
    return _form_page(request, "designer/process_change.html", form, view=view)


@require_POST
@act("process.transfer")
def transfer_process(request: HttpRequest, key: str) -> HttpResponse:
    """Give a process to another owner."""
    view = processes.get_process(actor=access.acting(), unit_id=access.acting_unit(), key=key)
    form = TransferForm(request.POST)
    if not form.is_valid():
        return _process_page(request, key, refusal=_("Choose the new owner and say why."))
    try:
        actions.transfer_process(
            actor=access.acting(),
            process_id=view.process.pk,
            owner_id=form.cleaned_data["owner"],
            reason=form.cleaned_data["reason"],
        )
    except _REFUSALS as refusal:
        return _process_page(request, key, refusal=title_of(refusal), status=status_of(refusal))
    return redirect(f"/processes/{key}")


@require_POST
@act("draft.create")
def new_draft(request: HttpRequest, key: str) -> HttpResponse:
    """Start a draft of a process, from a version or blank, and open it."""
    version_id = request.POST.get("version")
    draft = drafts.create_draft(
        actor=access.acting(),
        unit_id=access.acting_unit(),
        key=key,
        version_id=_uuid(version_id) if version_id else None,
    )
    return redirect(f"/drafts/{draft.pk}/edit")


@require_POST
@act("model.import")
def import_draft(request: HttpRequest, key: str) -> HttpResponse:
    """Start a draft of a process from an uploaded file, and open it."""
    upload = request.FILES.get("file")
    if upload is None:
        return _process_page(request, key, refusal=title_of(NoFile()))
    view = processes.get_process(actor=access.acting(), unit_id=access.acting_unit(), key=key)
    try:
        draft = drafts.import_model(
            actor=access.acting(), process_id=view.process.pk, file=files.content_of(upload)
        )
    except _REFUSALS as refusal:
        return _process_page(request, key, refusal=title_of(refusal), status=status_of(refusal))
    return redirect(f"/drafts/{draft.pk}/edit")


@require_GET
@act("model.download")
def download_version(request: HttpRequest, version_id: UUID) -> HttpResponse:  # noqa: ARG001
    """Answer the file of a version, byte for byte."""
    return download(*versions.get_file(actor=access.acting(), version_id=version_id))


def _process_page(
    request: HttpRequest, key: str, *, refusal: str = "", status: int = 422
) -> HttpResponse:
    unit_id = access.acting_unit()
    view = processes.get_process(actor=access.acting(), unit_id=unit_id, key=key)
    found = {
        "view": view,
        "tab": "overview",
        "bars": bars(view.last_day),
        "refusal": refusal,
        "complexity": complexity.of_holder(view.live) if view.live else [],
        "people": processes.choices(unit_id)["people"] if "process.transfer" in view.acts else [],
    }
    return render(request, "designer/process.html", found, status=status if refusal else 200)


def _form_page(
    request: HttpRequest, template: str, form: EntryForm, **more: Any
) -> HttpResponse | HttpResponseRedirect:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **more}, status=status)


def _myself() -> dict[str, str]:
    return {"owner": str(access.acting().person_id)}


def _facts(process: Any) -> dict[str, Any]:
    return {
        "name": process.name,
        "purpose": process.purpose,
        "board": process.board.key,
        "team": process.team.key if process.team else "",
        "backup_owner": str(process.backup_owner_id or ""),
        "risk_class": process.risk_class,
        "data_class": process.data_class,
        "practice": process.practice,
        "tags": ", ".join(process.tags),
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
