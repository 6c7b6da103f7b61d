"""HTML: a process that comes as a file, and what the file would become."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Conflict, Invalid
from common.problems import status_of, title_of
from common.words import in_words
from designer import files, importing
from designer.actions import drafts
from designer.errors import NoFile
from designer.pages.forms import ImportForm
from designer.queries import processes
from engine.bpmn import picture
from governance import access
from governance.access import act

FORMATS: Final = {
    "bpmn": gettext_lazy("BPMN 2.0"),
    "markdown": gettext_lazy("Markdown runbook"),
    "table": gettext_lazy("CSV runbook"),
    "bpmn-python": gettext_lazy("CSV of bpmn-python"),
}
#: What such files look like: they are written in English words, in whatever language one reads.
_EXAMPLES: Final = {
    "markdown": "1. Check the alarm [On call]\n"
    "2. If the disk is full, extend it [Storage]; otherwise stop\n"
    "3. Get approval from the change board\n"
    "4. Wait 30 minutes",
    "table": "step,activity,owner,type,next,wait\n"
    "1,Check the alarm,On call,,2 if critical | 3 otherwise,",
}
_REFUSALS = (Invalid, Conflict)
_PREVIEW = "designer/parts/import_preview.html"


@require_http_methods(["GET", "POST"])
@act("model.import")
def import_process(request: HttpRequest) -> HttpResponse:
    """Register a process from a model or a runbook, and open it as a draft."""
    unit_id = access.acting_unit()
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        choices=processes.choices(unit_id),
        initial={"owner": str(access.acting().person_id)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            draft = drafts.register_with_draft(
                actor=access.acting(),
                unit_id=unit_id,
                entry=form.entry(),
                file=files.content_of(form.cleaned_data["file"]),
            )
        except _REFUSALS as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/drafts/{draft.pk}/edit")
    status = 422 if form.is_bound and form.errors else 200
    found = {"form": form, "examples": _EXAMPLES}
    return render(request, "designer/process_import.html", found, status=status)


@require_POST
@act("model.import")
def preview_import(request: HttpRequest) -> HttpResponse:
    """Show what a file would become; nothing is kept of it."""
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise NoFile
        found = importing.imported(files.content_of(upload), "preview")
    except _REFUSALS as refusal:
        words = {"refusal": title_of(refusal)}
        return render(request, _PREVIEW, words, status=status_of(refusal))
    shown = {
        "format": FORMATS[found.format],
        "name": found.name,
        "assumed": [(one.line, in_words(one.sentence)) for one in found.assumed],
        # Made by us; what the file says in it is escaped there.
        "picture": mark_safe(picture.svg(found.model)),  # noqa: S308
    }
    return render(request, _PREVIEW, shown)
